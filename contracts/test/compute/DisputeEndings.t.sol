// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDisputes} from "../../src/interfaces/IDisputes.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {ITrainingJobs} from "../../src/interfaces/ITrainingJobs.sol";
import {Dispute, JobParams, JobStatus, Outcome, Phase, Reopening} from "../../src/types/Jobs.sol";
import {JobsWorld} from "../support/JobsWorld.sol";
import {ToyRun} from "../support/ToyRun.sol";

/// @dev Juries, verdicts, appeals, and who is left with what.
contract DisputeEndingsTest is JobsWorld {
    using ToyRun for ToyRun.Run;

    function test_resolve_onlyWithAJury() public {
        (bytes32 jobId,) = submitted("job", 4, 0);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, id, Phase.ShowLink, Phase.Jury));
        disputes.resolve(id);
    }

    function test_resolve_waitsForTheVotes() public {
        bytes32 id = _atJury(0);
        uint256 deadline = disputes.getDispute(id).deadline;
        vm.assertEq(deadline, block.timestamp + 2 * MOVE);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooEarly.selector, id, deadline));
        disputes.resolve(id);
        drawJury(id);
        // Drawn in time, it may take its time: also after the last second in which it could have been drawn.
        vm.warp(deadline + 1);
        vm.expectRevert();
        disputes.resolve(id);
    }

    /// @dev Counted by somebody else, and by resolve itself.
    function test_resolve_takesACountedCase() public {
        bytes32 id = _atJury(0);
        uint256 caseId = drawJury(id);
        voteAll(caseId, 1, 0);
        jury.count(caseId);
        disputes.resolve(id);
        vm.assertEq(disputes.getDispute(id).verdict, 1);
        vm.assertEq(disputes.mover(id), CHALLENGER);
    }

    function test_appeal_byTheChallenger_overturns() public {
        (bytes32 jobId, bytes32 id) = _atFirstVerdict(4, 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotYourMove.selector, id, TRAINER, CHALLENGER));
        vm.prank(TRAINER);
        disputes.appeal(id);
        uint256 before = token.balanceOf(CHALLENGER);
        vm.expectEmit(address(disputes));
        emit IDisputes.Appealed(id, CHALLENGER);
        vm.prank(CHALLENGER);
        disputes.appeal(id);
        vm.assertEq(token.balanceOf(CHALLENGER), before, "paid by the deposit");
        vm.assertEq(disputes.getDispute(id).depositWei, BOND);
        uint256 first = disputes.getDispute(id).firstCase;
        vm.assertEq(jury.getCase(disputes.getDispute(id).juryCase).size, 11);
        judge(id, 2);
        vm.assertTrue(disputes.getDispute(id).outcome == Outcome.ChallengerRight);
        // Nobody of the first jury was right, so its fee comes back.
        vm.assertEq(disputes.owed(CHALLENGER), BOND + STAKE / 2 + FIRST_JURY);
        vm.assertTrue(jobs.getJob(jobId).status == JobStatus.Open);
        // The first jury was wrong: its jurors are charged.
        uint256 chargeWei = SEAT * parameters.get("wrongVotePpm") / 1_000_000;
        vm.assertEq(jury.getSeat("verifier", jury.jurorsOf(first)[0]).stakeWei, SEAT - chargeWei);
    }

    function test_appeal_byTheTrainer_overturns() public {
        (bytes32 jobId, bytes32 id) = _atFirstVerdict(0, 2);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotYourMove.selector, id, CHALLENGER, TRAINER));
        vm.prank(CHALLENGER);
        disputes.appeal(id);
        give(TRAINER, SECOND_JURY, address(disputes));
        uint256 before = wealth(TRAINER);
        vm.prank(TRAINER);
        disputes.appeal(id);
        vm.assertEq(wealth(TRAINER), before - SECOND_JURY);
        vm.assertEq(disputes.getDispute(id).depositWei, BOND + SECOND_JURY);
        judge(id, 1);
        vm.assertEq(disputes.owed(TRAINER), BOND / 2 + SECOND_JURY, "the second jury's fee comes out of the deposit");
        vm.assertEq(disputes.owed(CHALLENGER), FIRST_JURY, "of which nobody was right");
        vm.assertTrue(jobs.getJob(jobId).status == JobStatus.Submitted);
        vm.assertEq(jobs.getJob(jobId).openDisputes, 0);
    }

    function test_appeal_tooLate() public {
        (, bytes32 id) = _atFirstVerdict(4, 1);
        uint256 deadline = disputes.getDispute(id).deadline;
        vm.warp(deadline + 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.TooLate.selector, id, deadline));
        vm.prank(CHALLENGER);
        disputes.appeal(id);
    }

    /// @dev Where the second jury says nothing, what the first one said stands.
    function test_appeal_withoutVerdict() public {
        (, bytes32 id) = _atFirstVerdict(4, 2);
        give(TRAINER, SECOND_JURY, address(disputes));
        vm.prank(TRAINER);
        disputes.appeal(id);
        vm.warp(disputes.getDispute(id).deadline + 1);
        disputes.resolve(id);
        vm.assertTrue(disputes.getDispute(id).outcome == Outcome.ChallengerRight);
        // A jury that is drawn after all, and where nobody votes, gives the fee back to who paid it.
        uint256 caseId = drawJury(id);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.CaseNotCounted.selector, caseId));
        disputes.settleCase(id, 2);
        vm.warp(block.timestamp + 2 days);
        jury.count(caseId);
        disputes.settleCase(id, 2);
        vm.assertEq(disputes.owed(TRAINER), SECOND_JURY);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.CaseNotCounted.selector, caseId));
        disputes.settleCase(id, 2);
    }

    /// @dev Two juries without a verdict: nobody is found guilty, nobody is paid, the job is open again.
    function test_undecided() public {
        (bytes32 jobId, bytes32 id) = _atJuryOf(4);
        uint256 stake = wealth(TRAINER);
        voteAll(drawJury(id), 2, 3);
        vm.warp(block.timestamp + 2 days);
        disputes.resolve(id);
        Dispute memory dispute = disputes.getDispute(id);
        vm.assertEq(dispute.juries, 2);
        vm.assertTrue(dispute.phase == Phase.Jury);
        voteAll(drawJury(id), 2, 6);
        vm.warp(block.timestamp + 2 days);
        vm.expectEmit(address(jobs));
        emit ITrainingJobs.JobReopened(jobId, TRAINER, 1, Reopening.Undecided, 0);
        disputes.resolve(id);
        vm.assertTrue(disputes.getDispute(id).outcome == Outcome.Undecided);
        vm.assertEq(wealth(TRAINER), stake);
        vm.assertEq(stakes.lockedFor(TRAINER, address(jobs)), 0);
        vm.assertEq(disputes.owed(CHALLENGER), BOND, "the bond; jurors who came were paid");
    }

    /// @dev Nobody ever draws a jury: it ends all the same, and the fees come back once anybody draws.
    function test_undecided_withoutAnyJuror() public {
        (, bytes32 id) = _atJuryOf(4);
        vm.warp(disputes.getDispute(id).deadline + 1);
        disputes.resolve(id);
        vm.warp(disputes.getDispute(id).deadline + 1);
        disputes.resolve(id);
        Dispute memory dispute = disputes.getDispute(id);
        vm.assertTrue(dispute.outcome == Outcome.Undecided);
        vm.roll(block.number + 400);
        for (uint256 caseId = dispute.firstCase; caseId <= dispute.juryCase; ++caseId) {
            jury.draw(caseId); // too late for its block: gets another
            vm.roll(jury.getCase(caseId).drawBlock + 1);
            jury.draw(caseId);
        }
        vm.warp(block.timestamp + 2 days);
        jury.count(dispute.firstCase);
        jury.count(dispute.juryCase);
        disputes.settleCase(id, 1);
        disputes.settleCase(id, 2);
        vm.assertEq(disputes.owed(CHALLENGER), DEPOSIT);
    }

    function test_settleCase_refuses() public {
        bytes32 id = _atJury(0);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, id, Phase.Jury, Phase.Ended));
        disputes.settleCase(id, 1);
        judge(id, 1);
        passVerdict(id);
        uint256 caseId = disputes.getDispute(id).juryCase;
        for (uint8 which; which < 3; ++which) {
            vm.expectRevert(abi.encodeWithSelector(IDisputes.CaseNotCounted.selector, caseId));
            disputes.settleCase(id, which);
        }
    }

    /// @dev Two right challengers: the first to be right wins, the other gets all back, its jury's fee too.
    function test_close_repaysWhoWasRightAsWell() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        address other = address(0xbee);
        give(other, DEPOSIT, address(disputes));
        bytes32 first = challengeAs(CHALLENGER, jobId);
        bytes32 second = challengeAs(other, jobId);
        vm.assertEq(jobs.getJob(jobId).openDisputes, 2);
        playToJury(second, run, trueRun(jobId));
        playToJury(first, run, trueRun(jobId));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.RunStands.selector, second, jobId, 1));
        disputes.close(second);
        judge(first, 2);
        passVerdict(first);
        vm.assertEq(
            disputes.owed(CHALLENGER), DEPOSIT - FIRST_JURY + STAKE / 2 - FIRST_JURY, "its jury, and the other's"
        );
        vm.expectRevert(abi.encodeWithSelector(IDisputes.RunGone.selector, second, jobId, 1));
        disputes.resolve(second);
        disputes.close(second);
        vm.assertTrue(disputes.getDispute(second).outcome == Outcome.Moot);
        vm.assertEq(disputes.owed(other), DEPOSIT);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NoMoveDue.selector, second, Phase.Ended));
        disputes.close(second);
        vm.assertEq(token.balanceOf(address(disputes)), disputes.owed(CHALLENGER) + disputes.owed(other));
        // Its jurors vote all the same, and are paid by that fee.
        uint256 caseId = drawJury(second);
        voteAll(caseId, 2, 0);
        jury.count(caseId);
        disputes.settleCase(second, 1);
        vm.assertEq(disputes.owed(other), DEPOSIT);
    }

    /// @dev Of two disputes about a false run one is won; the jury of the other says nothing, so that its fee comes back from there. It is not
    /// repaid out of the slash besides.
    function test_attack_aJurysFeeTwice() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        address other = address(0xbee);
        give(other, DEPOSIT, address(disputes));
        bytes32 first = challengeAs(CHALLENGER, jobId);
        bytes32 second = challengeAs(other, jobId);
        playToJury(second, run, trueRun(jobId));
        playToJury(first, run, trueRun(jobId));
        drawJury(second);
        judge(first, 2);
        passVerdict(first);
        disputes.close(second);
        uint256 caseId = disputes.getDispute(second).firstCase;
        vm.warp(jury.getCase(caseId).revealEnds);
        jury.count(caseId);
        vm.expectEmit(address(disputes));
        emit IDisputes.FeeReturned(second, CHALLENGER, FIRST_JURY);
        disputes.settleCase(second, 1);
        vm.assertEq(disputes.owed(other), DEPOSIT);
        vm.assertEq(
            disputes.owed(CHALLENGER), DEPOSIT - FIRST_JURY + STAKE / 2, "what was kept for the other is the winner's"
        );
        vm.assertEq(token.balanceOf(address(disputes)), disputes.owed(CHALLENGER) + disputes.owed(other));
    }

    /// @dev The slash is too small to repay all: who closes first is repaid first, and no more than there is.
    function test_close_repaysAsFarAsTheSlashGoes() public {
        setParameter("slashChallengerPpm", 100_000);
        JobParams memory params = jobParams("job");
        params.stakeWei = 1600 ether;
        vm.prank(POSTER);
        bytes32 jobId = jobs.post(params);
        claim(jobId, TRAINER);
        ToyRun.Run memory run = falseRun(jobId, 4, 1);
        submit(jobId, run);
        bytes32 first = challengeAs(CHALLENGER, jobId);
        bytes32[3] memory others;
        for (uint160 i; i < 3; ++i) {
            give(address(0xbee + i), DEPOSIT, address(disputes));
            others[i] = challengeAs(address(0xbee + i), jobId);
            playToJury(others[i], run, trueRun(jobId));
        }
        playToJury(first, run, trueRun(jobId));
        judge(first, 2);
        passVerdict(first);
        // Of 160 the winner has its own jury's 50; 110 are left for three times 50.
        vm.assertEq(disputes.owed(CHALLENGER), DEPOSIT);
        uint256 sum = DEPOSIT;
        for (uint160 i; i < 3; ++i) {
            disputes.close(others[i]);
            uint256 repaidWei = i < 2 ? FIRST_JURY : 10 ether;
            vm.assertEq(disputes.owed(address(0xbee + i)), DEPOSIT - FIRST_JURY + repaidWei);
            sum += DEPOSIT - FIRST_JURY + repaidWei;
        }
        vm.assertEq(token.balanceOf(address(disputes)), sum);
    }

    /// @dev Nothing is kept back for a challenger who lost before.
    function test_close_keepsNothingForTheWrong() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        address other = address(0xbee);
        give(other, DEPOSIT, address(disputes));
        bytes32 first = challengeAs(CHALLENGER, jobId);
        bytes32 wrong = challengeAs(other, jobId);
        playToJury(wrong, run, falseRun(jobId, 6, 1));
        judge(wrong, 1);
        playToJury(first, run, trueRun(jobId));
        passVerdict(wrong);
        judge(first, 2);
        passVerdict(first);
        vm.assertEq(disputes.owed(CHALLENGER), DEPOSIT - FIRST_JURY + STAKE / 2);
    }

    function test_reopenedJobCanBeDisputedAnew() public {
        (bytes32 jobId,) = submitted("job", 4, 1);
        bytes32 first = challengeAs(CHALLENGER, jobId);
        vm.warp(block.timestamp + MOVE + 1);
        disputes.timeout(first);
        claim(jobId, TRAINER);
        submit(jobId, falseRun(jobId, 2, 0));
        bytes32 second = challengeAs(CHALLENGER, jobId);
        vm.assertTrue(first != second);
        vm.assertEq(disputes.getDispute(second).attempt, 2);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NoMoveDue.selector, first, Phase.Ended));
        disputes.close(first);
    }

    /// @dev Disputes that were open when the run fell hold up no later one.
    function test_reopenedJobCanBePaid() public {
        (bytes32 jobId,) = submitted("job", 4, 1);
        address other = address(0xbee);
        give(other, DEPOSIT, address(disputes));
        bytes32 first = challengeAs(CHALLENGER, jobId);
        challengeAs(other, jobId);
        vm.warp(block.timestamp + MOVE + 1);
        disputes.timeout(first);
        vm.assertEq(jobs.getJob(jobId).openDisputes, 0);
        claim(jobId, TRAINER);
        submit(jobId, trueRun(jobId));
        vm.warp(block.timestamp + 1 days + 1);
        jobs.finalise(jobId);
        vm.assertEq(jobs.owed(TRAINER), PAY);
    }

    function test_withdraw() public {
        bytes32 id = _atJury(0);
        judge(id, 1);
        passVerdict(id);
        vm.expectEmit(address(disputes));
        emit IDisputes.Withdrawn(TRAINER, BOND / 2);
        disputes.withdraw(TRAINER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NothingOwed.selector, TRAINER));
        disputes.withdraw(TRAINER);
    }

    /// @dev A lost bond is split to the wei, wherever governance sets the parts within their bounds.
    function test_aLostBondIsSplitToTheWei() public {
        uint24[2][4] memory parts =
            [[uint24(600_000), 400_000], [uint24(100_000), 0], [uint24(333_333), 333_333], [uint24(499_999), 1]];
        for (uint256 i; i < parts.length; ++i) {
            setParameter("slashChallengerPpm", parts[i][0]);
            setParameter("slashTreasuryPpm", parts[i][1]);
            setParameter("disputeBondWei", BOND + 7);
            (bytes32 jobId, ToyRun.Run memory run) = submitted(bytes32(i), 0, 0);
            bytes32 id = challengeAs(CHALLENGER, jobId);
            moveTrainer(id, run);
            vm.warp(block.timestamp + MOVE + 1);
            uint256 supply = token.totalSupply();
            uint256 trainerWei = disputes.owed(TRAINER);
            uint256 treasuryWei = disputes.owed(TREASURY);
            disputes.timeout(id);
            trainerWei = disputes.owed(TRAINER) - trainerWei;
            treasuryWei = disputes.owed(TREASURY) - treasuryWei;
            vm.assertEq(trainerWei, (BOND + 7) * parts[i][0] / 1_000_000);
            vm.assertEq(treasuryWei, (BOND + 7) * parts[i][1] / 1_000_000);
            vm.assertEq(trainerWei + treasuryWei + supply - token.totalSupply(), BOND + 7);
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

    function _atFirstVerdict(uint32 falseStep, uint8 verdict) private returns (bytes32 jobId, bytes32 id) {
        (jobId, id) = _atJuryOf(falseStep);
        judge(id, verdict);
    }
}
