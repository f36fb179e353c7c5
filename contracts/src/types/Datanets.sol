// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// What is known of a datanet on chain: owners, counts and salted roots, never a row.

/// @notice A collection of rows under one set of terms.
struct Datanet {
    address owner;
    uint32 latestVersion;
    uint64 acceptedRows;
    bytes32 termsHash;
    string name;
    string licence;
}

/// @notice Where a contribution stands.
enum ContributionStatus {
    None,
    Pending,
    Accepted,
    Rejected
}

/// @notice Rows offered by one contributor, known by the Merkle root of their salted commitments.
struct Contribution {
    bytes32 datanetId;
    bytes32 rowsRoot;
    address contributor;
    uint32 rowCount;
    uint32 acceptedRows;
    ContributionStatus status;
    uint8 reasonCode;
}

/// @notice A frozen version of a datanet.
struct Snapshot {
    bytes32 root;
    uint32 rowCount;
    uint64 timestamp;
}
