// What a check has shown, what it has not, and how likely it would have found a fraud of a given size: words and figures for people.

import { catchProbability } from "./probability.js";

export type VerifyMode = "full" | "spot";

export interface Assurance {
	readonly mode: VerifyMode;
	readonly checked: readonly string[];
	readonly notChecked: readonly string[];
	/** A fraud that bends the features (full) or the scores (spot) of this part of all rows is found with this probability. */
	readonly chances: readonly { readonly fraction: number; readonly bad: number; readonly caught: number }[];
}

export interface AssuranceInput {
	readonly mode: VerifyMode;
	/** Rows of the snapshot. */
	readonly rows: number;
	/** Rows drawn evenly and made again from their texts. */
	readonly drawn: number;
	/** Rows above the bar, all of which were made again. */
	readonly paid: number;
	/** Rows drawn by their part of Σ score². */
	readonly weighted: number;
}

/** Sizes of fraud that are told. */
const FRACTIONS = [0.01, 0.05, 0.1];

export function assuranceOf({ mode, rows, drawn, paid, weighted }: AssuranceInput): Assurance {
	const chances = FRACTIONS.map((fraction) => {
		const bad = Math.max(1, Math.round(fraction * rows));
		return { fraction, bad, caught: catchProbability(rows, bad, Math.min(drawn, rows)) };
	});
	const all = drawn >= rows;
	const made = all ? `the features of all ${rows} rows` : `the features of ${drawn} rows drawn at random`;
	if (mode === "full") {
		return {
			mode,
			checked: [
				"the answer, token for token, and its own feature",
				"the directions that features are measured in, from the rows and the adapter",
				`the scores of all ${rows} rows from the committed features, and the shares`,
				`${made}, made again from text and adapter`,
			],
			notChecked: [
				...(all ? [] : [`the features of the other ${rows - drawn} rows`]),
				"that the training steps lead to the served adapter: that is to train once more",
				"that retraining without a row would have the predicted effect (openledger audit run)",
			],
			chances,
		};
	}
	return {
		mode,
		checked: [
			"the answer, token for token, and its own feature",
			"the directions that features are measured in, from the rows and the adapter",
			`feature and score of ${drawn} rows drawn at random and ${weighted} drawn by weight`,
			`feature and score of each row that stood above the bar (${paid}), and that no other is said to`,
			"the shares, from those rows and the committed totals",
		],
		notChecked: [
			...(all
				? []
				: [
						`feature and score of the rows that were not drawn; a single bent row is missed with ${percent(1 - drawn / rows)}`,
						"the features by which the answer's own feature is divided, but those of drawn rows",
					]),
			"that the training steps lead to the served adapter: that is to train once more",
			"that retraining without a row would have the predicted effect (openledger audit run)",
		],
		chances,
	};
}

const percent = (part: number): string => `${(100 * part).toFixed(1)}%`;
