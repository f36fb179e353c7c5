// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Disputes} from "../../src/compute/Disputes.sol";
import {IDisputes} from "../../src/interfaces/IDisputes.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {ITrainingJobs} from "../../src/interfaces/ITrainingJobs.sol";
import {Challenge, Dispute, Job, JobStatus, Outcome, Phase, Reopening, TraceClaim} from "../../src/types/Jobs.sol";
import {IndexedTree} from "../support/IndexedTree.sol";
import {JobsWorld} from "../support/JobsWorld.sol";
import {ToyRun} from "../support/ToyRun.sol";

contract DisputesTest is JobsWorld {
    using ToyRun for ToyRun.Run;

    function test_falseStepIsFoundAndSlashed() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        uint256 before = wealth(CHALLENGER);
        uint256 stakeBefore = wealth(TRAINER);
        bytes32 disputeId = challengeAs(CHALLENGER, jobId);
        playToJury(disputeId, run, trueRun(jobId));
        Dispute memory dispute = disputes.getDispute(disputeId);
        vm.assertEq(dispute.links.low, 3, "agreed link");
        vm.assertEq(dispute.links.high, 4, "disputed link");
        vm.assertEq(dispute.ops.low, 1, "disputed operation");
        vm.assertEq(trueVote(disputeId), 2);
        voteAll(drawJury(disputeId), 2, 0);
        vm.expectEmit(address(disputes));
        emit IDisputes.FirstVerdict(disputeId, 2, uint64(block.timestamp + MOVE));
        disputes.resolve(disputeId);
        vm.warp(block.timestamp + MOVE);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooEarly.selector, disputeId, block.timestamp));
        disputes.resolve(disputeId);
        vm.warp(block.timestamp + 1);
        vm.expectEmit(address(jobs));
        emit ITrainingJobs.JobReopened(jobId, TRAINER, 1, Reopening.Refuted, STAKE);
        vm.expectEmit(address(disputes));
        emit IDisputes.DisputeEnded(disputeId, Outcome.ChallengerRight, DEPOSIT - FIRST_JURY + STAKE / 2, 0);
        disputes.resolve(disputeId);
        vm.assertEq(wealth(CHALLENGER), before + STAKE / 2 - FIRST_JURY, "half of the stake, less the jury");
        vm.assertEq(wealth(TRAINER), stakeBefore - STAKE, "the trainer's stake");
        vm.assertTrue(jobs.getJob(jobId).status == JobStatus.Open);
        vm.assertEq(token.balanceOf(address(jobs)), PAY + FEES, "escrow stays");
        vm.assertEq(token.balanceOf(address(disputes)), disputes.owed(CHALLENGER), "all that is left is owed");
        // Jurors were right and share their fee.
        address juror = jury.jurorsOf(dispute.juryCase)[0];
        vm.assertEq(jury.owed(juror), FIRST_JURY / 5);
    }

    function test_trueRunStands() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 0, 0);
        uint256 before = wealth(TRAINER);
        bytes32 disputeId = challengeAs(CHALLENGER, jobId);
        playToJury(disputeId, run, falseRun(jobId, 3, 1));
        vm.assertEq(trueVote(disputeId), 1);
        judge(disputeId, 1);
        passVerdict(disputeId);
        vm.assertTrue(disputes.getDispute(disputeId).outcome == Outcome.TrainerRight);
        vm.assertEq(wealth(TRAINER), before + BOND / 2);
        vm.assertEq(disputes.owed(CHALLENGER), SECOND_JURY, "what was not spent on jurors comes back");
        vm.assertEq(disputes.owed(TREASURY), BOND / 4);
        vm.warp(jobs.getJob(jobId).deadline + 1);
        jobs.finalise(jobId);
        vm.assertEq(jobs.owed(TRAINER), PAY);
        disputes.withdraw(TRAINER);
        disputes.withdraw(CHALLENGER);
        disputes.withdraw(TREASURY);
        vm.assertEq(token.balanceOf(address(disputes)), 0);
    }

    /// @dev Wherever a run is false, the game ends at that very operation, and the jury's answer is plain. All cases there are.
    function test_theFirstFalseOperationIsFound() public {
        for (uint32 step = 1; step <= STEPS + 1; ++step) {
            for (uint32 op; op < (step == STEPS + 1 ? 2 : ToyRun.OPS); ++op) {
                (bytes32 jobId, ToyRun.Run memory run) = submitted(keccak256(abi.encode(step, op)), step, op);
                bytes32 disputeId = challengeAs(CHALLENGER, jobId);
                playToJury(disputeId, run, trueRun(jobId));
                Dispute memory dispute = disputes.getDispute(disputeId);
                vm.assertEq(dispute.links.low, step - 1, "last true link");
                vm.assertEq(dispute.ops.low, op, "first false operation");
                vm.assertEq(trueVote(disputeId), 2);
                vm.assertEq(jobs.getJob(jobId).attempt, 1);
                delegateAs(TRAINER, STAKE);
                vm.roll(block.number + 1);
            }
        }
    }

    /// @dev However a challenger answers, a true run's trainer can always go on, and is right at the end. All answers there are: three
    /// about links, two about entries.
    function test_noAnswersHarmATrueRun() public {
        for (uint256 answers; answers < 32; ++answers) {
            (bytes32 jobId, ToyRun.Run memory run) = submitted(bytes32(answers), 0, 0);
            bytes32 disputeId = challengeAs(CHALLENGER, jobId);
            _answerBlindly(disputeId, run, answers);
            vm.assertEq(trueVote(disputeId), 1);
            delegateAs(TRAINER, STAKE);
            vm.roll(block.number + 1);
        }
    }

    function _answerBlindly(bytes32 disputeId, ToyRun.Run memory run, uint256 answers) private {
        for (;; answers >>= 1) {
            Dispute memory dispute = disputes.getDispute(disputeId);
            if (dispute.phase == Phase.ShowTrace) moveTrainer(disputeId, run);
            moveTrainer(disputeId, run);
            dispute = disputes.getDispute(disputeId);
            vm.startPrank(CHALLENGER);
            bool agrees = answers & 1 == 1;
            if (dispute.phase == Phase.AnswerLink) {
                disputes.answerLink(disputeId, (dispute.links.low + dispute.links.high) / 2, agrees);
            } else if (dispute.phase == Phase.AnswerEntry) {
                disputes.answerEntry(disputeId, (dispute.ops.low + dispute.ops.high) / 2, agrees);
            } else {
                disputes.claimEntry(disputeId, "nonsense");
                vm.stopPrank();
                return;
            }
            vm.stopPrank();
        }
    }

    function test_spanFromTheMiddle() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 0);
        bytes32[] memory all = run.links();
        Challenge memory challenge =
            Challenge(jobId, "own", 3, all[3], IndexedTree.proof(all, 3), 4, all[4], IndexedTree.proof(all, 4));
        vm.prank(CHALLENGER);
        bytes32 disputeId = disputes.open(challenge);
        Dispute memory dispute = disputes.getDispute(disputeId);
        vm.assertTrue(dispute.phase == Phase.ShowTrace);
        // No halving of links is left: 42 moves for the trace and the entry, 5 for two juries, and their votes.
        vm.assertEq(dispute.endsBy, block.timestamp + (42 + 5) * MOVE + 2 * 2 days);
        playToJury(disputeId, run, trueRun(jobId));
        vm.assertEq(trueVote(disputeId), 2);
    }

    function test_endsByGrowsWithTheLengthOfTheSpan() public {
        (bytes32 jobId,) = submitted("job", 4, 0);
        // 7 intervals take 3 halvings, of two moves each.
        vm.assertEq(
            disputes.getDispute(challengeAs(CHALLENGER, jobId)).endsBy, block.timestamp + (6 + 42 + 5) * MOVE + 4 days
        );
    }

    function test_placesTheChainKnowsNeedNoOpening() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 0);
        bytes32[] memory all = run.links();
        Challenge memory challenge = wholeChallenge(jobId);
        (challenge.high, challenge.highLink) = (STEPS, all[STEPS]);
        vm.prank(CHALLENGER);
        disputes.open(challenge);
        Dispute memory dispute = disputes.getDispute(disputes.disputeAt(0));
        vm.assertEq(dispute.links.highHash, all[STEPS]);
        vm.assertEq(disputes.disputeCount(), 1);
        vm.assertEq(disputes.mover(disputes.disputeAt(0)), TRAINER);
        vm.assertEq(dispute.depositWei, DEPOSIT);
        vm.assertEq(jobs.getJob(jobId).openDisputes, 1);
    }

    function test_open_refuses() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 0);
        bytes32[] memory all = run.links();
        Challenge memory challenge = wholeChallenge(jobId);
        challenge.own = challenge.highLink;
        _refused(challenge, abi.encodeWithSelector(IDisputes.NothingDisputed.selector, challenge.own));
        challenge = wholeChallenge(jobId);
        challenge.highLink = "other";
        _refused(
            challenge,
            abi.encodeWithSelector(IDisputes.LinkMismatch.selector, STEPS + 1, bytes32("other"), all[STEPS + 1])
        );
        challenge = wholeChallenge(jobId);
        challenge.lowLink = "other";
        _refused(challenge, abi.encodeWithSelector(IDisputes.LinkMismatch.selector, 0, bytes32("other"), all[0]));
        challenge = wholeChallenge(jobId);
        challenge.high = STEPS + 2;
        _refused(challenge, abi.encodeWithSelector(IDisputes.InvalidSpan.selector, 0, STEPS + 2, STEPS + 1));
        (challenge.low, challenge.high) = (3, 3);
        _refused(challenge, abi.encodeWithSelector(IDisputes.InvalidSpan.selector, 3, 3, STEPS + 1));
        (challenge.low, challenge.lowLink) = (2, all[2]);
        _refused(challenge, abi.encodeWithSelector(IDisputes.LinkNotInRun.selector, 2, all[2]));
        challenge.lowProof = IndexedTree.proof(all, 3);
        _refused(challenge, abi.encodeWithSelector(IDisputes.LinkNotInRun.selector, 2, all[2]));
    }

    function test_open_refusesOutOfTurn() public {
        (bytes32 jobId,) = submitted("job", 4, 0);
        Challenge memory challenge = wholeChallenge(jobId);
        give(TRAINER, DEPOSIT, address(disputes));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.OwnRun.selector, jobId, TRAINER));
        vm.prank(TRAINER);
        disputes.open(challenge);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        _refused(challenge, abi.encodeWithSelector(IDisputes.DisputeExists.selector, id));
        uint256 deadline = jobs.getJob(jobId).deadline;
        vm.warp(deadline + 1);
        _refused(challenge, abi.encodeWithSelector(ITrainingJobs.TooLate.selector, jobId, deadline));
        bytes32 open = post("open");
        challenge.jobId = open;
        _refused(
            challenge,
            abi.encodeWithSelector(ITrainingJobs.WrongStatus.selector, open, JobStatus.Open, JobStatus.Submitted)
        );
        vm.expectRevert(abi.encodeWithSelector(IDisputes.UnknownDispute.selector, bytes32("none")));
        disputes.getDispute("none");
    }

    function test_moves_refuseWhatIsNotDue() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        bytes32[] memory all = run.links();
        bytes32[] memory proof = IndexedTree.proof(all, 3);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotYourMove.selector, id, CHALLENGER, TRAINER));
        vm.prank(CHALLENGER);
        disputes.showLink(id, 3, all[3], proof);
        vm.startPrank(TRAINER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongIndex.selector, 2, 3));
        disputes.showLink(id, 2, all[2], IndexedTree.proof(all, 2));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.LinkNotInRun.selector, 3, all[2]));
        disputes.showLink(id, 3, all[2], IndexedTree.proof(all, 2));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, id, Phase.ShowLink, Phase.ShowEntry));
        disputes.showEntry(id, 3, all[3], proof);
        vm.expectEmit(address(disputes));
        emit IDisputes.LinkShown(id, 3, all[3]);
        disputes.showLink(id, 3, all[3], proof);
        vm.stopPrank();
        vm.startPrank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongIndex.selector, 4, 3));
        disputes.answerLink(id, 4, true);
        vm.expectEmit(address(disputes));
        emit IDisputes.LinkAnswered(id, 3, true);
        disputes.answerLink(id, 3, true);
        vm.stopPrank();
    }

    function test_trace_mustBindBothEnds() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 1, 1);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        _playLinks(id, run, trueRun(jobId));
        TraceClaim memory good = run.traceClaim(0);
        TraceClaim memory bad = run.traceClaim(0);
        bytes32[] memory entries = run.trace(0);
        vm.startPrank(TRAINER);
        bad.opCount = 0;
        vm.expectRevert(abi.encodeWithSelector(IDisputes.InvalidOpCount.selector, 0, 1 << 20));
        disputes.showTrace(id, bad);
        bad.opCount = (1 << 20) + 1;
        vm.expectRevert(abi.encodeWithSelector(IDisputes.InvalidOpCount.selector, bad.opCount, 1 << 20));
        disputes.showTrace(id, bad);
        // Another interval's trace begins with another link.
        bad = run.traceClaim(2);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.EntryNotInTrace.selector, 0, entries[0]));
        disputes.showTrace(id, bad);
        // A count that is not the tree's: proofs would have another length, or lie elsewhere.
        bad = run.traceClaim(0);
        bad.opCount = 2;
        vm.expectRevert();
        disputes.showTrace(id, bad);
        // An end that leads to another link.
        bad = trueRun(jobId).traceClaim(0);
        bytes32 wrong =
            sha256(abi.encodePacked("openledger/link/v1", bad.beforeLast, uint32(ToyRun.OPS - 1), run.links()[1]));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.EntryNotInTrace.selector, ToyRun.OPS, wrong));
        disputes.showTrace(id, bad);
        bad = run.traceClaim(0);
        bad.beforeLast = "other";
        vm.expectRevert(abi.encodeWithSelector(IDisputes.EntryNotInTrace.selector, ToyRun.OPS - 1, bytes32("other")));
        disputes.showTrace(id, bad);
        vm.expectEmit(address(disputes));
        emit IDisputes.TraceShown(id, ToyRun.OPS, good.root);
        disputes.showTrace(id, good);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.EntryNotInTrace.selector, 1, bytes32("other")));
        disputes.showEntry(id, 1, "other", IndexedTree.proof(entries, 1));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongIndex.selector, 2, 1));
        disputes.showEntry(id, 2, entries[2], IndexedTree.proof(entries, 2));
        vm.expectEmit(address(disputes));
        emit IDisputes.EntryShown(id, 1, entries[1]);
        disputes.showEntry(id, 1, entries[1], IndexedTree.proof(entries, 1));
        vm.stopPrank();
        vm.startPrank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongIndex.selector, 2, 1));
        disputes.answerEntry(id, 2, true);
        vm.expectEmit(address(disputes));
        emit IDisputes.EntryAnswered(id, 1, true);
        disputes.answerEntry(id, 1, true);
        vm.stopPrank();
    }

    function test_claimEntry() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 1, 0);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        _playLinks(id, run, trueRun(jobId));
        moveTrainer(id, run);
        while (disputes.getDispute(id).phase != Phase.ClaimEntry) {
            moveTrainer(id, run);
            moveChallenger(id, trueRun(jobId));
        }
        Dispute memory dispute = disputes.getDispute(id);
        vm.startPrank(CHALLENGER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NothingDisputed.selector, dispute.ops.highHash));
        disputes.claimEntry(id, dispute.ops.highHash);
        vm.expectEmit(address(disputes));
        emit IDisputes.EntryClaimed(id, 1, "mine");
        vm.expectEmit(address(disputes));
        emit IDisputes.JuryCalled(id, 1, 5);
        disputes.claimEntry(id, "mine");
        vm.stopPrank();
        IJury.Case memory one = jury.getCase(1);
        vm.assertEq(one.subject, id);
        vm.assertEq(one.size, 5);
        vm.assertEq(one.choices, 2);
        vm.assertEq(one.feeWei, FIRST_JURY);
        vm.assertEq(disputes.getDispute(id).claimedEntry, "mine");
        vm.assertEq(disputes.getDispute(id).depositWei, DEPOSIT - FIRST_JURY);
    }

    /// @dev A trace of one operation, the link itself, goes to the jury at once.
    function test_traceOfOneOperation() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 1, 0);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        _playLinks(id, run, trueRun(jobId));
        bytes32[] memory entries = new bytes32[](2);
        entries[0] = run.start;
        entries[1] = sha256(abi.encodePacked("openledger/link/v1", run.start, uint32(0), run.links()[1]));
        vm.prank(TRAINER);
        disputes.showTrace(id, ToyRun.claimOf(entries));
        vm.assertTrue(disputes.getDispute(id).phase == Phase.ClaimEntry);
        moveChallenger(id, trueRun(jobId));
        vm.assertEq(trueVote(id), 2);
    }

    /// @dev In each phase the one who has to move and does not loses, a second after its time and not before.
    function test_timeout_inEveryPhase() public {
        for (uint256 stop; stop < 9; ++stop) {
            (bytes32 jobId, ToyRun.Run memory run) = submitted(bytes32(stop), 4, 1);
            bytes32 id = challengeAs(CHALLENGER, jobId);
            ToyRun.Run memory truth = trueRun(jobId);
            for (uint256 i; i < stop; ++i) {
                if (disputes.mover(id) == TRAINER) moveTrainer(id, run);
                else moveChallenger(id, truth);
            }
            Dispute memory dispute = disputes.getDispute(id);
            if (dispute.phase == Phase.Jury) return vm.assertTrue(false, "the jury came sooner");
            address late = disputes.mover(id);
            vm.warp(dispute.deadline);
            vm.expectRevert(abi.encodeWithSelector(IDisputes.TooEarly.selector, id, dispute.deadline));
            disputes.timeout(id);
            vm.warp(dispute.deadline + 1);
            bytes memory reason = abi.encodeWithSelector(IDisputes.TooLate.selector, id, dispute.deadline);
            try this.moveAs(late, id, run, truth) {
                vm.assertTrue(false, "a late move went through");
            } catch (bytes memory refusal) {
                vm.assertEq(keccak256(refusal), keccak256(reason));
            }
            uint256 before = wealth(late == TRAINER ? CHALLENGER : TRAINER);
            disputes.timeout(id);
            Outcome outcome = late == TRAINER ? Outcome.ChallengerRight : Outcome.TrainerRight;
            vm.assertTrue(disputes.getDispute(id).outcome == outcome, "who was late loses");
            vm.assertLt(before, wealth(late == TRAINER ? CHALLENGER : TRAINER));
            vm.expectRevert(abi.encodeWithSelector(IDisputes.NoMoveDue.selector, id, Phase.Ended));
            disputes.timeout(id);
        }
    }

    function moveAs(address who, bytes32 id, ToyRun.Run memory run, ToyRun.Run memory truth) external {
        if (who == TRAINER) moveTrainer(id, run);
        else moveChallenger(id, truth);
    }

    function test_timeout_notWhileJurorsThink() public {
        bytes32 id = _atJury(0);
        vm.warp(block.timestamp + 30 days);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NoMoveDue.selector, id, Phase.Jury));
        disputes.timeout(id);
        vm.assertEq(disputes.mover(id), address(0));
    }

    function test_constructor_refusesZeroAccounts() public {
        vm.expectRevert(abi.encodeWithSelector(IDisputes.ZeroAccount.selector, "token"));
        new Disputes(IOpenToken(address(0)), parameters, jobs, jury, TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.ZeroAccount.selector, "parameters"));
        new Disputes(token, IParameters(address(0)), jobs, jury, TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.ZeroAccount.selector, "jobs"));
        new Disputes(token, parameters, ITrainingJobs(address(0)), jury, TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.ZeroAccount.selector, "jury"));
        new Disputes(token, parameters, jobs, IJury(address(0)), TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.ZeroAccount.selector, "treasury"));
        new Disputes(token, parameters, jobs, jury, address(0));
    }

    function _playLinks(bytes32 id, ToyRun.Run memory run, ToyRun.Run memory own) private {
        while (disputes.getDispute(id).phase != Phase.ShowTrace) {
            moveTrainer(id, run);
            moveChallenger(id, own);
        }
    }

    function _atJury(uint32 falseStep) private returns (bytes32 id) {
        (, id) = _atJuryOf(falseStep);
    }

    /// @dev The challenger plays the opposite of the trainer: one of the two is true.
    function _atJuryOf(uint32 falseStep) private returns (bytes32 jobId, bytes32 id) {
        ToyRun.Run memory run;
        (jobId, run) = submitted("job", falseStep, 1);
        id = challengeAs(CHALLENGER, jobId);
        playToJury(id, run, falseStep == 0 ? falseRun(jobId, 3, 1) : trueRun(jobId));
    }

    function _refused(Challenge memory challenge, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(CHALLENGER);
        disputes.open(challenge);
    }
}
