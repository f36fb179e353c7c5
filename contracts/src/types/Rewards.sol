// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// What is said of an epoch, and what shows a part of it. Plain data. All trees are positional (libraries/IndexedMerkle.sol) except the two
// that are older: a receipt's shares, features and snapshot have sorted pairs, as OpenZeppelin's MerkleProof reads them.

/// @notice One epoch, as proposed. Each root is zero exactly if its count is.
/// @param epoch Consecutive; 1 is the first.
/// @param receiptsRoot Over the epoch's receipt ids, in its order.
/// @param receipts How many they are.
/// @param earningsRoot Over all accounts that ever earned, ascending.
/// @param accounts How many they are.
/// @param totalCumulativeWei What all of them ever earned.
/// @param dataRoot Over the chunks of the published data.
/// @param dataChunks How many they are.
struct RootClaim {
    uint64 epoch;
    bytes32 receiptsRoot;
    uint32 receipts;
    bytes32 earningsRoot;
    uint32 accounts;
    uint256 totalCumulativeWei;
    bytes32 dataRoot;
    uint32 dataChunks;
}

/// @notice A claim in the queue. The chain keeps its hash alone; who acts on it brings it whole.
/// @param previousHash Hash of the proposal before; zero for the first.
/// @param previousTotalWei Its total.
/// @param proposer Whose bond stands behind it.
/// @param challengeEnds Until when demands and disputes may be opened; no activation before.
struct RootProposal {
    RootClaim claim;
    bytes32 previousHash;
    uint256 previousTotalWei;
    address proposer;
    uint64 challengeEnds;
}

/// @notice One leaf of the earnings tree and its way to the root.
/// @param prefixWei Sum of all leaves up to and with this one.
/// @param index Its place.
struct EarningsProof {
    address account;
    uint256 cumulativeWei;
    uint256 prefixWei;
    uint32 index;
    bytes32[] siblings;
}

/// @notice The record of one paid answer; its id is keccak256(abi.encode(receipt)).
struct Receipt {
    uint256 chainId;
    address vault;
    bytes32 paymentNonce;
    address payer;
    bytes32 modelId;
    bytes32 adapterDigest;
    bytes32 baseDigest;
    bytes32 snapshotRoot;
    bytes32 featuresRoot;
    bytes32 engineId;
    bytes32 promptHash;
    bytes32 responseHash;
    uint32 tokensIn;
    uint32 tokensOut;
    uint256 feeWei;
    bytes32 method;
    bytes32 sharesRoot;
    uint64 timestamp;
    bytes32 queryDigest;
    bytes32 scoresRoot;
}

/// @notice A receipt and its way to an epoch's receipts root.
struct ReceiptProof {
    Receipt receipt;
    uint32 index;
    bytes32[] siblings;
}

/// @notice A row that counts in an answer: its score, scale · Σ query·number, and what it earns.
struct ScoreLeaf {
    uint32 row;
    address contributor;
    int64 score;
    uint32 sharePpm;
}

/// @notice A counted row and its way to a receipt's scores root.
struct ScoreProof {
    ScoreLeaf leaf;
    uint32 index;
    bytes32[] siblings;
}

/// @notice A row's committed feature and its way to a receipt's features root.
/// @param numbers One signed byte a number.
struct FeatureProof {
    uint32 row;
    uint16 scale;
    bytes numbers;
    bytes32[] siblings;
}

/// @notice A row of a snapshot and its way to a receipt's snapshot root.
struct SnapshotProof {
    uint256 index;
    bytes32 commitment;
    address contributor;
    uint256 cluster;
    bytes32[] siblings;
}
