// An order in whole numbers, as it is hashed into receipts, and its answer by the engine alone: what a receipt is verified with. It must not
// know names, batches or prices.

import type { Adapter } from "../lora/peft.js";
import type { ChatMessage } from "./chat.js";
import type { Engine } from "./engine.js";
import type { AnswerRequest, Generation, Prompt } from "./request.js";

/** Rates in millionths, so that a text of it has one form. */
export type WholeOrder = {
	readonly maxTokens: number;
	readonly temperaturePpm: number;
	readonly topPPpm: number;
	readonly seed: number;
	readonly topK?: number | undefined;
	readonly minPPpm?: number | undefined;
	readonly repetitionPenaltyPpm?: number | undefined;
	readonly stop?: readonly string[] | undefined;
} & ({ readonly messages: readonly ChatMessage[] } | { readonly prompt: string });

/** What of an order decides the answer beside prompt and model. */
export function answerRequest(order: WholeOrder, logprobs?: number): AnswerRequest {
	const { maxTokens, temperaturePpm, topPPpm, seed, topK, minPPpm, repetitionPenaltyPpm, stop } = order;
	const sampling = {
		temperature: temperaturePpm / 1e6,
		topP: topPPpm / 1e6,
		seed,
		...(topK !== undefined && { topK }),
		...(minPPpm !== undefined && { minP: minPPpm / 1e6 }),
		...(repetitionPenaltyPpm !== undefined && { repetitionPenalty: repetitionPenaltyPpm / 1e6 }),
	};
	return { maxTokens, sampling, ...(stop !== undefined && { stop }), ...(logprobs !== undefined && { logprobs }) };
}

export function promptOf(order: WholeOrder): Prompt {
	return "messages" in order ? { messages: order.messages } : { prompt: order.prompt };
}

/**
 * The answer to an order by an engine and an adapter, or by the base alone: the same numbers wherever it runs, and the same as a batch's.
 * Throws `ModelError`.
 */
export function generateCanonically(engine: Engine, order: WholeOrder, adapter?: Adapter): Generation {
	return engine.generate({ ...promptOf(order), ...answerRequest(order) }, adapter);
}
