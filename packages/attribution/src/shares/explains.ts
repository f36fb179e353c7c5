// How much of what a later row taught was there in an earlier one. Integers from committed features; no text, no threshold.

/**
 * The coefficient of an earlier row's gradient in a later one's (the later is that multiple of the earlier, and a rest that stands at right
 * angles to it), as a fraction of whole numbers; `by` is above 0.
 */
export type Explains = (earlier: number, later: number) => { readonly of: bigint; readonly by: bigint };

/** A row's committed feature: its gradient is about `scale` times these numbers. */
export interface RowFeature {
	readonly scale: number;
	readonly numbers: Int8Array;
}

const NOTHING = { of: 0n, by: 1n };

function dot(a: Int8Array, b: Int8Array): number {
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
	return sum;
}

/** Explains by features: scaleₗ·(fₗ·fₑ) / (scaleₑ·fₑ·fₑ), 0 where the earlier row has no feature. Exact for widths up to 2^39. */
export function explainsByFeatures(featureOf: (row: number) => RowFeature): Explains {
	const squares = new Map<number, number>();
	return (earlier, later) => {
		const from = featureOf(earlier);
		const to = featureOf(later);
		const square = squares.get(earlier) ?? dot(from.numbers, from.numbers);
		squares.set(earlier, square);
		if (square === 0 || from.scale === 0) return NOTHING;
		return {
			of: BigInt(to.scale) * BigInt(dot(to.numbers, from.numbers)),
			by: BigInt(from.scale) * BigInt(square),
		};
	};
}
