// The whole way, once: rows → snapshot → model → paid answers → settled epoch → paid contributors. Every step looks first
// what is done already, so that running it again after a crash, or after success, only does what is missing.

import { readCollected, readParameter } from "@openledger/chain";
import type { DatanetRow } from "@openledger/datanet";
import { CallerError, type Hex } from "@openledger/protocol";
import { desc, eq } from "drizzle-orm";
import { epochs, jobs } from "../database/schema.js";
import { readSnapshotRows, takeSnapshot } from "../datanet/takeSnapshot.js";
import { type JobProgress, sayTraining } from "../model/sayTraining.js";
import { queueTraining, runTraining } from "../model/trainModel.js";
import type { OpenNode } from "../openNode.js";
import type { NodeParts } from "../parts.js";
import { claimRewards } from "../settlement/claimRewards.js";
import { closeEpoch, type SettlementStep } from "../settlement/closeEpoch.js";
import { askQuestions } from "./askQuestions.js";
import { contributeAll, type DataFile } from "./contributeAll.js";
import { pickQuestions, type Question } from "./pickQuestions.js";
import type { Asked, MainJobReport, OnProgress } from "./report.js";
import { sayOpen } from "./sayOpen.js";

export type MainJob = {
	readonly data: readonly DataFile[];
	/** By default prompts of the rows, 24 of them, evenly over contributors. */
	readonly questions?: readonly Question[];
	/** Name of datanet and model. */
	readonly datanet?: string;
	/** Fields to change in the default recipe. */
	readonly recipe?: unknown;
};

/** So long is said before it is waited for. */
const LONG_SECONDS = 10n;

export async function runMainJob(
	node: OpenNode,
	job: MainJob,
	onProgress: OnProgress = () => {},
): Promise<MainJobReport> {
	if (job.data.length === 0)
		throw new CallerError("the main job needs data; name a file", { code: "main-job/no-data" });
	const { parts } = node;
	const name = job.datanet ?? "world";
	const clock = stopwatch();
	onProgress({ stage: "chain", message: `${parts.chainId} at ${parts.ledger.client.url}` });

	const contributed = await contributeAll(parts, name, job.data, onProgress);
	const { datanetId } = contributed;
	const { value: appealSeconds } = await readParameter(parts.ledger, "appealSeconds");
	if (appealSeconds >= LONG_SECONDS)
		onProgress({
			stage: "data",
			message: `decisions can be appealed for ${appealSeconds} s; waiting until they cannot`,
		});
	const snapshot = await takeSnapshot(parts, datanetId, { waitSeconds: Number(appealSeconds) });
	const snapshotMessage = `snapshot ${snapshot.version}: ${snapshot.rowCount} rows, root ${snapshot.root}`;
	onProgress({ stage: "data", message: snapshotMessage });
	const chain = millis(node.openSeconds + clock());

	const modelId = await train(
		parts,
		{ datanetId, snapshotVersion: snapshot.version, name, recipe: job.recipe },
		onProgress,
	);
	const model = await parts.shelf.serve(modelId);
	onProgress({ stage: "publish", message: `model ${model.servedName} published, adapter ${model.run.adapterDigest}` });
	const training = clock();

	const { url } = await node.serve();
	const rows = await readSnapshotRows(parts, datanetId, snapshot.version);
	const questions = (job.questions ?? pickQuestions(rows)).map((question) => complete(question, rows));
	const asked = await askQuestions(parts, { url, model: model.servedName, questions }, onProgress);
	const serve = clock();

	const receiptRoot = await settle(parts, onProgress);
	const money = await readCollected(parts.ledger);
	const settled = clock();
	return {
		engineId: parts.engineId,
		baseDigest: parts.engine.base.digest,
		snapshotRoot: snapshot.root,
		adapterDigest: model.run.adapterDigest,
		rows: snapshot.rowCount,
		rejected: contributed.rejected,
		contributors: contributed.contributors,
		asked,
		answeredExactly: asked.filter(answeredExactly).length,
		topContributorRight: asked.filter((answer, i) => answer.topContributor === questions[i]!.contributor).length,
		receiptRoot,
		feesWei: money.totalWei.toString(),
		paidWei: money.contributorsWei.toString(),
		claimedWei: money.claimedWei.toString(),
		seconds: { chain, train: training, serve, settle: settled, total: millis(chain + training + serve + settled) },
	};
}

function answeredExactly({ expected, response }: Asked): boolean {
	return expected !== undefined && response.trim() === expected.trim();
}

/** What a question leaves open is taken from the row that it is the prompt of. */
function complete(question: Question, rows: readonly DatanetRow[]): Question {
	const row = rows.find(({ prompt }) => prompt === question.prompt);
	return { expected: row?.response, contributor: row?.contributorName, ...question };
}

async function train(
	parts: NodeParts,
	wanted: Parameters<typeof queueTraining>[1],
	onProgress: OnProgress,
): Promise<Hex> {
	const { jobId } = await queueTraining(parts, wanted);
	// The job may be under way already, taken up at the start of the node; its row tells how far it is.
	const looking = setInterval(async () => {
		const found = await parts.db
			.select()
			.from(jobs)
			.where(eq(jobs.id, jobId))
			.catch(() => []);
		const progress = found[0]?.progress as JobProgress | null | undefined;
		if (!progress) return;
		const { done, total } = progress;
		const message = sayTraining(progress);
		onProgress({ stage: "train", message, done, total });
	}, 1000);
	try {
		const { modelId } = await runTraining(parts, jobId);
		return modelId;
	} finally {
		clearInterval(looking);
	}
}

async function settle(parts: NodeParts, onProgress: OnProgress): Promise<Hex> {
	const onStep = (step: SettlementStep, epoch?: number) => {
		if (step === "stored")
			onProgress({ stage: "settle", message: `epoch ${epoch}: its data is kept for anybody to read` });
		if (step !== "proposed") return;
		onProgress({ stage: "settle", message: `epoch ${epoch}: root proposed; waiting out the time to challenge it` });
	};
	const closed = await closeEpoch(parts, { onStep });
	if (closed !== undefined) {
		const message = `epoch ${closed.epoch}: ${closed.receipts} receipts, ${sayOpen(closed.totalWei)} earned in all`;
		onProgress({ stage: "settle", message });
	}
	for (const { contributor, paidWei } of await claimRewards(parts)) {
		if (paidWei > 0n) onProgress({ stage: "settle", message: `${contributor} claimed ${sayOpen(paidWei)}` });
	}
	const [latest] = await parts.db
		.select()
		.from(epochs)
		.where(eq(epochs.status, "active"))
		.orderBy(desc(epochs.epoch))
		.limit(1);
	return latest!.receiptsRoot!;
}

/** Seconds since the last call, to the millisecond. */
function stopwatch(): () => number {
	let last = performance.now();
	return () => {
		const now = performance.now();
		const seconds = millis((now - last) / 1000);
		last = now;
		return seconds;
	};
}

function millis(seconds: number): number {
	return Math.round(seconds * 1000) / 1000;
}
