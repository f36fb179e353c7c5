// The verifier's side of a spot check: a few rows made again from their texts, everything that is paid for, and the totals that the rest
// hides behind. Its work depends on how many rows are shown, and on the logarithm of how many there are. It must not know who the prover is.

import {
	type CountedScore,
	type Hex,
	rowCommitment,
	type ShareLeaf,
	sharesRoot,
	snapshotLeaf,
	verifyMerkleProof,
} from "@openledger/protocol";
import { featureLeafOf } from "../features/index.js";
import { type Challenge, checkChallenge, evenRows, weightedTargets } from "./challenge.js";
import { checkSubject, commitmentDigest, type ScoreCommitment, type ScoreSubject } from "./commitment.js";
import { ProofError } from "./errors.js";
import { integerDot } from "./integerDot.js";
import { type ReadOpening, readScores } from "./scoreOpening.js";
import { NO_HEAD, type ScoreTotals } from "./scoreTree.js";
import type { Candidacy, FeatureRecord, RowOpening, SpotProof } from "./spotProof.js";

/** A row that was shown and found right. */
export interface CheckedRow {
	readonly row: number;
	readonly score: number;
	readonly head: boolean;
	readonly contributor: Hex;
	readonly cluster: number;
	readonly feature: FeatureRecord;
}

/** How shares follow from the totals and the rows that are paid. */
export interface ShareRule extends Candidacy {
	/** `candidates` holds at least the `most` best heads above the bar, by row; the best of all other heads scores `largestBeside`, if it is above 0. */
	shares(
		totals: ScoreTotals,
		candidates: readonly CheckedRow[],
		largestBeside?: number,
	): {
		readonly leaves: readonly ShareLeaf[];
		readonly unattributedPpm: number;
		readonly counted: readonly CountedScore[];
	};
}

/** What the verifier knows or makes itself; nothing of it comes from the prover. */
export interface Verifier {
	readonly subject: ScoreSubject;
	/** The answer's own feature. */
	readonly query: Int8Array;
	/** The receipt's root of shares. */
	readonly sharesRoot: Hex;
	readonly rule: ShareRule;
	/** Features of rows made from their texts and the run's checkpoints, in the rows' order. */
	featuresOf(rows: readonly RowOpening[]): readonly FeatureRecord[];
	/** The leaf of a row's feature under the features root; default `featureLeafOf`. */
	readonly leafOf?: (row: number, feature: FeatureRecord) => Hex;
	/** Whether a row is the first learnt one of its cluster, where the verifier has the snapshot's public list. */
	readonly isHead?: (row: number) => boolean;
}

export interface SpotFindings {
	/** Rows made again from their texts. */
	readonly recomputed: readonly number[];
	/** Of these the ones that were drawn evenly. */
	readonly even: readonly number[];
	/** And those drawn by weight; a row may be drawn more than once. */
	readonly weighted: readonly number[];
	readonly paid: readonly number[];
	readonly totals: ScoreTotals;
	readonly leaves: readonly ShareLeaf[];
	readonly unattributedPpm: number;
	readonly counted: readonly CountedScore[];
}

/**
 * Throws ProofError, whose code says what is wrong and whose message names the row, unless the proof answers the challenge, every row shown is
 * the committed one with the feature, score and standing that it must have, nothing hidden is paid, and the shares follow.
 */
export function checkSpot(
	verifier: Verifier,
	commitment: ScoreCommitment,
	challenge: Challenge,
	proof: SpotProof,
): SpotFindings {
	const { subject, rule } = verifier;
	checkSubject(commitment, subject);
	checkChallenge(challenge, subject.rows);
	const opened = readScores(proof.scores, subject.rows);
	const { root } = commitment;
	for (const name of ["hash", "heads", "sum", "squares", "max"] as const) {
		if (opened.root[name] !== root[name])
			throw new ProofError("proof/root", "the opened scores do not lead to the root that was committed", { name });
	}
	if (BigInt(root.heads) * root.squares < root.sum * root.sum)
		throw new ProofError(
			"proof/malformed",
			"the totals are of no scores: their squares sum to less than their sum allows",
		);
	const { even, weighted } = drawn(commitment, challenge, opened);
	const shown = new Map(proof.rows.map((row) => [row.index, row]));
	if (shown.size !== proof.rows.length) throw new ProofError("proof/malformed", "a row is shown twice");
	const need = (row: number, why: string) => {
		if (!shown.has(row)) throw new ProofError("proof/incomplete", `row ${row} was ${why} and is not shown`, { row });
	};
	for (const row of challenge.named) need(row, "asked for");
	for (const row of [...even, ...weighted]) need(row, "drawn");
	const paid = candidates(rule, root, opened);
	for (const row of paid) need(row, "above the bar");
	const beside = bestBeside(paid, opened);
	if (beside !== undefined) need(beside.row, "the best of those that are not paid");

	const checked = checkRows(verifier, proof.rows, opened);
	checkHeads(checked, verifier.isHead);
	const above = new Set(paid);
	const { leaves, unattributedPpm, counted } = rule.shares(
		root,
		checked.filter(({ row }) => above.has(row)),
		beside?.score,
	);
	if (sharesRoot(leaves) !== verifier.sharesRoot)
		throw new ProofError(
			"proof/shares",
			`the scores give shares with root ${sharesRoot(leaves)}, the receipt's is ${verifier.sharesRoot}`,
		);
	const { heads, sum, squares, max } = root;
	const recomputed = checked.map(({ row }) => row);
	const totals = { heads, sum, squares, max };
	return { recomputed, even, weighted, paid, totals, leaves, unattributedPpm, counted };
}

