// The words everyone shares: records, ids, hashes, canonical bytes, Merkle trees, EIP-712 types, errors.

export type { Address, Hex } from "viem";
export {
	attestationTypedData,
	type CheckCount,
	type IntakeAttestation,
	recoverAttestationSigner,
	signAttestation,
} from "./attestation.js";
export {
	bytesToHex,
	concatBytes,
	hexToBytes,
	isWellFormed,
	keccak256,
	sha256,
	uint32,
	utf8,
} from "./bytes.js";
export { canonicalJson } from "./canonicalJson.js";
export { checkAddress, checkAmount, checkCount, checkDigest, ZERO_DIGEST } from "./checks.js";
export { nextCommitment } from "./commitment.js";
export {
	type ContributionOffer,
	contributionCommitment,
	type DisputeDeposits,
	type DisputeRight,
	disputeBond,
	divideDeposits,
} from "./contribution.js";
export {
	type CountedScore,
	countedScoreLeaf,
	countedScoresTree,
	MAX_COUNTED,
	queryDigest,
	scoresRoot,
} from "./countedScores.js";
export {
	type CumulativeLeaf,
	type CumulativeProof,
	type CumulativeTree,
	cumulativeLeaf,
	cumulativeTree,
} from "./cumulativeTree.js";
export { CHUNK_BYTES, type DataTree, dataChunkLeaf, dataTree } from "./dataChunks.js";
export {
	type DisputeTerms,
	disputeId,
	longestDisputeSeconds,
	MAX_TRACE_OPS,
	midOf,
	mostMoves,
	traceEnd,
	traceEntry,
	traceOf,
} from "./dispute.js";
export { DISPUTE_PHASES, type DisputeMove, type TraceClaim } from "./disputeMoves.js";
export { divideContributorsPart } from "./divideContributorsPart.js";
export { type Earning, receiptLeaf, receiptsRoot } from "./earnings.js";
export { CallerError, OpenLedgerError, type OpenLedgerErrorOptions, TransientError } from "./errors.js";
export { checkSplit, type FeeParts, type FeeRates, feeFor, type Split, splitFee } from "./fee.js";
export { hmacSha256 } from "./hmac.js";
export { baseId, contributionId, datanetId, modelId, paymentNonceOf } from "./ids.js";
export {
	type IndexedProof,
	type IndexedTree,
	indexedDepth,
	indexedRoot,
	indexedTree,
	verifyIndexedProof,
} from "./indexedMerkle.js";
export {
	type JobStakeTerms,
	jobId,
	jobSnapshotRoot,
	leastJobStakeWei,
	linksTree,
	MAX_JOB_SNAPSHOTS,
	MAX_JOB_STEPS,
	MAX_RECIPE_BYTES,
	outputLink,
	type RunOutput,
	type RunStart,
	runStartOf,
} from "./job.js";
export { drawJurors, drawPosition, drawSeed, verdictOf, voteCommitment } from "./jury.js";
export { doubleHash, type MerkleTree, merkleProof, merkleRoot, merkleTree, verifyMerkleProof } from "./merkle.js";
export { type OrderSaid, orderText } from "./orderText.js";
export { proposalDescription, proposalText } from "./proposalText.js";
export {
	checkReceipt,
	RECEIPT_FIELDS,
	type Receipt,
	receiptId,
	type ShareLeaf,
	saltedHash,
	shareLeaf,
	sharesRoot,
} from "./receipt.js";
export { type ReceiptJson, receiptFromJson, receiptToJson } from "./receiptJson.js";
export {
	checkRootClaim,
	claimTypedData,
	epochReceiptsTree,
	type RootClaim,
	type RootProposal,
	rootProposalHash,
	type SignedClaim,
} from "./rootClaim.js";
export {
	commitmentLeaf,
	deriveSalt,
	type Row,
	rowBytes,
	rowCommitment,
	rowDigest,
	rowsRoot,
	type Turn,
} from "./row.js";
export { allocate, PPM, toPpm } from "./shares.js";
export { receiptTypedData, recoverReceiptSigner, signReceipt } from "./signReceipt.js";
export { type SnapshotEntry, snapshotLeaf, snapshotRoot } from "./snapshot.js";
export {
	recoverSpanReceiptSigner,
	type SignedSpans,
	signSpanReceipt,
	spanReceiptTypedData,
} from "./spanReceiptSignature.js";
export {
	isWorthless,
	type SharePool,
	sharesFor,
	slashParts,
	splitForfeit,
	worthOf,
} from "./stakeShares.js";
export { recoverTombstoneSigner, signTombstone, type Tombstone, tombstoneTypedData } from "./tombstone.js";
export { type VestingSchedule, vestedWei } from "./vesting.js";
