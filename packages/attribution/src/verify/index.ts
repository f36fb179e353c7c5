export { type Assurance, type AssuranceInput, assuranceOf, type VerifyMode } from "./assurance.js";
export { type Challenge, checkChallenge, evenRows, MAX_CHALLENGED, weightedTargets } from "./challenge.js";
export { checkFeatures, type FeatureMaker } from "./checkFeatures.js";
export { checkScores } from "./checkScores.js";
export {
	type CheckedRow,
	checkSpot,
	type ShareRule,
	type SpotFindings,
	sameFeature,
	scoreOf,
	type Verifier,
} from "./checkSpot.js";
export { checkSubject, commitmentDigest, type ScoreCommitment, type ScoreSubject } from "./commitment.js";
export { ProofError, type ProofErrorCode } from "./errors.js";
export { catchProbability, drawsFor, weightedCatchProbability } from "./probability.js";
export { commitmentJson, jsonBytes, parseCommitment, parseSpotProof, spotProofJson } from "./proofJson.js";
export { openScores, type ReadOpening, readScores, type ScoreOpening } from "./scoreOpening.js";
export { type ScoreLeaf, type ScoreNode, type ScoreTotals, type ScoreTree, scoreTree } from "./scoreTree.js";
export { shareRule } from "./shareRule.js";
export {
	type Candidacy,
	createProver,
	type FeatureRecord,
	type Prover,
	type ProverRows,
	type RowOpening,
	type RowText,
	type SpotProof,
} from "./spotProof.js";
