// A text as the set of its overlapping pieces, and how much two such sets have in common. It must not know words.

const SHINGLE_LENGTH = 4;

/** A set of 32-bit numbers, ascending and each once. */
export type NumberSet = Uint32Array;

/** The hashes of all pieces of four UTF-16 units; a shorter text is one piece. */
export function shingles(text: string): NumberSet {
	const count = Math.max(1, text.length - SHINGLE_LENGTH + 1);
	const hashes = new Uint32Array(count);
	for (let at = 0; at < count; at++) hashes[at] = hashPiece(text, at, Math.min(text.length, at + SHINGLE_LENGTH));
	hashes.sort();
	return hashes.filter((hash, index) => index === 0 || hash !== hashes[index - 1]);
}

/** The sizes of intersection and union: Jaccard's similarity is `shared / either`. */
export function overlap(a: NumberSet, b: NumberSet): { readonly shared: number; readonly either: number } {
	let shared = 0;
	for (let i = 0, j = 0; i < a.length && j < b.length; ) {
		const left = a[i]!;
		const right = b[j]!;
		if (left === right) shared++;
		if (left <= right) i++;
		if (right <= left) j++;
	}
	return { shared, either: a.length + b.length - shared };
}

/** 32-bit hash of a text. */
export function hashText(text: string): number {
	return hashPiece(text, 0, text.length);
}

/** Scrambles 32 bits, one to one (two rounds of multiply and shift). */
export function mix(value: number): number {
	let x = value;
	x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
	x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
	return (x ^ (x >>> 16)) >>> 0;
}

/** FNV-1a over UTF-16 units, scrambled. */
function hashPiece(text: string, from: number, to: number): number {
	let hash = 0x811c9dc5;
	for (let at = from; at < to; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
	return mix(hash);
}
