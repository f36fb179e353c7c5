// MinHash: a short signature per set, such that two signatures agree in a place with the probability that is the sets'
// Jaccard similarity (Broder 1997). Its seeds are fixed. It must not know what is in the sets.
import { mix, type NumberSet } from "./shingles.js";

export const PERMUTATIONS = 64;
const ROWS_PER_BAND = 3;
export const BANDS = Math.floor(PERMUTATIONS / ROWS_PER_BAND);

const SEEDS = Uint32Array.from({ length: PERMUTATIONS }, (_, index) => mix(index + 0x9e3779b9));

/** The smallest member of the set under each of 64 fixed permutations of the 32-bit numbers. */
export function minhash(set: NumberSet): Uint32Array {
	const signature = new Uint32Array(PERMUTATIONS).fill(0xffffffff);
	for (const member of set) {
		for (let i = 0; i < PERMUTATIONS; i++) {
			const value = mix(member ^ SEEDS[i]!);
			if (value < signature[i]!) signature[i] = value;
		}
	}
	return signature;
}

/** How many of the 64 places agree. */
export function agreement(a: Uint32Array, b: Uint32Array): number {
	let places = 0;
	for (let i = 0; i < PERMUTATIONS; i++) if (a[i] === b[i]) places++;
	return places;
}

/** One number per band of three places; sets of similarity s share a band with probability 1 − (1 − s³)²¹. */
export function bands(signature: Uint32Array, salt: number): Uint32Array {
	return Uint32Array.from({ length: BANDS }, (_, band) => {
		let hash = mix(salt ^ mix(band + 1));
		for (let i = band * ROWS_PER_BAND; i < (band + 1) * ROWS_PER_BAND; i++) hash = mix(hash ^ signature[i]!);
		return hash;
	});
}
