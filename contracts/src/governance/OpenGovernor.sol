// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorPreventLateQuorum} from "@openzeppelin/contracts/governance/extensions/GovernorPreventLateQuorum.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorStorage} from "@openzeppelin/contracts/governance/extensions/GovernorStorage.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {
    GovernorVotesQuorumFraction
} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {IVotes} from "@openzeppelin/contracts/governance/utils/IVotes.sol";
import {GovernanceSettings} from "../types/Governance.sol";
import {GovernanceBounds} from "./GovernanceBounds.sol";

/// @dev First of all parents: their constructors set what this one bounds.
abstract contract OpenGovernorBounds is GovernanceBounds {
    bytes32 internal constant DELAY = "votingDelaySeconds";
    bytes32 internal constant PERIOD = "votingPeriodSeconds";
    bytes32 internal constant LATE = "lateQuorumSeconds";
    bytes32 internal constant THRESHOLD = "proposalThresholdWei";
    bytes32 internal constant QUORUM = "quorumPercent";

    constructor(GovernanceSettings memory settings) {
        _bind(DELAY, settings.votingDelaySeconds, type(uint32).max);
        _bind(PERIOD, settings.votingPeriodSeconds, type(uint32).max);
        _bind(LATE, settings.lateQuorumSeconds, type(uint32).max);
        _bind(THRESHOLD, settings.proposalThresholdWei, type(uint96).max);
        _bind(QUORUM, settings.quorumPercent, 100);
    }
}

/// @title OpenGovernor
/// @notice OPEN's holders propose, vote by their past balance and what was delegated to them, and after the timelock anybody
/// executes. Clock: seconds. Who brings the quorum late gives the others time to answer. Its own settings keep to bounds.
contract OpenGovernor is
    OpenGovernorBounds,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorStorage,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorPreventLateQuorum,
    GovernorTimelockControl
{
    constructor(IVotes token_, TimelockController timelock_, GovernanceSettings memory settings)
        OpenGovernorBounds(settings)
        Governor("OpenLedger")
        GovernorSettings(
            // Each fits: its greatest value was checked against its type above.
            uint48(settings.votingDelaySeconds.value),
            uint32(settings.votingPeriodSeconds.value),
            settings.proposalThresholdWei.value
        )
        GovernorVotes(token_)
        GovernorVotesQuorumFraction(settings.quorumPercent.value)
        GovernorPreventLateQuorum(uint48(settings.lateQuorumSeconds.value))
        GovernorTimelockControl(timelock_)
    {}

    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    function proposalDeadline(uint256 proposalId)
        public
        view
        override(Governor, GovernorPreventLateQuorum)
        returns (uint256)
    {
        return super.proposalDeadline(proposalId);
    }

    function proposalNeedsQueuing(uint256 proposalId)
        public
        view
        override(Governor, GovernorTimelockControl)
        returns (bool)
    {
        return super.proposalNeedsQueuing(proposalId);
    }

    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    function _propose(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        string memory description,
        address proposer
    ) internal override(Governor, GovernorStorage) returns (uint256) {
        return super._propose(targets, values, calldatas, description, proposer);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _tallyUpdated(uint256 proposalId) internal override(Governor, GovernorPreventLateQuorum) {
        super._tallyUpdated(proposalId);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }

    function _setVotingDelay(uint48 newVotingDelay) internal override {
        _within(DELAY, newVotingDelay);
        super._setVotingDelay(newVotingDelay);
    }

    function _setVotingPeriod(uint32 newVotingPeriod) internal override {
        _within(PERIOD, newVotingPeriod);
        super._setVotingPeriod(newVotingPeriod);
    }

    function _setProposalThreshold(uint256 newProposalThreshold) internal override {
        _within(THRESHOLD, newProposalThreshold);
        super._setProposalThreshold(newProposalThreshold);
    }

    function _updateQuorumNumerator(uint256 newQuorumNumerator) internal override {
        _within(QUORUM, newQuorumNumerator);
        super._updateQuorumNumerator(newQuorumNumerator);
    }

    function _setLateQuorumVoteExtension(uint48 newVoteExtension) internal override {
        _within(LATE, newVoteExtension);
        super._setLateQuorumVoteExtension(newVoteExtension);
    }
}
