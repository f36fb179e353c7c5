// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAttributionRewards} from "../../src/interfaces/IAttributionRewards.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {IRootChallenges} from "../../src/interfaces/IRootChallenges.sol";
import {RootClaim, RootProposal} from "../../src/types/Rewards.sol";
import {RewardsWorld} from "../support/RewardsWorld.sol";

/// @dev What only a rebuild shows: a jury of verifiers says whether a root is right, and its word is carried out.
contract RootDisputesTest is RewardsWorld {
    uint256 private constant FEE = 50 ether;
    uint256 private constant SEAT = 10_000 ether;

    function setUp() public override {
        super.setUp();
        fund(100);
        give(CHALLENGER, 1000 ether);
        vm.prank(CHALLENGER);
        token.approve(address(challenges), type(uint256).max);
    }

    function test_rootWrong() public {
        _seats(7);
        RootProposal memory proposal = propose(book(60, 30, 10));
        bytes32 rootHash = hashOf(proposal);
        vm.expectEmit(address(challenges));
        emit IRootChallenges.DisputeOpened(rootHash, 1, CHALLENGER, 1);
        vm.prank(CHALLENGER);
        uint256 caseId = challenges.dispute(proposal);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), SMALL_BOND);
        vm.assertEq(token.balanceOf(address(jury)), FEE);
        vm.warp(proposal.challengeEnds);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.Held.selector, 1, 1));
        rewards.activate(proposal);
        _judge(caseId, 2);
        uint256 before = token.balanceOf(CHALLENGER);
        vm.expectEmit(address(challenges));
        emit IRootChallenges.DisputeResolved(rootHash, caseId, 2);
        challenges.resolveDispute(proposal);
        assertFell(proposal);
        // As much as it would have lost; the rest of the half that a proof brings is burnt.
        vm.assertEq(token.balanceOf(CHALLENGER) - before, SMALL_BOND);
        vm.assertEq(stakes.getPool(PROPOSER).activeWei, BOND);
        vm.assertEq(rewards.getProposer(PROPOSER).bondWei, 0);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), 0);
        vm.assertEq(rewards.holds(rootHash), 0);
        _paidOneEach(caseId);
    }

    function test_rootRight() public {
        _seats(7);
        RootProposal memory proposal = propose(book(60, 30, 10));
        vm.prank(CHALLENGER);
        uint256 caseId = challenges.dispute(proposal);
        _judge(caseId, 1);
        challenges.resolveDispute(proposal);
        vm.assertEq(token.balanceOf(PROPOSER), SMALL_BOND / 2);
        vm.assertEq(stakes.getPool(CHALLENGER).activeWei, 99 * SMALL_BOND);
        vm.assertTrue(challenges.isJudged(hashOf(proposal)));
        // That was the last word of a jury over it.
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.NoSuchDispute.selector, hashOf(proposal)));
        challenges.resolveDispute(proposal);
        vm.warp(proposal.challengeEnds - 1);
        activate(proposal);
        vm.assertEq(rewards.activeEpoch(), 1);
    }

    function test_judgedOnce() public {
        _seats(7);
        vm.prank(GOVERNOR);
        parameters.set("challengeSeconds", 14 days);
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        RootProposal memory proposal = proposalOf(PROPOSER, claim_);
        proposal.challengeEnds = uint64(block.timestamp + 14 days);
        vm.prank(PROPOSER);
        rewards.propose(claim_, CERTIFICATE);
        vm.prank(CHALLENGER);
        uint256 caseId = challenges.dispute(proposal);
        vm.prank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.AlreadyOpen.selector, hashOf(proposal)));
        challenges.dispute(proposal);
        _judge(caseId, 1);
        challenges.resolveDispute(proposal);
        vm.prank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.AlreadyJudged.selector, hashOf(proposal)));
        challenges.dispute(proposal);
    }

    /// @dev Jurors who do not come leave a root undecided: it falls, so that nothing doubtful pays, and nobody is slashed.
    function test_undecided() public {
        _seats(7);
        RootProposal memory proposal = propose(book(60, 30, 10));
        vm.prank(CHALLENGER);
        uint256 caseId = challenges.dispute(proposal);
        uint256 before = token.balanceOf(CHALLENGER);
        _draw(caseId);
        vm.warp(block.timestamp + 3 days);
        jury.count(caseId);
        challenges.resolveDispute(proposal);
        assertFell(proposal);
        vm.assertEq(rewards.getProposer(PROPOSER).bondWei, BOND);
        vm.assertEq(stakes.getPool(CHALLENGER).activeWei, 100 * SMALL_BOND);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), 0);
        // Nobody voted, so the fee came back, and went on to who had paid it.
        vm.assertEq(token.balanceOf(CHALLENGER) - before, FEE);
        vm.assertEq(token.balanceOf(address(challenges)), 0);
        // The next one goes through: an absent jury puts it off, and pays for it.
        RootProposal memory again = propose(book(60, 30, 10));
        activate(again);
    }

    function test_rootFellMeanwhile() public {
        _seats(7);
        RootProposal memory proposal = propose(book(60, 30, 10));
        vm.prank(CHALLENGER);
        uint256 caseId = challenges.dispute(proposal);
        vm.prank(address(challenges));
        rewards.strike(proposal, BOB, type(uint256).max, "test");
        RootProposal memory again = proposeAs(SECOND, claimOf(book(60, 30, 10)));
        _judge(caseId, 1);
        challenges.resolveDispute(proposal);
        // The bond is whole, whatever the verdict over a root that is gone; the new one stands.
        vm.assertEq(stakes.getPool(CHALLENGER).activeWei, 100 * SMALL_BOND);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), 0);
        assertPending(again);
        activate(again);
    }

    function test_refuses() public {
        RootProposal memory proposal = propose(book(60, 30, 10));
        vm.prank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.NoJury.selector, 0, 5));
        challenges.dispute(proposal);
        _seats(7);
        vm.prank(CHALLENGER);
        uint256 caseId = challenges.dispute(proposal);
        vm.expectRevert(abi.encodeWithSelector(IJury.WrongPhase.selector, caseId, 1, 4));
        challenges.resolveDispute(proposal);
        RootProposal memory second = propose(book(60, 40, 0));
        vm.warp(second.challengeEnds);
        vm.prank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.TooLate.selector, 2, second.challengeEnds));
        challenges.dispute(second);
    }

    /// @dev Neither side sits in the jury over itself.
    function test_partiesAreExcluded() public {
        bytes32 role = jury.VERIFIER();
        vm.prank(PROPOSER);
        jury.join(role);
        vm.prank(CHALLENGER);
        jury.join(role);
        _seats(5);
        RootProposal memory proposal = propose(book(60, 30, 10));
        vm.prank(CHALLENGER);
        uint256 caseId = challenges.dispute(proposal);
        _draw(caseId);
        address[] memory jurors = jury.jurorsOf(caseId);
        vm.assertEq(jurors.length, 5);
        for (uint256 i; i < 5; ++i) {
            vm.assertTrue(jurors[i] != PROPOSER && jurors[i] != CHALLENGER);
        }
    }

    /// @dev Of five asked two are found, the others' stakes being on their way out: they say nothing, the root stands.
    function test_aFewJurorsSayNothing() public {
        _seats(5);
        RootProposal memory proposal = propose(book(60, 30, 10));
        for (uint256 i; i < 3; ++i) {
            address juror = address(uint160(0x10000 + i));
            vm.prank(juror);
            stakes.undelegate(juror, SEAT / 2);
        }
        vm.prank(CHALLENGER);
        uint256 caseId = challenges.dispute(proposal);
        _judge(caseId, 2);
        vm.assertEq(jury.jurorsOf(caseId).length, 2);
        vm.assertEq(jury.verdictOf(caseId), 2);
        vm.expectEmit(address(challenges));
        emit IRootChallenges.DisputeResolved(hashOf(proposal), caseId, 0);
        challenges.resolveDispute(proposal);
        assertPending(proposal);
        activate(proposal);
        vm.assertEq(rewards.getProposer(PROPOSER).bondWei, BOND);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), 0);
    }

    /// @dev Disputing every honest root, to win where one's own jurors happen to be the most of five. Even one who holds nearly half of all seats
    /// loses by it, its jurors' charges not yet counted.
    function test_disputingHonestRootsDoesNotPay() public {
        _seats(7);
        RootProposal memory proposal = propose(book(60, 30, 10));
        uint256 before = _wealth();
        vm.prank(CHALLENGER);
        uint256 caseId = challenges.dispute(proposal);
        uint256 disputed = vm.snapshotState();
        _judge(caseId, 2);
        challenges.resolveDispute(proposal);
        uint256 gainWei = _wealth() + FEE - before;
        vm.revertToState(disputed);
        _judge(caseId, 1);
        challenges.resolveDispute(proposal);
        uint256 lossWei = before - _wealth();
        for (uint256 percent = 1; percent < 50; ++percent) {
            uint256 others = 100 - percent;
            // In 1e10: three, four or five of five; even were the fee to come back to its own jurors.
            uint256 wins = 10 * percent ** 3 * others ** 2 + 5 * percent ** 4 * others + percent ** 5;
            vm.assertLt(wins * gainWei, (1e10 - wins) * lossWei);
        }
    }

    function _wealth() private view returns (uint256) {
        return token.balanceOf(CHALLENGER) + stakes.getPool(CHALLENGER).activeWei;
    }

    function _seats(uint256 count) private {
        bytes32 role = jury.VERIFIER();
        for (uint256 i; i < count; ++i) {
            address juror = address(uint160(0x10000 + i));
            delegate(juror, SEAT);
            vm.prank(juror);
            jury.join(role);
        }
    }

    function _draw(uint256 caseId) private {
        vm.roll(jury.getCase(caseId).drawBlock + 1);
        jury.draw(caseId);
    }

    function _judge(uint256 caseId, uint8 verdict) private {
        _draw(caseId);
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            jury.commitVote(caseId, keccak256(abi.encode(caseId, jurors[i], verdict, bytes32("salt"))));
        }
        for (uint256 i; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            jury.revealVote(caseId, verdict, "salt");
        }
        jury.count(caseId);
    }

    function _paidOneEach(uint256 caseId) private view {
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < jurors.length; ++i) {
            vm.assertEq(jury.owed(jurors[i]), FEE / jurors.length);
        }
    }
}
