// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Disputes} from "../../src/compute/Disputes.sol";
import {TrainingJobs} from "../../src/compute/TrainingJobs.sol";
import {IDisputes} from "../../src/interfaces/IDisputes.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {ITrainingJobs} from "../../src/interfaces/ITrainingJobs.sol";
import {
    Challenge,
    Dispute,
    Job,
    JobParams,
    JobStatus,
    Outcome,
    Phase,
    Submission,
    TraceClaim
} from "../../src/types/Jobs.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {IndexedTree} from "../support/IndexedTree.sol";
import {JobsWorld} from "../support/JobsWorld.sol";
import {ToyRun} from "../support/ToyRun.sol";

/// @dev What a reader of the two contracts would try.
contract DisputesAttacks is JobsWorld {
    using ToyRun for ToyRun.Run;

    address private constant PUPPET = address(0xbad);

    function test_attack_claimTwice() public {
        bytes32 id = post("job");
        claim(id, TRAINER);
        delegateAs(PUPPET, STAKE);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingJobs.WrongStatus.selector, id, JobStatus.Claimed, JobStatus.Open)
        );
        claim(id, PUPPET);
    }

    /// @dev The poster's second name disputes a true run after an accomplice took and left a seat in a loop while another draw was pending, so that
    /// no juror be found, the run annulled and the work had for nothing. Both juries are found in full: the challenger loses its bond.
    function test_attack_emptiedBench() public {
        delegateAs(PUPPET, SEAT);
        bytes32 other = post("other");
        claim(other, TRAINER);
        ToyRun.Run memory otherRun = trueRun(other);
        submit(other, otherRun);
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 0, 0);
        playToJury(challengeAs(CHALLENGER, other), otherRun, falseRun(other, 2, 1));
        bytes32 role = jury.VERIFIER();
        vm.startPrank(PUPPET);
        for (uint256 i; i < 300; ++i) {
            jury.join(role);
            jury.leave(role);
        }
        vm.stopPrank();
        bytes32 id = challengeAs(CHALLENGER, jobId);
        playToJury(id, run, falseRun(jobId, 2, 1));
        uint256 caseId = drawJury(id);
        vm.assertEq(jury.jurorsOf(caseId).length, 5);
        voteAll(caseId, trueVote(id), 0);
        disputes.resolve(id);
        vm.warp(disputes.getDispute(id).deadline + 1);
        disputes.resolve(id);
        vm.assertTrue(disputes.getDispute(id).outcome == Outcome.TrainerRight);
        vm.assertEq(disputes.owed(TRAINER), BOND / 2);
        vm.assertTrue(jobs.getJob(jobId).status == JobStatus.Submitted);
    }

    /// @dev One stake does not stand behind two jobs.
    function test_attack_oneStakeForManyJobs() public {
        delegateAs(PUPPET, STAKE);
        vm.roll(block.number + 1);
        (bytes32 first, bytes32 second) = (post("first"), post("second"));
        claim(first, PUPPET);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, PUPPET, 0, STAKE));
        claim(second, PUPPET);
    }

    /// @dev A trainer who commits to a tree of nothing: start, end and output must stand where they belong.
    function test_attack_rootWithoutRun() public {
        bytes32 id = post("job");
        claim(id, TRAINER);
        bytes32[] memory all = trueRun(id).links();
        (all[0], all[2]) = (all[2], all[0]);
        _submissionRefused(id, all, 0, trueRun(id).start);
        all = trueRun(id).links();
        (all[STEPS - 1], all[STEPS]) = (all[STEPS], all[STEPS - 1]);
        _submissionRefused(id, all, STEPS, trueRun(id).links()[STEPS]);
        all = trueRun(id).links();
        all[STEPS + 1] = "other";
        _submissionRefused(id, all, STEPS + 1, trueRun(id).links()[STEPS + 1]);
    }

    /// @dev A run that stops early has another number of links, and so proofs of another length or place.
    function test_attack_runThatStopsEarly() public {
        bytes32 id = post("job");
        claim(id, TRAINER);
        ToyRun.Run memory short = ToyRun.truth(jobs.getJob(id).runStart, 2);
        bytes32[] memory all = short.links();
        Submission memory submission = short.submission();
        bytes32[] memory first = IndexedTree.proof(all, 0);
        bytes32[] memory end = IndexedTree.proof(all, 2);
        bytes32[] memory output = IndexedTree.proof(all, 3);
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.LinkNotInRun.selector, 0, short.start));
        vm.prank(TRAINER);
        jobs.submit(id, submission, first, end, output);
    }

    /// @dev Another job's run is nothing worth here: the start is another.
    function test_attack_submissionOfAnotherJob() public {
        (, ToyRun.Run memory run) = submitted("first", 0, 0);
        JobParams memory params = jobParams("second");
        params.recipe = '{"commitEvery":1,"seed":2}';
        vm.prank(POSTER);
        bytes32 second = jobs.post(params);
        claim(second, TRAINER);
        bytes32[] memory all = run.links();
        Submission memory submission = run.submission();
        bytes32 start = jobs.getJob(second).runStart;
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.LinkNotInRun.selector, 0, start));
        vm.prank(TRAINER);
        jobs.submit(
            second,
            submission,
            IndexedTree.proof(all, 0),
            IndexedTree.proof(all, STEPS),
            IndexedTree.proof(all, STEPS + 1)
        );
    }

    /// @dev A link of the same run but another place, of another run, or an inner node of the tree does not open.
    function test_attack_wrongOpenings() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        bytes32[] memory all = run.links();
        bytes32[] memory others = trueRun(jobId).links();
        vm.startPrank(TRAINER);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.LinkNotInRun.selector, 3, all[2]));
        disputes.showLink(id, 3, all[2], IndexedTree.proof(all, 2));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.LinkNotInRun.selector, 3, others[3]));
        disputes.showLink(id, 3, others[3], IndexedTree.proof(others, 3));
        // The node above places 2 and 3, with the rest of the path.
        bytes32[] memory path = IndexedTree.proof(all, 3);
        bytes32 inner = keccak256(abi.encode(all[2], all[3]));
        bytes32[] memory rest = new bytes32[](path.length - 1);
        for (uint256 i; i < rest.length; ++i) {
            rest[i] = path[i + 1];
        }
        vm.expectRevert(abi.encodeWithSelector(IDisputes.LinkNotInRun.selector, 3, inner));
        disputes.showLink(id, 3, inner, rest);
        vm.stopPrank();
    }

    /// @dev An output that lies about adapter or features over an honest chain is found like a false step.
    function test_attack_falseAdapterOverATrueRun() public {
        for (uint32 op; op < 2; ++op) {
            (bytes32 jobId, ToyRun.Run memory run) = submitted(bytes32(uint256(op)), STEPS + 1, op);
            bytes32 id = challengeAs(CHALLENGER, jobId);
            playToJury(id, run, trueRun(jobId));
            Dispute memory dispute = disputes.getDispute(id);
            vm.assertEq(dispute.links.low, STEPS);
            vm.assertEq(dispute.ops.low, op);
            vm.assertEq(trueVote(id), 2);
        }
    }

    /// @dev The trainer names the output of the first operation as its link and ends the trace there. Were the last entry hashed like
    /// the others, every entry would be true and the challenger could not find one to dispute.
    function test_attack_traceCutWhereAnOperationGivesTheLink() public {
        bytes32 jobId = post("job");
        claim(jobId, TRAINER);
        ToyRun.Run memory truth = trueRun(jobId);
        bytes32[] memory all = truth.links();
        bytes32 digest = sha256(abi.encodePacked("op", all[0], uint32(0), bytes32(0)));
        bytes32[] memory forged = truth.links();
        forged[1] = digest;
        Submission memory submission = truth.submission();
        submission.linksRoot = IndexedTree.root(forged);
        vm.prank(TRAINER);
        jobs.submit(
            jobId,
            submission,
            IndexedTree.proof(forged, 0),
            IndexedTree.proof(forged, STEPS),
            IndexedTree.proof(forged, STEPS + 1)
        );
        Challenge memory challenge = wholeChallenge(jobId);
        (challenge.high, challenge.highLink, challenge.highProof) = (1, digest, IndexedTree.proof(forged, 1));
        vm.prank(CHALLENGER);
        bytes32 id = disputes.open(challenge);
        bytes32[] memory entries = new bytes32[](2);
        entries[0] = all[0];
        entries[1] = truth.trace(0)[1];
        // The true entry after that operation is not an end.
        TraceClaim memory cut = ToyRun.claimOf(entries);
        bytes32 end = sha256(abi.encodePacked("openledger/link/v1", all[0], uint32(0), digest));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.EntryNotInTrace.selector, 1, end));
        vm.prank(TRAINER);
        disputes.showTrace(id, cut);
        entries[1] = end;
        vm.prank(TRAINER);
        disputes.showTrace(id, ToyRun.claimOf(entries));
        moveChallenger(id, truth);
        vm.assertEq(trueVote(id), 2);
    }

    /// @dev A trace that is too long, or too short, is refuted like any other.
    function test_attack_traceOfAnotherLength() public {
        for (uint256 ops = 1; ops < 9; ++ops) {
            (bytes32 jobId, ToyRun.Run memory run) = submitted(bytes32(ops), 2, 1);
            ToyRun.Run memory truth = trueRun(jobId);
            bytes32 id = challengeAs(CHALLENGER, jobId);
            while (disputes.getDispute(id).phase != Phase.ShowTrace) {
                moveTrainer(id, run);
                moveChallenger(id, truth);
            }
            bytes32[] memory honest = truth.trace(1);
            bytes32[] memory entries = new bytes32[](ops + 1);
            for (uint256 i; i < ops; ++i) {
                entries[i] = i + 1 < honest.length ? honest[i] : keccak256(abi.encode(i));
            }
            entries[ops] =
                sha256(abi.encodePacked("openledger/link/v1", entries[ops - 1], uint32(ops - 1), run.links()[2]));
            vm.prank(TRAINER);
            disputes.showTrace(id, ToyRun.claimOf(entries));
            while (disputes.getDispute(id).phase != Phase.Jury) {
                if (disputes.mover(id) == CHALLENGER) {
                    moveChallenger(id, truth);
                    continue;
                }
                Dispute memory dispute = disputes.getDispute(id);
                uint32 mid = (dispute.ops.low + dispute.ops.high) / 2;
                vm.prank(TRAINER);
                disputes.showEntry(id, mid, entries[mid], IndexedTree.proof(entries, mid));
            }
            vm.assertEq(trueVote(id), 2);
        }
    }

    /// @dev A trainer who stalls to the last second of every move: it ends within its time all the same, and does not end well.
    function test_attack_stalling() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        while (disputes.getDispute(id).phase < Phase.Jury) {
            Dispute memory dispute = disputes.getDispute(id);
            vm.warp(dispute.deadline);
            moveTrainer(id, run);
            moveChallenger(id, trueRun(jobId));
        }
        for (uint256 i; i < 2; ++i) {
            vm.warp(disputes.getDispute(id).deadline);
            uint256 caseId = drawJury(id);
            vm.warp(jury.getCase(caseId).commitEnds - 1);
            _commitAll(caseId, 2);
            vm.warp(jury.getCase(caseId).revealEnds - 1);
            _revealAll(caseId, 2);
            disputes.resolve(id);
            if (i == 1) break;
            vm.warp(disputes.getDispute(id).deadline);
            give(TRAINER, SECOND_JURY, address(disputes));
            vm.prank(TRAINER);
            disputes.appeal(id);
        }
        Dispute memory ended = disputes.getDispute(id);
        vm.assertTrue(ended.outcome == Outcome.ChallengerRight);
        vm.assertLe(block.timestamp, ended.endsBy);
    }

    /// @dev Payment waits for every dispute that was opened in time.
    function test_attack_finaliseUnderDispute() public {
        (bytes32 jobId,) = submitted("job", 4, 1);
        vm.warp(jobs.getJob(jobId).deadline);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        vm.warp(block.timestamp + 1);
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.UnderDispute.selector, jobId, 1));
        jobs.finalise(jobId);
        vm.warp(disputes.getDispute(id).deadline + 1);
        disputes.timeout(id);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingJobs.WrongStatus.selector, jobId, JobStatus.Open, JobStatus.Submitted)
        );
        jobs.finalise(jobId);
    }

    /// @dev Challenges without ground: each costs its bond, half of which the trainer gets for its trouble.
    function test_attack_griefingChallenges() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 0, 0);
        uint256 before = wealth(TRAINER);
        for (uint160 i; i < 3; ++i) {
            address griefer = address(0xbad0 + i);
            give(griefer, DEPOSIT, address(disputes));
            bytes32 id = challengeAs(griefer, jobId);
            if (i == 0) {
                playToJury(id, run, falseRun(jobId, 2, 0));
                judge(id, 1);
                passVerdict(id);
            } else {
                moveTrainer(id, run);
                vm.warp(block.timestamp + MOVE + 1);
                disputes.timeout(id);
            }
            vm.assertLe(wealth(griefer), DEPOSIT - BOND);
        }
        vm.assertEq(wealth(TRAINER), before + 3 * BOND / 2);
        vm.warp(jobs.getJob(jobId).deadline + 1);
        jobs.finalise(jobId);
        vm.assertEq(jobs.owed(TRAINER), PAY);
    }

    /// @dev A cheat whose friend challenges first, to get the challenger's part of its own stake back: half is gone all the same, and
    /// who challenged honestly at the same time gets everything back.
    function test_attack_selfChallengeToSaveStake() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        give(PUPPET, DEPOSIT, address(disputes));
        uint256 both = wealth(TRAINER) + wealth(PUPPET);
        bytes32 puppets = challengeAs(PUPPET, jobId);
        bytes32 honest = challengeAs(CHALLENGER, jobId);
        playToJury(honest, run, trueRun(jobId));
        uint256 before = wealth(CHALLENGER);
        vm.warp(disputes.getDispute(puppets).deadline + 1);
        disputes.timeout(puppets);
        disputes.close(honest);
        vm.assertEq(wealth(TRAINER) + wealth(PUPPET), both - STAKE / 2 - FIRST_JURY, "half, and the honest one's jury");
        vm.assertEq(wealth(CHALLENGER), before + DEPOSIT);
    }

    /// @dev The same, but the friend lets itself be beaten so that the run may look tried: others' disputes go on.
    function test_attack_friendlyDisputeDoesNotShieldTheRun() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        give(PUPPET, DEPOSIT, address(disputes));
        bytes32 puppets = challengeAs(PUPPET, jobId);
        bytes32 honest = challengeAs(CHALLENGER, jobId);
        moveTrainer(puppets, run);
        moveTrainer(honest, run);
        moveChallenger(honest, trueRun(jobId));
        vm.warp(block.timestamp + MOVE);
        moveTrainer(honest, run);
        moveChallenger(honest, trueRun(jobId));
        vm.warp(block.timestamp + 1);
        disputes.timeout(puppets);
        vm.assertTrue(disputes.getDispute(puppets).outcome == Outcome.TrainerRight);
        playToJury(honest, run, trueRun(jobId));
        judge(honest, 2);
        passVerdict(honest);
        vm.assertTrue(disputes.getDispute(honest).outcome == Outcome.ChallengerRight);
    }

    /// @dev There is no number of disputes that could be used up by friends, so that nobody honest finds a place.
    function test_attack_slotsCannotBeFilled() public {
        (bytes32 jobId,) = submitted("job", 4, 1);
        for (uint160 i; i < 20; ++i) {
            give(address(0xbad0 + i), DEPOSIT, address(disputes));
            challengeAs(address(0xbad0 + i), jobId);
        }
        challengeAs(CHALLENGER, jobId);
        vm.assertEq(jobs.getJob(jobId).openDisputes, 21);
    }

    /// @dev Trainer, challenger and poster are no jurors of their case, though they have seats. Jurors beyond that are a matter of trust:
    /// who owns most of a drawn jury decides, twice.
    function test_attack_partiesAsJurors() public {
        address[3] memory parties = [TRAINER, CHALLENGER, POSTER];
        for (uint256 i; i < 3; ++i) {
            delegateAs(parties[i], SEAT);
            vm.prank(parties[i]);
            jury.join("verifier");
            vm.prank(parties[i]);
            token.approve(i == 1 ? address(disputes) : address(jobs), type(uint256).max);
        }
        vm.roll(block.number + 1);
        for (uint256 j; j < 6; ++j) {
            (bytes32 jobId, ToyRun.Run memory run) = submitted(bytes32(j), 4, 1);
            bytes32 id = challengeAs(CHALLENGER, jobId);
            playToJury(id, run, trueRun(jobId));
            address[] memory drawn = jury.jurorsOf(drawJury(id));
            for (uint256 i; i < drawn.length; ++i) {
                vm.assertTrue(drawn[i] != TRAINER && drawn[i] != CHALLENGER && drawn[i] != POSTER);
            }
        }
    }

    /// @dev A trainer cannot take its stake away from under a dispute.
    function test_attack_leaveWithTheStake() public {
        delegateAs(PUPPET, STAKE);
        vm.roll(block.number + 1);
        bytes32 jobId = post("job");
        claim(jobId, PUPPET);
        uint256 shares = stakes.sharesOf(PUPPET, PUPPET);
        vm.prank(PUPPET);
        stakes.undelegate(PUPPET, shares);
        submit(jobId, falseRun(jobId, 4, 1));
        vm.warp(jobs.getJob(jobId).deadline);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        vm.warp(block.timestamp + MOVE);
        moveAsTrainer(id, jobId);
        moveChallenger(id, trueRun(jobId));
        vm.warp(block.timestamp + 14 days);
        vm.expectRevert();
        stakes.withdraw(PUPPET, PUPPET, 0);
        uint256 before = wealth(CHALLENGER);
        disputes.timeout(id);
        vm.assertEq(wealth(CHALLENGER), before + DEPOSIT + STAKE / 2);
        vm.assertEq(stakes.withdraw(PUPPET, PUPPET, 0), 0);
    }

    function moveAsTrainer(bytes32 id, bytes32 jobId) internal {
        moveTrainer(id, falseRun(jobId, 4, 1));
    }

    /// @dev The longest job and its longest dispute end while the stake pool still holds leaving stake back for locks: three unbonding
    /// times after it left. The tree of a million links is all zero but for the three that are opened.
    function test_attack_outliveTheLock() public {
        JobParams memory params = jobParams("job");
        params.steps = uint32(jobs.MAX_STEPS());
        params.trainSeconds = uint64(jobs.MAX_TRAIN_SECONDS());
        vm.prank(POSTER);
        bytes32 jobId = jobs.post(params);
        claim(jobId, TRAINER);
        uint256 claimed = block.timestamp;
        vm.warp(claimed + 14 days);
        _submitEmptyRun(jobId);
        vm.warp(jobs.getJob(jobId).deadline);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        vm.assertLe(disputes.getDispute(id).endsBy, claimed + 3 * 14 days);
    }

    function _submitEmptyRun(bytes32 jobId) private {
        bytes32 start = jobs.getJob(jobId).runStart;
        Submission memory run = Submission(0, "end", "adapter", "features", "data", "");
        bytes32 output = sha256(
            abi.encodePacked("openledger/run-output/v1", run.runCommitment, run.adapterDigest, run.featuresRoot)
        );
        bytes32[] memory first = new bytes32[](21);
        bytes32[] memory end = new bytes32[](21);
        bytes32[] memory last = new bytes32[](21);
        (end[0], last[0]) = (output, run.runCommitment);
        bytes32 zero;
        bytes32 left = start;
        bytes32 right = keccak256(abi.encode(run.runCommitment, output));
        for (uint256 level; level < 20; ++level) {
            first[level] = zero;
            left = keccak256(abi.encode(left, zero));
            zero = keccak256(abi.encode(zero, zero));
            if (level == 19) break;
            (end[level + 1], last[level + 1]) = (zero, zero);
            right = keccak256(abi.encode(right, zero));
        }
        first[20] = right;
        (end[20], last[20]) = (left, left);
        run.linksRoot = keccak256(abi.encode(left, right));
        vm.prank(TRAINER);
        jobs.submit(jobId, run, first, end, last);
    }

    /// @dev Another's move, another's dispute, an old index: nothing moves.
    function test_attack_moveForAnother() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        moveTrainer(id, run);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotYourMove.selector, id, TRAINER, CHALLENGER));
        vm.prank(TRAINER);
        disputes.answerLink(id, 3, true);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.NotYourMove.selector, id, PUPPET, CHALLENGER));
        vm.prank(PUPPET);
        disputes.answerLink(id, 3, false);
        moveChallenger(id, trueRun(jobId));
        vm.expectRevert(abi.encodeWithSelector(IDisputes.WrongPhase.selector, id, Phase.ShowLink, Phase.AnswerLink));
        vm.prank(CHALLENGER);
        disputes.answerLink(id, 3, true);
    }

    /// @dev A job that is open again is not claimed, then cancelled under a trainer; escrow is never owed twice.
    function test_attack_escrowTwice() public {
        (bytes32 jobId,) = submitted("job", 4, 1);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingJobs.WrongStatus.selector, jobId, JobStatus.Submitted, JobStatus.Open)
        );
        vm.prank(POSTER);
        jobs.cancel(jobId);
        bytes32 id = challengeAs(CHALLENGER, jobId);
        vm.warp(block.timestamp + MOVE + 1);
        disputes.timeout(id);
        vm.startPrank(POSTER);
        jobs.cancel(jobId);
        vm.expectRevert(
            abi.encodeWithSelector(ITrainingJobs.WrongStatus.selector, jobId, JobStatus.Cancelled, JobStatus.Open)
        );
        jobs.cancel(jobId);
        vm.stopPrank();
        vm.assertEq(jobs.owed(POSTER), PAY + FEES);
        vm.assertEq(token.balanceOf(address(jobs)), PAY + FEES);
    }

    /// @dev A token that calls back in the middle of post, open, withdraw, timeout: nothing is gained by it.
    function test_reentrancy() public {
        HostileToken hostile = new HostileToken();
        hostile.mint(POSTER, 10 * PAY);
        TrainingJobs other = new TrainingJobs(IOpenToken(address(hostile)), parameters, stakes, datanets, address(this));
        vm.startPrank(POSTER);
        hostile.approve(address(other), type(uint256).max);
        bytes32 id = other.post(jobParams("job"));
        other.cancel(id);
        bytes32 second = keccak256(abi.encode(POSTER, bytes32("second")));
        other.post(jobParams("second"));
        vm.stopPrank();
        // Withdraw within a withdrawal, and a job that is not there yet.
        hostile.arm(address(other), abi.encodeCall(other.withdraw, (POSTER)));
        other.withdraw(POSTER);
        vm.assertTrue(!hostile.succeeded() && hostile.attempts() == 1);
        vm.assertEq(hostile.balanceOf(address(other)), PAY + FEES, "the second job's escrow");
        hostile.arm(address(other), abi.encodeCall(other.claim, (keccak256(abi.encode(POSTER, bytes32("third"))))));
        JobParams memory third = jobParams("third");
        vm.prank(POSTER);
        other.post(third);
        vm.assertTrue(!hostile.succeeded() && hostile.attempts() == 2);
        vm.assertEq(hostile.balanceOf(address(other)), 2 * (PAY + FEES));
        vm.assertTrue(other.getJob(second).status == JobStatus.Open);
    }

    function test_reentrancy_disputes() public {
        HostileToken hostile = new HostileToken();
        TrainingJobs ownJobs = new TrainingJobs(token, parameters, stakes, datanets, address(this));
        Disputes other = new Disputes(IOpenToken(address(hostile)), parameters, ownJobs, jury, TREASURY);
        ownJobs.initialise(address(other));
        vm.prank(GOVERNOR);
        stakes.setConsumer(address(ownJobs), true);
        // Nothing is burnt, which this token could not.
        setParameter("slashChallengerPpm", 600_000);
        setParameter("slashTreasuryPpm", 400_000);
        vm.prank(POSTER);
        token.approve(address(ownJobs), type(uint256).max);
        (jobs, disputes) = (ownJobs, other);
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 0, 0);
        hostile.mint(CHALLENGER, DEPOSIT);
        hostile.mint(PUPPET, DEPOSIT);
        vm.prank(CHALLENGER);
        hostile.approve(address(other), DEPOSIT);
        vm.prank(PUPPET);
        hostile.approve(address(other), DEPOSIT);
        bytes32 puppets = keccak256(abi.encode(jobId, uint32(1), PUPPET));
        bytes32 id = challengeAs(CHALLENGER, jobId);
        // A dispute is not there while its deposit is on the way.
        hostile.arm(address(other), abi.encodeCall(other.timeout, (puppets)));
        challengeAs(PUPPET, jobId);
        vm.assertTrue(!hostile.succeeded() && hostile.attempts() == 1);
        moveTrainer(id, run);
        vm.warp(block.timestamp + MOVE + 1);
        other.timeout(id);
        hostile.arm(address(other), abi.encodeCall(other.withdraw, (TRAINER)));
        other.withdraw(TRAINER);
        vm.assertTrue(!hostile.succeeded() && hostile.attempts() == 2);
        vm.assertEq(hostile.balanceOf(TRAINER), BOND * 6 / 10);
        vm.assertEq(hostile.balanceOf(address(other)), 2 * DEPOSIT - BOND * 6 / 10);
    }

    function _submissionRefused(bytes32 id, bytes32[] memory all, uint256 index, bytes32 link) private {
        Submission memory submission = trueRun(id).submission();
        submission.linksRoot = IndexedTree.root(all);
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.LinkNotInRun.selector, index, link));
        vm.prank(TRAINER);
        jobs.submit(
            id, submission, IndexedTree.proof(all, 0), IndexedTree.proof(all, STEPS), IndexedTree.proof(all, STEPS + 1)
        );
    }

    function _commitAll(uint256 caseId, uint8 choice) private {
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            jury.commitVote(caseId, keccak256(abi.encode(caseId, jurors[i], choice, bytes32("salt"))));
        }
    }

    function _revealAll(uint256 caseId, uint8 choice) private {
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            jury.revealVote(caseId, choice, "salt");
        }
    }
}
