// The heart of a verification in full: the space and some features made again, the answer given again, every row's score and the shares counted
// again. It reads nothing: run, rows and engine are given. Node and browser share it.

import { type Attribution, type Attributor, checkFeatures, evenRows } from "@openledger/attribution";
import type { Engine, Generation, WholeOrder } from "@openledger/llm";
import {
	type Address,
	type CountedScore,
	type Hex,
	type Receipt,
	type Row,
	type ShareLeaf,
	scoresRoot,
	sharesRoot,
} from "@openledger/protocol";
import type { TrainedRun } from "../readRun.js";
import { checkAnswer, type KeptAnswer } from "./checkAnswer.js";
import { same } from "./difference.js";
import type { CheckOne } from "./runListed.js";
import { type RunMeasure, runMeasure } from "./runMeasure.js";

export type MeasuredInput = {
	readonly receipt: Receipt;
	readonly order: WholeOrder;
	readonly kept: KeptAnswer & { readonly unattributedPpm: number };
	readonly leaves: readonly ShareLeaf[];
	readonly counted: readonly CountedScore[];
	readonly engine: Engine;
	readonly run: TrainedRun;
	readonly rows: readonly (Row & { readonly cluster: number; readonly contributor: Address })[];
	readonly attributor: Attributor;
	/** Draws rows whose features are made again; the prover must not have known it when it committed. */
	readonly nonce: Hex;
	readonly drawn: number | "all";
	/** Rows that are made again in any case. */
	readonly named: readonly number[];
};

export type MeasuredOptions = {
	/** False leaves the check `space` out. */
	readonly withSpace?: boolean;
	readonly pause?: () => Promise<void>;
	readonly onProgress?: (done: number, total: number) => void;
};

export type MeasuredFindings = {
	readonly rows: number;
	readonly drawn: number;
	readonly madeAgain: number;
	/** Bytes of the committed features. */
	readonly bytes: number;
	readonly answer: Generation;
	readonly attribution: Attribution;
};

/** The checks `space`, `features`, `answer` and `shares`. `more` goes on with what they made. */
export async function checkMeasured(
	input: MeasuredInput,
	check: CheckOne,
	options: MeasuredOptions = {},
	more: (measure: RunMeasure, found: MeasuredFindings) => Promise<void> = async () => {},
): Promise<MeasuredFindings> {
	const { receipt, engine, run, rows, attributor, kept } = input;
	const { withSpace = true, pause, onProgress } = options;
	const watched = { ...(pause && { pause }), ...(onProgress && { onRow: onProgress }) };
	const measure = runMeasure(engine, run);
	try {
		if (withSpace)
			await check("space", async () => {
				const fitted = await measure.checkSpace(rows, watched);
				return [`the directions that features are measured in, found again from ${fitted} rows`, undefined];
			});
		const drawn = input.drawn === "all" ? rows.length : Math.min(input.drawn, rows.length);
		const challenge = { nonce: input.nonce, even: drawn, weighted: 0, named: [] };
		// Features were committed long ago: the draw hangs on their root and the nonce.
		const even = evenRows(receipt.featuresRoot, challenge, rows.length);
		const chosen = [...new Set([...input.named, ...measure.odd, ...even])].sort((a, b) => a - b);
		await check("features", async () => {
			same("the features root", run.featuresRoot, receipt.featuresRoot);
			const madeAgain = await checkFeatures(chosen, {
				committed: measure.record,
				again: (some) => measure.make(some.map((index) => ({ index, row: rows[index]! }))),
				...watched,
			});
			return [
				`${rows.length} rows under the root; ${madeAgain} made again from their texts, number for number`,
				undefined,
			];
		});
		const answer = await check("answer", async () => checkAnswer(engine, input, kept, run.adapter));
		const attribution = await check("shares", async () => {
			const again = attributor.attribute(answer);
			same("the attribution method", again.method, receipt.method);
			same("the root of the stored shares", sharesRoot(input.leaves), receipt.sharesRoot);
			same("the root of the shares computed again", sharesRoot(again.shares), receipt.sharesRoot);
			same("the unattributed part", again.unattributedPpm, kept.unattributedPpm);
			same("the digest of the answer's own feature", again.queryDigest, receipt.queryDigest);
			same("the root of the stored scores", scoresRoot(input.counted), receipt.scoresRoot);
			same("the root of the scores that count", scoresRoot(again.counted), receipt.scoresRoot);
			return [`the same shares among ${again.shares.length} rows, to the ppm`, again];
		});
		const { bytes } = measure;
		const found = { rows: rows.length, drawn, madeAgain: chosen.length, bytes, answer, attribution };
		await more(measure, found);
		return found;
	} finally {
		measure.close();
	}
}
