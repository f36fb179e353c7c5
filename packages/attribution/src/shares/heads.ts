// Which rows can earn: the first of every cluster. It must not know scores or features.

export interface ClusteredRow {
	/** Rows with one cluster number say the same thing or come from the same place; the cluster is paid once. */
	readonly cluster: number;
	/** False where the run did not learn from the row (held out, or too long): it has no influence. Default true. */
	readonly learnt?: boolean;
}

/**
 * By row: whether it is its cluster's head, the first seen row that the run learnt from. Copies that come later change no head, so they
 * change nothing that heads alone decide (quotient semivalue, arXiv 2605.07663).
 */
export function heads(rows: readonly ClusteredRow[]): boolean[] {
	const met = new Set<number>();
	return rows.map(({ cluster, learnt = true }) => {
		if (!learnt || met.has(cluster)) return false;
		met.add(cluster);
		return true;
	});
}
