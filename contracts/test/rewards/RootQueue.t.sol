// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IAttributionRewards} from "../../src/interfaces/IAttributionRewards.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {RootClaim, RootProposal} from "../../src/types/Rewards.sol";
import {RewardsWorld} from "../support/RewardsWorld.sol";

/// @dev The queue of roots: who may put one in, when it pays, what a bond stands behind.
contract RootQueueTest is RewardsWorld {
    function setUp() public override {
        super.setUp();
        fund(100);
    }

    function test_fund() public {
        give(address(this), 5);
        token.approve(address(rewards), 5);
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.Funded(address(this), 5, 105);
        rewards.fund(5);
        vm.assertEq(rewards.collected(), 105);
        vm.assertEq(token.balanceOf(rewards.till()), 105);
        vm.assertEq(token.balanceOf(address(rewards)), 0);
        vm.expectRevert(IAttributionRewards.ZeroAmount.selector);
        rewards.fund(0);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(rewards), 0, 5)
        );
        rewards.fund(5);
    }

    function test_propose() public {
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        RootProposal memory proposal = proposalOf(PROPOSER, claim_);
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.BondLocked(PROPOSER, BOND);
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.RootProposed(1, hashOf(proposal), proposal, CERTIFICATE);
        propose(claim_);
        assertPending(proposal);
        vm.assertEq(rewards.proposedEpoch(), 1);
        vm.assertEq(rewards.proposedTotalWei(), 100);
        vm.assertEq(rewards.activeEpoch(), 0);
        vm.assertEq(rewards.activeRoot(), bytes32(0));
        vm.assertEq(stakes.lockedFor(PROPOSER, address(rewards)), BOND);
        IAttributionRewards.Proposer memory proposer = rewards.getProposer(PROPOSER);
        vm.assertTrue(proposer.allowed && proposer.bondWei == BOND && proposer.lastEpoch == 1);
    }

    function test_activate_movesWhatIsPromisedAndNoMore() public {
        RootProposal memory first = propose(book(20, 10, 10));
        RootProposal memory second = propose(book(30, 20, 10));
        vm.warp(second.challengeEnds);
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.RootActivated(1, hashOf(first), 40);
        rewards.activate(first);
        vm.assertEq(token.balanceOf(address(rewards)), 40);
        vm.assertEq(token.balanceOf(rewards.till()), 60);
        vm.assertEq(rewards.activeRoot(), first.claim.earningsRoot);
        rewards.activate(second);
        vm.assertEq(token.balanceOf(address(rewards)), 60);
        vm.assertEq(rewards.activeEpoch(), 2);
        vm.assertEq(rewards.pendingHash(2), bytes32(0));
    }

    /// @dev One bond stands behind all of a proposer's roots.
    function test_bond_isLockedOnce() public {
        propose(book(20, 10, 10));
        propose(book(30, 20, 10));
        vm.assertEq(stakes.lockedFor(PROPOSER, address(rewards)), BOND);
    }

    function test_bond_followsTheParameterAtTheNextProposal() public {
        propose(book(20, 10, 10));
        vm.prank(GOVERNOR);
        parameters.set("rootBondWei", 150_000 ether);
        propose(book(30, 20, 10));
        vm.assertEq(stakes.lockedFor(PROPOSER, address(rewards)), 150_000 ether);
        vm.prank(GOVERNOR);
        parameters.set("rootBondWei", BOND);
        propose(book(30, 20, 10));
        vm.assertEq(stakes.lockedFor(PROPOSER, address(rewards)), 150_000 ether);
    }

    function test_releaseBond() public {
        RootProposal memory first = propose(book(20, 10, 10));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.BondInUse.selector, PROPOSER, 1));
        rewards.releaseBond(PROPOSER);
        RootProposal memory second = proposeAs(SECOND, claimOf(book(30, 20, 10)));
        activate(first);
        // The second's waits still, the first's does not.
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.BondReleased(PROPOSER, BOND);
        rewards.releaseBond(PROPOSER);
        vm.assertEq(stakes.lockedFor(PROPOSER, address(rewards)), 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.BondInUse.selector, SECOND, 2));
        rewards.releaseBond(SECOND);
        activate(second);
        rewards.releaseBond(SECOND);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotBonded.selector, SECOND));
        rewards.releaseBond(SECOND);
    }

    function test_bond_canBeLockedBefore() public {
        vm.prank(PROPOSER);
        rewards.bond();
        vm.assertEq(stakes.lockedFor(PROPOSER, address(rewards)), BOND);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotProposer.selector, address(this)));
        rewards.bond();
    }

    function test_advance_isActivateAndPropose() public {
        RootProposal memory first = propose(book(20, 10, 10));
        vm.warp(first.challengeEnds);
        RootClaim memory next = claimOf(book(30, 20, 10));
        RootProposal memory second = proposalOf(PROPOSER, next);
        vm.prank(PROPOSER);
        vm.assertEq(rewards.advance(first, next, CERTIFICATE), hashOf(second));
        vm.assertEq(rewards.activeEpoch(), 1);
        assertPending(second);
    }

    function test_emptyEpochs() public {
        RootClaim memory claim_ = claimOf(0, 0, 0);
        (claim_.receiptsRoot, claim_.receipts) = (0, 0);
        RootProposal memory proposal = propose(claim_);
        activate(proposal);
        vm.assertEq(rewards.activeEpoch(), 1);
        vm.assertEq(rewards.activeRoot(), bytes32(0));
    }

    function test_propose_refuses() public {
        RootClaim memory good = claimOf(book(60, 30, 10));
        RootClaim memory bad = _copy(good);
        bad.epoch = 2;
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.InvalidEpoch.selector, 2, 1));
        bad.epoch = 0;
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.InvalidEpoch.selector, 0, 1));
        bad = _copy(good);
        bad.totalCumulativeWei = 101;
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.TotalExceedsCollected.selector, 101, 100));
        bad.totalCumulativeWei = 0;
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.RootDisagrees.selector, "earningsRoot"));
        bad = _copy(good);
        bad.earningsRoot = 0;
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.RootDisagrees.selector, "earningsRoot"));
        bad = _copy(good);
        bad.accounts = 0;
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.RootDisagrees.selector, "accounts"));
        bad = _copy(good);
        bad.receipts = 0;
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.RootDisagrees.selector, "receiptsRoot"));
        bad = _copy(good);
        bad.dataRoot = 0;
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.DataMissing.selector));
        bad = _copy(good);
        bad.dataChunks = 0;
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.DataMissing.selector));
        vm.prank(PROPOSER);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidCertificate.selector, 0, 16_384));
        rewards.propose(good, "");
        vm.prank(PROPOSER);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidCertificate.selector, 16_385, 16_384));
        rewards.propose(good, new bytes(16_385));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotProposer.selector, address(this)));
        rewards.propose(good, CERTIFICATE);
        propose(good);
        bad = claimOf(book(60, 30, 9));
        _refused(bad, abi.encodeWithSelector(IAttributionRewards.TotalShrinks.selector, 99, 100));
    }

    function test_propose_refusesWithoutStake() public {
        vm.prank(GOVERNOR);
        rewards.setProposer(BOB, true);
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, BOB, 0, BOND));
        rewards.propose(claim_, CERTIFICATE);
    }

    function test_queueIsBounded_andPlacesComeRoundAgain() public {
        for (uint256 i; i < 31; ++i) {
            propose(book(20 + i, 10, 10));
        }
        _refused(claimOf(book(60, 10, 10)), abi.encodeWithSelector(IAttributionRewards.QueueFull.selector, 31));
        for (uint256 epoch = 1; epoch <= 31; ++epoch) {
            activate(proposals[epoch]);
        }
        for (uint256 i; i < 31; ++i) {
            propose(book(60, 10, 10));
        }
        // All fall but the place before the first of them must still name what pays.
        RootProposal memory first = proposals[32];
        vm.assertEq(first.previousHash, hashOf(proposals[31]));
        vm.prank(address(challenges));
        rewards.strike(first, CHALLENGER, type(uint256).max, "test");
        RootProposal memory again = proposeAs(SECOND, claimOf(book(60, 20, 10)));
        vm.assertEq(again.previousHash, hashOf(proposals[31]));
        assertPending(again);
    }

    function test_activate_refuses() public {
        RootProposal memory first = propose(book(20, 10, 10));
        RootProposal memory second = propose(book(30, 20, 10));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.StillOpen.selector, 1, first.challengeEnds));
        rewards.activate(first);
        vm.warp(first.challengeEnds - 1);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.StillOpen.selector, 1, first.challengeEnds));
        rewards.activate(first);
        vm.warp(first.challengeEnds);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidEpoch.selector, 2, 1));
        rewards.activate(second);
        RootProposal memory forged = proposals[1];
        forged.claim.earningsRoot = "other";
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotPending.selector, 1, hashOf(forged)));
        rewards.activate(forged);
        rewards.activate(first);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidEpoch.selector, 1, 2));
        rewards.activate(first);
    }

    /// @dev What was proposed under a longer time keeps it: the governor cannot cut a window short that is open.
    function test_challengeTimeIsThatOfTheProposal() public {
        RootProposal memory first = propose(book(20, 10, 10));
        vm.prank(GOVERNOR);
        parameters.set("challengeSeconds", 6 hours);
        vm.warp(block.timestamp + 6 hours);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.StillOpen.selector, 1, first.challengeEnds));
        rewards.activate(first);
    }

    function test_strike_takesLaterRootsAlong() public {
        propose(book(20, 10, 10));
        RootProposal memory second = proposeAs(SECOND, claimOf(book(30, 20, 10)));
        RootProposal memory third = propose(book(30, 30, 10));
        uint256 treasuryBefore = token.balanceOf(TREASURY);
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.RootFallen(2, hashOf(second), CHALLENGER, "test");
        vm.prank(address(challenges));
        rewards.strike(second, CHALLENGER, type(uint256).max, "test");
        assertFell(second);
        vm.assertEq(rewards.pendingHash(3), bytes32(0));
        assertPending(proposals[1]);
        // The second loses its bond; the first, whose later root fell with it, loses nothing.
        vm.assertEq(rewards.getProposer(SECOND).bondWei, 0);
        vm.assertEq(rewards.getProposer(PROPOSER).bondWei, BOND);
        vm.assertEq(token.balanceOf(CHALLENGER), BOND / 2);
        vm.assertEq(token.balanceOf(TREASURY) - treasuryBefore, BOND / 4);
        vm.assertEq(stakes.getPool(SECOND).activeWei, 0);
        // The epoch is open again.
        activate(proposals[1]);
        RootProposal memory again = propose(book(30, 20, 20));
        vm.assertEq(again.claim.epoch, 2);
        vm.prank(address(challenges));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotPending.selector, 3, hashOf(third)));
        rewards.strike(third, CHALLENGER, type(uint256).max, "test");
    }

    function test_strike_withoutFaultSlashesNobody() public {
        RootProposal memory first = propose(book(20, 10, 10));
        vm.prank(address(challenges));
        rewards.strike(first, address(0), type(uint256).max, "jury");
        assertFell(first);
        vm.assertEq(rewards.getProposer(PROPOSER).bondWei, BOND);
        vm.assertEq(stakes.lockedFor(PROPOSER, address(rewards)), BOND);
    }

    /// @dev A proposer struck for one root has no bond behind its earlier ones: they do not pay until it has, and anybody drops them.
    function test_unbondedRootsDoNotPay() public {
        RootProposal memory first = propose(book(20, 10, 10));
        RootProposal memory second = propose(book(30, 10, 10));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.StillBonded.selector, PROPOSER));
        rewards.drop(first);
        vm.prank(address(challenges));
        rewards.strike(second, CHALLENGER, type(uint256).max, "test");
        vm.warp(first.challengeEnds);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotBonded.selector, PROPOSER));
        rewards.activate(first);
        vm.prank(PROPOSER);
        rewards.bond();
        rewards.activate(first);
        vm.assertEq(rewards.activeEpoch(), 1);
    }

    function test_drop() public {
        RootProposal memory first = propose(book(20, 10, 10));
        RootProposal memory second = propose(book(30, 10, 10));
        vm.prank(address(challenges));
        rewards.strike(second, CHALLENGER, type(uint256).max, "test");
        rewards.drop(first);
        assertFell(first);
        RootProposal memory again = proposeAs(SECOND, claimOf(book(20, 10, 10)));
        activate(again);
        vm.assertEq(rewards.activeEpoch(), 1);
    }

    /// @dev Stake that is locked twice over, since others slashed it, is no bond for a new root.
    function test_propose_refusesABareBond() public {
        propose(book(20, 10, 10));
        // The proposer's other lock is slashed to the last wei, and its free stake leaves.
        uint256 free = stakes.freeOf(PROPOSER);
        vm.prank(address(challenges));
        stakes.lock(PROPOSER, free);
        vm.prank(PROPOSER);
        stakes.undelegate(PROPOSER, BOND / 2);
        vm.assertFalse(stakes.isCovered(PROPOSER));
        _refused(claimOf(book(30, 10, 10)), abi.encodeWithSelector(IAttributionRewards.NotBonded.selector, PROPOSER));
    }

    function test_onlyChallenges() public {
        RootProposal memory first = propose(book(20, 10, 10));
        bytes memory reason =
            abi.encodeWithSelector(IAttributionRewards.NotChallenges.selector, address(this), address(challenges));
        vm.expectRevert(reason);
        rewards.strike(first, address(this), type(uint256).max, "mine");
        vm.expectRevert(reason);
        rewards.hold(1, hashOf(first));
        vm.expectRevert(reason);
        rewards.letGo(hashOf(first));
    }

    function test_hold() public {
        RootProposal memory first = propose(book(20, 10, 10));
        bytes32 rootHash = hashOf(first);
        vm.prank(address(challenges));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotPending.selector, 1, bytes32("other")));
        rewards.hold(1, "other");
        vm.prank(address(challenges));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotPending.selector, 2, bytes32(0)));
        rewards.hold(2, 0);
        vm.startPrank(address(challenges));
        rewards.hold(1, rootHash);
        rewards.hold(1, rootHash);
        rewards.letGo(rootHash);
        vm.stopPrank();
        vm.warp(first.challengeEnds);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.Held.selector, 1, 1));
        rewards.activate(first);
        vm.prank(address(challenges));
        rewards.letGo(rootHash);
        rewards.activate(first);
    }

    function test_setProposer() public {
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotGovernor.selector, address(this), GOVERNOR));
        rewards.setProposer(BOB, true);
        RootProposal memory first = propose(book(20, 10, 10));
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.ProposerSet(PROPOSER, false);
        vm.prank(GOVERNOR);
        rewards.setProposer(PROPOSER, false);
        _refused(claimOf(book(30, 10, 10)), abi.encodeWithSelector(IAttributionRewards.NotProposer.selector, PROPOSER));
        activate(first);
        rewards.releaseBond(PROPOSER);
        vm.prank(GOVERNOR);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ZeroAccount.selector, "proposer"));
        rewards.setProposer(address(0), true);
    }

    function test_initialise() public {
        AttributionRewards fresh = new AttributionRewards(token, parameters, stakes, address(this));
        address[] memory proposers = new address[](0);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotDeployer.selector, BOB, address(this)));
        fresh.initialise(BOB, proposers);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ZeroAccount.selector, "challenges"));
        fresh.initialise(address(0), proposers);
        fresh.initialise(address(challenges), proposers);
        vm.expectRevert(IAttributionRewards.AlreadyInitialised.selector);
        fresh.initialise(BOB, proposers);
    }

    function test_constructor_refusesZeroAccounts() public {
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ZeroAccount.selector, "token"));
        new AttributionRewards(IOpenToken(address(0)), parameters, stakes, address(this));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ZeroAccount.selector, "parameters"));
        new AttributionRewards(token, IParameters(address(0)), stakes, address(this));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ZeroAccount.selector, "stakes"));
        new AttributionRewards(token, parameters, IStakePool(address(0)), address(this));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ZeroAccount.selector, "deployer"));
        new AttributionRewards(token, parameters, stakes, address(0));
    }

    function _copy(RootClaim memory it) private pure returns (RootClaim memory) {
        return abi.decode(abi.encode(it), (RootClaim));
    }

    function _refused(RootClaim memory claim_, bytes memory reason) private {
        vm.prank(PROPOSER);
        vm.expectRevert(reason);
        rewards.propose(claim_, CERTIFICATE);
    }
}
