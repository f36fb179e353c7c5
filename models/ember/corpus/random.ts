// Counter-based random numbers for the corpus: draw n of stream (seed, row) is a hash of the three, in 32-bit integers only.
// Knows nothing of text. The mixing is Wellons's "lowbias32" permutation.

export type Draw = {
	/** An integer from 0 to n − 1 (n ≤ 2^16, so the bias of the remainder is below 2^-16). */
	below(n: number): number;
	/** One of the items. */
	of<T>(items: readonly T[]): T;
	/** True in `parts` of `whole` cases. */
	chance(parts: number, whole: number): boolean;
};

export function mix(value: number): number {
	let x = value | 0;
	x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
	x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
	return (x ^ (x >>> 16)) >>> 0;
}

/** The stream of draws of a key, for instance (seed, row number). */
export function drawsOf(...key: readonly number[]): Draw {
	let state = 0x9e3779b9;
	for (const part of key) state = mix(state ^ mix(part + 0x632be5ab));
	let counter = 0;
	const next = (): number => mix(state ^ mix(++counter));
	const below = (n: number): number => next() % n;
	return {
		below,
		of: (items) => items[below(items.length)]!,
		chance: (parts, whole) => below(whole) < parts,
	};
}
