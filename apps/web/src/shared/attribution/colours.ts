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

type Named = Pick<ShownReceipt, "shares" | "spans">;

/** Those who are paid come first, largest share first; then who is only found word for word. Of several receipts, the first one's first. */
export function coloursOf(...receipts: readonly Named[]): Colours {
	const numbers = new Map<string, number>();
	let next = 0;
	const name = (contributor: string, account: string | undefined) => {
		const address = account?.toLowerCase() ?? contributor;
		const number = numbers.get(address) ?? numbers.get(contributor) ?? next++;
		numbers.set(address, number);
		numbers.set(contributor, number);
	};
	for (const { shares } of receipts) for (const { account, contributor } of shares) name(contributor, account);
	for (const { spans } of receipts)
		for (const { places } of spans?.spans ?? [])
			for (const { account, contributor } of places) name(contributor, account);
	const of = (who: string | undefined) =>
		(numbers.get(who ?? "") ?? numbers.get((who ?? "").toLowerCase()) ?? 0) % WORDS.length;
	return { of, ofSpan: ({ places }) => of(places[0]?.contributor) };
}
