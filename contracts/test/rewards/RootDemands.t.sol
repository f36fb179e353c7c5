// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAttributionRewards} from "../../src/interfaces/IAttributionRewards.sol";
import {IRootChallenges} from "../../src/interfaces/IRootChallenges.sol";
import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {
    FeatureProof,
    Receipt,
    ReceiptProof,
    RootClaim,
    RootProposal,
    ScoreLeaf,
    SnapshotProof
} from "../../src/types/Rewards.sol";
import {AnswerWorld} from "../support/AnswerWorld.sol";
import {IndexedTree} from "../support/IndexedTree.sol";
import {RewardsTrees} from "../support/RewardsTrees.sol";

/// @dev What must be answered in time: chunks of the data, and rows that scored higher than one that counts.
contract RootDemandsTest is AnswerWorld {
    address private constant ANSWERER = address(0xa175);
    bytes[] private chunks;

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < 3; ++i) {
            chunks.push(new bytes(i == 2 ? 7 : 1024));
            chunks[i][0] = bytes1(uint8(i + 1));
        }
    }

    function test_demandChunk_answered() public {
        (RootProposal memory proposal, bytes32[] memory leaves) = _proposeData();
        bytes32 rootHash = hashOf(proposal);
        bytes32 id = challenges.chunkDemandId(rootHash, 1);
        vm.expectEmit(address(challenges));
        emit IRootChallenges.ChunkDemanded(rootHash, id, CHALLENGER, 1, 1, uint64(block.timestamp + ANSWER_TIME));
        vm.prank(CHALLENGER);
        vm.assertEq(challenges.demandChunk(proposal, 1), id);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), SMALL_BOND);
        vm.assertEq(challenges.openDemands(rootHash), 1);
        vm.assertEq(rewards.holds(rootHash), 1);
        vm.warp(block.timestamp + ANSWER_TIME);
        vm.expectEmit(address(challenges));
        emit IRootChallenges.DemandAnswered(rootHash, id, ANSWERER);
        vm.prank(ANSWERER);
        challenges.answerChunk(proposal, 1, chunks[1], IndexedTree.proof(leaves, 1));
        // Nobody gains by the bond, and the root may go on.
        vm.assertEq(token.balanceOf(ANSWERER) + token.balanceOf(PROPOSER), 0);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), 0);
        vm.assertEq(challenges.openDemands(rootHash), 0);
        activate(proposal);
    }

    function test_demandChunk_theLastIsShort() public {
        (RootProposal memory proposal, bytes32[] memory leaves) = _proposeData();
        vm.prank(CHALLENGER);
        challenges.demandChunk(proposal, 2);
        challenges.answerChunk(proposal, 2, chunks[2], IndexedTree.proof(leaves, 2));
        vm.assertEq(rewards.holds(hashOf(proposal)), 0);
    }

    function test_demandChunk_silence() public {
        (RootProposal memory proposal, bytes32[] memory leaves) = _proposeData();
        vm.prank(CHALLENGER);
        bytes32 id = challenges.demandChunk(proposal, 0);
        uint64 deadline = challenges.getDemand(id).deadline;
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.NotYetFailed.selector, id, deadline));
        challenges.failDemand(proposal, id);
        vm.warp(deadline + 1);
        bytes32[] memory siblings = IndexedTree.proof(leaves, 0);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.AnsweredTooLate.selector, id, deadline));
        challenges.answerChunk(proposal, 0, chunks[0], siblings);
        vm.expectEmit(address(challenges));
        emit IRootChallenges.DemandClosed(hashOf(proposal), id, true);
        challenges.failDemand(proposal, id);
        assertFell(proposal);
        vm.assertEq(token.balanceOf(CHALLENGER), BOND / 2);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), 0);
        vm.assertEq(rewards.holds(hashOf(proposal)), 0);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.NoSuchDemand.selector, id));
        challenges.failDemand(proposal, id);
    }

    function test_demandChunk_refuses() public {
        (RootProposal memory proposal,) = _proposeData();
        vm.startPrank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.NoSuchChunk.selector, 3, 3));
        challenges.demandChunk(proposal, 3);
        bytes32 id = challenges.demandChunk(proposal, 0);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.AlreadyOpen.selector, id));
        challenges.demandChunk(proposal, 0);
        vm.stopPrank();
        vm.prank(ANSWERER);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, ANSWERER, 0, SMALL_BOND));
        challenges.demandChunk(proposal, 1);
        RootProposal memory other = proposals[1];
        other.claim.dataChunks = 9;
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.NotPending.selector, 1, hashOf(other)));
        challenges.demandChunk(other, 1);
        vm.warp(proposal.challengeEnds);
        vm.prank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.TooLate.selector, 1, proposal.challengeEnds));
        challenges.demandChunk(proposal, 1);
    }

    function test_answerChunk_refuses() public {
        (RootProposal memory proposal, bytes32[] memory leaves) = _proposeData();
        vm.startPrank(CHALLENGER);
        challenges.demandChunk(proposal, 0);
        challenges.demandChunk(proposal, 2);
        vm.stopPrank();
        bytes32[] memory siblings = IndexedTree.proof(leaves, 0);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "chunk"));
        challenges.answerChunk(proposal, 0, chunks[1], siblings);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidChunk.selector, 0, 7, 1024));
        challenges.answerChunk(proposal, 0, chunks[2], siblings);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidChunk.selector, 2, 0, 1024));
        challenges.answerChunk(proposal, 2, "", siblings);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidChunk.selector, 2, 1025, 1024));
        challenges.answerChunk(proposal, 2, new bytes(1025), siblings);
        // A chunk that nobody asked for pays nobody.
        bytes32 id = challenges.chunkDemandId(hashOf(proposal), 1);
        siblings = IndexedTree.proof(leaves, 1);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.NoSuchDemand.selector, id));
        challenges.answerChunk(proposal, 1, chunks[1], siblings);
    }

    function test_closeDemand_afterTheRootFellOtherwise() public {
        (RootProposal memory proposal,) = _proposeData();
        vm.prank(CHALLENGER);
        bytes32 id = challenges.demandChunk(proposal, 0);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.StillPending.selector, 1, hashOf(proposal)));
        challenges.closeDemand(id);
        vm.prank(address(challenges));
        rewards.strike(proposal, BOB, type(uint256).max, "test");
        bytes memory reason = abi.encodeWithSelector(IRootChallenges.NotPending.selector, 1, hashOf(proposal));
        vm.warp(block.timestamp + 2 days);
        vm.expectRevert(reason);
        challenges.failDemand(proposal, id);
        vm.expectEmit(address(challenges));
        emit IRootChallenges.DemandClosed(hashOf(proposal), id, false);
        challenges.closeDemand(id);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), 0);
        vm.assertEq(stakes.getPool(CHALLENGER).activeWei, 100 * SMALL_BOND);
    }

    /// @dev A demand over one root cannot be failed with another root's proposal.
    function test_failDemand_ofAnotherRoot() public {
        (RootProposal memory proposal,) = _proposeData();
        vm.prank(CHALLENGER);
        bytes32 id = challenges.demandChunk(proposal, 0);
        RootProposal memory second = propose(book(60, 30, 10));
        vm.warp(block.timestamp + 2 days);
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.NoSuchDemand.selector, id));
        challenges.failDemand(second, id);
    }

    function test_demandsAreBounded_andDelayIsToo() public {
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        RootProposal memory proposal = propose(claim_);
        vm.startPrank(CHALLENGER);
        vm.warp(proposal.challengeEnds - 1);
        for (uint32 i; i < 64; ++i) {
            challenges.demandChunk(proposal, i);
        }
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.TooManyDemands.selector, 64));
        challenges.demandChunk(proposal, 64);
        vm.stopPrank();
        // None of them is open longer than one answering time after the challenge time.
        bytes32 id = challenges.chunkDemandId(hashOf(proposal), 63);
        vm.assertTrue(challenges.getDemand(id).deadline <= proposal.challengeEnds + ANSWER_TIME);
        vm.warp(proposal.challengeEnds + ANSWER_TIME);
        challenges.failDemand(proposal, id);
        assertFell(proposal);
        for (uint32 i; i < 63; ++i) {
            challenges.closeDemand(challenges.chunkDemandId(hashOf(proposal), i));
        }
        vm.assertEq(rewards.holds(hashOf(proposal)), 0);
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), 0);
    }

    /// @dev Row 2 scored higher than row 1 and was left out; it is the first of its cluster, so nothing answers.
    function test_demandRow_omitted() public {
        ScoreLeaf[] memory scores = new ScoreLeaf[](1);
        scores[0] = scoreLeaf(1, 1000);
        vm.assertTrue(scoreOf(2) > scoreOf(1));
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
        bytes32 receiptId = keccak256(abi.encode(receipt.receipt));
        bytes32 id = challenges.rowDemandId(hashOf(proposal), receiptId, 2);
        vm.expectEmit(address(challenges));
        emit IRootChallenges.RowDemanded(
            hashOf(proposal), id, CHALLENGER, 1, receiptId, 2, uint64(block.timestamp + ANSWER_TIME)
        );
        vm.prank(CHALLENGER);
        vm.assertEq(challenges.demandRow(proposal, receipt, scores, queryBytes(), featureOf(2)), id);
        bytes memory cluster = abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "cluster");
        SnapshotProof memory row = snapshotOf(2);
        // Not of its cluster; itself; a later one of its cluster.
        _answerRefused(proposal, receipt, row, snapshotOf(1), featureOf(1), cluster);
        _answerRefused(proposal, receipt, row, row, featureOf(2), cluster);
        _answerRefused(proposal, receipt, row, snapshotOf(3), featureOf(3), cluster);
        vm.warp(block.timestamp + ANSWER_TIME + 1);
        challenges.failDemand(proposal, id);
        assertFell(proposal);
        vm.assertEq(token.balanceOf(CHALLENGER), BOND / 2);
    }

    /// @dev Row 3 scored highest of all and is a copy of row 2: rightly left out.
    function test_demandRow_copyIsAnswered() public {
        ScoreLeaf[] memory scores = honestScores();
        vm.assertTrue(scoreOf(3) > scoreOf(1));
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
        vm.prank(CHALLENGER);
        challenges.demandRow(proposal, receipt, scores, queryBytes(), featureOf(3));
        // Of another receipt, or with a feature of another row, it is no answer.
        bytes memory learnt = abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "learnt");
        _answerRefused(proposal, receipt, snapshotOf(3), snapshotOf(2), featureOf(1), learnt);
        vm.prank(ANSWERER);
        challenges.answerRow(proposal, receipt, snapshotOf(3), snapshotOf(2), featureOf(2));
        vm.assertEq(stakes.lockedFor(CHALLENGER, address(challenges)), 0);
        activate(proposal);
    }

    /// @dev An earlier row of the cluster that nothing was learnt from is no answer: the later one counts.
    function test_demandRow_unlearntCopyIsNoAnswer() public {
        clusters[5] = 4;
        numbers[5] = [int8(127), -127, 100, 100, 100, 100, 100, 100];
        // Receipts must name what is published only where that is challenged.
        ScoreLeaf[] memory scores = new ScoreLeaf[](1);
        scores[0] = scoreLeaf(1, 1000);
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
        vm.prank(CHALLENGER);
        bytes32 id = challenges.demandRow(proposal, receipt, scores, queryBytes(), featureOf(5));
        bytes memory learnt = abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "learnt");
        _answerRefused(proposal, receipt, snapshotOf(5), snapshotOf(4), featureOf(4), learnt);
        vm.warp(block.timestamp + ANSWER_TIME + 1);
        challenges.failDemand(proposal, id);
        assertFell(proposal);
    }

    function test_demandRow_refuses() public {
        ScoreLeaf[] memory scores = honestScores();
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
        bytes memory noFault = abi.encodeWithSelector(IRootChallenges.NoFault.selector);
        vm.startPrank(CHALLENGER);
        // A row that counts; one that scored lower; one that was not learnt from; where nothing counts there is no bar to be seen.
        vm.expectRevert(noFault);
        challenges.demandRow(proposal, receipt, scores, queryBytes(), featureOf(2));
        vm.expectRevert(noFault);
        challenges.demandRow(proposal, receipt, scores, queryBytes(), featureOf(0));
        vm.expectRevert(noFault);
        challenges.demandRow(proposal, receipt, scores, queryBytes(), featureOf(4));
        ScoreLeaf[] memory fewer = new ScoreLeaf[](1);
        fewer[0] = scores[0];
        vm.expectRevert(abi.encodeWithSelector(IRootChallenges.InvalidOpening.selector, "scores"));
        challenges.demandRow(proposal, receipt, fewer, queryBytes(), featureOf(2));
        vm.stopPrank();
        ScoreLeaf[] memory none = new ScoreLeaf[](0);
        (proposal, receipt) = proposeReceipt(receiptOf(none));
        vm.prank(CHALLENGER);
        vm.expectRevert(noFault);
        challenges.demandRow(proposal, receipt, none, queryBytes(), featureOf(2));
    }

    /// @dev Answers with another receipt's row do not close a demand over this one.
    function test_answerRow_ofAnotherReceipt() public {
        ScoreLeaf[] memory scores = honestScores();
        (RootProposal memory proposal, ReceiptProof memory receipt) = proposeReceipt(receiptOf(scores));
        bytes32 id = challenges.rowDemandId(hashOf(proposal), keccak256(abi.encode(receipt.receipt)), 3);
        _answerRefused(
            proposal,
            receipt,
            snapshotOf(3),
            snapshotOf(2),
            featureOf(2),
            abi.encodeWithSelector(IRootChallenges.NoSuchDemand.selector, id)
        );
    }

    function _answerRefused(
        RootProposal memory proposal,
        ReceiptProof memory receipt,
        SnapshotProof memory row,
        SnapshotProof memory earlier,
        FeatureProof memory learnt,
        bytes memory reason
    ) private {
        vm.expectRevert(reason);
        challenges.answerRow(proposal, receipt, row, earlier, learnt);
    }

    function _proposeData() private returns (RootProposal memory, bytes32[] memory leaves) {
        leaves = new bytes32[](3);
        for (uint256 i; i < 3; ++i) {
            leaves[i] = keccak256(abi.encode(keccak256(abi.encode(uint32(i), keccak256(chunks[i])))));
        }
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        (claim_.dataRoot, claim_.dataChunks) = (IndexedTree.root(leaves), 3);
        return (propose(claim_), leaves);
    }
}
