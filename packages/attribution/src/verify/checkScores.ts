// The full check of a commitment: all scores made again, in integers, and put under a root of the verifier's own.

import { checkSubject, type ScoreCommitment, type ScoreSubject } from "./commitment.js";
import { ProofError } from "./errors.js";
import { type ScoreLeaf, type ScoreNode, scoreTree } from "./scoreTree.js";

/** Returns the root. Throws ProofError "proof/other", or "proof/score" where the committed scores are not these, whichever they are. */
export function checkScores(subject: ScoreSubject, rows: readonly ScoreLeaf[], commitment: ScoreCommitment): ScoreNode {
	checkSubject(commitment, subject);
	const { root } = scoreTree(rows);
	for (const name of ["heads", "sum", "squares", "max", "hash"] as const) {
		if (root[name] === commitment.root[name]) continue;
		throw new ProofError(
			"proof/score",
			`the ${WORDS[name]} of all scores is ${root[name]}, committed was ${commitment.root[name]}`,
			{ name },
		);
	}
	return root;
}

const WORDS = { heads: "counting rows' number", sum: "sum", squares: "sum of squares", max: "largest", hash: "root" };
