// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAttributionRewards} from "../../src/interfaces/IAttributionRewards.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {IRootChallenges} from "../../src/interfaces/IRootChallenges.sol";
import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {RootChallenges} from "../../src/rewards/RootChallenges.sol";
import {
    EarningsProof,
    FeatureProof,
    Receipt,
    ReceiptProof,
    RootClaim,
    RootProposal,
    ScoreLeaf,
    ScoreProof,
    SnapshotProof
} from "../../src/types/Rewards.sol";
import {AnswerWorld} from "../support/AnswerWorld.sol";
import {IndexedTree} from "../support/IndexedTree.sol";
import {Book, RewardsTrees} from "../support/RewardsTrees.sol";

/// @dev What one to three openings show: each fault brought and paid for, and the same proof refused against an honest root.
contract RootChallengesTest is AnswerWorld {
    bytes private constant NO_FAULT = abi.encodeWithSelector(IRootChallenges.NoFault.selector);

    function test_leaf_firstPrefix() public {
        Book memory it = book(60, 30, 10);
        it.prefixes[0] = 61;
        _leafFalls(it, 0);
    }

    function test_leaf_lastPrefixIsNotTheTotal() public {
        Book memory it = book(60, 30, 10);
        RootClaim memory claim_ = claimOf(it);
        claim_.totalCumulativeWei = 99;
        RootProposal memory proposal = propose(claim_);
        EarningsProof memory leaf = RewardsTrees.proofAt(it, 2);
        vm.prank(CHALLENGER);
        challenges.challengeLeaf(proposal, leaf);
        assertFell(proposal);
    }

    function test_leaf_zeroAmount() public {
        Book memory it = book(60, 0, 40);
        _leafFalls(it, 1);
    }

    /// @dev A leaf in the filling of the tree, beyond the number of accounts that was claimed.
    function test_leaf_beyondTheLast() public {
        Book memory it = book(60, 30, 10);
        RootClaim memory claim_ = claimOf(it);
        bytes32[] memory leaves = new bytes32[](4);
        for (uint256 i; i < 3; ++i) {
            leaves[i] = RewardsTrees.leavesOf(it)[i];
        }
        leaves[3] = RewardsTrees.leaf(address(0xffff), 7, 107);
        claim_.earningsRoot = IndexedTree.root(leaves);
        RootProposal memory proposal = propose(claim_);
        EarningsProof memory leaf = EarningsProof(address(0xffff), 7, 107, 3, IndexedTree.proof(leaves, 3));
        vm.prank(CHALLENGER);
        challenges.challengeLeaf(proposal, leaf);
        assertFell(proposal);
    }

    function test_leaf_honest() public {
        Book memory it = book(60, 30, 10);
        RootProposal memory proposal = propose(it);
        for (uint256 i; i < 3; ++i) {
            EarningsProof memory leaf = RewardsTrees.proofAt(it, i);
            vm.expectRevert(NO_FAULT);
            challenges.challengeLeaf(proposal, leaf);
        }
        assertPending(proposal);
    }

    function test_pair_prefix() public {
        Book memory it = book(60, 30, 10);
        it.prefixes[1] = 91;
        it.prefixes[2] = 100;
        _pairFalls(it, 0);
    }

    function test_pair_overflow() public {
        Book memory it = book(60, 30, 10);
        it.prefixes[0] = type(uint256).max;
        it.prefixes[1] = 29;
        _pairFalls(it, 0);
    }

    function test_pair_disorderAndDuplicates() public {
        Book memory it = book(60, 30, 10);
        (it.accounts[1], it.accounts[2]) = (CAROL, BOB);
        _pairFalls(it, 1);
        it = book(60, 30, 10);
        it.accounts[1] = ALICE;
        _pairFalls(it, 0);
    }

    function test_pair_honest() public {
        Book memory it = book(60, 30, 10);
        RootProposal memory proposal = propose(it);
        EarningsProof[] memory all = _all(it);
        for (uint256 i; i < 2; ++i) {
            vm.expectRevert(NO_FAULT);
            challenges.challengePair(proposal, all[i], all[i + 1]);
        }
        // Not neighbours, or the wrong way round.
        bytes memory reason = abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "neighbours");
        vm.expectRevert(reason);
        challenges.challengePair(proposal, all[0], all[2]);
        vm.expectRevert(reason);
        challenges.challengePair(proposal, all[1], all[0]);
        vm.expectRevert(reason);
        challenges.challengePair(proposal, all[0], all[0]);
    }

    function test_openings_mustLeadToTheRoot() public {
        Book memory it = book(60, 30, 10);
        RootProposal memory proposal = propose(it);
        EarningsProof memory leaf = RewardsTrees.proofAt(it, 0);
        leaf.prefixWei = 61;
        bytes memory reason = abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "earning");
        vm.expectRevert(reason);
        challenges.challengeLeaf(proposal, leaf);
        // The same leaf at a place below or above the depth of the tree.
        leaf = RewardsTrees.proofAt(it, 0);
        leaf.siblings = new bytes32[](1);
        vm.expectRevert(reason);
        challenges.challengeLeaf(proposal, leaf);
        RootProposal memory other = proposals[1];
        other.claim.totalCumulativeWei = 99;
        leaf = RewardsTrees.proofAt(it, 2);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.NotPending.selector, 1, hashOf(other)));
        challenges.challengeLeaf(other, leaf);
    }

    function test_shrunk() public {
        Book memory before = book(60, 30, 10);
        RootProposal memory previous = propose(before);
        Book memory now_ = book(50, 40, 10);
        RootProposal memory proposal = propose(now_);
        EarningsProof[] memory old = _all(before);
        EarningsProof[] memory fresh = _all(now_);
        vm.expectRevert(NO_FAULT);
        challenges.challengeShrunk(proposal, previous, old[1], fresh[1]);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "account"));
        challenges.challengeShrunk(proposal, previous, old[0], fresh[1]);
        vm.prank(CHALLENGER);
        challenges.challengeShrunk(proposal, previous, old[0], fresh[0]);
        assertFell(proposal);
        assertPending(previous);
    }

    /// @dev The epoch before may pay already: what it said still binds.
    function test_shrunk_againstAnActivatedEpoch() public {
        Book memory before = book(60, 30, 10);
        RootProposal memory previous = settle(before);
        Book memory now_ = book(50, 40, 10);
        RootProposal memory proposal = propose(now_);
        challenges.challengeShrunk(proposal, previous, RewardsTrees.proofAt(before, 0), RewardsTrees.proofAt(now_, 0));
        assertFell(proposal);
    }

    function test_shrunk_refusesAnotherPrevious() public {
        Book memory before = book(60, 30, 10);
        RootProposal memory previous = propose(before);
        RootProposal memory proposal = propose(before);
        Book memory made = book(70, 20, 10);
        RootProposal memory forged = proposals[1];
        forged.claim.earningsRoot = IndexedTree.root(RewardsTrees.leavesOf(made));
        EarningsProof memory old = RewardsTrees.proofAt(made, 0);
        EarningsProof memory fresh = RewardsTrees.proofAt(before, 0);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "previous"));
        challenges.challengeShrunk(proposal, forged, old, fresh);
        vm.expectRevert(NO_FAULT);
        challenges.challengeShrunk(proposal, previous, fresh, fresh);
    }

    function test_missing_betweenNeighbours() public {
        Book memory now_ = book(60, 40, 0);
        (now_.accounts, now_.amounts) = (_two(ALICE, CAROL), _two(60, 40));
        sum(now_);
        _missing(1, now_, 2, true);
        _missing(0, now_, 2, false);
    }

    function test_missing_beforeTheFirst() public {
        Book memory now_;
        (now_.accounts, now_.amounts) = (_two(BOB, CAROL), _two(60, 40));
        sum(now_);
        _missing(0, now_, 1, true);
        _missing(2, now_, 1, false);
    }

    function test_missing_afterTheLast() public {
        Book memory now_;
        (now_.accounts, now_.amounts) = (_two(ALICE, BOB), _two(60, 40));
        sum(now_);
        _missing(2, now_, 0, true);
    }

    function test_missing_refuses() public {
        Book memory before = book(60, 30, 10);
        RootProposal memory previous = propose(before);
        RootProposal memory proposal = propose(before);
        EarningsProof[] memory all = _all(before);
        bytes memory reason = abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "neighbours");
        vm.expectRevert(reason);
        challenges.challengeMissing(proposal, previous, all[1], new EarningsProof[](0));
        vm.expectRevert(reason);
        challenges.challengeMissing(proposal, previous, all[1], all);
        // Leaves that are no neighbours would enclose anybody.
        EarningsProof[] memory apart = new EarningsProof[](2);
        (apart[0], apart[1]) = (all[0], all[2]);
        vm.expectRevert(reason);
        challenges.challengeMissing(proposal, previous, all[1], apart);
        // One leaf within shows nothing of who stands beside it.
        EarningsProof[] memory one = new EarningsProof[](1);
        one[0] = all[1];
        vm.expectRevert(NO_FAULT);
        challenges.challengeMissing(proposal, previous, all[0], one);
        vm.expectRevert(NO_FAULT);
        challenges.challengeMissing(proposal, previous, all[2], one);
    }

    function test_model() public {
        for (uint256 i; i < 8; ++i) {
            Receipt memory receipt = receiptOf(honestScores());
            if (i == 0) receipt.chainId = 1;
            if (i == 1) receipt.vault = address(1);
            if (i == 2) receipt.adapterDigest = "other";
            if (i == 3) receipt.baseDigest = "other";
            if (i == 4) receipt.engineId = "other";
            if (i == 5) receipt.featuresRoot = "other";
            if (i == 6) receipt.snapshotRoot = "other";
            if (i == 7) receipt.modelId = "other";
            (RootProposal memory proposal, ReceiptProof memory proof) = proposeReceipt(receipt);
            vm.prank(CHALLENGER);
            challenges.challengeModel(proposal, proof);
            assertFell(proposal);
            delegate(PROPOSER, BOND);
        }
        (RootProposal memory honest, ReceiptProof memory its) = proposeReceipt(receiptOf(honestScores()));
        vm.expectRevert(NO_FAULT);
        challenges.challengeModel(honest, its);
    }

    /// @dev A registry that fails for another reason than "no such model", as one that runs out of gas, proves nothing.
    function test_model_failingRegistryIsNoProof() public {
        Receipt memory receipt = receiptOf(honestScores());
        (RootProposal memory proposal, ReceiptProof memory proof) = proposeReceipt(receipt);
        bytes memory data = abi.encodeCall(challenges.challengeModel, (proposal, proof));
        for (uint256 gasGiven = 30_000; gasGiven < 200_000; gasGiven += 5000) {
            (bool fell,) = address(challenges).call{gas: gasGiven}(data);
            vm.assertFalse(fell);
        }
        vm.mockCallRevert(address(models), abi.encodeWithSelector(models.getModel.selector), "broken");
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "model"));
        challenges.challengeModel(proposal, proof);
        assertPending(proposal);
    }

    function test_twice() public {
        Receipt memory receipt = receiptOf(honestScores());
        bytes32[] memory leaves = receiptLeaves(receipt);
        leaves[2] = leaves[OURS];
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        (claim_.receiptsRoot, claim_.receipts) = (IndexedTree.root(leaves), 3);
        RootProposal memory proposal = propose(claim_);
        ReceiptProof memory proof = ReceiptProof(receipt, 1, IndexedTree.proof(leaves, 1));
        vm.expectRevert(NO_FAULT);
        challenges.challengeTwice(proposal, proof, 1, proof.siblings);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "other receipt"));
        challenges.challengeTwice(proposal, proof, 0, proof.siblings);
        bytes32[] memory other = IndexedTree.proof(leaves, 2);
        challenges.challengeTwice(proposal, proof, 2, other);
        assertFell(proposal);
    }

    function test_score() public {
        ScoreLeaf[] memory scores = honestScores();
        scores[1].score += 1;
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
        vm.expectRevert(NO_FAULT);
        challenges.challengeScore(proposal, receipt, scoreProof(scores, 0), queryBytes(), featureOf(1));
        vm.prank(CHALLENGER);
        challenges.challengeScore(proposal, receipt, scoreProof(scores, 1), queryBytes(), featureOf(2));
        assertFell(proposal);
        vm.assertEq(token.balanceOf(CHALLENGER), BOND / 2);
    }

    function test_score_refuses() public {
        ScoreLeaf[] memory scores = honestScores();
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
        ScoreProof memory score = scoreProof(scores, 1);
        vm.expectRevert(_invalid("row"));
        challenges.challengeScore(proposal, receipt, score, queryBytes(), featureOf(1));
        bytes memory other = queryBytes();
        other[0] = 0x05;
        vm.expectRevert(_invalid("query"));
        challenges.challengeScore(proposal, receipt, score, other, featureOf(2));
        FeatureProof memory feature = featureOf(2);
        feature.scale -= 1;
        vm.expectRevert(_invalid("feature"));
        challenges.challengeScore(proposal, receipt, score, queryBytes(), feature);
        feature = featureOf(2);
        feature.numbers[3] = 0x05;
        vm.expectRevert(_invalid("feature"));
        challenges.challengeScore(proposal, receipt, score, queryBytes(), feature);
        feature.numbers = hex"01";
        vm.expectRevert(_invalid("width"));
        challenges.challengeScore(proposal, receipt, score, queryBytes(), feature);
        score.leaf.score += 1;
        vm.expectRevert(_invalid("score"));
        challenges.challengeScore(proposal, receipt, score, queryBytes(), featureOf(2));
        receipt.receipt.feeWei += 1;
        vm.expectRevert(_invalid("receipt"));
        challenges.challengeScore(proposal, receipt, scoreProof(scores, 1), queryBytes(), featureOf(2));
    }

    /// @dev A 65th counted row stands seven levels below its root.
    function test_score_tooManyRows() public {
        ScoreLeaf[] memory scores = new ScoreLeaf[](65);
        for (uint256 i; i < 65; ++i) {
            scores[i] = ScoreLeaf(uint32(i), ALICE, 1, 0);
        }
        Receipt memory record = receiptOf(honestScores());
        record.scoresRoot = IndexedTree.root(scoreLeaves(scores));
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(record);
        challenges.challengeScore(proposal, receipt, scoreProof(scores, 3), "", featureOf(3));
        assertFell(proposal);
    }

    function test_contributor() public {
        ScoreLeaf[] memory scores = honestScores();
        scores[0].contributor = address(0xbad);
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
        vm.expectRevert(NO_FAULT);
        challenges.challengeContributor(proposal, receipt, scoreProof(scores, 1), snapshotOf(2));
        vm.expectRevert(_invalid("row"));
        challenges.challengeContributor(proposal, receipt, scoreProof(scores, 0), snapshotOf(2));
        SnapshotProof memory forged = snapshotOf(1);
        forged.contributor = ALICE;
        vm.expectRevert(_invalid("snapshot"));
        challenges.challengeContributor(proposal, receipt, scoreProof(scores, 0), forged);
        challenges.challengeContributor(proposal, receipt, scoreProof(scores, 0), snapshotOf(1));
        assertFell(proposal);
    }

    function test_shares_disorder() public {
        ScoreLeaf[] memory scores = honestScores();
        (scores[0], scores[1]) = (scores[1], scores[0]);
        _sharesFall(scores, receiptOf(scores));
    }

    function test_shares_rowTwice() public {
        ScoreLeaf[] memory scores = honestScores();
        scores[1] = scores[0];
        _sharesFall(scores, receiptOf(scores));
    }

    function test_shares_overAMillion() public {
        ScoreLeaf[] memory scores = honestScores();
        scores[0].sharePpm = 500_001;
        _sharesFall(scores, receiptOf(scores));
    }

    function test_shares_otherSharesRoot() public {
        ScoreLeaf[] memory scores = honestScores();
        Receipt memory receipt = receiptOf(scores);
        receipt.sharesRoot = "another";
        _sharesFall(scores, receipt);
    }

    function test_shares_honest() public {
        for (uint256 i; i < 4; ++i) {
            ScoreLeaf[] memory scores = honestScores();
            // A row may count and earn nothing; nobody may earn; nothing may count.
            if (i == 1) scores[0].sharePpm = 0;
            if (i == 2) (scores[0].sharePpm, scores[1].sharePpm) = (0, 0);
            if (i == 3) scores = new ScoreLeaf[](0);
            (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
            vm.expectRevert(NO_FAULT);
            challenges.challengeShares(proposal, receipt, scores);
        }
    }

    function test_shares_refuses() public {
        ScoreLeaf[] memory scores = honestScores();
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
        scores[0].sharePpm = 700_000;
        vm.expectRevert(_invalid("scores"));
        challenges.challengeShares(proposal, receipt, scores);
        scores = new ScoreLeaf[](65);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.TooManyScores.selector, 65, 64));
        challenges.challengeShares(proposal, receipt, scores);
    }

    /// @dev Proofs count for as long as a root has not paid, also after the time for demands.
    function test_challengeAfterTheWindow_untilActivation() public {
        Book memory it = book(60, 30, 10);
        it.prefixes[0] = 61;
        RootProposal memory proposal = propose(it);
        EarningsProof memory leaf = RewardsTrees.proofAt(it, 0);
        vm.warp(proposal.challengeEnds + 1 days);
        challenges.challengeLeaf(proposal, leaf);
        assertFell(proposal);
        delegate(PROPOSER, BOND);
        proposal = propose(it);
        activate(proposal);
        vm.expectRevert(
            abi.encodeWithSelector(IAttributionRewards.NotPending.selector, proposal.claim.epoch, hashOf(proposal))
        );
        challenges.challengeLeaf(proposal, leaf);
    }

    function test_constructor_refusesZeroAccounts() public {
        bytes4 zero = IRootChallenges.ZeroAccount.selector;
        vm.expectRevert(abi.encodeWithSelector(zero, "token"));
        new RootChallenges(IOpenToken(address(0)), parameters, stakes, jury, models, rewards, address(vault));
        vm.expectRevert(abi.encodeWithSelector(zero, "parameters"));
        new RootChallenges(token, IParameters(address(0)), stakes, jury, models, rewards, address(vault));
        vm.expectRevert(abi.encodeWithSelector(zero, "stakes"));
        new RootChallenges(token, parameters, IStakePool(address(0)), jury, models, rewards, address(vault));
        vm.expectRevert(abi.encodeWithSelector(zero, "jury"));
        new RootChallenges(token, parameters, stakes, IJury(address(0)), models, rewards, address(vault));
        vm.expectRevert(abi.encodeWithSelector(zero, "models"));
        new RootChallenges(token, parameters, stakes, jury, IModelRegistry(address(0)), rewards, address(vault));
        vm.expectRevert(abi.encodeWithSelector(zero, "rewards"));
        new RootChallenges(token, parameters, stakes, jury, models, IAttributionRewards(address(0)), address(vault));
        vm.expectRevert(abi.encodeWithSelector(zero, "vault"));
        new RootChallenges(token, parameters, stakes, jury, models, rewards, address(0));
    }

    /// @dev Whatever honest earnings there are, no leaf and no pair of neighbours is at fault; and wei moved anywhere show, once.
    function testFuzz_anyWrongSumShows(uint64[4] memory amounts, uint256 count, uint256 at, uint64 by) public {
        Book memory it;
        count = count % 4 + 1;
        (it.accounts, it.amounts) = (new address[](count), new uint256[](count));
        for (uint256 i; i < count; ++i) {
            (it.accounts[i], it.amounts[i]) = (address(uint160(0x1000 + 7 * i)), uint256(amounts[i]) + 1);
        }
        sum(it);
        uint256 total = RewardsTrees.totalOf(it);
        fund(total);
        // Half of the runs are honest.
        if (by % 2 == 0) by = 0;
        it.amounts[at % count] += by;
        RootProposal memory proposal = propose(claimOf(IndexedTree.root(RewardsTrees.leavesOf(it)), count, total));
        _tryAll(proposal, it, by == 0 ? 0 : 1);
        if (by == 0) assertPending(proposal);
        else assertFell(proposal);
    }

    /// @dev Brings every proof there is against the sums of a tree and counts those that go through.
    function _tryAll(RootProposal memory proposal, Book memory it, uint256 expected) private {
        EarningsProof[] memory all = RewardsTrees.allProofs(it);
        uint256 worked;
        for (uint256 i; i < all.length; ++i) {
            try challenges.challengeLeaf(proposal, all[i]) {
                ++worked;
            } catch {}
            if (i == 0) continue;
            try challenges.challengePair(proposal, all[i - 1], all[i]) {
                ++worked;
            } catch {}
        }
        vm.assertEq(worked, expected);
    }

    function _leafFalls(Book memory it, uint256 i) private {
        RootProposal memory proposal = propose(it);
        EarningsProof memory leaf = RewardsTrees.proofAt(it, i);
        vm.prank(CHALLENGER);
        challenges.challengeLeaf(proposal, leaf);
        assertFell(proposal);
        vm.assertEq(token.balanceOf(CHALLENGER), BOND / 2);
    }

    function _pairFalls(Book memory it, uint256 i) private {
        RootProposal memory proposal = propose(it);
        EarningsProof[] memory all = _all(it);
        vm.prank(CHALLENGER);
        challenges.challengePair(proposal, all[i], all[i + 1]);
        assertFell(proposal);
    }

    /// @param places Of the new leaves to show: 0 the last, 1 the first, 2 both.
    function _missing(uint256 who, Book memory now_, uint256 places, bool falls) private {
        Book memory before = book(60, 30, 10);
        RootProposal memory previous = propose(before);
        RootProposal memory proposal = propose(now_);
        EarningsProof memory old = RewardsTrees.proofAt(before, who);
        EarningsProof[] memory around = new EarningsProof[](places == 2 ? 2 : 1);
        around[0] = RewardsTrees.proofAt(now_, places == 0 ? 1 : 0);
        if (places == 2) around[1] = RewardsTrees.proofAt(now_, 1);
        if (!falls) vm.expectRevert(NO_FAULT);
        challenges.challengeMissing(proposal, previous, old, around);
        if (falls) assertFell(proposal);
    }

    function _sharesFall(ScoreLeaf[] memory scores, Receipt memory record) private {
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(record);
        challenges.challengeShares(proposal, receipt, scores);
        assertFell(proposal);
    }

    function _all(Book memory it) private pure returns (EarningsProof[] memory proofs) {
        proofs = new EarningsProof[](it.accounts.length);
        for (uint256 i; i < proofs.length; ++i) {
            proofs[i] = RewardsTrees.proofAt(it, i);
        }
    }

    function _two(address a, address b) private pure returns (address[] memory list) {
        list = new address[](2);
        (list[0], list[1]) = (a, b);
    }

    function _two(uint256 a, uint256 b) private pure returns (uint256[] memory list) {
        list = new uint256[](2);
        (list[0], list[1]) = (a, b);
    }

    function _invalid(string memory what) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, what);
    }
}
