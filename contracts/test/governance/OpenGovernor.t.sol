// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {OpenGovernor} from "../../src/governance/OpenGovernor.sol";
import {OpenTimelock} from "../../src/governance/OpenTimelock.sol";
import {IGovernanceBounds} from "../../src/interfaces/IGovernanceBounds.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {GovernanceSettings, Setting} from "../../src/types/Governance.sol";
import {GovernanceWorld} from "../support/GovernanceWorld.sol";

contract OpenGovernorTest is GovernanceWorld {
    bytes32 private constant KEY = "challengeSeconds";

    function test_default_proposeVoteQueueExecute() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        expectState(id, IGovernor.ProposalState.Pending);
        toVoting(id);
        expectState(id, IGovernor.ProposalState.Active);
        voteAs(ada, id, FOR);
        voteAs(grace, id, AGAINST);
        toVotesEnd(id);
        expectState(id, IGovernor.ProposalState.Succeeded);
        governor.queue(id);
        expectState(id, IGovernor.ProposalState.Queued);
        vm.assertEq(governor.proposalEta(id), block.timestamp + 2 days);
        vm.warp(block.timestamp + 2 days);
        vm.prank(nobody);
        governor.execute(id);
        expectState(id, IGovernor.ProposalState.Executed);
        vm.assertEq(parameters.get(KEY), 2 days);
    }

    function test_handover_nobodyIsAdmin() public view {
        vm.assertFalse(timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), deployer));
        vm.assertTrue(timelock.hasRole(timelock.DEFAULT_ADMIN_ROLE(), address(timelock)));
        vm.assertTrue(timelock.hasRole(timelock.PROPOSER_ROLE(), address(governor)));
        vm.assertTrue(timelock.hasRole(timelock.CANCELLER_ROLE(), address(governor)));
        vm.assertTrue(timelock.hasRole(timelock.EXECUTOR_ROLE(), address(0)));
        vm.assertFalse(timelock.hasRole(timelock.PROPOSER_ROLE(), address(0)));
        vm.assertFalse(timelock.hasRole(timelock.CANCELLER_ROLE(), address(0)));
        vm.assertEq(governor.timelock(), address(timelock));
    }

    function test_clock_isTime() public view {
        vm.assertEq(governor.clock(), block.timestamp);
        vm.assertEq(governor.CLOCK_MODE(), "mode=timestamp");
        vm.assertEq(governor.name(), "OpenLedger");
        vm.assertEq(governor.COUNTING_MODE(), "support=bravo&quorum=for,abstain");
    }

    function test_settings() public view {
        vm.assertEq(governor.votingDelay(), 1 days);
        vm.assertEq(governor.votingPeriod(), 5 days);
        vm.assertEq(governor.lateQuorumVoteExtension(), 2 days);
        vm.assertEq(governor.proposalThreshold(), 100_000 ether);
        vm.assertEq(governor.quorumNumerator(), 4);
        vm.assertEq(governor.quorum(block.timestamp - 1), 40_000_000 ether);
        vm.assertEq(timelock.getMinDelay(), 2 days);
        (uint256 min, uint256 max) = governor.bounds("votingPeriodSeconds");
        vm.assertEq(min, 3 days);
        vm.assertEq(max, 14 days);
        (min, max) = timelock.bounds("timelockSeconds");
        vm.assertEq(min, 1 days);
        vm.assertEq(max, 30 days);
        (min, max) = governor.bounds("unknown");
        vm.assertEq(min + max, 0);
    }

    // What is stored

    function test_storage_listsProposals() public {
        uint256 first = proposeAs(ada, setParameter(KEY, 2 days));
        uint256 second = proposeAs(grace, setParameter("jurySize", 7));
        vm.assertEq(governor.proposalCount(), 2);
        (uint256 id, address[] memory targets,, bytes[] memory calldatas, bytes32 descriptionHash) =
            governor.proposalDetailsAt(1);
        vm.assertEq(id, second);
        vm.assertEq(targets[0], address(parameters));
        vm.assertEq(keccak256(calldatas[0]), keccak256(abi.encodeCall(IParameters.set, ("jurySize", 7))));
        vm.assertEq(descriptionHash, keccak256("change it"));
        vm.assertEq(governor.proposalProposer(first), ada);
        vm.assertTrue(governor.proposalNeedsQueuing(first));
    }

    function test_storage_unknownProposal() public {
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorNonexistentProposal.selector, 7));
        governor.state(7);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorNonexistentProposal.selector, 7));
        governor.queue(7);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorNonexistentProposal.selector, 7));
        governor.execute(7);
    }

    // Each state refuses what is not its turn

    function test_pending_refusesVotesQueueExecute() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        vm.warp(governor.proposalSnapshot(id));
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Pending, 2));
        vm.prank(ada);
        governor.castVote(id, FOR);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Pending, 16));
        governor.queue(id);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Pending, 32));
        governor.execute(id);
    }

    function test_active_refusesQueueAndSecondVote() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        toVoting(id);
        voteAs(ada, id, FOR);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorAlreadyCastVote.selector, ada));
        vm.prank(ada);
        governor.castVote(id, AGAINST);
        vm.expectRevert(IGovernor.GovernorInvalidVoteType.selector);
        vm.prank(grace);
        governor.castVote(id, 3);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Active, 16));
        governor.queue(id);
    }

    function test_lastSecondCounts_nextDoesNot() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        vm.warp(governor.proposalDeadline(id));
        voteAs(ada, id, FOR);
        // The quorum came late, so the end moved.
        vm.warp(governor.proposalDeadline(id));
        voteAs(grace, id, FOR);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Succeeded, 2));
        vm.prank(alan);
        governor.castVote(id, FOR);
    }

    function test_defeated_withoutQuorum() public {
        hold(nobody, 39_999_999 ether);
        vm.warp(block.timestamp + 1);
        uint256 id = proposeAs(nobody, setParameter(KEY, 2 days));
        toVoting(id);
        voteAs(nobody, id, FOR);
        toVotesEnd(id);
        expectState(id, IGovernor.ProposalState.Defeated);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Defeated, 16));
        governor.queue(id);
    }

    function test_defeated_byMoreAgainst_orTie() public {
        uint256 id = proposeAs(grace, setParameter(KEY, 2 days));
        toVoting(id);
        voteAs(grace, id, FOR);
        voteAs(ada, id, AGAINST);
        toVotesEnd(id);
        expectState(id, IGovernor.ProposalState.Defeated);
        hold(nobody, 50_000_000 ether);
        vm.warp(block.timestamp + 1);
        id = proposeAs(grace, setParameter(KEY, 3 days));
        toVoting(id);
        voteAs(nobody, id, FOR);
        voteAs(alan, id, AGAINST);
        toVotesEnd(id);
        expectState(id, IGovernor.ProposalState.Defeated);
    }

    function test_abstention_bringsQuorumButNoVictory() public {
        hold(nobody, 1 ether);
        vm.warp(block.timestamp + 1);
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        toVoting(id);
        voteAs(alan, id, ABSTAIN);
        voteAs(nobody, id, FOR);
        toVotesEnd(id);
        expectState(id, IGovernor.ProposalState.Succeeded);
    }

    function test_queued_refusesEarlyExecutionAndSecondQueue() public {
        uint256 id = carried(setParameter(KEY, 2 days));
        vm.warp(governor.proposalEta(id) - 1);
        vm.expectRevert();
        governor.execute(id);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Queued, 16));
        governor.queue(id);
        vm.warp(governor.proposalEta(id));
        governor.execute(id);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Executed, 32));
        governor.execute(id);
    }

    function test_succeeded_refusesExecutionBeforeQueue() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        toVoting(id);
        voteAs(ada, id, FOR);
        toVotesEnd(id);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Succeeded, 32));
        governor.execute(id);
    }

    function test_cancel_byProposerBeforeVotes() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, grace));
        vm.prank(grace);
        governor.cancel(id);
        vm.prank(ada);
        governor.cancel(id);
        expectState(id, IGovernor.ProposalState.Canceled);
        vm.warp(block.timestamp + 1 days + 1);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Canceled, 2));
        vm.prank(ada);
        governor.castVote(id, FOR);
    }

    function test_cancel_notOnceVotesRun() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        toVoting(id);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorUnableToCancel.selector, id, ada));
        vm.prank(ada);
        governor.cancel(id);
    }

    function test_propose_refuses() public {
        Proposal memory proposal = setParameter(KEY, 2 days);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, nobody, 0, 100_000 ether)
        );
        proposeAs(nobody, proposal);
        uint256 id = proposeAs(ada, proposal);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Pending, 0));
        proposeAs(grace, proposal);
        proposal.targets = new address[](0);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidProposalLength.selector, 0, 1, 1));
        proposeAs(ada, proposal);
    }

    // Late quorum

    function test_lateQuorum_givesTheOthersTime() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        uint256 deadline = governor.proposalDeadline(id);
        vm.warp(deadline - 1);
        voteAs(alan, id, FOR);
        vm.assertEq(governor.proposalDeadline(id), deadline - 1 + 2 days);
        vm.warp(deadline + 1 days);
        voteAs(grace, id, AGAINST);
        toVotesEnd(id);
        expectState(id, IGovernor.ProposalState.Defeated);
    }

    function test_earlyQuorum_movesNothing() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        uint256 deadline = governor.proposalDeadline(id);
        toVoting(id);
        voteAs(alan, id, FOR);
        vm.assertEq(governor.proposalDeadline(id), deadline);
    }

    // Signatures

    function test_voteBySignature() public {
        uint256 id = proposeAs(grace, setParameter(KEY, 2 days));
        toVoting(id);
        bytes memory signature = ballotSignature(ADA_KEY, id, FOR, 0, address(governor), block.chainid);
        vm.prank(nobody);
        governor.castVoteBySig(id, FOR, ada, signature);
        (, uint256 forVotes,) = governor.proposalVotes(id);
        vm.assertEq(forVotes, 300_000_000 ether);
        vm.assertEq(governor.nonces(ada), 1);
    }

    function test_delegationBySignature() public {
        bytes32 structHash = keccak256(
            abi.encode(
                keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)"), grace, 0, block.timestamp
            )
        );
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(ADA_KEY, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash)));
        vm.prank(nobody);
        token.delegateBySig(grace, 0, block.timestamp, v, r, s);
        vm.assertEq(token.getVotes(grace), 500_000_000 ether);
        vm.expectRevert();
        token.delegateBySig(grace, 0, block.timestamp, v, r, s);
    }

    // Governance's own settings

    function test_settingsChangeByVote() public {
        Proposal memory proposal =
            Proposal(new address[](6), new uint256[](6), new bytes[](6), "all settings at their bounds");
        for (uint256 i; i < 5; ++i) {
            proposal.targets[i] = address(governor);
        }
        proposal.targets[5] = address(timelock);
        proposal.calldatas[0] = abi.encodeCall(governor.setVotingDelay, (1 hours));
        proposal.calldatas[1] = abi.encodeCall(governor.setVotingPeriod, (14 days));
        proposal.calldatas[2] = abi.encodeCall(governor.setProposalThreshold, (1000 ether));
        proposal.calldatas[3] = abi.encodeCall(governor.updateQuorumNumerator, (20));
        proposal.calldatas[4] = abi.encodeCall(governor.setLateQuorumVoteExtension, (3 days));
        proposal.calldatas[5] = abi.encodeCall(timelock.updateDelay, (1 days));
        governor.execute(carried(proposal));
        vm.assertEq(governor.votingDelay(), 1 hours);
        vm.assertEq(governor.votingPeriod(), 14 days);
        vm.assertEq(governor.proposalThreshold(), 1000 ether);
        vm.assertEq(governor.quorumNumerator(), 20);
        vm.assertEq(governor.lateQuorumVoteExtension(), 3 days);
        vm.assertEq(timelock.getMinDelay(), 1 days);
    }

    function test_settings_neverBeyondTheirBounds() public {
        _refused(
            address(governor),
            abi.encodeCall(governor.setVotingDelay, (1 hours - 1)),
            "votingDelaySeconds",
            3599,
            3600,
            7 days
        );
        _refused(
            address(governor),
            abi.encodeCall(governor.setVotingDelay, (7 days + 1)),
            "votingDelaySeconds",
            7 days + 1,
            3600,
            7 days
        );
        _refused(
            address(governor),
            abi.encodeCall(governor.setVotingPeriod, (3 days - 1)),
            "votingPeriodSeconds",
            3 days - 1,
            3 days,
            14 days
        );
        _refused(
            address(governor),
            abi.encodeCall(governor.setVotingPeriod, (14 days + 1)),
            "votingPeriodSeconds",
            14 days + 1,
            3 days,
            14 days
        );
        _refused(
            address(governor),
            abi.encodeCall(governor.setProposalThreshold, (0)),
            "proposalThresholdWei",
            0,
            1000 ether,
            10_000_000 ether
        );
        _refused(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (1)), "quorumPercent", 1, 2, 20);
        _refused(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (21)), "quorumPercent", 21, 2, 20);
        _refused(
            address(governor),
            abi.encodeCall(governor.setLateQuorumVoteExtension, (0)),
            "lateQuorumSeconds",
            0,
            1 days,
            3 days
        );
        _refused(address(timelock), abi.encodeCall(timelock.updateDelay, (0)), "timelockSeconds", 0, 1 days, 30 days);
        _refused(
            address(timelock),
            abi.encodeCall(timelock.updateDelay, (30 days + 1)),
            "timelockSeconds",
            30 days + 1,
            1 days,
            30 days
        );
    }

    function test_parameter_beyondItsBounds_failsSimulatedAndExecuted() public {
        bytes memory refusal = abi.encodeWithSelector(IParameters.OutOfBounds.selector, KEY, 1, 6 hours, 14 days);
        // The simulation is this call, made by eth_call in the timelock's name.
        vm.expectRevert(refusal);
        vm.prank(address(timelock));
        parameters.set(KEY, 1);
        uint256 id = carried(setParameter(KEY, 1));
        vm.expectRevert(refusal);
        governor.execute(id);
        vm.assertEq(parameters.get(KEY), 1 days);
    }

    function test_quorum_ofAnOlderProposalStays() public {
        uint256 change = carried(one(address(governor), abi.encodeCall(governor.updateQuorumNumerator, (20)), "up"));
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        toVoting(id);
        governor.execute(change);
        vm.assertEq(governor.quorum(governor.proposalSnapshot(id)), 40_000_000 ether);
        vm.warp(block.timestamp + 1);
        vm.assertEq(governor.quorum(block.timestamp - 1), 200_000_000 ether);
    }

    // Deployment

    function test_constructor_refusesBounds() public {
        GovernanceSettings memory wrong = settings();
        wrong.quorumPercent = Setting(1, 2, 20);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernanceBounds.OutOfBounds.selector, bytes32("quorumPercent"), 1, 2, 20)
        );
        new OpenGovernor(token, timelock, wrong);
        wrong.quorumPercent = Setting(4, 2, 101);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernanceBounds.InvalidBounds.selector, bytes32("quorumPercent"), 2, 101)
        );
        new OpenGovernor(token, timelock, wrong);
        wrong = settings();
        uint256 beyond = uint256(type(uint32).max) + 1;
        wrong.votingPeriodSeconds = Setting(5 days, 3 days, beyond);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernanceBounds.InvalidBounds.selector, bytes32("votingPeriodSeconds"), 3 days, beyond
            )
        );
        new OpenGovernor(token, timelock, wrong);
        wrong.votingPeriodSeconds = Setting(5 days, 6 days, 5 days);
        vm.expectRevert(
            abi.encodeWithSelector(
                IGovernanceBounds.InvalidBounds.selector, bytes32("votingPeriodSeconds"), 6 days, 5 days
            )
        );
        new OpenGovernor(token, timelock, wrong);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernanceBounds.OutOfBounds.selector, bytes32("timelockSeconds"), 1, 2, 3)
        );
        new OpenTimelock(Setting(1, 2, 3), deployer);
    }

    function _refused(address target, bytes memory data, bytes32 key, uint256 value, uint256 min, uint256 max) private {
        uint256 id = carried(one(target, data, string(data)));
        vm.expectRevert(abi.encodeWithSelector(IGovernanceBounds.OutOfBounds.selector, key, value, min, max));
        governor.execute(id);
    }
}
