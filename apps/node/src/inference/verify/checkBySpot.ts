// The parts of a verification whose work does not grow with the number of rows: a few rows, the paid ones, and the totals of all.

import { setImmediate as nextTurn } from "node:timers/promises";
import {
	checkSpot,
	commitmentJson,
	MAX_CHALLENGED,
	METHOD,
	ProofError,
	type Prover,
	parseCommitment,
	parseSpotProof,
	type SpotFindings,
	spotProofJson,
} from "@openledger/attribution";
import { type CheckOne, checkAnswer, runMeasure, same } from "@openledger/factory";
import {
	type CountedScore,
	type Hex,
	merkleTree,
	queryDigest,
	type ShareLeaf,
	scoresRoot,
	sharesRoot,
	snapshotLeaf,
} from "@openledger/protocol";
import type { NodeParts } from "../../parts.js";
import { checkFittedRows } from "./checkFittedRows.js";
import { subjectOf } from "./checkInFull.js";
import { checkBase, checkRun } from "./checkModel.js";
import type { CheckedRecord, StoredReceipt } from "./checkRecord.js";

export type SpotInput = {
	readonly id: Hex;
	readonly record: CheckedRecord;
	readonly stored: StoredReceipt;
	readonly leaves: readonly ShareLeaf[];
	readonly counted: readonly CountedScore[];
	/** Drawn only once the commitment is there. */
	readonly nonce: () => Hex;
	readonly rows: number | "all";
	readonly weighted: number;
	readonly named: readonly number[];
	readonly prover: () => Promise<Prover>;
};

export type SpotResult = {
	readonly rows: number;
	readonly found: SpotFindings;
	readonly bytes: number;
	readonly runBytes: number;
};

/** The checks `base`, `run`, `space`, `answer`, `scores`, `openings` and `shares`; what is wrong with a shown row fails `rows`, `features` or `scores`. */
export async function checkBySpot(parts: NodeParts, input: SpotInput, check: CheckOne): Promise<SpotResult> {
	const { record, stored } = input;
	const { receipt, model, rowCount } = record;
	const engine = await check("base", () => checkBase(parts, receipt));
	const loaded = await check("run", () => checkRun(parts, engine, receipt, model));
	const measure = runMeasure(engine, loaded.run);
	// Which rows count follows from the list that the snapshot root commits to, as `space` finds, and from the committed features.
	const isHead = measure.heads(loaded.rows);
	try {
		await check("space", async () => {
			const tree = merkleTree(loaded.rows.map(snapshotLeaf));
			checkFittedRows(loaded.rows, measure.fitted, tree, receipt.snapshotRoot);
			const fitted = await measure.checkSpace(loaded.rows, { pause: () => nextTurn() });
			return [`the directions that features are measured in, found again from ${fitted} rows`, undefined];
		});
		const answer = await check("answer", async () => checkAnswer(engine, record, stored, loaded.run.adapter));
		const asked = loaded.attributor.query(answer);
		const { commitment, committedText, prover } = await check("scores", async () => {
			same("the attribution method", METHOD, receipt.method);
			same("the digest of the answer's own feature", queryDigest(asked), receipt.queryDigest);
			const given = await input.prover();
			const text = JSON.stringify(commitmentJson(given.commitment));
			const read = parseCommitment(JSON.parse(text));
			return [`${read.root.rows} scores under one root`, { commitment: read, committedText: text, prover: given }];
		});
		const even = input.rows === "all" ? rowCount : Math.min(input.rows, rowCount);
		// A row that was learnt from and has no feature could hide in numbers; there are none in an honest run, or next to none.
		const room = Math.max(0, MAX_CHALLENGED - even - input.weighted - input.named.length);
		const named = [...input.named, ...measure.odd.slice(0, room)];
		const challenge = { nonce: input.nonce(), even, weighted: input.weighted, named };
		let bytes = Buffer.byteLength(committedText);
		const work = async (): Promise<readonly [string, SpotFindings]> => {
			const text = JSON.stringify(spotProofJson(prover.answer(challenge)));
			bytes += Buffer.byteLength(text);
			const found = checkSpot(
				{
					subject: subjectOf(input.id, record, queryDigest(asked)),
					query: asked,
					sharesRoot: receipt.sharesRoot,
					rule: measure.rule,
					leafOf: measure.leafOf,
					featuresOf: measure.make,
					isHead: (row) => isHead[row]!,
				},
				commitment,
				challenge,
				parseSpotProof(JSON.parse(text)),
			);
			return [
				`${found.recomputed.length} rows shown and made again, ${found.paid.length} of them above the bar`,
				found,
			];
		};
		const found = await checkNamed(check, work);
		await check("shares", async () => {
			same("the root of the stored shares", sharesRoot(input.leaves), receipt.sharesRoot);
			same("the unattributed part", found.unattributedPpm, stored.unattributedPpm);
			same("the root of the stored scores", scoresRoot(input.counted), receipt.scoresRoot);
			same("the root of the scores that count", scoresRoot(found.counted), receipt.scoresRoot);
			return [`the same shares among ${found.leaves.length} rows, to the ppm`, undefined];
		});
		return { rows: rowCount, found, bytes, runBytes: measure.landmarkBytes };
	} finally {
		measure.close();
		loaded.attributor.close();
	}
}

const NAMES: Readonly<Partial<Record<string, string>>> = {
	"proof/row": "rows",
	"proof/root": "features",
	"proof/feature": "features",
	"proof/shares": "shares",
};

/** Lists what failed under what it is about. */
async function checkNamed(
	check: CheckOne,
	work: () => Promise<readonly [string, SpotFindings]>,
): Promise<SpotFindings> {
	try {
		const done = await work();
		return await check("openings", async () => done);
	} catch (error) {
		if (!(error instanceof ProofError)) throw error;
		return await check(NAMES[error.code] ?? "scores", () => Promise.reject(error));
	}
}
