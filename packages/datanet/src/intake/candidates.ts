// Finds rows that may be alike without comparing each with each. It must not know what alike means.

/** Rows in one drawer that are looked at; a drawer that is fuller holds boilerplate. */
const MAX_PER_DRAWER = 16;
/** Rows that one row is compared with. */
const MAX_CANDIDATES = 64;

export type Candidates = {
	/** Files a row's number under its keys. Numbers must ascend. */
	add(row: number, keys: Uint32Array): void;
	/** Numbers of rows with a key in common, first seen first. */
	find(keys: Uint32Array): number[];
};

export function createCandidates(): Candidates {
	// One drawer cabinet per place in the keys. A lone number saves the array, and most drawers hold one.
	const cabinets: Map<number, number | number[]>[] = [];
	return {
		add(row, keys) {
			for (const [place, key] of keys.entries()) {
				cabinets[place] ??= new Map();
				const drawer = cabinets[place].get(key);
				if (drawer === undefined) cabinets[place].set(key, row);
				else if (typeof drawer === "number") cabinets[place].set(key, [drawer, row]);
				else if (drawer.length < MAX_PER_DRAWER) drawer.push(row);
			}
		},
		find(keys) {
			const found = new Set<number>();
			for (const [place, key] of keys.entries()) {
				const drawer = cabinets[place]?.get(key);
				if (typeof drawer === "number") found.add(drawer);
				else if (drawer !== undefined) for (const row of drawer) found.add(row);
			}
			return [...found].sort((a, b) => a - b).slice(0, MAX_CANDIDATES);
		},
	};
}
