// BM25 (Robertson and Zaragoza 2009, section 3.5) as Lucene computes it: idf = ln(1 + (N − df + ½)/(df + ½)), no factor k₁ + 1.

import { type Baseline, textOf } from "./baseline.js";
import { postings, words } from "./terms.js";

export interface Bm25Options {
	readonly k1?: number;
	readonly b?: number;
}

export function bm25({ k1 = 1.2, b = 0.75 }: Bm25Options = {}): Baseline {
	return {
		name: "BM25",
		score(rows, queries) {
			const documents = rows.map((row) => words(textOf(row)));
			const lists = postings(documents);
			const meanLength = documents.reduce((sum, { length }) => sum + length, 0) / documents.length;
			return queries.map((query) => {
				const scores = new Float64Array(rows.length);
				// A word that the query holds twice counts twice.
				for (const word of words(textOf(query))) {
					const list = lists.get(word);
					if (list === undefined) continue;
					const idf = Math.log(1 + (rows.length - list.length + 0.5) / (list.length + 0.5));
					for (const { row, count } of list) {
						const norm = k1 * (1 - b + (b * documents[row]!.length) / meanLength);
						scores[row]! += (idf * count) / (count + norm);
					}
				}
				return scores;
			});
		},
	};
}
