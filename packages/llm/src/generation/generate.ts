// Token by token: the loop from a prompt to an answer, over any session. It must not know models or machines.

import { createContinuation, type GenerateBase } from "./continuation.js";
import type { AnswerRequest, Generation, GenerationPiece } from "./request.js";
import type { Session } from "./session.js";

export type { GenerateBase } from "./continuation.js";

/** Gives the answer in pieces and returns it whole; the pieces' texts, joined, are its text. Ends when its consumer does. */
export function* generatePieces(
	base: GenerateBase,
	session: Pick<Session, "feed">,
	promptTokens: readonly number[],
	request: AnswerRequest & { readonly cancelled?: () => boolean },
): Generator<GenerationPiece, Generation, undefined> {
	const answer = createContinuation(base, promptTokens, request);
	let fed = promptTokens;
	while (!answer.ended) {
		if (request.cancelled?.() === true) {
			yield* answer.finish();
			break;
		}
		const { pieces, next } = answer.take(session.feed(fed));
		yield* pieces;
		if (next !== undefined) fed = [next];
	}
	return answer.result();
}