/** The best open heads above the bar, by row. Throws where a hidden one could be among them. */
function candidates({ isAboveBar, most }: ShareRule, totals: ScoreTotals, opened: ReadOpening): number[] {
	const above = [...opened.rows].filter(([, { score, head }]) => head && isAboveBar(totals, score));
	const { hiddenMax } = opened;
	const better = above.filter(([, { score }]) => score > hiddenMax).length;
	if (hiddenMax !== NO_HEAD && isAboveBar(totals, hiddenMax) && better < most)
		throw new ProofError("proof/incomplete", `a hidden row scores ${hiddenMax}, which is above the bar`);
	return above
		.sort(([a, { score: x }], [b, { score: y }]) => y - x || a - b)
		.slice(0, most)
		.map(([row]) => row)
		.sort((a, b) => a - b);
}

/** The best head that is not paid, which decides what the pool has; none where no score is left above 0. Throws where a hidden one is better. */
function bestBeside(paid: readonly number[], { rows, hiddenMax }: ReadOpening) {
	const above = new Set(paid);
	let best: { readonly row: number; readonly score: number } | undefined;
	for (const [row, { score, head }] of rows)
		if (head && !above.has(row) && score > Math.max(0, best?.score ?? 0)) best = { row, score };
	if (paid.length > 0 && hiddenMax > Math.max(0, best?.score ?? 0))
		throw new ProofError("proof/incomplete", `a hidden row scores ${hiddenMax}, the best of those that are not paid`);
	return paid.length > 0 ? best : undefined;
}

function drawn(commitment: ScoreCommitment, challenge: Challenge, opened: ReadOpening) {
	const digest = commitmentDigest(commitment);
	const weighted = weightedTargets(digest, challenge, commitment.root.squares).map((target) => {
		const row = opened.rowAt(target);
		if (row === undefined) throw new ProofError("proof/incomplete", "a row that was drawn by its weight is not shown");
		return row;
	});
	return { even: evenRows(digest, challenge, commitment.rows), weighted };
}

/** Each row's text, feature and score. */
function checkRows(verifier: Verifier, rows: readonly RowOpening[], opened: ReadOpening): CheckedRow[] {
	const { subject, query, leafOf = (row, { scale, numbers }) => featureLeafOf(row, scale, numbers) } = verifier;
	for (const { index, row, salt, commitment, contributor, cluster, snapshotProof, feature, featureProof } of rows) {
		if (rowCommitment(row, salt) !== commitment)
			throw new ProofError("proof/row", `the text of row ${index} is not the one that was committed`, { row: index });
		const entry = snapshotLeaf({ index, commitment, contributor, cluster });
		if (!verifyMerkleProof(entry, snapshotProof, subject.snapshotRoot))
			throw new ProofError("proof/row", `row ${index} is not in the snapshot`, { row: index });
		if (!verifyMerkleProof(leafOf(index, feature), featureProof, subject.featuresRoot))
			throw new ProofError("proof/root", `the feature of row ${index} is not under the features root`, { row: index });
	}
	const again = verifier.featuresOf(rows);
	return rows.map(({ index, contributor, cluster, feature }, i) => {
		if (!sameFeature(feature, again[i]!))
			throw new ProofError("proof/feature", `the committed feature of row ${index} is not what its text gives`, {
				row: index,
			});
		const said = opened.rows.get(index);
		if (said === undefined) throw new ProofError("proof/incomplete", `the score of row ${index} is not shown`);
		const score = scoreOf(query, feature);
		if (said.score !== score)
			throw new ProofError("proof/score", `row ${index} scores ${score}, committed was ${said.score}`, { row: index });
		return { row: index, score, head: said.head, contributor, cluster, feature };
	});
}

/** A row counts unless an earlier row of its cluster was learnt from, or it was not. */
function checkHeads(rows: readonly CheckedRow[], isHead?: (row: number) => boolean): void {
	const first = new Map<number, number>();
	for (const { row, head, cluster, feature } of [...rows].sort((a, b) => a.row - b.row)) {
		const learnt = feature.numbers.some((number) => number !== 0);
		const earlier = first.get(cluster);
		if (learnt && earlier === undefined) first.set(cluster, row);
		const mayCount = learnt && earlier === undefined;
		if (head && !mayCount)
			throw new ProofError(
				"proof/head",
				`row ${row} counts, but ${learnt ? `row ${earlier} says the same` : "was not learnt from"}`,
			);
		if (!head && mayCount)
			throw new ProofError("proof/head", `row ${row} does not count, and no earlier row that says the same is shown`);
		if (isHead !== undefined && isHead(row) !== head)
			throw new ProofError(
				"proof/head",
				`row ${row} ${head ? "counts, but is not" : "does not count, but is"} the first of its cluster`,
			);
	}
}

/** scale · Σ queryᵢ·numberᵢ, exact. */
export function scoreOf(query: Int8Array, { scale, numbers }: FeatureRecord): number {
	// −0 is no whole number to anybody who compares texts.
	return scale * integerDot(query, numbers) + 0;
}

export function sameFeature(a: FeatureRecord, b: FeatureRecord): boolean {
	return (
		a.scale === b.scale &&
		a.numbers.length === b.numbers.length &&
		a.numbers.every((number, i) => number === b.numbers[i])
	);
}
