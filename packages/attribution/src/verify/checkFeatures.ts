// Whether committed features are those of the rows: made again from the rows' texts and the run's checkpoints, equal number for number.

import { sameFeature } from "./checkSpot.js";
import { ProofError } from "./errors.js";
import type { FeatureRecord } from "./spotProof.js";

export interface FeatureMaker {
	/** As committed with the run. */
	committed(row: number): FeatureRecord;
	/** As the rows' texts and the checkpoints give them, in the rows' order. */
	again(rows: readonly number[]): readonly FeatureRecord[];
	/** After so many rows. */
	readonly onRow?: (done: number, total: number) => void;
	readonly pause?: () => Promise<void>;
}

/** Rows made again between two pauses. */
const AT_ONCE = 16;

/** Returns how many rows were made again. Throws ProofError "proof/feature" naming the first row that differs, and where. */
export async function checkFeatures(
	rows: readonly number[],
	{ committed, again, onRow, pause }: FeatureMaker,
): Promise<number> {
	for (let at = 0; at < rows.length; at += AT_ONCE) {
		const part = rows.slice(at, at + AT_ONCE);
		again(part).forEach((made, i) => {
			const row = part[i]!;
			const found = committed(row);
			if (sameFeature(found, made)) return;
			throw new ProofError(
				"proof/feature",
				`the committed feature of row ${row} is not what its text gives: ${where(found, made)}`,
				{
					row,
				},
			);
		});
		onRow?.(at + part.length, rows.length);
		await pause?.();
	}
	return rows.length;
}

function where(committed: FeatureRecord, made: FeatureRecord): string {
	if (committed.scale !== made.scale) return `its scale is ${made.scale}, committed was ${committed.scale}`;
	if (committed.numbers.length !== made.numbers.length)
		return `it has ${made.numbers.length} numbers, committed were ${committed.numbers.length}`;
	const at = made.numbers.findIndex((number, i) => number !== committed.numbers[i]);
	return `number ${at} is ${made.numbers[at]}, committed was ${committed.numbers[at]}`;
}
