// A text cut where stretches of it begin and end, so that each piece is drawn once, however the stretches overlap.
// It must not know how they are drawn.

import type { Stretch } from "../client/records.js";

export type Piece = {
	readonly text: string;
	/** Places, in the list given, of the stretches that hold this piece; of those that begin with it; and that end with it. */
	readonly inside: readonly number[];
	readonly begins: readonly number[];
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
		const numbers = (holds: (stretch: Stretch) => boolean) => good.filter(holds).map(({ number }) => number);
		return {
			text: text.slice(from, to),
			inside: numbers(({ start, end }) => start <= from && to <= end),
			begins: numbers(({ start }) => start === from),
			ends: numbers(({ end }) => end === to),
		};
	});
}

/** Whether a place is in the text and not between the halves of a pair. */
function isBoundary(text: string, at: number): boolean {
	if (!Number.isInteger(at) || at < 0 || at > text.length) return false;
	return !(at > 0 && /[\ud800-\udbff]/.test(text[at - 1]!) && /[\udc00-\udfff]/.test(text[at] ?? ""));
}
