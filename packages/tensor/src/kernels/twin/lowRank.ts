// How an adapter's pair of matrices lies in memory for `lowRankAdd`, and the twin of assembly/lowRank.ts.

import { PANEL, packPanels, unpackPanels } from "./packed.js";

const f = Math.fround;

/** Ranks are rounded up to this, the lanes of a vector; what is missing is zero and leaves every sum as it was. */
const LANES = 4;

/** The rank that a pair of this rank has in memory. */
export const storedRank = (rank: number): number => Math.ceil(rank / LANES) * LANES;

/** Numbers of A and of B in memory. */
export function lowRankSizes(rank: number, K: number, N: number): { readonly A: number; readonly B: number } {
	const r = storedRank(rank);
	return { A: K * r, B: Math.ceil(N / PANEL) * PANEL * r };
}

/** A [rank, K] as [K][stored rank], so that a row of x passes over it once. */
export function packLowRankA(A: Float32Array, rank: number, K: number): Float32Array {
	const r = storedRank(rank);
	const out = new Float32Array(K * r);
	for (let j = 0; j < rank; j++) for (let k = 0; k < K; k++) out[k * r + j] = A[j * K + k]!;
	return out;
}

/** B [N, rank] in panels of 16 columns, [⌈N/16⌉][stored rank][16]. */
export function packLowRankB(B: Float32Array, N: number, rank: number): Float32Array {
	const r = storedRank(rank);
	if (r === rank) return packPanels(B, N, rank);
	const wide = new Float32Array(N * r);
	for (let n = 0; n < N; n++) wide.set(B.subarray(n * rank, (n + 1) * rank), n * r);
	return packPanels(wide, N, r);
}

/** What one group of rows adds: `rank` is the stored one, A and B lie as packed above. */
export interface LowRankGroup {
	readonly first: number;
	readonly count: number;
	readonly rank: number;
	readonly A: Float32Array;
	readonly B: Float32Array;
	readonly scale: number;
}

/** y [rows, N] + the low-rank terms of x [rows, K]: each sum over k, then over the rank, in order from +0; then one addition to y, none for rank 0. */
export function twinLowRankAdd(
	y: Float32Array,
	x: Float32Array,
	groups: readonly LowRankGroup[],
	N: number,
	K: number,
): Float32Array {
	const out = Float32Array.from(y);
	for (const { first, count, rank, A, B, scale } of groups) {
		if (rank === 0) continue;
		const columns = unpackPanels(B, N, rank);
		for (let row = first; row < first + count; row++) {
			const low = Array.from({ length: rank }, (_, j) => {
				let sum = 0;
				for (let k = 0; k < K; k++) sum = f(sum + f(x[row * K + k]! * A[k * rank + j]!));
				return f(sum * f(scale));
			});
			for (let n = 0; n < N; n++) {
				let sum = 0;
				for (let j = 0; j < rank; j++) sum = f(sum + f(low[j]! * columns[n * rank + j]!));
				out[row * N + n] = f(out[row * N + n]! + sum);
			}
		}
	}
	return out;
}
