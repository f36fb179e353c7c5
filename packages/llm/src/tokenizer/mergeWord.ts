// Applies the learnt merges to one word. Knows nothing of words' origin or of special tokens.

export type MergeTable = ReadonlyMap<number, { readonly rank: number; readonly id: number }>;

/** The key of a pair of token ids in a merge table. */
export const mergeKey = (left: number, right: number): number => left * 0x100000 + right;

/**
 * Merges the lowest-ranked pair, leftmost first, until none is left: the order of Hugging Face's BPE.
 * One sweep merges every occurrence of the lowest rank, and ends early if it creates a pair of a lower one.
 */
export function mergeWord(word: readonly number[], table: MergeTable): number[] {
	let ids = [...word];
	for (;;) {
		let rank = Number.POSITIVE_INFINITY;
		for (let i = 1; i < ids.length; i++) {
			const found = table.get(mergeKey(ids[i - 1]!, ids[i]!));
			if (found !== undefined && found.rank < rank) rank = found.rank;
		}
		if (rank === Number.POSITIVE_INFINITY) return ids;
		ids = sweep(ids, rank, table);
	}
}

function sweep(ids: readonly number[], rank: number, table: MergeTable): number[] {
	const out: number[] = [];
	let i = 0;
	while (i < ids.length) {
		const found = i + 1 < ids.length ? table.get(mergeKey(ids[i]!, ids[i + 1]!)) : undefined;
		if (found?.rank !== rank) {
			out.push(ids[i++]!);
			continue;
		}
		out.push(found.id);
		i += 2;
		const before = out.length > 1 ? table.get(mergeKey(out[out.length - 2]!, found.id)) : undefined;
		const after = i < ids.length ? table.get(mergeKey(found.id, ids[i]!)) : undefined;
		if ((before?.rank ?? rank) < rank || (after?.rank ?? rank) < rank) {
			while (i < ids.length) out.push(ids[i++]!);
		}
	}
	return out;
}
