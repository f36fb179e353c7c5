// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice A setting and the least and greatest value that it may ever take.
struct Setting {
    uint256 value;
    uint256 min;
    uint256 max;
}

/// @notice How OPEN's holders decide. Times in seconds, the threshold in wei of votes, the quorum in percent of the supply.
struct GovernanceSettings {
    Setting votingDelaySeconds;
    Setting votingPeriodSeconds;
    Setting lateQuorumSeconds;
    Setting proposalThresholdWei;
    Setting quorumPercent;
}

/// @notice Part of the supply for one beneficiary: nothing before `start + cliffSeconds`, then in proportion to the time since
/// `start`, all of it after `durationSeconds`.
struct Grant {
    address beneficiary;
    uint96 amountWei;
    uint64 start;
    uint64 cliffSeconds;
    uint64 durationSeconds;
}
