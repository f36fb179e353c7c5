// The text that a receipt's prompt hash commits to: everything that decides the answer. It must not know of payments.

import type { Order } from "@openledger/openlora";
import { canonicalJson, type Hex, sha256, utf8 } from "@openledger/protocol";

/** Canonical JSON of messages or prompt, token limit and sampling; what an order leaves out, its text leaves out. */
export function orderText(order: Order): string {
	const { maxTokens, temperaturePpm, topPPpm, seed, topK, minPPpm, repetitionPenaltyPpm, stop } = order;
	const more = { topK, minPPpm, repetitionPenaltyPpm, stop };
	const asked = Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined));
	const read =
		"messages" in order
			? { messages: order.messages.map(({ role, content }) => ({ role, content })) }
			: { prompt: order.prompt };
	return canonicalJson({ ...read, maxTokens, temperaturePpm, topPPpm, seed, ...asked });
}

/** Names an order within this node, model included. */
export function orderDigest(order: Order): Hex {
	return sha256(utf8(`${order.model}\n${orderText(order)}`));
}

/** Names what one request asks for: its one order, or all of them in turn. */
export function ordersDigest(orders: readonly Order[]): Hex {
	const digests = orders.map(orderDigest);
	return digests.length === 1 ? digests[0]! : sha256(utf8(digests.join("\n")));
}
