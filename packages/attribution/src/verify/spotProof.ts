// The prover's side of a spot check: which rows must be shown, and what is shown of each. It must not know where rows and features are kept.

import type { Hex, Row } from "@openledger/protocol";
import { type Challenge, checkChallenge, evenRows, weightedTargets } from "./challenge.js";
import { commitmentDigest, type ScoreCommitment, type ScoreSubject } from "./commitment.js";
import { openScores, type ScoreOpening } from "./scoreOpening.js";
import { blocksOf, leftBlocks, ROWS_PER_BLOCK, type ScoreTotals, type ScoreTree, scoreTree } from "./scoreTree.js";

/** A row's feature as it was committed with the run. */
export interface FeatureRecord {
	/** 0 to 65535. */
	readonly scale: number;
	/** Each −127 to 127. */
	readonly numbers: Int8Array;
}

/** A row of the snapshot, opened: the texts and the salt show that the commitment is theirs. */
export interface RowText {
	readonly row: Row;
	readonly salt: Hex;
	readonly commitment: Hex;
	readonly contributor: Hex;
	readonly cluster: number;
}

export interface RowOpening extends RowText {
	readonly index: number;
	/** Siblings up to the snapshot's root. */
	readonly snapshotProof: readonly Hex[];
	readonly feature: FeatureRecord;
	/** Siblings up to the features root. */
	readonly featureProof: readonly Hex[];
}

export interface SpotProof {
	readonly scores: ScoreOpening;
	/** By row, ascending. */
	readonly rows: readonly RowOpening[];
}

/** All that a prover has. */
export interface ProverRows {
	readonly subject: ScoreSubject;
	/** By row. */
	readonly scores: ArrayLike<number>;
	/** By row: whether it counts. */
	readonly heads: ArrayLike<boolean>;
	/** By row, as published. */
	readonly clusters: ArrayLike<number>;
	readonly open: (row: number) => RowOpening;
}

export interface Prover {
	readonly commitment: ScoreCommitment;
	answer(challenge: Challenge): SpotProof;
}

/** Which heads may be paid: those with the highest scores among the ones above the bar. */
export interface Candidacy {
	/** Once a score is above the bar, so is every higher one. */
	isAboveBar(totals: ScoreTotals, score: number): boolean;
	/** No more heads than this are paid; of equals the first. */
	readonly most: number;
}

/**
 * Commits to the scores of an answer and opens what a challenge asks for: the rows drawn, every head that may be paid and the
 * best one beside them, and for each row that does not count the one that counts instead. Throws ProofError "proof/malformed" for scores that are no whole numbers.
 */
export function createProver(given: ProverRows, candidacy: Candidacy): Prover {
	const { scores, heads } = given;
	return proverOver(
		scoreTree(Array.from(scores, (score, row) => ({ score, head: heads[row] === true }))),
		given,
		candidacy,
	);
}

/** The same over a tree that is there. */
export function proverOver(
	tree: ScoreTree,
	{ subject, clusters, open }: Omit<ProverRows, "scores" | "heads">,
	candidacy: Candidacy,
): Prover {
	const { rows } = tree;
	const commitment = { ...subject, root: tree.root };
	const headOf = new Map<number, number>();
	rows.forEach(({ head }, row) => {
		if (head && !headOf.has(clusters[row]!)) headOf.set(clusters[row]!, row);
	});
	const paid = candidates(tree, candidacy);
	return {
		commitment,
		answer(challenge) {
			checkChallenge(challenge, rows.length);
			const digest = commitmentDigest(commitment);
			const shown = new Set([...challenge.named, ...evenRows(digest, challenge, rows.length), ...paid]);
			for (const target of weightedTargets(digest, challenge, tree.root.squares)) shown.add(rowAt(tree, target));
			for (const row of [...shown]) {
				const instead = rows[row]!.head ? undefined : headOf.get(clusters[row]!);
				if (instead !== undefined) shown.add(instead);
			}
			const ascending = [...shown].sort((a, b) => a - b);
			return { scores: openScores(tree, ascending), rows: ascending.map(open) };
		},
	};
}

/**
 * The heads that may be paid, and all that score as the last of them: so what stays hidden scores less. And the best of the others, whose score
 * is the pool's weight, if it is above 0.
 */
function candidates({ root, rows }: ScoreTree, { isAboveBar, most }: Candidacy): number[] {
	const falling = rows.flatMap(({ head }, row) => (head ? [row] : [])).sort((a, b) => rows[b]!.score - rows[a]!.score);
	const last = falling[most - 1];
	const least = last === undefined ? Number.NEGATIVE_INFINITY : rows[last]!.score;
	const end = falling.findIndex((row) => rows[row]!.score < least || !isAboveBar(root, rows[row]!.score));
	if (end < 0) return falling;
	return falling.slice(0, end > 0 && rows[falling[end]!]!.score > 0 ? end + 1 : end);
}

/** The row in whose part of Σ score² over heads the number falls. */
function rowAt(tree: ScoreTree, square: bigint): number {
	let [first, end, left] = [0, blocksOf(tree.rows.length), square];
	while (end - first > 1) {
		const middle = first + leftBlocks(end - first);
		const { squares } = tree.node(first, middle);
		if (left < squares) end = middle;
		else [first, left] = [middle, left - squares];
	}
	for (let row = first * ROWS_PER_BLOCK; row < tree.rows.length; row++) {
		const { score, head } = tree.rows[row]!;
		if (head) left -= BigInt(score) * BigInt(score);
		if (left < 0n) return row;
	}
	throw new RangeError("the number is beyond the sum of squares");
}
