// Features for tests and benches: seeded, full range, with rows of extremes among them.

import { drawUint32 } from "@openledger/tensor";
import type { FeatureRows } from "../featureRows.js";

const PURPOSE = 0xfea;

/** Numbers from −127 to 127; every seventh row holds only ±127. Scales from 0 to 65,535, every fifth one an end. */
export function testFeatures(rows: number, width: number, seed = 1): FeatureRows {
	const draw = (at: number) => drawUint32({ seed, purpose: PURPOSE, step: 0 }, at);
	const numbers = new Int8Array(rows * width);
	for (let i = 0; i < numbers.length; i++) {
		const drawn = draw(i);
		numbers[i] = Math.floor(i / width) % 7 === 3 ? (drawn & 1) * 254 - 127 : (drawn % 255) - 127;
	}
	const scales = Uint16Array.from({ length: rows }, (_, row) => {
		const drawn = draw(numbers.length + row);
		return row % 5 === 2 ? (drawn & 1) * 65535 : drawn & 65535;
	});
	return { rows, width, numbers, scales };
}

/** A query of the same kind; `extreme` has only ±127. */
export function testQuery(width: number, seed = 2, extreme = false): Int8Array {
	const { numbers } = testFeatures(extreme ? 4 : 1, width, seed);
	return extreme ? numbers.slice(3 * width) : numbers;
}

/** Rows first … first + count − 1 of a sequence without end, each made from its own number alone. */
export function portionOf(first: number, count: number, width: number): FeatureRows {
	const own = Array.from({ length: count }, (_, i) => testFeatures(1, width, first + i));
	const numbers = new Int8Array(count * width);
	for (const [i, row] of own.entries()) numbers.set(row.numbers, i * width);
	return { rows: count, width, numbers, scales: Uint16Array.from(own, ({ scales }) => scales[0]!) };
}
