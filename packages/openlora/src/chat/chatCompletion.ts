// The answers to a chat request in OpenAI's form, whole and in chunks. It must not know how they were made.

import type { AnswerPiece, TokenLogprob } from "../backend/backend.js";
import type { PaidAnswer } from "../billing.js";
import type { AnswerForm } from "../request/answerForm.js";
import { parseChatRequest } from "./chatOrder.js";

export const chatForm: AnswerForm = {
	prefix: "chatcmpl",
	object: "chat.completion",
	chunkObject: "chat.completion.chunk",
	parse: parseChatRequest,
	wholeChoice: (index: number, { text, finishReason }: PaidAnswer, logprobs) => ({
		index,
		message: { role: "assistant", content: text, refusal: null },
		logprobs: logprobs === undefined ? null : shownLogprobs(logprobs),
		finish_reason: finishReason,
	}),
	openingChoice: (index) => ({
		index,
		delta: { role: "assistant", content: "", refusal: null },
		logprobs: null,
		finish_reason: null,
	}),
	pieceChoice: (index, { text, logprobs }: AnswerPiece) => ({
		index,
		delta: { content: text },
		logprobs: logprobs === undefined ? null : shownLogprobs(logprobs),
		finish_reason: null,
	}),
	lastChoice: (index, { finishReason }) => ({ index, delta: {}, logprobs: null, finish_reason: finishReason }),
};

const shownLogprobs = (tokens: readonly TokenLogprob[]) => ({
	content: tokens.map(({ token, bytes, logprob, top }) => ({ token, bytes, logprob, top_logprobs: top })),
	refusal: null,
});
