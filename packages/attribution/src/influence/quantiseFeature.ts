// Features as small integers. Sums run in order in f64; + − × ÷ √ only.

/** Levels of a row's numbers on either side of zero: four bits. */
export const LEVELS = 7;
/** The step between levels, in root mean squares of the row; 0.37 loses least of a normal's numbers at 15 levels. */
const STEP = 0.37;
/** Length of every row in its scale's units; a row has at least one number other than 0. */
const LENGTH = 0xffff;
/** How many units of int8 one root mean square of an answer's numbers takes. */
const ASKED = 32;

export interface QuantisedRow {
	/** −LEVELS..LEVELS */
	readonly numbers: Int8Array;
	/** u16 that makes all rows equally long: LENGTH over the numbers' length; 0 only for a row of zeros. */
	readonly scale: number;
}

function rootMeanSquare(x: ArrayLike<number>): number {
	let square = 0;
	for (let i = 0; i < x.length; i++) square += x[i]! * x[i]!;
	return Math.sqrt(square / x.length);
}

/**
 * A row's numbers at four bits, and the scale that makes it as long as any other. How long the gradient was is left out: that foretells no
 * better what leaving the row out does, a row that is learnt by heart has next to none, and an outlier makes itself one at will.
 */
export function quantiseRow(x: ArrayLike<number>): QuantisedRow {
	const numbers = new Int8Array(x.length);
	const size = rootMeanSquare(x);
	if (!(size > 0)) return { numbers, scale: 0 };
	const step = STEP * size;
	let square = 0;
	for (let i = 0; i < x.length; i++) {
		const number = Math.max(-LEVELS, Math.min(LEVELS, Math.floor(x[i]! / step + 0.5)));
		numbers[i] = number;
		square += number * number;
	}
	return { numbers, scale: Math.floor(LENGTH / Math.sqrt(square) + 0.5) };
}

/** An answer's numbers as int8: 32 to the root mean square, clamped to ±127. Its own size changes no order, so it has no scale. */
export function quantiseQuery(x: ArrayLike<number>): Int8Array {
	const out = new Int8Array(x.length);
	const size = rootMeanSquare(x);
	if (!(size > 0)) return out;
	for (let i = 0; i < x.length; i++) out[i] = Math.max(-127, Math.min(127, Math.floor((x[i]! * ASKED) / size + 0.5)));
	return out;
}
