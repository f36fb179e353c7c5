// Scores as they are kept between attempts, and what they are worth against the rows that state the fact.

import { kept } from "../keep.js";
import type { FactsSet } from "../sets/facts.js";
import { recallAt, reciprocalRank } from "../statistics.js";

export const AT = 10;

/** Numbers as base64 of their f64 bytes: every bit comes back, on machines of one byte order. */
function pack(scores: readonly Float64Array[]): { readonly columns: number; readonly bytes: string } {
	const all = new Float64Array(scores.length * scores[0]!.length);
	scores.forEach((row, i) => {
		all.set(row, i * row.length);
	});
	return { columns: scores[0]!.length, bytes: Buffer.from(all.buffer).toString("base64") };
}

function unpack({ columns, bytes }: ReturnType<typeof pack>): Float64Array[] {
	const raw = Uint8Array.from(Buffer.from(bytes, "base64"));
	const all = new Float64Array(raw.buffer);
	return Array.from({ length: all.length / columns }, (_, i) => all.slice(i * columns, (i + 1) * columns));
}

/** The scores kept under a name, or made and kept now. */
export async function keptScores(
	folder: string,
	name: string,
	input: unknown,
	make: () => readonly Float64Array[] | Promise<readonly Float64Array[]>,
): Promise<Float64Array[]> {
	return unpack(await kept(folder, name, input, async () => pack(await make())));
}

export interface Found {
	/** Share of a query's gold rows among the first ten, by query. */
	readonly recall: readonly number[];
	/** 1 / place of the first of them. */
	readonly reciprocal: readonly number[];
}

/** By query, in the set's order. */
export function find({ rows, queries }: FactsSet, scores: readonly Float64Array[]): Found {
	const recall: number[] = [];
	const reciprocal: number[] = [];
	queries.forEach(({ gold }, query) => {
		const isGold = rows.map(() => false);
		for (const row of gold) isGold[row] = true;
		recall.push(recallAt(scores[query]!, isGold, AT));
		reciprocal.push(reciprocalRank(scores[query]!, isGold));
	});
	return { recall, reciprocal };
}
