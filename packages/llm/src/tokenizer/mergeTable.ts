// The learnt merges as a hash table of pairs, in flat arrays: the lookup that encoding does most. Knows nothing of text.

export type MergeTable = {
	readonly size: number;
	/** The rank of a pair of token ids (its place in the list of merges), or -1. */
	rankOf(left: number, right: number): number;
	/** The token that the merge of a rank makes. */
	resultOf(rank: number): number;
};

export type Merge = { readonly left: number; readonly right: number; readonly result: number };

/** Builds the table; returns the rank of the first merge whose pair an earlier one has, instead, if there is one. */
export function createMergeTable(merges: readonly Merge[]): MergeTable | number {
	let bits = 4;
	while (1 << bits < 2 * merges.length) bits++;
	const mask = (1 << bits) - 1;
	const ranks = new Int32Array(1 << bits).fill(-1);
	const pairs = new Int32Array(2 << bits);
	const results = Int32Array.from(merges, (m) => m.result);
	const slotOf = (left: number, right: number): number => {
		let slot = (Math.imul(left, 0x9e3779b1) ^ Math.imul(right, 0x85ebca77)) >>> (32 - bits);
		while (ranks[slot]! >= 0 && (pairs[2 * slot] !== left || pairs[2 * slot + 1] !== right)) slot = (slot + 1) & mask;
		return slot;
	};
	for (const [rank, { left, right }] of merges.entries()) {
		const slot = slotOf(left, right);
		if (ranks[slot]! >= 0) return rank;
		ranks[slot] = rank;
		pairs[2 * slot] = left;
		pairs[2 * slot + 1] = right;
	}
	return {
		size: merges.length,
		rankOf: (left, right) => ranks[slotOf(left, right)]!,
		resultOf: (rank) => results[rank]!,
	};
}
