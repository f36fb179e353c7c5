// The order in which rows meet the optimiser: a recorded list, a pure function of seed and epoch.

import { drawPermutation } from "@openledger/tensor";

const PURPOSE_ROWS = 0x0d0;
const PURPOSE_BATCHES = 0x0d1;
const WINDOW = 16;

/**
 * Batches of row indices for one epoch. Rows are shuffled, then sorted by length inside windows of 16 batches, so that a batch's rows
 * are of like length and little is padded; then the batches are shuffled.
 */
export function epochBatches(lengths: readonly number[], batchSize: number, seed: number, epoch: number): number[][] {
	const shuffled = drawPermutation({ seed, purpose: PURPOSE_ROWS, step: epoch }, lengths.length);
	const batches: number[][] = [];
	for (let at = 0; at < shuffled.length; at += WINDOW * batchSize) {
		const window = shuffled.slice(at, at + WINDOW * batchSize);
		const sorted = window.map((row, i) => ({ row, i })).sort((a, b) => lengths[a.row]! - lengths[b.row]! || a.i - b.i);
		for (let i = 0; i < sorted.length; i += batchSize) batches.push(sorted.slice(i, i + batchSize).map((s) => s.row));
	}
	return drawPermutation({ seed, purpose: PURPOSE_BATCHES, step: epoch }, batches.length).map((i) => batches[i]!);
}
