// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {OpenGovernor} from "../../src/governance/OpenGovernor.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {GovernanceWorld} from "../support/GovernanceWorld.sol";

/// @dev What somebody who has read the code would try.
contract OpenGovernorAttacks is GovernanceWorld {
    bytes32 private constant KEY = "challengeSeconds";
    address private immutable thief = address(0x7413f);

    // Votes that are not one's own

    function test_attack_flashLoanAfterTheSnapshot() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        toVoting(id);
        _lend(400_000_000 ether);
        voteAs(thief, id, FOR);
        _assertVotes(id, 0);
    }

    /// @dev Borrowed, used and returned in the very second of the snapshot: what counts is what one had at its end.
    function test_attack_flashLoanInTheSnapshotsSecond() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        vm.warp(governor.proposalSnapshot(id));
        _lend(400_000_000 ether);
        vm.prank(thief);
        token.transfer(treasury, 400_000_000 ether);
        toVoting(id);
        voteAs(thief, id, FOR);
        _assertVotes(id, 0);
    }

    function test_attack_flashLoanToPropose() public {
        _lend(400_000_000 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IGovernor.GovernorInsufficientProposerVotes.selector, thief, 0, 100_000 ether)
        );
        proposeAs(thief, setParameter(KEY, 2 days));
    }

    function test_attack_voteThenHandTheCoinsOn() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        toVoting(id);
        voteAs(alan, id, FOR);
        vm.prank(alan);
        token.transfer(thief, 50_000_000 ether);
        vm.prank(thief);
        token.delegate(thief);
        voteAs(thief, id, FOR);
        _assertVotes(id, 50_000_000 ether);
    }

    function test_attack_delegateTwice() public {
        vm.prank(alan);
        token.delegate(thief);
        vm.prank(alan);
        token.delegate(nobody);
        vm.warp(block.timestamp + 1);
        vm.assertEq(token.getVotes(thief), 0);
        vm.assertEq(token.getVotes(nobody), 50_000_000 ether);
    }

    /// @dev Burning others' supply away is no way to a smaller quorum for votes that have begun.
    function test_attack_burnToLowerTheQuorum() public {
        uint256 id = proposeAs(ada, setParameter(KEY, 2 days));
        toVoting(id);
        uint256 before = governor.quorum(governor.proposalSnapshot(id));
        vm.prank(treasury);
        token.burn(400_000_000 ether);
        vm.assertEq(governor.quorum(governor.proposalSnapshot(id)), before);
    }

    // Signatures

    function test_attack_ballotReplayed() public {
        uint256 first = proposeAs(grace, setParameter(KEY, 2 days));
        uint256 second = proposeAs(grace, setParameter(KEY, 3 days));
        toVoting(second);
        bytes memory signature = ballotSignature(ADA_KEY, first, FOR, 0, address(governor), block.chainid);
        governor.castVoteBySig(first, FOR, ada, signature);
        _refusedBallot(first, FOR, signature);
        _refusedBallot(second, FOR, signature);
        _refusedBallot(second, AGAINST, signature);
    }

    function test_attack_ballotOfAnotherChainContractOrNonce() public {
        uint256 id = proposeAs(grace, setParameter(KEY, 2 days));
        toVoting(id);
        _refusedBallot(id, FOR, ballotSignature(ADA_KEY, id, FOR, 0, address(governor), block.chainid + 1));
        _refusedBallot(id, FOR, ballotSignature(ADA_KEY, id, FOR, 0, address(token), block.chainid));
        _refusedBallot(id, FOR, ballotSignature(ADA_KEY, id, FOR, 1, address(governor), block.chainid));
        _refusedBallot(id, AGAINST, ballotSignature(ADA_KEY, id, FOR, 0, address(governor), block.chainid));
        _refusedBallot(id, FOR, ballotSignature(0xBAD, id, FOR, 0, address(governor), block.chainid));
        vm.chainId(block.chainid + 1);
        _refusedBallot(id, FOR, ballotSignature(ADA_KEY, id, FOR, 0, address(governor), block.chainid - 1));
    }

    // Around the vote

    function test_attack_changeWithoutGovernance() public {
        vm.startPrank(ada);
        vm.expectRevert(abi.encodeWithSelector(IParameters.NotGovernor.selector, ada, address(timelock)));
        parameters.set(KEY, 2 days);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, ada));
        governor.setVotingDelay(1 hours);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, ada));
        governor.relay(address(parameters), 0, "");
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorOnlyExecutor.selector, ada));
        governor.updateQuorumNumerator(2);
        vm.expectRevert();
        timelock.updateDelay(1 days);
        vm.stopPrank();
    }

    function test_attack_scheduleAroundTheGovernor() public {
        bytes memory data = abi.encodeCall(IParameters.set, (KEY, 2 days));
        bytes32 role = timelock.PROPOSER_ROLE();
        vm.expectRevert(abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, ada, role));
        vm.prank(ada);
        timelock.schedule(address(parameters), 0, data, 0, 0, 2 days);
        vm.expectRevert();
        timelock.execute(address(parameters), 0, data, 0, 0);
        vm.expectRevert(
            abi.encodeWithSelector(IAccessControl.AccessControlUnauthorizedAccount.selector, deployer, bytes32(0))
        );
        vm.prank(deployer);
        timelock.grantRole(role, deployer);
    }

    /// @dev A queued call on the governor itself must come through its own `execute`: straight from the timelock it is refused,
    /// so no later proposer of the timelock could change governance's settings.
    function test_attack_executeStraightAtTheTimelock() public {
        Proposal memory proposal = one(address(governor), abi.encodeCall(governor.setVotingDelay, (1 hours)), "own");
        uint256 id = carried(proposal);
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(proposal.description));
        vm.expectRevert();
        timelock.executeBatch(proposal.targets, proposal.values, proposal.calldatas, 0, salt);
        governor.execute(id);
        vm.assertEq(governor.votingDelay(), 1 hours);
    }

    /// @dev For calls elsewhere anybody may execute at the timelock; the governor then knows that it is done, once.
    function test_timelockExecution_isSeenByTheGovernor() public {
        Proposal memory proposal = setParameter(KEY, 2 days);
        uint256 id = carried(proposal);
        bytes32 salt = bytes20(address(governor)) ^ keccak256(bytes(proposal.description));
        timelock.executeBatch(proposal.targets, proposal.values, proposal.calldatas, 0, salt);
        expectState(id, IGovernor.ProposalState.Executed);
        vm.expectRevert(unexpected(id, IGovernor.ProposalState.Executed, 32));
        governor.execute(id);
    }

    function test_attack_proposalTakenFromTheMempool() public {
        string memory named = string.concat("mine#proposer=", _hex(ada));
        Proposal memory proposal = one(address(parameters), abi.encodeCall(IParameters.set, (KEY, 2 days)), named);
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorRestrictedProposer.selector, grace));
        proposeAs(grace, proposal);
        proposeAs(ada, proposal);
    }

    function test_attack_moneyThrownAtTheGovernor() public {
        (bool sent,) = address(governor).call("");
        vm.assertFalse(sent);
    }

    /// @dev A proposal that fails leaves nothing half done and can be tried again.
    function test_attack_batchThatFailsHalfway() public {
        Proposal memory proposal =
            Proposal(new address[](2), new uint256[](2), new bytes[](2), "first well, then beyond");
        proposal.targets[0] = proposal.targets[1] = address(parameters);
        proposal.calldatas[0] = abi.encodeCall(IParameters.set, (KEY, 2 days));
        proposal.calldatas[1] = abi.encodeCall(IParameters.set, (KEY, 1));
        uint256 id = carried(proposal);
        vm.expectRevert(abi.encodeWithSelector(IParameters.OutOfBounds.selector, KEY, 1, 6 hours, 14 days));
        governor.execute(id);
        vm.assertEq(parameters.get(KEY), 1 days);
        expectState(id, IGovernor.ProposalState.Queued);
    }

    function _lend(uint256 amountWei) private {
        vm.prank(thief);
        token.delegate(thief);
        vm.prank(treasury);
        token.transfer(thief, amountWei);
    }

    function _assertVotes(uint256 id, uint256 wanted) private view {
        (, uint256 forVotes,) = governor.proposalVotes(id);
        vm.assertEq(forVotes, wanted);
    }

    function _refusedBallot(uint256 id, uint8 support, bytes memory signature) private {
        vm.expectRevert(abi.encodeWithSelector(IGovernor.GovernorInvalidSignature.selector, ada));
        governor.castVoteBySig(id, support, ada, signature);
    }

    function _hex(address account) private pure returns (string memory) {
        bytes memory text = new bytes(42);
        (text[0], text[1]) = ("0", "x");
        for (uint256 i; i < 40; ++i) {
            text[i + 2] = bytes("0123456789abcdef")[(uint160(account) >> (156 - 4 * i)) & 15];
        }
        return string(text);
    }
}
