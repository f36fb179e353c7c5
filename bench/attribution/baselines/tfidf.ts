// Cosine of TF-IDF vectors as scikit-learn makes them by default: raw counts times ln((1 + N)/(1 + df)) + 1, unit length.

import { type Baseline, textOf } from "./baseline.js";
import { characterGrams, counts, postings, words } from "./terms.js";

function tfidf(name: string, termsOf: (text: string) => string[]): Baseline {
	return {
		name,
		score(rows, queries) {
			const documents = rows.map((row) => termsOf(textOf(row)));
			const lists = postings(documents);
			const idf = (rowsWithIt: number) => Math.log((1 + rows.length) / (1 + rowsWithIt)) + 1;
			const squares = new Float64Array(rows.length);
			for (const list of lists.values()) {
				const weight = idf(list.length);
				for (const { row, count } of list) squares[row]! += (count * weight) ** 2;
			}
			return queries.map((query) => {
				const scores = new Float64Array(rows.length);
				let square = 0;
				for (const [term, count] of counts(termsOf(textOf(query)))) {
					const list = lists.get(term);
					// Terms that no row holds are not in the vocabulary that the rows made.
					if (list === undefined) continue;
					const weight = idf(list.length);
					square += (count * weight) ** 2;
					for (const { row, count: inRow } of list) scores[row]! += count * weight * inRow * weight;
				}
				return scores.map((dot, row) => (dot === 0 ? 0 : dot / Math.sqrt(squares[row]! * square)));
			});
		},
	};
}

export const tfidfWords = (): Baseline => tfidf("TF-IDF words", words);
export const tfidfCharacters = (): Baseline => tfidf("TF-IDF characters 3–5", characterGrams);
