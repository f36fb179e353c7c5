// The body of an answer: OpenAI's chat completion, and beside it what OpenLedger adds. It must not know how it was made.

import type { PaidAnswer, ReceiptNote } from "../billing.js";
import type { ChatOrder } from "./chatOrder.js";

const SHARES_SHOWN = 3;

/** The response body; clients that do not know `openledger` ignore it. */
export function chatCompletion(order: ChatOrder, answer: PaidAnswer) {
	return {
		id: `chatcmpl-${answer.receipt?.receiptId?.slice(2, 26) ?? "none"}`,
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
		...(answer.receipt && { openledger: shownNote(answer.receipt) }),
	};
}

const shownNote = ({ receiptId, feeWei, shares, verify }: ReceiptNote) => ({
	receiptId,
	feeWei: feeWei.toString(),
	shares: shares.slice(0, SHARES_SHOWN),
	verify,
});
