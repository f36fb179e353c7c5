// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IGovernanceBounds
/// @notice The bounds of governance's own settings: a vote may move them within, nobody can move them beyond.
interface IGovernanceBounds {
    error OutOfBounds(bytes32 key, uint256 value, uint256 min, uint256 max);
    /// @notice The bounds do not fit one another, or the type that holds the setting.
    error InvalidBounds(bytes32 key, uint256 min, uint256 max);

    /// @param key votingDelaySeconds, votingPeriodSeconds, lateQuorumSeconds, proposalThresholdWei, quorumPercent; timelockSeconds of
    /// the timelock. Unknown keys have bounds 0 and 0.
    function bounds(bytes32 key) external view returns (uint256 min, uint256 max);
}
