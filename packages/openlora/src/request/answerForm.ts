// What the two endpoints for answers differ in; everything else they share.

import type { AnswerPiece, TokenLogprob } from "../backend/backend.js";
import type { PaidAnswer } from "../billing.js";
import type { OrderLimits } from "../limits/orderLimits.js";
import type { AnswerRequest } from "./answerRequest.js";

export interface AnswerForm {
	/** Of the answers' ids. */
	readonly prefix: string;
	readonly object: string;
	readonly chunkObject: string;
	/** Throws an `ApiError` that names the first field at fault. */
	parse(body: Uint8Array, limits: OrderLimits): AnswerRequest;
	wholeChoice(index: number, answer: PaidAnswer, logprobs: readonly TokenLogprob[] | undefined): object;
	/** What a choice's stream begins with, if it begins with anything. */
	openingChoice?(index: number): object;
	/** `offset`: characters of the tokens that came before, of this choice. */
	pieceChoice(index: number, piece: AnswerPiece, offset: number): object;
	lastChoice(index: number, answer: PaidAnswer): object;
}
