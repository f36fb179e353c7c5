// Text into terms that lexical baselines count, and rows into lists of who holds a term how often.

/** Runs of letters and digits, in lower case. */
export function words(text: string): string[] {
	return (
		text
			.normalize("NFC")
			.toLowerCase()
			.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []
	);
}

/** All substrings of 3, 4 and 5 code points of the text in lower case, white space as one blank. */
export function characterGrams(text: string): string[] {
	const characters = [...text.normalize("NFC").toLowerCase().replace(/\s+/gu, " ")];
	const out: string[] = [];
	for (const n of [3, 4, 5]) {
		for (let at = 0; at + n <= characters.length; at++) out.push(characters.slice(at, at + n).join(""));
	}
	return out;
}

/** How often each term occurs, in the order of first occurrence. */
export function counts(terms: readonly string[]): Map<string, number> {
	const out = new Map<string, number>();
	for (const term of terms) out.set(term, (out.get(term) ?? 0) + 1);
	return out;
}

export interface Posting {
	readonly row: number;
	readonly count: number;
}

/** For each term the rows that hold it, ascending. */
export function postings(documents: readonly (readonly string[])[]): Map<string, Posting[]> {
	const out = new Map<string, Posting[]>();
	documents.forEach((terms, row) => {
		for (const [term, count] of counts(terms)) {
			const list = out.get(term);
			if (list === undefined) out.set(term, [{ row, count }]);
			else list.push({ row, count });
		}
	});
	return out;
}
