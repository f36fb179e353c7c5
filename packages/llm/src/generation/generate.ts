// Token by token: the loop from a prompt to an answer, over any session. It must not know models or machines.

import type { Tokenizer } from "../tokenizer/index.js";
import { chooseToken } from "./chooseToken.js";
import { type LogProbabilities, logProbabilities } from "./logProbabilities.js";
import type { GenerateRequest, Generation, GenerationPiece } from "./request.js";
import { GREEDY } from "./sampling.js";
import type { Session } from "./session.js";
import { createStopSearch } from "./stopStrings.js";
import { createTextStream } from "./textStream.js";

/** What of a base the loop needs. */
export interface GenerateBase {
	readonly tokenizer: Pick<Tokenizer, "decode">;
	readonly endTokens: readonly number[];
}

/** Gives the answer in pieces and returns it whole; the pieces' texts, joined, are its text. Ends when its consumer does. */
export function* generatePieces(
	base: GenerateBase,
	session: Pick<Session, "feed">,
	promptTokens: readonly number[],
	request: GenerateRequest,
): Generator<GenerationPiece, Generation, undefined> {
	const { sampling = GREEDY, stop = [], logprobs: wanted } = request;
	const responseTokens: number[] = [];
	const told: LogProbabilities[] = [];
	const characters = createTextStream(base.tokenizer);
	const search = createStopSearch(stop);
	let text = "";
	let stoppedBy: string | undefined;
	let ended = false;
	let fed = promptTokens;
	while (!ended && stoppedBy === undefined && responseTokens.length < request.maxTokens) {
		if (request.cancelled?.() === true) break;
		const logits = session.feed(fed);
		const seen = [...promptTokens, ...responseTokens];
		const token = chooseToken(logits, sampling, responseTokens.length, seen);
		ended = base.endTokens.includes(token);
		if (ended) break;
		responseTokens.push(token);
		fed = [token];
		const found = search.push(characters.push(token));
		stoppedBy = found.stoppedBy;
		text += found.text;
		if (wanted === undefined) yield { text: found.text, token };
		else {
			told.push(logProbabilities(logits, token, wanted));
			yield { text: found.text, token, logprobs: told.at(-1)! };
		}
	}
	if (stoppedBy === undefined) {
		const found = search.push(characters.end());
		stoppedBy = found.stoppedBy;
		const rest = found.text + (stoppedBy === undefined ? search.end() : "");
		text += rest;
		if (rest !== "") yield { text: rest };
	}
	return {
		text,
		promptTokens,
		responseTokens,
		finishReason: ended || stoppedBy !== undefined ? "stop" : "length",
		...(stoppedBy !== undefined && { stoppedBy }),
		...(wanted !== undefined && { logprobs: told }),
	};
}
