// The bodies of answers: what OpenAI's clients read, and beside it what OpenLedger adds. It must not know HTTP.

import type { TokenLogprob } from "../backend/backend.js";
import type { PaidAnswer, ReceiptNote } from "../billing.js";
import type { AnswerForm } from "./answerForm.js";
import type { AnswerRequest } from "./answerRequest.js";

const SHARES_SHOWN = 3;

/** A whole answer; clients that do not know `openledger` ignore it. */
export function answerBody(
	form: AnswerForm,
	request: AnswerRequest,
	answers: readonly PaidAnswer[],
	logprobs: readonly (readonly TokenLogprob[] | undefined)[],
	fallbackId: string,
) {
	const receiptId = answers[0]?.receipt?.receiptId;
	return {
		id: `${form.prefix}-${receiptId?.slice(2, 26) ?? fallbackId}`,
		object: form.object,
		created: answers[0]!.created,
		model: request.model,
		choices: answers.map((answer, i) => form.wholeChoice(i, answer, logprobs[i])),
		usage: usageOf(request, answers),
		...openledgerOf(answers),
	};
}

/** A prompt counts once, however many choices it has, as OpenAI counts; what each answer cost stands in its receipt. */
export function usageOf({ choicesPerPrompt }: AnswerRequest, answers: readonly PaidAnswer[]) {
	const prompt_tokens = answers.reduce(
		(sum, { tokensIn }, i) => (i % choicesPerPrompt === 0 ? sum + tokensIn : sum),
		0,
	);
	const completion_tokens = answers.reduce((sum, { tokensOut }) => sum + tokensOut, 0);
	return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** The receipt of the answer, or the receipts of all of them as `choices`; nothing where answers are free. */
export function openledgerOf(answers: readonly PaidAnswer[]) {
	const notes = answers.map(({ receipt }) => receipt && shownNote(receipt));
	if (notes.every((note) => note === undefined)) return {};
	return { openledger: notes.length === 1 ? notes[0] : { choices: notes } };
}

const shownNote = ({ receiptId, feeWei, shares, verify, pending }: ReceiptNote) => ({
	receiptId,
	feeWei: feeWei.toString(),
	shares: shares.slice(0, SHARES_SHOWN),
	...(verify !== undefined && { verify }),
	...(pending !== undefined && { pending }),
});

/** The header that names the receipts there are. */
export function receiptHeader(answers: readonly PaidAnswer[]): Record<string, string> {
	const ids = answers.flatMap(({ receipt }) => receipt?.receiptId ?? []);
	return ids.length === 0 ? {} : { "x-openledger-receipt": ids.join(",") };
}
