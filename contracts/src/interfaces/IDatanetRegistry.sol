// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Contribution, ContributionStatus, Datanet, Snapshot} from "../types/Datanets.sol";

/// @title IDatanetRegistry
/// @notice Who offered which rows, what the owner decided, and which versions were frozen. Salted roots only.
interface IDatanetRegistry {
    event DatanetCreated(
        bytes32 indexed datanetId, address indexed owner, string name, bytes32 termsHash, string licence
    );
    event Contributed(
        bytes32 indexed datanetId,
        bytes32 indexed contributionId,
        address indexed contributor,
        bytes32 rowsRoot,
        uint32 rowCount
    );
    event ContributionAccepted(
        bytes32 indexed datanetId, bytes32 indexed contributionId, address indexed contributor, uint32 acceptedRows
    );
    event ContributionRejected(
        bytes32 indexed datanetId, bytes32 indexed contributionId, address indexed contributor, uint8 reasonCode
    );
    event SnapshotPublished(bytes32 indexed datanetId, uint32 indexed version, bytes32 root, uint32 rowCount);

    /// @notice A text is empty or longer than allowed.
    error InvalidText(string field, uint256 length, uint256 maxLength);
    /// @notice A digest or root is zero.
    error ZeroDigest(string field);
    /// @notice This sender already has a datanet of that name.
    error DatanetExists(bytes32 datanetId);
    /// @notice No datanet has this id.
    error UnknownDatanet(bytes32 datanetId);
    /// @notice Only the datanet's owner may do this.
    error NotDatanetOwner(bytes32 datanetId, address caller, address owner);
    /// @notice This sender already contributed this root to this datanet.
    error ContributionExists(bytes32 contributionId);
    /// @notice No contribution has this id.
    error UnknownContribution(bytes32 contributionId);
    /// @notice The contribution was decided before.
    error ContributionDecided(bytes32 contributionId, ContributionStatus status);
    /// @notice The same root was accepted from somebody before: two people cannot be paid for the same rows.
    error RootAlreadyAccepted(bytes32 datanetId, bytes32 rowsRoot);
    /// @notice A row count must be at least one and at most `max`.
    error InvalidRowCount(uint256 rowCount, uint256 max);
    /// @notice A rejection must give a reason; codes start at 1.
    error ReasonMissing();
    /// @notice Versions are consecutive; `expected` would be right.
    error InvalidVersion(uint32 version, uint32 expected);

    /// @notice Creates a datanet owned by the sender.
    /// @param name 1 to 64 bytes, unique per owner.
    /// @param termsHash Digest of the terms contributors agree to.
    /// @param licence Licence of the rows, 1 to 64 bytes, for instance an SPDX id.
    /// @return datanetId keccak256(abi.encode(owner, name)).
    function create(string calldata name, bytes32 termsHash, string calldata licence)
        external
        returns (bytes32 datanetId);

    /// @notice Offers rows. Anybody may copy a root seen in flight, and gains nothing: the copy is a contribution of
    /// its own, and the owner accepts a root once, from whoever can open it.
    /// @param rowsRoot Merkle root over the rows' salted commitments.
    /// @param rowCount Number of rows, at least 1.
    /// @return contributionId keccak256(abi.encode(datanetId, contributor, rowsRoot)).
    function contribute(bytes32 datanetId, bytes32 rowsRoot, uint32 rowCount) external returns (bytes32 contributionId);

    /// @notice The owner takes the contribution, whole or in part; final.
    /// @param acceptedRows 1 to the number of rows offered.
    function accept(bytes32 contributionId, uint32 acceptedRows) external;

    /// @notice The owner refuses the contribution; final.
    /// @param reasonCode Not zero; the codes are listed in packages/datanet.
    function reject(bytes32 contributionId, uint8 reasonCode) external;

    /// @notice The owner freezes a version.
    /// @param root Merkle root over the snapshot's entries.
    /// @param rowCount 1 to the number of rows accepted so far.
    /// @param version The next version; 1 is the first.
    function snapshot(bytes32 datanetId, bytes32 root, uint32 rowCount, uint32 version) external;

    /// @notice Reads a datanet; reverts if unknown.
    function getDatanet(bytes32 datanetId) external view returns (Datanet memory);

    /// @notice Reads a contribution; reverts if unknown.
    function getContribution(bytes32 contributionId) external view returns (Contribution memory);

    /// @notice Reads a snapshot; all zero if there is none.
    function getSnapshot(bytes32 datanetId, uint32 version) external view returns (Snapshot memory);

    /// @notice Which contribution this root was accepted from; zero if from none.
    function acceptedFrom(bytes32 datanetId, bytes32 rowsRoot) external view returns (bytes32 contributionId);
}
