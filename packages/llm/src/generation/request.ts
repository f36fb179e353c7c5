// What may be asked of an engine, and what comes back. Requests are checked before anything is computed.

import { ModelError } from "../errors.js";
import type { ChatMessage } from "./chat.js";
import type { LogProbabilities } from "./logProbabilities.js";
import { checkSampling, type Sampling } from "./sampling.js";

/** What decides an answer beside its prompt. */
export interface AnswerRequest {
	readonly maxTokens: number;
	/** Default greedy. */
	readonly sampling?: Sampling;
	/** The answer ends before the first of these strings that is complete. */
	readonly stop?: readonly string[];
	/** Also give the log-probability of each token, and of so many of the likeliest beside it. */
	readonly logprobs?: number;
}

/** A conversation to answer, or a text to go on with. */
export type Prompt =
	| { readonly messages: readonly ChatMessage[]; readonly prompt?: undefined }
	| { readonly prompt: string; readonly messages?: undefined };

export type GenerateRequest = AnswerRequest &
	Prompt & {
		/** Called before each token; return true to stop early. */
		readonly cancelled?: () => boolean;
	};

/** A piece of an answer, as soon as it is certain. */
export interface GenerationPiece {
	/** Whole characters, never a part of a stop string; often "". */
	readonly text: string;
	/** Absent in a last piece, which only gives what was held back. */
	readonly token?: number;
	/** If they were asked for. */
	readonly logprobs?: LogProbabilities;
}

export interface Generation {
	/** Up to the stop string. */
	readonly text: string;
	readonly promptTokens: readonly number[];
	/** Every token that was chosen, also those of a stop string; without the end token. */
	readonly responseTokens: readonly number[];
	readonly finishReason: "stop" | "length";
	/** The stop string that ended it. */
	readonly stoppedBy?: string;
	/** One for each of `responseTokens`, if they were asked for. */
	readonly logprobs?: readonly LogProbabilities[];
}

export const REQUEST_LIMITS = { stopStrings: 16, stopCharacters: 256, logprobs: 20 } as const;

/** Throws `request-malformed`, naming the field, unless the request can be answered by some model. */
export function checkRequest({ maxTokens, sampling, stop = [], logprobs = 0 }: AnswerRequest): void {
	const most = REQUEST_LIMITS;
	if (!Number.isSafeInteger(maxTokens) || maxTokens < 1) throw malformed("maxTokens must be a whole number from 1");
	if (sampling !== undefined) checkSampling(sampling);
	if (stop.length > most.stopStrings) throw malformed(`stop may hold at most ${most.stopStrings} strings`);
	stop.forEach((string, i) => {
		const fits = typeof string === "string" && string.length > 0 && string.length <= most.stopCharacters;
		if (!fits || /\p{Surrogate}/u.test(string))
			throw malformed(`stop[${i}] must be a well-formed string of 1 to ${most.stopCharacters} characters`);
	});
	if (!Number.isSafeInteger(logprobs) || logprobs < 0 || logprobs > most.logprobs)
		throw malformed(`logprobs must be a whole number from 0 to ${most.logprobs}`);
}

const malformed = (message: string) => new ModelError("request-malformed", message);
