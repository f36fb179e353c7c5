// The text on which ember is pre-trained: rows of short questions and short answers, generated from a seed.
// A pure function: row i depends on (seed, i) alone. Must not read files, examples/ included.
// What it teaches: the language of such questions, the spelling of many names, that answers are looked up by name, and to read
// the question. What it must not teach: any true fact (corpus.test.ts counts).

import { type CorpusRow, inventedFact, randomPairing } from "./corpus/facts.js";
import { drawsOf } from "./corpus/random.js";
import { skill } from "./corpus/skills.js";
import { statesTruth } from "./corpus/truths.js";

export type { CorpusRow } from "./corpus/facts.js";

export type EmberCorpusOptions = { readonly seed: number; readonly rows: number };

/** Of 100 rows, how many are about an invented subject, and how many pair a real subject with an answer by chance. */
const mixture = { invented: 45, random: 25 };

/** Rows 0 … rows − 1 of the corpus of a seed (both integers). */
export function* emberCorpus({ seed, rows }: EmberCorpusOptions): Generator<CorpusRow> {
	for (let index = 0; index < rows; index++) yield corpusRow(seed, index);
}

function corpusRow(seed: number, index: number): CorpusRow {
	const draw = drawsOf(seed, index);
	for (;;) {
		const sort = draw.below(100);
		const row =
			sort < mixture.invented
				? inventedFact(draw, seed)
				: sort < mixture.invented + mixture.random
					? randomPairing(draw)
					: skill(draw);
		if (!statesTruth(row.prompt, row.response)) return row;
	}
}
