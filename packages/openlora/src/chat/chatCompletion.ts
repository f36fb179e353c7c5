// The body of an answer: OpenAI's chat completion, and beside it what OpenLedger adds. It must not know how it was made.

import type { ChatOrder } from "./chatOrder.js";

/** A generated, attributed and receipted answer. */
export interface PaidAnswer {
	readonly text: string;
	readonly finishReason: "stop" | "length";
	readonly tokensIn: number;
	readonly tokensOut: number;
	/** Seconds since 1970; of the payment, so that a repeated answer is the same answer. */
	readonly created: number;
	readonly receiptId: `0x${string}`;
	readonly feeWei: bigint;
	/** Whose rows the answer came from, largest share first. */
	readonly shares: readonly { readonly contributor: string; readonly ppm: number }[];
	/** A command or address by which the receipt can be checked. */
	readonly verify: string;
}

const SHARES_SHOWN = 3;

/** The response body; clients that do not know `openledger` ignore it. */
export function chatCompletion(order: ChatOrder, answer: PaidAnswer) {
	return {
		id: `chatcmpl-${answer.receiptId.slice(2, 26)}`,
		object: "chat.completion",
		created: answer.created,
		model: order.model,
		choices: [
			{
				index: 0,
				message: { role: "assistant", content: answer.text, refusal: null },
				logprobs: null,
				finish_reason: answer.finishReason,
			},
		],
		usage: {
			prompt_tokens: answer.tokensIn,
			completion_tokens: answer.tokensOut,
			total_tokens: answer.tokensIn + answer.tokensOut,
		},
		openledger: {
			receiptId: answer.receiptId,
			feeWei: answer.feeWei.toString(),
			shares: answer.shares.slice(0, SHARES_SHOWN),
			verify: answer.verify,
		},
	};
}
