// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeRates, Split} from "./Fees.sol";

// What is published of a model version. Digests are sha256 or keccak256 values computed off chain.

/// @notice One datanet snapshot a model learnt from.
struct SnapshotRef {
    bytes32 datanetId;
    uint32 version;
    bytes32 root;
}

/// @notice What the owner submits; the owner is the sender.
/// @param name Name of the model, unique per owner, 1 to 64 bytes.
/// @param version 1 for the first version of a name, then consecutive.
/// @param baseDigest Digest of the base model, registered together with `engineId`.
/// @param engineId Identity of the deterministic engine that trained and serves it.
/// @param snapshots Snapshots learnt from, 1 to 16.
/// @param runCommitment End of the training run's commitment chain.
/// @param runHistoryRoot Merkle root over the run's steps.
/// @param adapterDigest Digest of the adapter's bytes.
/// @param featuresRoot Merkle root over the committed attribution features.
/// @param rates Prices.
/// @param split Who gets the fee.
/// @param node Account that serves the model and collects its fees.
/// @param stakers Account that receives the stakers' part.
struct ModelParams {
    string name;
    uint32 version;
    bytes32 baseDigest;
    bytes32 engineId;
    SnapshotRef[] snapshots;
    bytes32 runCommitment;
    bytes32 runHistoryRoot;
    bytes32 adapterDigest;
    bytes32 featuresRoot;
    FeeRates rates;
    Split split;
    address node;
    address stakers;
}

/// @notice A base model somebody vouched for. The name is that account's claim; nothing on chain depends on it.
struct Base {
    address registrant;
    string name;
}
