// One answer as it grows, from logits to tokens, text and an end: the same whoever computes the logits, alone or in a batch with others.
// It must not know models, machines or time.

import type { Tokenizer } from "../tokenizer/index.js";
import { chooseToken } from "./chooseToken.js";
import { type LogProbabilities, logProbabilities } from "./logProbabilities.js";
import type { AnswerRequest, Generation, GenerationPiece } from "./request.js";
import { GREEDY } from "./sampling.js";
import { createStopSearch } from "./stopStrings.js";
import { createTextStream } from "./textStream.js";

/** What of a base an answer needs. */
export interface GenerateBase {
	readonly tokenizer: Pick<Tokenizer, "decode">;
	readonly endTokens: readonly number[];
}

export interface Taken {
	/** What is certain now; the pieces' texts, joined over all calls, are the answer's text. */
	readonly pieces: readonly GenerationPiece[];
	/** The token to give the model next; absent once the answer has ended. */
	readonly next?: number;
}

export interface Continuation {
	/** Tokens chosen so far. */
	readonly count: number;
	readonly ended: boolean;
	/** Chooses the token after these logits [vocab]; not to be called once ended. */
	take(logits: Float32Array): Taken;
	/** Ends it where it is, as if no more tokens had been asked for; nothing to say if it had ended. */
	finish(): readonly GenerationPiece[];
	/** The answer so far; whole once ended. */
	result(): Generation;
}

/** An answer to these tokens. The request was checked before; only what decides the answer is read of it. */
export function createContinuation(
	base: GenerateBase,
	promptTokens: readonly number[],
	request: AnswerRequest,
): Continuation {
	const { sampling = GREEDY, stop = [], logprobs: wanted, maxTokens } = request;
	const penalised = (sampling.repetitionPenalty ?? 1) !== 1;
	const seen = new Set<number>(penalised ? promptTokens : []);
	const responseTokens: number[] = [];
	const told: LogProbabilities[] = [];
	const characters = createTextStream(base.tokenizer);
	const search = createStopSearch(stop);
	let text = "";
	let stoppedBy: string | undefined;
	let endToken = false;
	let ended = false;

	function finish(): readonly GenerationPiece[] {
		if (ended) return [];
		ended = true;
		if (stoppedBy !== undefined) return [];
		const found = search.push(characters.end());
		stoppedBy = found.stoppedBy;
		const rest = found.text + (stoppedBy === undefined ? search.end() : "");
		text += rest;
		return rest === "" ? [] : [{ text: rest }];
	}

	function take(logits: Float32Array): Taken {
		const token = chooseToken(logits, sampling, responseTokens.length, seen);
		endToken = base.endTokens.includes(token);
		if (endToken) return { pieces: finish() };
		responseTokens.push(token);
		if (penalised) seen.add(token);
		const found = search.push(characters.push(token));
		stoppedBy = found.stoppedBy;
		text += found.text;
		if (wanted !== undefined) told.push(logProbabilities(logits, token, wanted));
		const piece = { text: found.text, token, ...(wanted !== undefined && { logprobs: told.at(-1)! }) };
		if (stoppedBy === undefined && responseTokens.length < maxTokens) return { pieces: [piece], next: token };
		return { pieces: [piece, ...finish()] };
	}

	return {
		get count() {
			return responseTokens.length;
		},
		get ended() {
			return ended;
		},
		take,
		finish,
		result: () => ({
			text,
			promptTokens,
			responseTokens,
			finishReason: endToken || stoppedBy !== undefined ? "stop" : "length",
			...(stoppedBy !== undefined && { stoppedBy }),
			...(wanted !== undefined && { logprobs: told }),
		}),
	};
}
