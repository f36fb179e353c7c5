// Features on disk: two bytes of scale (big-endian) and two numbers to a byte, the first in the lower half.

import type { FeatureRows } from "../features/index.js";
import { LEVELS } from "./quantiseFeature.js";

/** Bytes of one row. */
export function packedRowBytes(width: number): number {
	return 2 + Math.ceil(width / 2);
}

/** Rows one after another. Numbers must be within ±LEVELS, as `quantiseRow` makes them. */
export function packFeatures({ rows, width, numbers, scales }: FeatureRows): Uint8Array {
	const stride = packedRowBytes(width);
	const out = new Uint8Array(rows * stride);
	for (let row = 0; row < rows; row++) {
		out[row * stride] = scales[row]! >> 8;
		out[row * stride + 1] = scales[row]! & 0xff;
		for (let i = 0; i < width; i++)
			out[row * stride + 2 + (i >> 1)]! |= (numbers[row * width + i]! & 15) << (i & 1 ? 4 : 0);
	}
	return out;
}

/** Reads what `packFeatures` wrote. Throws RangeError where the bytes are not such rows. */
export function unpackFeatures(bytes: Uint8Array, width: number): FeatureRows {
	const stride = packedRowBytes(width);
	if (bytes.length % stride !== 0) throw new RangeError(`${bytes.length} bytes are not rows of ${stride}`);
	const rows = bytes.length / stride;
	const numbers = new Int8Array(rows * width);
	const scales = new Uint16Array(rows);
	for (let row = 0; row < rows; row++) {
		scales[row] = (bytes[row * stride]! << 8) | bytes[row * stride + 1]!;
		for (let i = 0; i < width; i++) {
			const four = (bytes[row * stride + 2 + (i >> 1)]! >> (i & 1 ? 4 : 0)) & 15;
			const number = (four << 28) >> 28;
			if (number < -LEVELS) throw new RangeError(`row ${row} holds a number beyond ±${LEVELS}`);
			numbers[row * width + i] = number;
		}
		if (width % 2 === 1 && bytes[(row + 1) * stride - 1]! >> 4 !== 0)
			throw new RangeError(`row ${row} is not as it was written`);
	}
	return { rows, width, numbers, scales };
}
