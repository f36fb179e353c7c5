// The answer to an order and whose rows it came from: a pure function of model and order, run again to verify a receipt.
// It must not know of payments.

import type { Attribution } from "@openledger/attribution";
import type { Generation } from "@openledger/llm";
import type { Backend, ChatOrder } from "@openledger/openlora";
import type { ShelvedModel } from "../model/openModelShelf.js";

export type AnsweredOrder = { readonly generation: Generation; readonly attribution: Attribution };

export async function answerOrder(
	backend: Backend,
	model: Pick<ShelvedModel, "attributor">,
	order: ChatOrder,
): Promise<AnsweredOrder> {
	const generation = await backend.generate(order);
	const { promptTokens, responseTokens } = generation;
	return { generation, attribution: model.attributor.attribute({ promptTokens, responseTokens }) };
}
