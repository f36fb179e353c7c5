// The scan in the caller's own thread, over features in memory: for few rows, and for who must have the answer at once.

import { FeatureError } from "./errors.js";
import { checkFeatureQuery, type FeatureRows, featureRecords } from "./featureRows.js";
import { createScanKernels, createScanMemory, FIRST_FREE, MAXIMUM_PAGES, PAGE_BYTES } from "./scanKernels.js";
import { paddedQuery, QUERY_BYTES, SLACK_BYTES } from "./scanLayout.js";
import { combineFound, type Found } from "./scanSums.js";
import { checkTopCount, type ScoreSummary } from "./scoreFeatureRows.js";

export interface LocalScan {
	readonly rows: number;
	readonly width: number;
	/** Every row's score, by row. Throws `features/bad-shape`, `features/bad-number`. */
	scan(query: Int8Array): Float64Array;
	/** The k best rows and sums over all. Throws the same. */
	top(query: Int8Array, k: number): ScoreSummary;
}

/** Exact sums are taken of so many scores at a time. */
const SUMMED_ROWS = 2 ** 20;

/** Copies the features into a memory of its own, of at most 4 GiB; throws `features/too-large` beyond it, and as `checkFeatureRows`. */
export function createLocalScan(features: FeatureRows): LocalScan {
	const records = featureRecords(features);
	const { rows, width } = features;
	const stride = records.length / Math.max(1, rows);
	const sumsAt = FIRST_FREE + QUERY_BYTES;
	const recordsAt = sumsAt + 94;
	const scoresAt = Math.ceil((recordsAt + records.length + SLACK_BYTES) / 64) * 64;
	const heapAt = scoresAt + 8 * rows;
	const bytes = heapAt + 16 * rows;
	if (bytes > MAXIMUM_PAGES * PAGE_BYTES)
		throw new FeatureError(
			"features/too-large",
			`${rows} rows take ${bytes} bytes; one memory has 4 GiB: use createFeatureScanner, which has many`,
		);
	const memory = createScanMemory(bytes);
	const kernels = createScanKernels(memory);
	new Uint8Array(memory.buffer).set(records, recordsAt);
	const scores = new Float64Array(memory.buffer, scoresAt, rows);
	const sums = new BigInt64Array(memory.buffer, sumsAt, 4);
	const heap = new Float64Array(memory.buffer, heapAt, 2 * rows);

	function score(query: Int8Array): void {
		checkFeatureQuery(query, width);
		new Int16Array(memory.buffer, FIRST_FREE, QUERY_BYTES / 2).set(paddedQuery(query));
		if (rows > 0) kernels.scan(recordsAt, stride, rows, FIRST_FREE, scoresAt);
	}

	return {
		rows,
		width,
		scan(query) {
			score(query);
			return new Float64Array(scores);
		},
		top(query, k) {
			checkTopCount(k);
			score(query);
			const found: Found[] = [];
			for (let row = 0; row < rows; row += SUMMED_ROWS) {
				kernels.sumsOf(scoresAt + 8 * row, Math.min(SUMMED_ROWS, rows - row), sumsAt);
				found.push({ sums: [sums[0]!, sums[1]!, sums[2]!, sums[3]!], best: new Float64Array(0) });
			}
			const held = k > 0 ? kernels.bestOf(scoresAt, rows, 0, heapAt, 0, Math.min(k, rows)) : 0;
			found.push({ sums: [0n, 0n, 0n, 0n], best: heap.slice(0, 2 * held) });
			return combineFound(found, rows, k);
		},
	};
}
