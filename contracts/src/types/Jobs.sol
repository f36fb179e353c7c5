// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SnapshotRef} from "./Models.sol";

// What is known on chain of a training job and of a dispute about its run. How the hashes come about: libraries/RunHashes.sol.

/// @notice Where a job stands. A claimed or submitted job whose run falls is Open again.
enum JobStatus {
    None,
    Open,
    Claimed,
    Submitted,
    Paid,
    Cancelled
}

/// @notice Why a job is open again: nothing was submitted in time, a dispute was lost, two juries came to no verdict.
enum Reopening {
    Expired,
    Refuted,
    Undecided
}

/// @notice What a poster asks for. Everything that the run's bits depend on is in it, so that the run's first link follows.
/// @param salt Chosen by the poster, once; gives the job its id.
/// @param baseDigest Digest of the base model.
/// @param engineId Identity of the deterministic engine.
/// @param snapshots Rows to learn from: 1 to 16, strictly ascending by datanet, then version.
/// @param recipe Canonical text of the recipe, 1 to 4,096 bytes. It must commit every step and run to its last.
/// @param steps Training steps, each of them a link of the run; the trainer looks before it claims whether the number is right.
/// @param trainSeconds From claim to submission.
/// @param payWei What the trainer gets.
/// @param stakeWei What the trainer locks.
/// @param dataDigest sha256 of the bundle of inputs where the poster offers one, else zero.
/// @param dataCertificate What the data layer gives the bundle for; may be empty.
struct JobParams {
    bytes32 salt;
    bytes32 baseDigest;
    bytes32 engineId;
    SnapshotRef[] snapshots;
    string recipe;
    uint32 steps;
    uint64 trainSeconds;
    uint256 payWei;
    uint256 stakeWei;
    bytes32 dataDigest;
    bytes dataCertificate;
}

/// @notice What a trainer commits to.
/// @param linksRoot Positional root over all links, from the job's start to the output link.
/// @param runCommitment The link after the last step.
/// @param adapterDigest Digest of the adapter's bytes.
/// @param featuresRoot Merkle root over the attribution features.
/// @param dataRoot Root over what the trainer published of the run: log, checkpoints.
/// @param dataCertificate What the data layer gives that for; may be empty.
struct Submission {
    bytes32 linksRoot;
    bytes32 runCommitment;
    bytes32 adapterDigest;
    bytes32 featuresRoot;
    bytes32 dataRoot;
    bytes dataCertificate;
}

/// @notice A job as it stands; fields of the run are those of the present submission.
/// @param deadline Claimed: last second to submit. Submitted: last second to open a dispute.
/// @param attempt Counts claims; names the run that a dispute is about.
/// @param feesWei The datanets' access fees, in escrow beside `payWei`.
struct Job {
    address poster;
    JobStatus status;
    uint64 postedBlock;
    address trainer;
    uint32 attempt;
    uint32 openDisputes;
    uint32 steps;
    uint64 trainSeconds;
    uint64 deadline;
    uint256 payWei;
    uint256 feesWei;
    uint256 stakeWei;
    bytes32 runStart;
    bytes32 linksRoot;
    bytes32 runCommitment;
    bytes32 adapterDigest;
    bytes32 featuresRoot;
    bytes32 dataRoot;
}

/// @notice Whose move a dispute waits for: Show… are the trainer's, Answer… and ClaimEntry the challenger's.
enum Phase {
    None,
    ShowLink,
    AnswerLink,
    ShowTrace,
    ShowEntry,
    AnswerEntry,
    ClaimEntry,
    Jury,
    Verdict,
    Ended
}

enum Outcome {
    None,
    TrainerRight,
    ChallengerRight,
    Undecided,
    Moot
}

/// @notice What is left of a row of commitments: both agree at `low`, they differ at `high`; `midHash` is what the trainer showed
/// half-way between, while the challenger has to answer.
struct Span {
    uint32 low;
    uint32 high;
    bytes32 lowHash;
    bytes32 highHash;
    bytes32 midHash;
}

/// @notice A dispute as it stands.
/// @param deadline Last second of the present move; for a jury the last second in which it may still be drawn.
/// @param endsBy By then it has ended, if anybody calls what may be called.
/// @param links Indexes of the run's links.
/// @param ops Indexes of the trace of the interval from `links.low` to `links.low` + 1.
/// @param claimedEntry What the challenger says the trace's entry at `ops.high` is.
/// @param juries How many juries were called, 0 to 2.
/// @param verdict Of the first jury, 0 for none: 1 trainer right, 2 challenger right.
/// @param firstCase Case of the first jury. @param juryCase Case of the latest.
/// @param bondWei Lost by a challenger who is wrong.
/// @param depositWei What is held for the challenger: the bond and jurors' fees not spent yet.
/// @param spentWei Jurors' fees paid out of the deposit.
struct Dispute {
    bytes32 jobId;
    address trainer;
    uint32 attempt;
    address challenger;
    Phase phase;
    Outcome outcome;
    uint64 deadline;
    uint64 endsBy;
    uint32 moveSeconds;
    uint32 opCount;
    uint8 jurySize;
    uint8 appealJurySize;
    uint8 juries;
    uint8 verdict;
    bool trainerAppealed;
    bytes32 linksRoot;
    uint32 leaves;
    Span links;
    bytes32 traceRoot;
    Span ops;
    bytes32 claimedEntry;
    uint256 firstCase;
    uint256 juryCase;
    uint256 bondWei;
    uint256 depositWei;
    uint256 spentWei;
    uint256 jurorFeeWei;
}

/// @notice The trainer's trace of one interval, with what binds its ends to the links.
/// @param opCount Operations of the interval; the trace has one entry more.
/// @param root Positional root over the entries.
/// @param firstProof Opening of entry 0, which is the agreed link.
/// @param beforeLast Entry before the last. @param beforeLastProof Its opening.
/// @param lastProof Opening of the last entry, which follows from `beforeLast` and the disputed link.
struct TraceClaim {
    uint32 opCount;
    bytes32 root;
    bytes32[] firstProof;
    bytes32 beforeLast;
    bytes32[] beforeLastProof;
    bytes32[] lastProof;
}

/// @notice What a challenger says of a submitted run: "I agree with link `low`; link `high` ought to be `own`". No opening is needed
/// (an empty one does) for the first link, the last step's and the output link: the chain knows them.
/// @param low Place of a link both agree on. @param lowLink That link. @param lowProof Its opening.
/// @param high Place of the disputed link. @param highLink The trainer's link there. @param highProof Its opening.
struct Challenge {
    bytes32 jobId;
    bytes32 own;
    uint32 low;
    bytes32 lowLink;
    bytes32[] lowProof;
    uint32 high;
    bytes32 highLink;
    bytes32[] highProof;
}
