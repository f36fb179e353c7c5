// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IOpenToken} from "./IOpenToken.sol";

/// @title IAttributionRewards
/// @notice Holds the contributors' part of all fees and pays it by a cumulative earnings tree.
/// @dev Always: claimed ≤ total of the latest root ≤ collected ≤ balance + claimed. A dishonest settler can misplace
/// money among contributors, but can never pay out more than came in.
interface IAttributionRewards {
    /// @notice One settled epoch.
    struct Epoch {
        bytes32 receiptsRoot;
        bytes32 earningsRoot;
        uint256 totalCumulativeWei;
        uint64 timestamp;
    }

    event Funded(address indexed from, uint256 amountWei, uint256 collectedWei);
    event RootSubmitted(uint64 indexed epoch, bytes32 receiptsRoot, bytes32 earningsRoot, uint256 totalCumulativeWei);
    event Claimed(address indexed account, uint64 indexed epoch, uint256 amountWei, uint256 cumulativeWei);

    /// @notice An account given to the constructor is zero.
    error ZeroAccount(string field);
    /// @notice Funding with nothing.
    error ZeroAmount();
    /// @notice Only the settler submits roots.
    error NotSettler(address caller, address settler);
    /// @notice Epochs are consecutive and never overwritten; `expected` would be right.
    error InvalidEpoch(uint64 epoch, uint64 expected);
    /// @notice The cumulative total must not shrink.
    error TotalShrinks(uint256 totalWei, uint256 previousWei);
    /// @notice The tree promises more than was collected.
    error TotalExceedsCollected(uint256 totalWei, uint256 collectedWei);
    /// @notice The earnings root must be zero exactly if the total is.
    error RootDisagreesWithTotal(bytes32 earningsRoot, uint256 totalWei);
    /// @notice The proof does not lead to the latest earnings root.
    error InvalidProof(address account, uint256 cumulativeWei);
    /// @notice The account has claimed all of it before.
    error NothingToClaim(address account, uint256 cumulativeWei, uint256 claimedWei);
    /// @notice The leaves of the latest tree sum to more than its total, and the total is used up.
    error ClaimsExceedTotal(uint256 claimsWei, uint256 totalWei);

    /// @notice Takes `amountWei` from the caller, who approved it, and counts it as collected for contributors.
    /// @dev Anybody may: more money than promised harms nobody. So the vault needs no privilege here and neither
    /// contract has to be told of the other after deployment. Indexers tell fees from gifts by `from`.
    function fund(uint256 amountWei) external;

    /// @notice The settler closes an epoch.
    /// @param epoch The next epoch; 1 is the first.
    /// @param receiptsRoot Merkle root over the epoch's receipt ids; zero if there were none.
    /// @param earningsRoot Merkle root over (account, cumulative wei) leaves of all epochs so far.
    /// @param totalCumulativeWei Sum of these leaves.
    function submitRoot(uint64 epoch, bytes32 receiptsRoot, bytes32 earningsRoot, uint256 totalCumulativeWei) external;

    /// @notice Pays `account` what the latest root gives it beyond what it claimed; anybody may call.
    /// @param cumulativeWei The account's leaf: all it ever earned.
    /// @param proof From the leaf to the latest earnings root.
    /// @return amountWei What was paid.
    function claim(address account, uint256 cumulativeWei, bytes32[] calldata proof)
        external
        returns (uint256 amountWei);

    /// @notice All that was ever collected for contributors.
    function collected() external view returns (uint256);

    /// @notice All that was ever claimed.
    function totalClaimed() external view returns (uint256);

    /// @notice What an account claimed so far.
    function claimed(address account) external view returns (uint256);

    /// @notice The latest epoch; zero before the first.
    function latestEpoch() external view returns (uint64);

    /// @notice Reads an epoch; all zero if there is none.
    function getEpoch(uint64 epoch) external view returns (Epoch memory);

    function token() external view returns (IOpenToken);

    function settler() external view returns (address);
}
