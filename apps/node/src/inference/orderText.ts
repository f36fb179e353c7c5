// The text that a receipt's prompt hash commits to: everything that decides the answer. It must not know of payments.

import type { ChatOrder } from "@openledger/openlora";
import { canonicalJson, type Hex, sha256, utf8 } from "@openledger/protocol";

/** Canonical JSON of messages, token limit and sampling; what an order leaves out, its text leaves out. */
export function orderText(order: ChatOrder): string {
	const { messages, maxTokens, temperaturePpm, topPPpm, seed, topK, minPPpm, repetitionPenaltyPpm, stop } = order;
	const more = { topK, minPPpm, repetitionPenaltyPpm, stop };
	const asked = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
	const plain = messages.map(({ role, content }) => ({ role, content }));
	return canonicalJson({ messages: plain, maxTokens, temperaturePpm, topPPpm, seed, ...asked });
}

/** Names an order within this node, model included. */
export function orderDigest(order: ChatOrder): Hex {
	return sha256(utf8(`${order.model}\n${orderText(order)}`));
}
