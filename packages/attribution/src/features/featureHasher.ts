// Leaves and inner nodes of the feature tree, many at a time, in WASM: the same digests as featureLeaf and featureTree, some ten times faster.

import { FEATURE_LEAF_TAG } from "./featureLeaf.js";
import { NODE_BYTES } from "./featureTree.js";
import { createScanKernels, createScanMemory, FIRST_FREE } from "./scanKernels.js";

export interface FeatureHasher {
	/** Leaves [rows][32] of records [rows][stride], the first of which is row `first`. */
	leaves(records: Uint8Array, stride: number, first: number): Uint8Array;
	/** keccak256 of both nodes, the smaller first. */
	pair(a: Uint8Array, b: Uint8Array): Uint8Array;
}

/** Rows of the most that is hashed at once. */
const BLOCK_ROWS = 256;
const [TAG, PAIR, SCRATCH, DIGESTS, RECORDS] = [0, 64, 320, 8192, 8192 + NODE_BYTES * BLOCK_ROWS].map(
	(at) => at + FIRST_FREE,
) as [number, number, number, number, number];
const BLOCK_BYTES = 256 * 4098;

/** The memory is its own, some 1.2 MB. */
export function createFeatureHasher(): FeatureHasher {
	const memory = createScanMemory(RECORDS + BLOCK_BYTES);
	const kernels = createScanKernels(memory);
	const bytes = new Uint8Array(memory.buffer);
	bytes.set(FEATURE_LEAF_TAG, TAG);
	return {
		leaves(records, stride, first) {
			const rows = records.length / stride;
			const out = new Uint8Array(NODE_BYTES * rows);
			for (let row = 0; row < rows; row += BLOCK_ROWS) {
				const count = Math.min(BLOCK_ROWS, rows - row);
				bytes.set(records.subarray(row * stride, (row + count) * stride), RECORDS);
				kernels.leafHashes(RECORDS, stride, count, first + row, TAG, FEATURE_LEAF_TAG.length, SCRATCH, DIGESTS);
				out.set(bytes.subarray(DIGESTS, DIGESTS + NODE_BYTES * count), NODE_BYTES * row);
			}
			return out;
		},
		pair(a, b) {
			let at = 0;
			while (at < NODE_BYTES - 1 && a[at] === b[at]) at++;
			const [low, high] = a[at]! <= b[at]! ? [a, b] : [b, a];
			bytes.set(low, PAIR);
			bytes.set(high, PAIR + NODE_BYTES);
			kernels.pairHash(PAIR, SCRATCH, DIGESTS);
			return bytes.slice(DIGESTS, DIGESTS + NODE_BYTES);
		},
	};
}
