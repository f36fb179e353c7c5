// Which rows are held out for validation. A row's lot is drawn from the seed and its own digest, so it does not depend on what other rows
// there are, nor on their order; rows of one cluster say the same and share a lot, else the run would be asked what it was told.

import { sha256 } from "@openledger/llm";
import { type Row, rowDigest, utf8 } from "@openledger/protocol";
import { RunError } from "./errors.js";
import type { Recipe } from "./recipe.js";

/** A row as a run takes it; rows of the same `cluster` say the same. */
export type RunRow = Row & { readonly cluster?: number };

/** Largest lot, as its first eight hex digits read. */
const LOTS = 2 ** 32;

/**
 * Indices of the held out among `usable`, ascending. A share holds out every lot below it, so a row that is held out stays so while others
 * come; a count takes the lowest lots until there are that many. At least one row is held out and at least one is not.
 * Throws RunError "rows-unusable" where there are too few.
 */
export function holdOut(rows: readonly RunRow[], usable: readonly number[], recipe: Recipe): number[] {
	const { validation, seed } = recipe;
	if (validation === 0) return [];
	const groups = groupsOf(rows, usable, seed);
	let held = 0;
	if (validation < 1) {
		const below = groups.filter(({ lot }) => Number.parseInt(lot.slice(2, 10), 16) < validation * LOTS).length;
		held = Math.min(Math.max(below, 1), groups.length - 1);
	} else {
		for (let count = 0; held < groups.length && count < validation; held++) count += groups[held]!.rows.length;
	}
	if (held < 1 || held >= groups.length) {
		throw new RunError(
			"rows-unusable",
			`recipe.validation is ${validation}, but of ${usable.length} usable rows none would be left to learn from; lower it or add rows`,
		);
	}
	return groups
		.slice(0, held)
		.flatMap(({ rows: own }) => own)
		.sort((a, b) => a - b);
}

interface Group {
	readonly lot: string;
	readonly rows: number[];
}

/** Groups in the order of their lots. A cluster's lot is that of its first row, usable or not. */
function groupsOf(rows: readonly RunRow[], usable: readonly number[], seed: number): Group[] {
	const firstOf = new Map<number, number>();
	rows.forEach(({ cluster }, i) => {
		if (cluster !== undefined && !firstOf.has(cluster)) firstOf.set(cluster, i);
	});
	const groups = new Map<string, Group>();
	for (const i of usable) {
		const { cluster } = rows[i]!;
		const first = cluster === undefined ? i : firstOf.get(cluster)!;
		const lot = sha256(utf8(`openledger-validation\n${seed}\n${rowDigest(rows[first]!)}`));
		const known = groups.get(lot);
		if (known === undefined) groups.set(lot, { lot, rows: [i] });
		else known.rows.push(i);
	}
	return [...groups.values()].sort((a, b) => (a.lot < b.lot ? -1 : 1));
}
