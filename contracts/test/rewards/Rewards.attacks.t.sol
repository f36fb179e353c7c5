// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAttributionRewards} from "../../src/interfaces/IAttributionRewards.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {IRootChallenges} from "../../src/interfaces/IRootChallenges.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {EarningsProof, RootClaim, RootProposal} from "../../src/types/Rewards.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {Book, RewardsTrees} from "../support/RewardsTrees.sol";
import {RewardsWorld} from "../support/RewardsWorld.sol";

/// @dev What a reader of the code would try, each carried out; at the end the attacker has no more than before.
contract RewardsAttacksTest is RewardsWorld {
    address private constant ACCOMPLICE = address(0xacc0);

    function setUp() public override {
        super.setUp();
        fund(100);
    }

    /// @dev The proposer pays the one challenger it knows to keep still. Anybody else brings the very same proof.
    function test_bribedChallengerIsNotTheOnlyOne() public {
        (RootProposal memory proposal, EarningsProof memory leaf) = _wrong();
        vm.prank(address(0xbabe));
        challenges.challengeLeaf(proposal, leaf);
        assertFell(proposal);
        vm.assertEq(token.balanceOf(address(0xbabe)), BOND / 2);
    }

    /// @dev Who is about to be caught lets an accomplice be first, to save the challenger's part. The rest is gone, and with it the fraud.
    function test_selfChallengeStillLosesHalf() public {
        uint256 before = stakes.getPool(PROPOSER).activeWei;
        (RootProposal memory proposal, EarningsProof memory leaf) = _wrong();
        vm.prank(ACCOMPLICE);
        challenges.challengeLeaf(proposal, leaf);
        uint256 left = stakes.getPool(PROPOSER).activeWei + token.balanceOf(ACCOMPLICE);
        vm.assertEq(before - left, BOND / 2);
        assertFell(proposal);
    }

    /// @dev A challenger's proof can be copied in flight: the root falls all the same, and the copied one loses nothing but gas.
    function test_copiedProof() public {
        (RootProposal memory proposal, EarningsProof memory leaf) = _wrong();
        vm.prank(ACCOMPLICE);
        challenges.challengeLeaf(proposal, leaf);
        vm.prank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotPending.selector, 1, hashOf(proposal)));
        challenges.challengeLeaf(proposal, leaf);
        vm.assertEq(stakes.getPool(CHALLENGER).activeWei, 100 * SMALL_BOND);
    }

    /// @dev A liar lets a later root of its own be struck, so that its bond is gone and nobody gains by striking the earlier lie.
    function test_burntBondLeavesNoRootBehind() public {
        (RootProposal memory first,) = _wrong();
        Book memory it = book(60, 30, 10);
        it.prefixes[0] = 61;
        RootProposal memory second = propose(it);
        EarningsProof memory leaf = RewardsTrees.proofAt(it, 0);
        vm.prank(ACCOMPLICE);
        challenges.challengeLeaf(second, leaf);
        vm.warp(first.challengeEnds);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotBonded.selector, PROPOSER));
        rewards.activate(first);
        rewards.drop(first);
        assertFell(first);
    }

    /// @dev Stake that leaves when the lie is told is still there when it is found.
    function test_undelegatingDoesNotEvadeTheSlash() public {
        (RootProposal memory proposal, EarningsProof memory leaf) = _wrong();
        uint256 shares = stakes.sharesOf(PROPOSER, PROPOSER);
        vm.prank(PROPOSER);
        uint256 index = stakes.undelegate(PROPOSER, shares);
        vm.warp(proposal.challengeEnds - 1);
        vm.prank(CHALLENGER);
        challenges.challengeLeaf(proposal, leaf);
        vm.assertEq(token.balanceOf(CHALLENGER), BOND / 2);
        vm.warp(block.timestamp + 60 days);
        vm.assertEq(stakes.withdraw(PROPOSER, PROPOSER, index), BOND);
    }

    function test_bondIsNotReleasedWhileARootCanFall() public {
        (RootProposal memory proposal,) = _wrong();
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.BondInUse.selector, PROPOSER, 1));
        rewards.releaseBond(PROPOSER);
        vm.warp(proposal.challengeEnds + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.BondInUse.selector, PROPOSER, 1));
        rewards.releaseBond(PROPOSER);
    }

    /// @dev Another's later root falls with the first: its bond stays, locked only until the queue is past it.
    function test_othersBondIsNotCaughtByAFall() public {
        (RootProposal memory first, EarningsProof memory leaf) = _wrong();
        proposeAs(SECOND, claimOf(book(60, 30, 10)));
        challenges.challengeLeaf(first, leaf);
        vm.assertEq(rewards.getProposer(SECOND).bondWei, BOND);
        // Nothing waits any more, so nothing holds the bond.
        rewards.releaseBond(SECOND);
        vm.assertEq(stakes.lockedFor(SECOND, address(rewards)), 0);
    }

    function test_fallenRootComesBackOnlyAsANewProposal() public {
        (RootProposal memory proposal, EarningsProof memory leaf) = _wrong();
        challenges.challengeLeaf(proposal, leaf);
        vm.warp(proposal.challengeEnds);
        RootProposal memory other = proposeAs(SECOND, claimOf(book(60, 30, 10)));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotPending.selector, 1, hashOf(proposal)));
        rewards.activate(proposal);
        // And a fault of the old one says nothing of the new one.
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotPending.selector, 1, hashOf(proposal)));
        challenges.challengeLeaf(proposal, leaf);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "earning"));
        challenges.challengeLeaf(other, leaf);
        activate(other);
    }

    /// @dev A true leaf said to stand elsewhere: beyond the last, where no leaf may be, as its own neighbour, or at an index that the climb would
    /// read as its own, since only the bits of the tree's levels choose sides. An honest root stands, whatever is shown of it.
    function testFuzz_aTrueLeafAtAnotherIndex(uint256 accounts, uint256 at, uint32 index, uint8 turn) public {
        Book memory it = _honest(bound(accounts, 1, 9));
        RootProposal memory proposal = propose(it);
        at = bound(at, 0, it.accounts.length - 1);
        EarningsProof memory leaf = RewardsTrees.proofAt(it, at);
        // Half of the time one that leads to the very same root.
        if (turn % 2 == 0) index = uint32(at + (uint256(1) << (leaf.siblings.length + turn % 24)));
        if (index == at) return;
        leaf.index = index;
        vm.startPrank(ACCOMPLICE);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "earning"));
        challenges.challengeLeaf(proposal, leaf);
        // The last of a full tree and the first behind it, as though the tree went round.
        EarningsProof memory last = RewardsTrees.proofAt(it, it.accounts.length - 1);
        EarningsProof memory first = RewardsTrees.proofAt(it, 0);
        first.index = last.index + 1;
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "earning"));
        challenges.challengePair(proposal, last, first);
        vm.stopPrank();
        activate(proposal);
    }

    /// @dev Whose account was there before is said to be missing, by neighbours that are none.
    function test_missingBetweenLeavesAtOtherIndices() public {
        Book memory it = _honest(4);
        RootProposal memory previous = settle(it);
        RootProposal memory proposal = propose(it);
        EarningsProof[] memory around = new EarningsProof[](1);
        around[0] = RewardsTrees.proofAt(it, 0);
        around[0].index = 4;
        EarningsProof memory before = RewardsTrees.proofAt(it, 2);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "earning"));
        challenges.challengeMissing(proposal, previous, before, around);
        around = new EarningsProof[](2);
        (around[0], around[1]) = (RewardsTrees.proofAt(it, 1), RewardsTrees.proofAt(it, 3));
        (around[0].index, around[1].index) = (5, 6);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "earning"));
        challenges.challengeMissing(proposal, previous, before, around);
        assertPending(proposal);
    }

    /// @dev Demands for data that is there cost the demander its bond each and put the root off by an answering time at most.
    function test_griefingDemands() public {
        bytes memory chunk = "whole data";
        bytes32 leaf = keccak256(abi.encode(keccak256(abi.encode(uint32(0), keccak256(chunk)))));
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        (claim_.dataRoot, claim_.dataChunks) = (leaf, 1);
        RootProposal memory proposal = propose(claim_);
        uint256 asked;
        for (; asked < 3; ++asked) {
            vm.prank(CHALLENGER);
            challenges.demandChunk(proposal, 0);
            vm.prank(PROPOSER);
            challenges.answerChunk(proposal, 0, chunk, new bytes32[](0));
        }
        vm.assertEq(stakes.getPool(CHALLENGER).activeWei, (100 - asked) * SMALL_BOND);
        activate(proposal);
    }

    /// @dev Demanding and answering one's own demands to fill the places costs a bond each time.
    function test_fillingThePlacesForDemandsIsDear() public {
        bytes memory chunk = "whole data";
        bytes32 leaf = keccak256(abi.encode(keccak256(abi.encode(uint32(0), keccak256(chunk)))));
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        (claim_.dataRoot, claim_.dataChunks) = (leaf, 1);
        RootProposal memory proposal = propose(claim_);
        delegate(ACCOMPLICE, SMALL_BOND);
        vm.startPrank(ACCOMPLICE);
        challenges.demandChunk(proposal, 0);
        challenges.answerChunk(proposal, 0, chunk, new bytes32[](0));
        vm.stopPrank();
        vm.assertEq(stakes.getPool(ACCOMPLICE).activeWei + token.balanceOf(ACCOMPLICE), 0);
    }

    /// @dev An operator answers its own demands by a second name, again and again in one block, since others bear nearly all of each bond, even
    /// those who were leaving before any lock stood. It can burn what trusts it, but none of that comes to it.
    function test_operatorGainsNothingByItsOwnDemands() public {
        uint256 own = 1100 ether;
        delegate(ACCOMPLICE, own);
        give(ALICE, 1_000_000 ether);
        vm.startPrank(ALICE);
        token.approve(address(stakes), 1_000_000 ether);
        stakes.delegate(ACCOMPLICE, 1_000_000 ether);
        stakes.undelegate(ACCOMPLICE, 1_000_000 ether);
        vm.stopPrank();
        bytes memory chunk = "whole data";
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        (claim_.dataRoot, claim_.dataChunks) =
        (keccak256(abi.encode(keccak256(abi.encode(uint32(0), keccak256(chunk))))), 1);
        RootProposal memory proposal = propose(claim_);
        for (uint256 i; i < 8; ++i) {
            vm.prank(ACCOMPLICE);
            challenges.demandChunk(proposal, 0);
            vm.prank(address(0xbabe));
            challenges.answerChunk(proposal, 0, chunk, new bytes32[](0));
        }
        vm.assertEq(token.balanceOf(address(0xbabe)) + token.balanceOf(ACCOMPLICE), 0);
        vm.assertLt(stakes.stakeOf(ACCOMPLICE, ACCOMPLICE), own);
        vm.assertEq(token.balanceOf(PROPOSER), 0);
    }

    /// @dev The proposer publishes nothing: the first who asks takes the root down.
    function test_withheldData() public {
        RootProposal memory proposal = propose(book(60, 30, 10));
        vm.prank(CHALLENGER);
        bytes32 id = challenges.demandChunk(proposal, 7);
        vm.warp(block.timestamp + ANSWER_TIME + 1);
        challenges.failDemand(proposal, id);
        assertFell(proposal);
        vm.assertEq(token.balanceOf(CHALLENGER), BOND / 2);
    }

    /// @dev Somebody claims for one account of a batch, to make the batch fail. It does not.
    function test_batchIsNotStoppedByAClaimInIt() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        EarningsProof[] memory proofs = new EarningsProof[](3);
        for (uint256 i; i < 3; ++i) {
            proofs[i] = RewardsTrees.proofAt(it, i);
        }
        rewards.claim(BOB, 30, proofs[1].prefixWei, 1, proofs[1].siblings);
        vm.assertEq(rewards.claimMany(proofs), 70);
    }

    /// @dev The same account many times in one batch is paid once.
    function test_batchOfOneAccount() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        EarningsProof[] memory proofs = new EarningsProof[](3);
        for (uint256 i; i < 3; ++i) {
            proofs[i] = RewardsTrees.proofAt(it, 0);
        }
        vm.assertEq(rewards.claimMany(proofs), 60);
        vm.assertEq(token.balanceOf(ALICE), 60);
    }

    /// @dev A proposer who lowers a leaf that was paid takes nothing back, and nothing beyond the total goes out.
    function test_loweredLeaf() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        EarningsProof memory proof = RewardsTrees.proofAt(it, 0);
        rewards.claim(ALICE, 60, proof.prefixWei, 0, proof.siblings);
        it = book(10, 80, 10);
        settle(it);
        proof = RewardsTrees.proofAt(it, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NothingToClaim.selector, ALICE, 10, 60));
        rewards.claim(ALICE, 10, proof.prefixWei, 0, proof.siblings);
        proof = RewardsTrees.proofAt(it, 1);
        vm.expectRevert();
        rewards.claim(BOB, 80, proof.prefixWei, 1, proof.siblings);
        vm.assertEq(token.balanceOf(address(rewards)), 40);
    }

    function test_tillObeysTheRewardsAlone() public {
        address till = rewards.till();
        address[3] memory thieves = [PROPOSER, address(challenges), address(this)];
        for (uint256 i; i < 3; ++i) {
            vm.prank(thieves[i]);
            vm.expectRevert();
            token.transferFrom(till, thieves[i], 1);
        }
        (bool answered,) = till.call(hex"deadbeef");
        vm.assertFalse(answered);
        vm.assertEq(token.balanceOf(till), 100);
    }

    function test_reentrancy_claims() public {
        for (uint256 way; way < 3; ++way) {
            (HostileToken hostile, AttributionRewards pot) = _hostile(200);
            bytes32 root = RewardsTrees.leaf(ALICE, 100, 100);
            _settleAt(pot, root, 100);
            EarningsProof memory proof = EarningsProof(ALICE, 100, 100, 0, new bytes32[](0));
            EarningsProof[] memory batch = new EarningsProof[](1);
            batch[0] = proof;
            bytes memory again = way == 0
                ? abi.encodeCall(pot.claim, (ALICE, 100, 100, 0, proof.siblings))
                : way == 1 ? abi.encodeCall(pot.claimMany, (batch)) : abi.encodeCall(pot.claimTo, (proof, BOB));
            hostile.arm(address(pot), again);
            if (way == 1) pot.claim(ALICE, 100, 100, 0, proof.siblings);
            else pot.claimMany(batch);
            vm.assertEq(hostile.attempts(), 1);
            // Re-entered, a batch passes over what is paid; the others refuse.
            vm.assertTrue(hostile.succeeded() == (way == 1));
            vm.assertEq(hostile.balanceOf(ALICE), 100);
            vm.assertEq(hostile.balanceOf(address(pot)), 0);
            vm.assertEq(hostile.balanceOf(pot.till()), 100);
        }
    }

    /// @dev While money is under way it is not yet collected, so no root can promise it.
    function test_reentrancy_fund() public {
        HostileToken hostile = new HostileToken();
        AttributionRewards pot = _pot(hostile, address(hostile));
        give(PROPOSER, BOND);
        vm.startPrank(PROPOSER);
        token.approve(address(stakes), BOND);
        stakes.delegate(address(hostile), BOND);
        vm.stopPrank();
        hostile.mint(address(this), 200);
        hostile.approve(address(pot), 200);
        RootClaim memory claim_ = RootClaim(1, "r", 1, "root", 1, 200, "data", 1);
        hostile.arm(address(pot), abi.encodeCall(pot.propose, (claim_, CERTIFICATE)));
        pot.fund(200);
        vm.assertEq(hostile.attempts(), 1);
        vm.assertFalse(hostile.succeeded());
        vm.assertEq(bytes32(bytes4(hostile.failure())), bytes32(IAttributionRewards.TotalExceedsCollected.selector));
        vm.assertEq(pot.proposedEpoch(), 0);
        vm.assertEq(pot.collected(), 200);
    }

    /// @dev Money that moves at activation moves once: re-entered, the root is active already.
    function test_reentrancy_activate() public {
        (HostileToken hostile, AttributionRewards pot) = _hostile(200);
        RootProposal memory proposal = _proposeAt(pot, RewardsTrees.leaf(ALICE, 100, 100), 100);
        vm.warp(proposal.challengeEnds);
        hostile.arm(address(pot), abi.encodeCall(pot.activate, (proposal)));
        pot.activate(proposal);
        vm.assertEq(hostile.attempts(), 1);
        vm.assertFalse(hostile.succeeded());
        vm.assertEq(hostile.balanceOf(address(pot)), 100);
        vm.assertEq(hostile.balanceOf(pot.till()), 100);
    }

    function _honest(uint256 accounts) private pure returns (Book memory it) {
        (it.accounts, it.amounts) = (new address[](accounts), new uint256[](accounts));
        for (uint256 i; i < accounts; ++i) {
            (it.accounts[i], it.amounts[i]) = (address(uint160(0xa000 + i)), 1 + i);
        }
        sum(it);
    }

    function _wrong() private returns (RootProposal memory proposal, EarningsProof memory leaf) {
        Book memory it = book(60, 30, 10);
        it.prefixes[0] = 61;
        return (propose(it), RewardsTrees.proofAt(it, 0));
    }

    /// @dev A pot of its own on a token that calls back, with the stakes of the real one behind it.
    function _pot(HostileToken hostile, address proposer) private returns (AttributionRewards pot) {
        pot = new AttributionRewards(IOpenToken(address(hostile)), parameters, stakes, address(this));
        address[] memory proposers = new address[](1);
        proposers[0] = proposer;
        pot.initialise(address(challenges), proposers);
        vm.prank(GOVERNOR);
        stakes.setConsumer(address(pot), true);
    }

    function _hostile(uint256 amount) private returns (HostileToken hostile, AttributionRewards pot) {
        hostile = new HostileToken();
        pot = _pot(hostile, PROPOSER);
        delegate(PROPOSER, BOND);
        hostile.mint(address(this), amount);
        hostile.approve(address(pot), amount);
        pot.fund(amount);
    }

    function _proposeAt(AttributionRewards pot, bytes32 root, uint256 total)
        private
        returns (RootProposal memory proposal)
    {
        RootClaim memory claim_ = RootClaim(1, "r", 1, root, 1, total, "data", 1);
        proposal = RootProposal(claim_, 0, 0, PROPOSER, uint64(block.timestamp + WINDOW));
        vm.prank(PROPOSER);
        pot.propose(claim_, CERTIFICATE);
    }

    function _settleAt(AttributionRewards pot, bytes32 root, uint256 total) private {
        RootProposal memory proposal = _proposeAt(pot, root, total);
        vm.warp(proposal.challengeEnds);
        pot.activate(proposal);
    }
}
