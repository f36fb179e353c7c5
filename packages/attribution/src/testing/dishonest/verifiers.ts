// Both verifications of a small receipt, of the parts that the node's verification is made of.

import { type Hex, rowCommitment, sharesRoot, snapshotRoot } from "@openledger/protocol";
import { featureNumbers, featureRowsRoot, scoreFeatureRows } from "../../features/index.js";
import {
	type Challenge,
	checkFeatures,
	checkScores,
	checkSpot,
	commitmentJson,
	ProofError,
	parseCommitment,
	parseSpotProof,
	type SpotFindings,
	shareRule,
	spotProofJson,
} from "../../verify/index.js";
import { type Claim, digestOfQuery } from "./frauds.js";
import { leavesOf, type SmallAnswer, type SmallRun } from "./smallRun.js";

function subjectOf(run: SmallRun, { query }: SmallAnswer, { receipt }: Claim) {
	const { receiptId, featuresRoot, snapshotRoot: root, method } = receipt;
	return {
		receiptId,
		featuresRoot,
		snapshotRoot: root,
		method,
		queryDigest: digestOfQuery(query),
		rows: run.rows.length,
	};
}

/** Throws ProofError for what is found. Everything passes through JSON on its way, unless that is left out to save time. */
export function verifyBySpot(
	run: SmallRun,
	answer: SmallAnswer,
	claim: Claim,
	challenge: Challenge,
	{ asJson = true }: { readonly asJson?: boolean } = {},
): SpotFindings {
	const sent = <value>(value: value): unknown => JSON.parse(JSON.stringify(value));
	const shown = claim.prover.answer(challenge);
	const { commitment: said } = claim.prover;
	const commitment = asJson ? parseCommitment(sent(commitmentJson(said))) : said;
	const proof = asJson ? parseSpotProof(sent(spotProofJson(shown))) : shown;
	return checkSpot(
		{
			subject: subjectOf(run, answer, claim),
			query: answer.query,
			sharesRoot: sharesRoot(claim.receipt.leaves),
			rule: shareRule,
			isHead: (row) => run.heads[row]!,
			featuresOf: (rows) => run.featuresOf(rows.map(({ index, row }) => (run.learnt(index) ? row : undefined))),
		},
		commitment,
		challenge,
		proof,
	);
}

/** All scores, the shares and all features made again from what the prover shows. Throws ProofError for what is found. */
export async function verifyInFull(run: SmallRun, answer: SmallAnswer, claim: Claim): Promise<void> {
	const { receipt, features, rows } = claim;
	rows.forEach(({ row, salt, commitment }, index) => {
		if (rowCommitment(row, salt) !== commitment) throw new ProofError("proof/row", `row ${index} is another`);
	});
	const shown = snapshotRoot(
		rows.map(({ commitment, contributor, cluster }, index) => ({ index, commitment, contributor, cluster })),
	);
	if (shown !== receipt.snapshotRoot) throw new ProofError("proof/root", "the rows are not the snapshot's");
	if (featureRowsRoot(features) !== receipt.featuresRoot) throw new ProofError("proof/root", "the features are others");
	const scores = [...scoreFeatureRows(features, answer.query)];
	const scored = scores.map((score, row) => ({ score, head: run.heads[row]! }));
	checkScores(subjectOf(run, answer, claim), scored, claim.prover.commitment);
	if (sharesRoot(leavesOf(run, scores, features)) !== sharesRoot(receipt.leaves))
		throw new ProofError("proof/shares", "the shares are others");
	const all = rows.map((_, row) => row);
	await checkFeatures(all, {
		committed: (row): { scale: number; numbers: Int8Array } => ({
			scale: features.scales[row]!,
			numbers: featureNumbers(features, row),
		}),
		again: (part) => run.featuresOf(part.map((row) => (run.learnt(row) ? rows[row]!.row : undefined))),
	});
}

/** The proof's code, or undefined where nothing was found. */
export function foundBySpot(
	run: SmallRun,
	answer: SmallAnswer,
	claim: Claim,
	challenge: Challenge,
): string | undefined {
	try {
		verifyBySpot(run, answer, claim, challenge, { asJson: false });
		return undefined;
	} catch (error) {
		if (error instanceof ProofError) return error.code;
		throw error;
	}
}

export const nonceOf = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
