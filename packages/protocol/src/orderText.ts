// The text that a receipt's prompt hash commits to: everything that decides the answer. It must not know of payments.

import { canonicalJson } from "./canonicalJson.js";

/** An order for an answer in whole numbers; rates in millionths. */
export type OrderSaid = {
	readonly maxTokens: number;
	readonly temperaturePpm: number;
	readonly topPPpm: number;
	readonly seed: number;
	readonly topK?: number | undefined;
	readonly minPPpm?: number | undefined;
	readonly repetitionPenaltyPpm?: number | undefined;
	readonly stop?: readonly string[] | undefined;
} & (
	| { readonly messages: readonly { readonly role: string; readonly content: string }[] }
	| { readonly prompt: string }
);

/** Canonical JSON of messages or prompt, token limit and sampling; what an order leaves out, its text leaves out. */
export function orderText(order: OrderSaid): string {
	const { maxTokens, temperaturePpm, topPPpm, seed, topK, minPPpm, repetitionPenaltyPpm, stop } = order;
	const more = { topK, minPPpm, repetitionPenaltyPpm, stop };
	const asked = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
	const read =
		"messages" in order
			? { messages: order.messages.map(({ role, content }) => ({ role, content })) }
			: { prompt: order.prompt };
	return canonicalJson({ ...read, maxTokens, temperaturePpm, topPPpm, seed, ...asked });
}
