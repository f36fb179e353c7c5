// A set of sha256 digests by their first 16 bytes, in one flat array. It must not know what was digested.

const WORDS = 4;
const FULLEST = 0.8;
const SMALLEST = 64;

export type DigestSet = {
	/** The number under which the digest was added, or −1. */
	find(digest: Uint8Array): number;
	/** Adds a digest that is not there. */
	add(digest: Uint8Array, number: number): void;
};

/** Two digests with the same first 16 bytes would be taken for one: nobody can make such a pair on purpose with less than 2⁶⁴ tries. */
export function createDigestSet(expected = 0): DigestSet {
	let capacity = Math.max(SMALLEST, Math.ceil(expected / (FULLEST - 0.05)));
	let words = new Uint32Array(capacity * WORDS);
	let numbers = new Uint32Array(capacity);
	let size = 0;

	function grow(): void {
		const [oldWords, oldNumbers, old] = [words, numbers, capacity];
		capacity = Math.ceil(old * 1.5);
		words = new Uint32Array(capacity * WORDS);
		numbers = new Uint32Array(capacity);
		for (let at = 0; at < old; at++) {
			if (oldNumbers[at] === 0) continue;
			const digest = oldWords.subarray(at * WORDS, (at + 1) * WORDS);
			place(digest, freePlace(digest), oldNumbers[at]!);
		}
	}

	/** Where the digest stands, or the empty place where it would. */
	function freePlace(digest: Uint32Array): number {
		let at = Math.floor((digest[0]! / 0x1_0000_0000) * capacity);
		while (numbers[at] !== 0 && !isAt(digest, at)) at = at + 1 === capacity ? 0 : at + 1;
		return at;
	}

	function isAt(digest: Uint32Array, at: number): boolean {
		for (let i = 0; i < WORDS; i++) if (words[at * WORDS + i] !== digest[i]) return false;
		return true;
	}

	function place(digest: Uint32Array, at: number, entry: number): void {
		words.set(digest, at * WORDS);
		numbers[at] = entry;
	}

	return {
		find: (digest) => numbers[freePlace(wordsOf(digest))]! - 1,
		add(digest, number) {
			if (size >= capacity * FULLEST) grow();
			const own = wordsOf(digest);
			place(own, freePlace(own), number + 1);
			size++;
		},
	};
}

function wordsOf(digest: Uint8Array): Uint32Array {
	const view = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
	return Uint32Array.from({ length: WORDS }, (_, i) => view.getUint32(i * 4));
}
