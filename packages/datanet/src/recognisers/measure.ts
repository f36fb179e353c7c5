// How right recognisers are on labelled texts: per recogniser, what was found of what is there and what was found in vain.
import { RECOGNISERS, recognise } from "./recognisers.js";

export type Measured = {
	readonly recogniser: string;
	/** How many stand in the texts. */
	readonly there: number;
	readonly found: number;
	readonly missed: number;
	/** Found where none stands. */
	readonly inVain: number;
	/** Parts per million of what was found that is right, and of what is there that was found. */
	readonly precisionPpm: number;
	readonly recallPpm: number;
};

/** One line per recogniser, and `all` at the end. */
export function measureRecognisers(
	labelled: readonly { readonly text: string; readonly holds: readonly string[] }[],
): readonly Measured[] {
	const counts = new Map(RECOGNISERS.map(({ name }) => [name, { there: 0, found: 0, missed: 0, inVain: 0 }]));
	for (const { text, holds } of labelled) {
		const seen = recognise(text).map(({ recogniser }) => recogniser);
		for (const [name, count] of counts) {
			const there = holds.filter((one) => one === name).length;
			const found = seen.filter((one) => one === name).length;
			count.there += there;
			count.found += Math.min(there, found);
			count.missed += Math.max(0, there - found);
			count.inVain += Math.max(0, found - there);
		}
	}
	const lines = [...counts].map(([recogniser, count]) => ({ recogniser, ...count }));
	const sum = (name: "there" | "found" | "missed" | "inVain") => lines.reduce((total, line) => total + line[name], 0);
	const all = {
		recogniser: "all",
		there: sum("there"),
		found: sum("found"),
		missed: sum("missed"),
		inVain: sum("inVain"),
	};
	return [...lines, all].map((line) => ({
		...line,
		precisionPpm: ppm(line.found, line.found + line.inVain),
		recallPpm: ppm(line.found, line.there),
	}));
}

function ppm(part: number, whole: number): number {
	return whole === 0 ? 1_000_000 : Math.round((part * 1_000_000) / whole);
}
