// Answers as they are made: chunks in OpenAI's form, a usage chunk if it was asked for, the receipts in the last chunk, [DONE].
// It must not know who asks or what answers cost.

import type { AnswerPiece } from "../backend/backend.js";
import type { Completion, PaidAnswer } from "../billing.js";
import { type ApiError, errorBody } from "../errors.js";
import { openledgerOf, usageOf } from "../request/answerBody.js";
import type { AnswerForm } from "../request/answerForm.js";
import type { AnswerRequest } from "../request/answerRequest.js";
import type { EventStream } from "./eventStream.js";

export interface StreamAnswer {
	readonly form: AnswerForm;
	readonly request: AnswerRequest;
	readonly events: EventStream;
	/** Of the answer, without prefix. */
	readonly id: string;
	/** Seconds since 1970. */
	readonly created: number;
}

export interface AnswerStream {
	piece(choice: number, piece: AnswerPiece): void;
	/** Ends the stream with what the answers have beyond their pieces. */
	done(completion: Completion): void;
	/** Ends it with an error, and without [DONE]. */
	failed(error: ApiError): void;
}

export function streamAnswer({ form, request, events, id, created }: StreamAnswer): AnswerStream {
	const { includeUsage } = request.presentation;
	const head = { id: `${form.prefix}-${id}`, object: form.chunkObject, created, model: request.model };
	const sent = request.orders.map(() => ({ open: false, text: "", tokenChars: 0 }));

	const chunk = (choices: readonly object[], more: object = {}) =>
		events.send({ ...head, choices, ...(includeUsage && { usage: null }), ...more });

	function open(choice: number): void {
		const state = sent[choice]!;
		if (state.open) return;
		state.open = true;
		const opening = form.openingChoice?.(choice);
		if (opening !== undefined) chunk([opening]);
	}

	function piece(choice: number, { text, tokens, logprobs }: AnswerPiece): void {
		open(choice);
		const state = sent[choice]!;
		if (text === "" && (logprobs === undefined || logprobs.length === 0)) return;
		chunk([form.pieceChoice(choice, { text, tokens, ...(logprobs && { logprobs }) }, state.tokenChars)]);
		state.text += text;
		for (const { token } of logprobs ?? []) state.tokenChars += token.length;
	}

	/** Whoever answers may give the whole text at the end alone; what was sent cannot be taken back. */
	function rest(answer: PaidAnswer, choice: number): void {
		const { text } = sent[choice]!;
		if (!answer.text.startsWith(text)) throw new Error("the pieces of an answer are not its text");
		piece(choice, { text: answer.text.slice(text.length), tokens: 0 });
	}

	return {
		piece,
		done({ answers }) {
			answers.forEach(rest);
			answers.forEach((answer, i) => {
				const isLast = i === answers.length - 1 && !includeUsage;
				chunk([form.lastChoice(i, answer)], isLast ? openledgerOf(answers) : {});
			});
			if (includeUsage) chunk([], { usage: usageOf(request, answers), ...openledgerOf(answers) });
			events.send("[DONE]");
			events.end();
		},
		failed(error) {
			events.send(errorBody(error));
			events.end();
		},
	};
}
