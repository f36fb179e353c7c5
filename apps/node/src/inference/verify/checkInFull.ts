// The parts of a verification that read every row: the snapshot, the committed features, all scores, and features made again.

import { setImmediate as nextTurn } from "node:timers/promises";
import {
	checkFeatures,
	checkScores,
	commitmentJson,
	evenRows,
	type Prover,
	parseCommitment,
	type ScoreSubject,
} from "@openledger/attribution";
import { recordedTrainingOf } from "@openledger/factory";
import type { Engine, Generation } from "@openledger/llm";
import { type CountedScore, type Hex, queryDigest, type ShareLeaf, scoresRoot, sharesRoot } from "@openledger/protocol";
import type { ShelvedModel } from "../../model/openModelShelf.js";
import type { NodeParts } from "../../parts.js";
import { checkRows } from "../checkRows.js";
import { same } from "../difference.js";
import { checkAnswer } from "./checkAnswer.js";
import { checkBase, checkRun } from "./checkModel.js";
import type { CheckedRecord, StoredReceipt } from "./checkRecord.js";
import { runMeasure } from "./runMeasure.js";
import type { CheckOne } from "./verification.js";

export type FullInput = {
	readonly id: Hex;
	readonly record: CheckedRecord;
	readonly stored: StoredReceipt;
	readonly leaves: readonly ShareLeaf[];
	readonly counted: readonly CountedScore[];
	readonly nonce: Hex;
	readonly rows: number | "all";
	readonly named: readonly number[];
	readonly prover: () => Promise<Prover>;
};

export type FullFindings = {
	readonly rows: number;
	readonly drawn: number;
	readonly madeAgain: number;
	readonly bytes: number;
};

/** The checks `base`, `rows`, `run`, `steps`, `space`, `features`, `answer`, `shares` and `scores`. */
export async function checkInFull(parts: NodeParts, input: FullInput, check: CheckOne): Promise<FullFindings> {
	const { record, stored } = input;
	const { receipt, model, known } = record;
	const engine = await check("base", () => checkBase(parts, receipt));
	await check("rows", async () => {
		const { datanetId, snapshotVersion } = known;
		return [await checkRows(parts, { datanetId, version: snapshotVersion, root: receipt.snapshotRoot }), undefined];
	});
	const loaded = await check("run", () => checkRun(parts, engine, receipt, model));
	try {
		// A run that had passed over somebody's rows would have no features of them, and they no share.
		await check("steps", async () => {
			const { total } = recordedTrainingOf(engine, loaded.run, loaded.rows);
			return [`each of the ${total} steps met the rows that recipe and snapshot give it`, undefined];
		});
		return await checkMeasured(input, engine, loaded, check, () => checkAnswer(engine, record, stored, loaded));
	} finally {
		loaded.attributor.close();
	}
}

async function checkMeasured(
	input: FullInput,
	engine: Engine,
	loaded: ShelvedModel,
	check: CheckOne,
	answerAgain: () => readonly [string, Generation],
): Promise<FullFindings> {
	const { receipt } = input.record;
	const measure = runMeasure(engine, loaded.run);
	try {
		const count = loaded.rows.length;
		const drawn = input.rows === "all" ? count : Math.min(input.rows, count);
		const chosen = new Set([...input.named, ...measure.odd, ...drawnRows(input, receipt.featuresRoot, count)]);
		await check("space", async () => {
			const fitted = await measure.checkSpace(loaded.rows, { pause: () => nextTurn() });
			return [`the directions that features are measured in, found again from ${fitted} rows`, undefined];
		});
		await check("features", async () => {
			same("the features root", loaded.run.featuresRoot, receipt.featuresRoot);
			const madeAgain = await checkFeatures(
				[...chosen].sort((a, b) => a - b),
				{
					committed: measure.record,
					again: (rows) => measure.make(rows.map((index) => ({ index, row: loaded.rows[index]! }))),
					pause: () => nextTurn(),
				},
			);
			return [`${count} rows under the root; ${madeAgain} made again from their texts, number for number`, undefined];
		});
		const { promptTokens, responseTokens } = await check("answer", async () => answerAgain());
		const { attributor } = loaded;
		const attribution = await check("shares", async () => {
			const again = attributor.attribute({ promptTokens, responseTokens });
			same("the attribution method", again.method, receipt.method);
			same("the root of the stored shares", sharesRoot(input.leaves), receipt.sharesRoot);
			same("the root of the shares computed again", sharesRoot(again.shares), receipt.sharesRoot);
			same("the unattributed part", again.unattributedPpm, input.stored.unattributedPpm);
			same("the digest of the answer's own feature", again.queryDigest, receipt.queryDigest);
			same("the root of the stored scores", scoresRoot(input.counted), receipt.scoresRoot);
			same("the root of the scores that count", scoresRoot(again.counted), receipt.scoresRoot);
			return [`the same shares among ${again.shares.length} rows, to the ppm`, again];
		});
		await check("scores", async () => {
			const { commitment } = await input.prover();
			const isHead = measure.heads(loaded.rows);
			const asked = attributor.query({ promptTokens, responseTokens });
			same("the digest of the answer's feature", queryDigest(asked), attribution.queryDigest);
			const subject = subjectOf(input.id, input.record, attribution.queryDigest);
			const scored = loaded.rows.map((_, row) => ({ score: measure.score(asked, row), head: isHead[row]! }));
			scored.forEach(({ score }, row) => {
				same(`the score of row ${row} that shares were made of`, attribution.scores[row], score);
			});
			const root = checkScores(
				subject,
				scored,
				parseCommitment(JSON.parse(JSON.stringify(commitmentJson(commitment)))),
			);
			return [`the ${root.rows} scores that the node commits to`, undefined];
		});
		return { rows: count, drawn, madeAgain: chosen.size, bytes: measure.bytes };
	} finally {
		measure.close();
	}
}

export function subjectOf(receiptId: Hex, { receipt, rowCount }: CheckedRecord, query: Hex): ScoreSubject {
	const { snapshotRoot, featuresRoot, method } = receipt;
	return { receiptId, snapshotRoot, featuresRoot, method, queryDigest: query, rows: rowCount };
}

/** In full, features were committed long ago: the draw hangs on their root and the nonce. */
function drawnRows({ nonce, rows }: FullInput, committed: Hex, count: number): number[] {
	return evenRows(committed, { nonce, even: rows === "all" ? count : rows, weighted: 0, named: [] }, count);
}
