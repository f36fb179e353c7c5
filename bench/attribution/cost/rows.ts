// Rows of features to fill an index with: every int8 but −128, all as likely, so that nothing can be skipped or compressed.

import type { FeatureRows } from "@openledger/attribution";
import { drawUint32 } from "@openledger/tensor";

const NOISE_NUMBERS = 1 << 22;
let noise: Int8Array | undefined;

function numbersOfNoise(): Int8Array {
	if (noise === undefined) {
		const words = Uint32Array.from({ length: NOISE_NUMBERS / 4 }, (_, i) =>
			drawUint32({ seed: 1, purpose: 0xc05, step: 0 }, i),
		);
		noise = new Int8Array(words.buffer).map((n) => (n === -128 ? 127 : n));
	}
	return noise;
}

/** `count` rows from row `first` on; each starts elsewhere in one block of noise. */
export function noiseRows(first: number, count: number, width: number): FeatureRows {
	const from = numbersOfNoise();
	const numbers = new Int8Array(count * width);
	const scales = new Uint16Array(count);
	for (let i = 0; i < count; i++) {
		const at = Math.imul(first + i, 2654435761) >>> 0;
		numbers.set(from.subarray(at % (NOISE_NUMBERS - width), (at % (NOISE_NUMBERS - width)) + width), i * width);
		scales[i] = at >>> 16;
	}
	return { rows: count, width, numbers, scales };
}

/** A query of `width` numbers. */
export function noiseQuery(width: number): Int8Array {
	return noiseRows(123_456_789, 1, width).numbers;
}
