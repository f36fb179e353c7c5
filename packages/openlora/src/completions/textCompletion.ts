// The answers to a plain completion in OpenAI's form, whole and in chunks. It must not know how they were made.

import type { TokenLogprob } from "../backend/backend.js";
import type { AnswerForm } from "../request/answerForm.js";
import { parseTextRequest } from "./textOrder.js";

export const textForm: AnswerForm = {
	prefix: "cmpl",
	object: "text_completion",
	chunkObject: "text_completion",
	parse: parseTextRequest,
	wholeChoice: (index, { text, finishReason }, logprobs) => ({
		index,
		text,
		logprobs: logprobs === undefined ? null : shownLogprobs(logprobs, 0),
		finish_reason: finishReason,
	}),
	pieceChoice: (index, { text, logprobs }, offset) => ({
		index,
		text,
		logprobs: logprobs === undefined ? null : shownLogprobs(logprobs, offset),
		finish_reason: null,
	}),
	lastChoice: (index, { finishReason }) => ({ index, text: "", logprobs: null, finish_reason: finishReason }),
};

/** The older form: lists beside each other. The token that was chosen is among the likeliest, always. */
function shownLogprobs(tokens: readonly TokenLogprob[], offset: number) {
	let at = offset;
	return {
		tokens: tokens.map(({ token }) => token),
		token_logprobs: tokens.map(({ logprob }) => logprob),
		top_logprobs: tokens.map(({ top, ...chosen }) => byText([...top, chosen])),
		text_offset: tokens.map(({ token }) => {
			const from = at;
			at += token.length;
			return from;
		}),
	};
}

/** By text; where two tokens have one text, the likelier one's. */
function byText(tokens: readonly { readonly token: string; readonly logprob: number }[]): Record<string, number> {
	const likeliest = new Map<string, number>();
	for (const { token, logprob } of tokens) {
		likeliest.set(token, Math.max(logprob, likeliest.get(token) ?? Number.NEGATIVE_INFINITY));
	}
	return Object.fromEntries(likeliest);
}
