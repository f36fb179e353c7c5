// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// What is known of a datanet on chain: owners, terms, counts and salted roots, never a row.

/// @notice Who decides whether a contribution is taken.
enum CurationRule {
    Owner, // the datanet's owner
    Committee, // a random committee of curators
    Open // nobody, unless somebody challenges it; then a committee
}

/// @notice What contributors and trainers agree to; fixed for ever when the datanet is created.
struct DatanetTerms {
    string name;
    bytes32 termsHash;
    string licence;
    string contentType;
    bytes32 schemaHash; // of the JSON schema of a row; zero: none
    uint128 stakePerRowWei;
    uint128 accessPriceWei; // that a training job pays for each row
    CurationRule rule;
    uint32 contributorsPpm; // of the contributors' part that it asks for its rows, for information
}

/// @notice A collection of rows under one set of terms.
struct Datanet {
    address owner;
    uint32 latestVersion;
    uint64 acceptedRows; // finally accepted and not erased
    bytes32 termsHash;
    bytes32 schemaHash;
    uint128 stakePerRowWei;
    uint128 accessPriceWei;
    CurationRule rule;
    uint32 contributorsPpm;
    uint64 tombstones;
    string name;
    string licence;
    string contentType;
}

/// @notice What was decided of a contribution so far.
enum ContributionStatus {
    None,
    Pending,
    Accepted,
    Rejected,
    Junk,
    TakenBack
}

/// @notice Where a contribution stands on its way to a final decision.
enum ContributionStage {
    None,
    Review, // Owner: to be decided; Open: may be challenged
    Challenged, // Open: a challenge waits for a defence
    Judged, // a committee votes
    Decided, // may be appealed
    Appealed, // an appeal waits for a defence
    AppealJudged, // the committee of appeal votes
    Final
}

/// @notice Rows offered by one contributor, known by the Merkle root of their salted commitments.
struct Contribution {
    bytes32 datanetId;
    bytes32 rowsRoot;
    address contributor;
    uint32 rowCount;
    uint32 acceptedRows;
    ContributionStatus status;
    ContributionStage stage;
    uint8 reasonCode;
    bool superseded; // somebody revealed the same root who had committed to it before
    uint48 sequence; // of its commitment among the datanet's, from 1
    uint40 deadline; // seconds, of the present stage
    uint40 erasedRows;
    uint128 stakeWei;
}

/// @notice When a commitment was made, and until when it may be revealed.
struct Commitment {
    uint48 sequence;
    uint48 blockNumber;
    uint40 revealEnds;
}

/// @notice One side says that a decision is wrong, the other that it is right. Round 0: review or challenge; round 1: appeal.
struct Dispute {
    address appellant; // zero: a review by committee, which has no sides
    ContributionStatus against;
    uint8 jurors;
    bool byStake; // defended by the contributor's stake
    address defender;
    uint128 bondWei; // what the appellant loses, besides the jurors' fees, if it is wrong
    uint128 feesWei; // what the jury costs; each side puts it down, the loser pays it
    uint256 caseId; // zero: no case was opened
}

/// @notice A frozen version of a datanet.
struct Snapshot {
    bytes32 root;
    uint32 rowCount;
    uint64 timestamp;
    uint64 tombstones; // the datanet's when it was frozen, all taken out
}
