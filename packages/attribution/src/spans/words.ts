// Where words begin and end in UTF-8, by code points and a table of our own: a verifier's Unicode version must not decide what a span is.
// It must not know languages: letters and digits make words, a character of a script that is written without spaces is a word.

export interface Words {
	/** Byte offsets, ascending; word k is [begins[k], ends[k]). */
	readonly begins: Int32Array;
	readonly ends: Int32Array;
}

/** Ranges of code points beyond ASCII that stand between words: marks, spaces, symbols, box drawing, CJK punctuation, emoji. */
const BETWEEN: readonly (readonly [number, number])[] = [
	[0x80, 0xa9],
	[0xab, 0xb1],
	[0xb4, 0xb4],
	[0xb6, 0xb8],
	[0xbb, 0xbf],
	[0xd7, 0xd7],
	[0xf7, 0xf7],
	[0x2000, 0x206f],
	[0x20a0, 0x20cf],
	[0x2190, 0x2bff],
	[0x3000, 0x3004],
	[0x3008, 0x3020],
	[0xff00, 0xff0f],
	[0xff1a, 0xff20],
	[0xff3b, 0xff40],
	[0xff5b, 0xff65],
	[0x1f000, 0x1faff],
];

/** Scripts written without spaces: Thai, Lao, Myanmar, Khmer, kana, CJK ideographs. */
const ALONE: readonly (readonly [number, number])[] = [
	[0x0e00, 0x0eff],
	[0x1000, 0x109f],
	[0x1780, 0x17ff],
	[0x3005, 0x3007],
	[0x3021, 0x30ff],
	[0x3400, 0x9fff],
	[0xf900, 0xfaff],
	[0x20000, 0x3ffff],
];

const within = (ranges: readonly (readonly [number, number])[], code: number) =>
	ranges.some(([low, high]) => code >= low && code <= high);

function isAsciiWord(code: number): boolean {
	return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** The words of well-formed UTF-8. An apostrophe ends a word: "don't" is two. */
export function findWords(bytes: Uint8Array): Words {
	const begins: number[] = [];
	const ends: number[] = [];
	let open = false;
	const close = (at: number) => {
		if (open) ends.push(at);
		open = false;
	};
	for (let at = 0; at < bytes.length; ) {
		const first = bytes[at]!;
		const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
		let code = length === 1 ? first : first & (0xff >> (length + 1));
		for (let i = 1; i < length; i++) code = (code << 6) | (bytes[at + i]! & 63);
		if (code < 0x80 ? !isAsciiWord(code) : within(BETWEEN, code)) close(at);
		else if (code >= 0x80 && within(ALONE, code)) {
			close(at);
			begins.push(at);
			ends.push(at + length);
		} else if (!open) {
			begins.push(at);
			open = true;
		}
		at += length;
	}
	close(bytes.length);
	return { begins: Int32Array.from(begins), ends: Int32Array.from(ends) };
}

/** How many numbers of an ascending list are smaller than, or with `orEqual` at most, `value`. */
export function countBelow(ascending: Int32Array, value: number, orEqual = false): number {
	let low = 0;
	let high = ascending.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (ascending[middle]! < value || (orEqual && ascending[middle] === value)) low = middle + 1;
		else high = middle;
	}
	return low;
}
