// What checking a receipt costs as rows grow: bytes that move, milliseconds of the verifier, in both modes. Nothing is trained again.

import {
	checkScores,
	checkSpot,
	commitmentJson,
	featureRowsRoot,
	heads,
	jsonBytes,
	parseCommitment,
	parseSpotProof,
	scoreFeatureRows,
	shareRule,
	spotProofJson,
} from "@openledger/attribution";
import type { BenchValue } from "../../run.js";
import { type MadeUpRun, madeUpRun, WIDTH } from "./madeUpRun.js";

export const DRAWN = 32;
export const WEIGHTED = 16;
const REPEATS = 5;

export interface CheckingCost {
	readonly rows: number;
	readonly spotBytes: number;
	readonly spotMs: number;
	readonly proveMs: number;
	readonly shownRows: number;
	readonly fullBytes: number;
	readonly fullMs: number;
}

const nonce = (n: number) => `0x${n.toString(16).padStart(64, "0")}` as const;

/** The best of a few, in milliseconds of processor time. */
function best(work: (n: number) => void): number {
	let least = Number.POSITIVE_INFINITY;
	for (let n = 0; n < REPEATS; n++) {
		const begun = process.cpuUsage();
		work(n);
		const { user, system } = process.cpuUsage(begun);
		least = Math.min(least, (user + system) / 1000);
	}
	return least;
}

export function checkingCost(rows: number): CheckingCost {
	const run = madeUpRun(rows);
	const { prover, verifier } = run;
	const challenge = (n: number) => ({ nonce: nonce(n), even: DRAWN, weighted: WEIGHTED, named: [] });
	const sent = Array.from({ length: REPEATS }, (_, n) => JSON.stringify(spotProofJson(prover.answer(challenge(n)))));
	const committed = JSON.stringify(commitmentJson(prover.commitment));
	const bytes = sent.map((text) => new TextEncoder().encode(text).length).sort((a, b) => a - b);
	let shownRows = 0;
	const spotMs = best((n) => {
		const found = checkSpot(
			verifier,
			parseCommitment(JSON.parse(committed)),
			challenge(n),
			parseSpotProof(JSON.parse(sent[n]!)),
		);
		shownRows = Math.max(shownRows, found.recomputed.length);
	});
	const proveMs = best((n) => void prover.answer(challenge(n)));
	return {
		rows,
		spotBytes: bytes[REPEATS >> 1]! + jsonBytes(commitmentJson(prover.commitment)),
		spotMs,
		proveMs,
		shownRows,
		// A full check has all features; without them it would have to make them.
		fullBytes: rows * (WIDTH + 2),
		fullMs: fullOnce(run),
	};
}

/** Root of the features, all scores by the slow scan, their root, the shares: everything of a full check that is no model's work. */
function fullOnce({ features, query, prover, verifier }: MadeUpRun): number {
	const begun = process.cpuUsage();
	if (featureRowsRoot(features) !== verifier.subject.featuresRoot) throw new Error("the features' root differs");
	const isHead = heads(Array.from({ length: features.rows }, (_, cluster) => ({ cluster })));
	const scores = scoreFeatureRows(features, query);
	const scored = Array.from(scores, (score, row) => ({ score, head: isHead[row]! }));
	const root = checkScores(verifier.subject, scored, prover.commitment);
	scored.some(({ score }) => !shareRule.isAboveBar(root, score));
	const { user, system } = process.cpuUsage(begun);
	return (user + system) / 1000;
}

export function costRow(cost: CheckingCost): Readonly<Record<string, BenchValue>> {
	return {
		rows: cost.rows,
		"spot: bytes": cost.spotBytes,
		"spot: ms to check": Math.round(cost.spotMs * 10) / 10,
		"spot: rows shown": cost.shownRows,
		"spot: ms to answer": Math.round(cost.proveMs * 10) / 10,
		"full: bytes": cost.fullBytes,
		"full: ms to check": Math.round(cost.fullMs * 10) / 10,
		retrainings: 0,
	};
}
