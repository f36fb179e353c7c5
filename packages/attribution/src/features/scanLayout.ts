// Where things lie in the scanner's memories, and how much is scanned at once. Known to both sides, the team and its members.

import { MAX_FEATURE_WIDTH, SCALE_BYTES } from "./featureRows.js";
import { FIRST_FREE, MAXIMUM_PAGES, PAGE_BYTES } from "./scanKernels.js";

/** Rows of the greatest block. */
export const MOST_BLOCK_ROWS = 2048;
/** Bytes of a block, about: long enough that taking one costs nothing, short enough that threads end together. */
const BLOCK_BYTES = 2 ** 20;

/** A query as i16, ended by zeros up to a multiple of 16. */
export const QUERY_BYTES = 2 * MAX_FEATURE_WIDTH + 32;
const SCORES_BYTES = 8 * MOST_BLOCK_ROWS;
/** A member's own place in a memory that all share: query, then a block's scores. */
export const SLOT_BYTES = QUERY_BYTES + SCORES_BYTES;
/** A record is read up to 15 bytes beyond its end. */
export const SLACK_BYTES = 16;

export interface ScanLayout {
	readonly stride: number;
	readonly blockRows: number;
	/** Of a memory that holds rows: where they begin. A multiple of 64, less the scale, so that numbers are aligned. */
	readonly recordsAt: number;
	/** Rows that fit a memory of `bytes`. */
	rowsIn(bytes: number): number;
}

export function slotAt(member: number): number {
	return FIRST_FREE + member * SLOT_BYTES;
}

/** `threads` members share a memory of rows; 4 GiB is the most it can have. */
export function scanLayout(width: number, threads: number): ScanLayout {
	const stride = width + SCALE_BYTES;
	const recordsAt = Math.ceil(slotAt(threads) / PAGE_BYTES) * PAGE_BYTES + 64 - SCALE_BYTES;
	return {
		stride,
		blockRows: Math.max(4, Math.min(MOST_BLOCK_ROWS, Math.floor(BLOCK_BYTES / stride / 4) * 4)),
		recordsAt,
		rowsIn: (bytes) => Math.floor((Math.min(bytes, MAXIMUM_PAGES * PAGE_BYTES) - recordsAt - SLACK_BYTES) / stride),
	};
}

/** The query as the module reads it. */
export function paddedQuery(query: Int8Array): Int16Array {
	const out = new Int16Array(Math.ceil(query.length / 16) * 16);
	out.set(query);
	return out;
}
