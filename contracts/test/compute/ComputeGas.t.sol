// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Challenge, JobParams, Phase, Submission, TraceClaim} from "../../src/types/Jobs.sol";
import {IndexedTree} from "../support/IndexedTree.sol";
import {JobsWorld} from "../support/JobsWorld.sol";
import {ToyRun} from "../support/ToyRun.sol";

/// @dev Gas of jobs and disputes, written to snapshots/ and committed; each call is a transaction of its own. A run of 6 steps: a
/// thousand steps make each opening 7 digests longer, and 7 more rounds of showing and answering.
/// forge-config: default.isolate = true
contract ComputeGasTest is JobsWorld {
    using ToyRun for ToyRun.Run;

    string private constant GROUP = "compute";

    function test_job() public {
        post("before");
        JobParams memory params = jobParams("job");
        vm.prank(POSTER);
        bytes32 id = jobs.post(params);
        vm.snapshotGasLastCall(GROUP, "post a job");
        claim(post("another"), TRAINER);
        claim(id, TRAINER);
        vm.snapshotGasLastCall(GROUP, "claim a job");
        ToyRun.Run memory run = trueRun(id);
        bytes32[] memory all = run.links();
        Submission memory submission = run.submission();
        bytes32[] memory first = IndexedTree.proof(all, 0);
        bytes32[] memory end = IndexedTree.proof(all, STEPS);
        bytes32[] memory output = IndexedTree.proof(all, STEPS + 1);
        vm.prank(TRAINER);
        jobs.submit(id, submission, first, end, output);
        vm.snapshotGasLastCall(GROUP, "submit a run");
        vm.warp(block.timestamp + 1 days + 1);
        jobs.finalise(id);
        vm.snapshotGasLastCall(GROUP, "pay a job");
        jobs.withdraw(TRAINER);
        vm.snapshotGasLastCall(GROUP, "withdraw pay");
    }

    function test_dispute() public {
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        Challenge memory challenge = wholeChallenge(jobId);
        vm.prank(CHALLENGER);
        bytes32 id = disputes.open(challenge);
        vm.snapshotGasLastCall(GROUP, "open a dispute");
        bytes32[] memory all = run.links();
        bytes32[] memory proof = IndexedTree.proof(all, 3);
        vm.prank(TRAINER);
        disputes.showLink(id, 3, all[3], proof);
        vm.snapshotGasLastCall(GROUP, "show a link");
        vm.prank(CHALLENGER);
        disputes.answerLink(id, 3, true);
        vm.snapshotGasLastCall(GROUP, "answer a link");
        while (disputes.getDispute(id).phase != Phase.ShowTrace) {
            moveTrainer(id, run);
            moveChallenger(id, trueRun(jobId));
        }
        TraceClaim memory trace = run.traceClaim(3);
        vm.prank(TRAINER);
        disputes.showTrace(id, trace);
        vm.snapshotGasLastCall(GROUP, "show a trace");
        while (disputes.getDispute(id).phase != Phase.ClaimEntry) {
            moveTrainer(id, run);
            moveChallenger(id, trueRun(jobId));
        }
        vm.prank(CHALLENGER);
        disputes.claimEntry(id, "mine");
        vm.snapshotGasLastCall(GROUP, "claim an entry, call the jury");
        voteAll(drawJury(id), 2, 0);
        disputes.resolve(id);
        vm.snapshotGasLastCall(GROUP, "count a verdict of 5");
        vm.warp(block.timestamp + MOVE + 1);
        disputes.resolve(id);
        vm.snapshotGasLastCall(GROUP, "end a dispute: slash, settle 5 jurors");
    }

    function test_deploy() public {
        vm.snapshotValue("computeSize", "TrainingJobs", address(jobs).code.length);
        vm.snapshotValue("computeSize", "Disputes", address(disputes).code.length);
    }
}
