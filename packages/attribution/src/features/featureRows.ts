// Features of a run's rows, version 2: for each row one int8 vector over all checkpoints, and one scale. Integers only. It must not know how
// a feature is made, nor where it is kept.

import { FeatureError } from "./errors.js";

/** So that a score, of at most 65,535 · 4,096 · 127², stays far below 2⁵³. */
export const MAX_FEATURE_WIDTH = 4096;
/** So that a row's number has 31 bits. */
export const MAX_FEATURE_ROWS = 2 ** 31 - 1;
/** Bytes of a row's scale in its record. */
export const SCALE_BYTES = 2;

export interface FeatureRows {
	readonly rows: number;
	/** Numbers of a row, 1 to 4,096. */
	readonly width: number;
	/** [rows·width], each −127 to 127. */
	readonly numbers: Int8Array;
	/** [rows], by which a row's dot product is multiplied. */
	readonly scales: Uint16Array;
}

/** Throws `features/bad-shape` unless `width` is a whole number from 1 to 4,096. */
export function checkFeatureWidth(width: number): void {
	if (!Number.isInteger(width) || width < 1 || width > MAX_FEATURE_WIDTH)
		throw new FeatureError(
			"features/bad-shape",
			`a feature is ${width} numbers wide; it must be 1 to ${MAX_FEATURE_WIDTH}`,
		);
}

/** Throws `features/bad-number` at −128, which has no opposite. `what` names the numbers, with the place of the first in them. */
export function checkFeatureNumbers(numbers: Int8Array, what: string): void {
	const at = numbers.indexOf(-128);
	if (at >= 0)
		throw new FeatureError("features/bad-number", `number ${at} of ${what} is -128; the numbers go from -127 to 127`);
}

/** Throws `features/bad-shape` unless the arrays have the lengths that `rows` and `width` say, `features/bad-number` at −128. */
export function checkFeatureRows({ rows, width, numbers, scales }: FeatureRows): void {
	checkFeatureWidth(width);
	if (!Number.isInteger(rows) || rows < 0 || rows > MAX_FEATURE_ROWS)
		throw new FeatureError("features/bad-shape", `there are ${rows} rows; there may be 0 to ${MAX_FEATURE_ROWS}`);
	if (!(numbers instanceof Int8Array) || numbers.length !== rows * width)
		throw new FeatureError(
			"features/bad-shape",
			`${rows} rows of width ${width} have ${numbers.length} numbers; an Int8Array of ${rows * width} is right`,
		);
	if (!(scales instanceof Uint16Array) || scales.length !== rows)
		throw new FeatureError(
			"features/bad-shape",
			`${rows} rows have ${scales.length} scales; a Uint16Array of ${rows} is right`,
		);
	checkFeatureNumbers(numbers, "the features");
}

/** Throws `features/bad-shape` unless the query has `width` numbers, `features/bad-number` at −128. */
export function checkFeatureQuery(query: Int8Array, width: number): void {
	if (!(query instanceof Int8Array) || query.length !== width)
		throw new FeatureError(
			"features/bad-shape",
			`the query has ${query.length} numbers; an Int8Array of ${width}, as wide as the rows, is right`,
		);
	checkFeatureNumbers(query, "the query");
}

/** Throws `features/no-such-row`. */
export function checkFeatureRow(row: number, rows: number): void {
	if (!Number.isInteger(row) || row < 0 || row >= rows)
		throw new FeatureError("features/no-such-row", `there is no row ${row}; there are ${rows}, counted from 0`);
}

/** One row's numbers; a view. Throws `features/no-such-row`. */
export function featureNumbers({ rows, width, numbers }: FeatureRows, row: number): Int8Array {
	checkFeatureRow(row, rows);
	return numbers.subarray(row * width, (row + 1) * width);
}

/** The rows as records, one after the other: scale (u16, big-endian), then the numbers. Throws as `checkFeatureRows`. */
export function featureRecords(features: FeatureRows): Uint8Array {
	checkFeatureRows(features);
	const { rows, width, numbers, scales } = features;
	const stride = width + SCALE_BYTES;
	const out = new Uint8Array(rows * stride);
	const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
	for (let row = 0; row < rows; row++) {
		out[row * stride] = scales[row]! >> 8;
		out[row * stride + 1] = scales[row]! & 255;
		out.set(bytes.subarray(row * width, (row + 1) * width), row * stride + SCALE_BYTES);
	}
	return out;
}

/** What `featureRecords` wrote. Throws `features/bad-shape` where records are not whole, `features/bad-number` at −128. */
export function parseFeatureRecords(records: Uint8Array, width: number): FeatureRows {
	checkFeatureWidth(width);
	const stride = width + SCALE_BYTES;
	const rows = records.length / stride;
	if (!Number.isInteger(rows))
		throw new FeatureError(
			"features/bad-shape",
			`${records.length} bytes are not whole records; a record of width ${width} has ${stride}`,
		);
	const numbers = new Int8Array(rows * width);
	const scales = new Uint16Array(rows);
	const bytes = new Uint8Array(numbers.buffer);
	for (let row = 0; row < rows; row++) {
		scales[row] = (records[row * stride]! << 8) | records[row * stride + 1]!;
		bytes.set(records.subarray(row * stride + SCALE_BYTES, (row + 1) * stride), row * width);
	}
	checkFeatureNumbers(numbers, "the records");
	return { rows, width, numbers, scales };
}
