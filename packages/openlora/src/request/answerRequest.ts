// A request for answers, whichever endpoint it came by: orders, which decide the answers, and how they are to be shown.
// It must not know HTTP.

import type { Order } from "../backend/backend.js";

/** What does not decide an answer, and so is no part of an order or of its receipt. */
export interface Presentation {
	readonly stream: boolean;
	/** A last chunk with the usage of the whole request. */
	readonly includeUsage: boolean;
	/** Alternatives to show for each token; undefined for no log-probabilities. */
	readonly logprobs: number | undefined;
}

export interface AnswerRequest {
	readonly model: string;
	/** One for each choice, in the order of the choices. */
	readonly orders: readonly Order[];
	/** How many choices each prompt has: `orders.length` is a multiple of it. */
	readonly choicesPerPrompt: number;
	readonly presentation: Presentation;
}

/** n orders that differ by their seeds: seed, seed + 1, … modulo 2^32. */
export function choicesOf<O extends Order>(order: O, n: number): O[] {
	return Array.from({ length: n }, (_, i) => (i === 0 ? order : { ...order, seed: (order.seed + i) % 2 ** 32 }));
}
