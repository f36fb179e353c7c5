// The text that a receipt's prompt hash commits to: everything that decides the answer. It must not know of payments.

import type { ChatOrder } from "@openledger/openlora";
import { canonicalJson, type Hex, sha256, utf8 } from "@openledger/protocol";

/** Canonical JSON of messages, token limit and sampling. */
export function orderText({ messages, maxTokens, temperaturePpm, topPPpm, seed }: ChatOrder): string {
	const plain = messages.map(({ role, content }) => ({ role, content }));
	return canonicalJson({ messages: plain, maxTokens, temperaturePpm, topPPpm, seed });
}

/** Names an order within this node, model included. */
export function orderDigest(order: ChatOrder): Hex {
	return sha256(utf8(`${order.model}\n${orderText(order)}`));
}
