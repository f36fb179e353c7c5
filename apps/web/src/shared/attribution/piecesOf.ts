// A text cut where stretches of it begin and end, so that each piece is drawn once, however the stretches overlap.
// It must not know how they are drawn.

import type { Stretch } from "./shownReceipt.js";

export type Piece = {
	readonly text: string;
	readonly start: number;
	/** Places, in the list given, of the stretches that hold this piece, and of those that end with it. */
	readonly inside: readonly number[];
	readonly ends: readonly number[];
};

/** The pieces, in order; together they are the text. What is no stretch of this text is left out. */
export function piecesOf(text: string, stretches: readonly Stretch[]): Piece[] {
	const good = stretches.flatMap(({ start, end }, number) =>
		isBoundary(text, start) && isBoundary(text, end) && start < end ? [{ start, end, number }] : [],
	);
	const cuts = new Set([0, text.length, ...good.flatMap(({ start, end }) => [start, end])]);
	const places = [...cuts].sort((a, b) => a - b);
	return places.slice(0, -1).map((from, i) => {
		const to = places[i + 1]!;
		const inside = good.filter(({ start, end }) => start <= from && to <= end);
		return {
			text: text.slice(from, to),
			start: from,
			inside: inside.map(({ number }) => number),
			ends: inside.filter(({ end }) => end === to).map(({ number }) => number),
		};
	});
}

/** In the text, and not between the halves of a surrogate pair. */
function isBoundary(text: string, at: number): boolean {
	if (!Number.isInteger(at) || at < 0 || at > text.length) return false;
	return !(at > 0 && /[\ud800-\udbff]/.test(text[at - 1]!) && /[\udc00-\udfff]/.test(text[at] ?? ""));
}
