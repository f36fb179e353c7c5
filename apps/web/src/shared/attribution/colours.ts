// Which of the six colours is whose: a contributor has one and the same in the bars, in the list of rows and in the marked words.

import type { FoundSpan, ShownReceipt } from "./shownReceipt.js";

/** Whole class names, because Tailwind finds them by reading. */
const WORDS = [
	"bg-mark-1/20 decoration-mark-1",
	"bg-mark-2/20 decoration-mark-2",
	"bg-mark-3/20 decoration-mark-3",
	"bg-mark-4/20 decoration-mark-4",
	"bg-mark-5/20 decoration-mark-5",
	"bg-mark-6/20 decoration-mark-6",
] as const;

const EDGES = [
	"border-mark-1",
	"border-mark-2",
	"border-mark-3",
	"border-mark-4",
	"border-mark-5",
	"border-mark-6",
] as const;

/** Ground and underline of marked words. */
export const wordsLook = (colour: number): string => WORDS[colour % WORDS.length]!;
export const edgeLook = (colour: number): string => EDGES[colour % EDGES.length]!;

export type Colours = {
	/** 0 to 5, of an account or a name. */
	readonly of: (who: string | undefined) => number;
	/** Of the first row that the words stand in. */
	readonly ofSpan: (span: FoundSpan) => number;
};

/** Those who are paid come first, largest share first; then who is only found word for word. */
export function coloursOf({ shares, spans }: Pick<ShownReceipt, "shares" | "spans">): Colours {
	const numbers = new Map<string, number>();
	for (const [i, { account, contributor }] of shares.entries()) {
		numbers.set(contributor, i);
		numbers.set(account.toLowerCase(), i);
	}
	let next = shares.length;
	for (const { account, contributor } of spans?.spans.flatMap(({ places }) => places) ?? []) {
		const known = numbers.get(account?.toLowerCase() ?? contributor) ?? numbers.get(contributor);
		if (known === undefined) numbers.set(contributor, next++);
	}
	const of = (who: string | undefined) =>
		(numbers.get(who ?? "") ?? numbers.get((who ?? "").toLowerCase()) ?? 0) % WORDS.length;
	return { of, ofSpan: ({ places }) => of(places[0]?.contributor) };
}
