// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeRates, FeeTerms, Split} from "../types/Fees.sol";
import {Base, ModelParams, SnapshotRef} from "../types/Models.sol";

/// @title IModelRegistry
/// @notice Which model versions exist, what they came from, what they cost and who is paid. Nothing ever changes.
interface IModelRegistry {
    event BaseRegistered(bytes32 indexed baseDigest, bytes32 indexed engineId, address indexed registrant, string name);
    event ModelPublished(
        bytes32 indexed modelId,
        address indexed owner,
        address indexed node,
        string name,
        uint32 version,
        bytes32 baseDigest,
        bytes32 engineId,
        bytes32 runCommitment,
        bytes32 runHistoryRoot,
        bytes32 adapterDigest,
        bytes32 featuresRoot
    );
    event ModelTerms(bytes32 indexed modelId, FeeRates rates, Split split, address stakers);
    event ModelSnapshot(bytes32 indexed modelId, bytes32 indexed datanetId, uint32 indexed version, bytes32 root);

    /// @notice A text is empty or longer than allowed.
    error InvalidText(string field, uint256 length, uint256 maxLength);
    /// @notice A digest or root is zero.
    error ZeroDigest(string field);
    /// @notice An account is zero.
    error ZeroAccount(string field);
    /// @notice This base is registered for this engine already.
    error BaseExists(bytes32 baseDigest, bytes32 engineId);
    /// @notice This base is not registered for this engine; call registerBase first.
    error UnknownBase(bytes32 baseDigest, bytes32 engineId);
    /// @notice No model has this id.
    error UnknownModel(bytes32 modelId);
    /// @notice Versions of a name are consecutive; `expected` would be right.
    error InvalidVersion(uint32 version, uint32 expected);
    /// @notice A model names 1 to `max` snapshots.
    error InvalidSnapshotCount(uint256 count, uint256 max);
    /// @notice The registry has another root for this snapshot (zero: no such snapshot).
    error SnapshotMismatch(bytes32 datanetId, uint32 version, bytes32 root, bytes32 published);
    /// @notice A rate exceeds the hard bound.
    error RateTooHigh(string field, uint256 rateWei, uint256 maxWei);

    /// @notice Registers a base model for an engine; anybody may. The name is the sender's claim and decides nothing.
    function registerBase(bytes32 baseDigest, bytes32 engineId, string calldata name) external;

    /// @notice Publishes a version of the sender's model; it can never be changed.
    /// @return modelId keccak256(abi.encode(owner, name, version)).
    function publish(ModelParams calldata params) external returns (bytes32 modelId);

    /// @notice What the vault needs of a model; reverts if unknown.
    function feeTerms(bytes32 modelId) external view returns (FeeTerms memory);

    /// @notice All that was published of a model, and its owner; reverts if unknown.
    function getModel(bytes32 modelId) external view returns (address owner, ModelParams memory params);

    /// @notice Reads a base; the registrant is zero if there is none.
    function getBase(bytes32 baseDigest, bytes32 engineId) external view returns (Base memory);

    /// @notice The latest version of an owner's model name; zero if there is none.
    function latestVersion(address owner, string calldata name) external view returns (uint32);
}
