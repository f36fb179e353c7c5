// The parts of a verification that read every row: the snapshot, the committed features, all scores, and features made again.

import { setImmediate as nextTurn } from "node:timers/promises";
import { checkScores, commitmentJson, type Prover, parseCommitment, type ScoreSubject } from "@openledger/attribution";
import { type CheckOne, checkMeasured, type MeasuredFindings, recordedTrainingOf, same } from "@openledger/factory";
import type { Engine } from "@openledger/llm";
import { type CountedScore, type Hex, queryDigest, type ShareLeaf } from "@openledger/protocol";
import type { ShelvedModel } from "../../model/openModelShelf.js";
import type { NodeParts } from "../../parts.js";
import { checkRows } from "../checkRows.js";
import { checkBase, checkRun } from "./checkModel.js";
import type { CheckedRecord, StoredReceipt } from "./checkRecord.js";

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
	const { record } = input;
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
		const { drawn, madeAgain, bytes } = await checkAll(input, engine, loaded, check);
		return { rows: loaded.rows.length, drawn, madeAgain, bytes };
	} finally {
		loaded.attributor.close();
	}
}

function checkAll(input: FullInput, engine: Engine, loaded: ShelvedModel, check: CheckOne): Promise<MeasuredFindings> {
	const { record, stored, leaves, counted, nonce, named } = input;
	const { rows, run, attributor } = loaded;
	const { receipt, order } = record;
	const given = { receipt, order, kept: stored, leaves, counted, engine, run, rows, attributor };
	const asked = { ...given, nonce, drawn: input.rows, named };
	return checkMeasured(asked, check, { pause: () => nextTurn() }, async (measure, { answer, attribution }) => {
		await check("scores", async () => {
			const { commitment } = await input.prover();
			const isHead = measure.heads(rows);
			const query = attributor.query(answer);
			same("the digest of the answer's feature", queryDigest(query), attribution.queryDigest);
			const subject = subjectOf(input.id, record, attribution.queryDigest);
			const scored = rows.map((_, row) => ({ score: measure.score(query, row), head: isHead[row]! }));
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
	});
}

export function subjectOf(receiptId: Hex, { receipt, rowCount }: CheckedRecord, query: Hex): ScoreSubject {
	const { snapshotRoot, featuresRoot, method } = receipt;
	return { receiptId, snapshotRoot, featuresRoot, method, queryDigest: query, rows: rowCount };
}
