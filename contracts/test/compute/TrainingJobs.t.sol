// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TrainingJobs} from "../../src/compute/TrainingJobs.sol";
import {IDatanetRegistry} from "../../src/interfaces/IDatanetRegistry.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {IDisputes} from "../../src/interfaces/IDisputes.sol";
import {ITrainingJobs} from "../../src/interfaces/ITrainingJobs.sol";
import {Ids} from "../../src/libraries/Ids.sol";
import {Job, JobParams, JobStatus, Reopening, Submission} from "../../src/types/Jobs.sol";
import {SnapshotRef} from "../../src/types/Models.sol";
import {IndexedTree} from "../support/IndexedTree.sol";
import {JobsWorld} from "../support/JobsWorld.sol";
import {ToyRun} from "../support/ToyRun.sol";

contract TrainingJobsTest is JobsWorld {
    using ToyRun for ToyRun.Run;

    function test_post() public {
        JobParams memory params = jobParams("job");
        bytes32 id = keccak256(abi.encode(POSTER, bytes32("job")));
        // Digests as text, as the factory hashes them; written out by hand.
        bytes32 start = sha256(
            bytes(
                string.concat(
                    "openledger-run\n0x6261736500000000000000000000000000000000000000000000000000000000\n",
                    "0x726f6f7400000000000000000000000000000000000000000000000000000000\n",
                    '{"commitEvery":1}\n',
                    "0x656e67696e650000000000000000000000000000000000000000000000000000"
                )
            )
        );
        vm.assertEq(jobs.quote(params.snapshots), FEES);
        vm.expectEmit(address(jobs));
        emit ITrainingJobs.JobPosted(id, POSTER, start, FEES, params);
        vm.assertEq(post("job"), id);
        Job memory job = jobs.getJob(id);
        vm.assertTrue(job.status == JobStatus.Open && job.poster == POSTER && job.steps == STEPS);
        vm.assertEq(job.runStart, start);
        vm.assertEq(job.payWei, PAY);
        vm.assertEq(job.feesWei, FEES);
        vm.assertEq(job.stakeWei, STAKE);
        vm.assertEq(job.trainSeconds, 1 days);
        vm.assertEq(job.postedBlock, block.number);
        vm.assertEq(jobs.jobCount(), 1);
        vm.assertEq(jobs.jobAt(0), id);
        vm.assertEq(token.balanceOf(address(jobs)), PAY + FEES);
    }

    function test_post_severalSnapshots() public {
        bytes32 other = createDatanet("rivers");
        JobParams memory params = jobParams("job");
        params.snapshots = _pair(datanetId, other);
        bytes32 both = keccak256(abi.encode(bytes32("root"), bytes32("root")));
        vm.prank(POSTER);
        bytes32 several = jobs.post(params);
        vm.assertEq(jobs.getJob(several).feesWei, 2 * FEES);
        vm.assertTrue(jobs.getJob(several).runStart != jobs.getJob(post("one")).runStart);
        vm.assertEq(jobs.getJob(several).runStart, _start(both));
        // Both owners are one here, and owed for both.
        claim(several, TRAINER);
        submit(several, ToyRun.truth(jobs.getJob(several).runStart, STEPS));
        vm.warp(block.timestamp + 1 days + 1);
        jobs.finalise(several);
        vm.assertEq(jobs.owed(DATANET_OWNER), 2 * FEES);
    }

    function test_post_refusesSnapshots() public {
        JobParams memory params = jobParams("job");
        params.snapshots = new SnapshotRef[](0);
        _refused(params, _range("snapshots", 0, 1, 16));
        params.snapshots = new SnapshotRef[](17);
        _refused(params, _range("snapshots", 17, 1, 16));
        params.snapshots = _pair(datanetId, datanetId);
        _refused(params, abi.encodeWithSelector(ITrainingJobs.SnapshotsUnordered.selector, 1));
        params = jobParams("job");
        params.snapshots[0].root = "other";
        _refused(
            params,
            abi.encodeWithSelector(
                ITrainingJobs.SnapshotMismatch.selector, datanetId, 1, bytes32("other"), bytes32("root")
            )
        );
        params.snapshots[0] = SnapshotRef(datanetId, 2, 0);
        _refused(
            params,
            abi.encodeWithSelector(ITrainingJobs.SnapshotMismatch.selector, datanetId, 2, bytes32(0), bytes32(0))
        );
    }

    function test_post_versionsOfOneDatanetAscend() public {
        vm.prank(DATANET_OWNER);
        datanets.snapshot(datanetId, "root", uint32(ROWS), 2, 0);
        JobParams memory params = jobParams("job");
        params.snapshots = new SnapshotRef[](2);
        params.snapshots[0] = SnapshotRef(datanetId, 1, "root");
        params.snapshots[1] = SnapshotRef(datanetId, 2, "root");
        vm.prank(POSTER);
        vm.assertEq(jobs.getJob(jobs.post(params)).feesWei, 2 * FEES);
        (params.snapshots[0], params.snapshots[1]) = (params.snapshots[1], params.snapshots[0]);
        _refused(params, abi.encodeWithSelector(ITrainingJobs.SnapshotsUnordered.selector, 1));
    }

    function test_post_refusesStaleSnapshot() public {
        bytes32 leaf = Ids.rowLeaf("row");
        vm.startPrank(DATANET_OWNER);
        datanets.commitContribution(
            datanetId, keccak256(abi.encode(datanetId, DATANET_OWNER, leaf, uint32(1), bytes32("salt")))
        );
        vm.roll(block.number + 1);
        bytes32 contribution = datanets.contribute(datanetId, leaf, 1, "salt");
        datanets.accept(contribution, 1);
        vm.warp(block.timestamp + 3 days + 1);
        datanets.finalise(contribution);
        datanets.tombstone(contribution, "row", new bytes32[](0));
        vm.stopPrank();
        _refused(jobParams("job"), abi.encodeWithSelector(ITrainingJobs.SnapshotStale.selector, datanetId, 1));
    }

    function test_post_refusesWhatIsOutOfRange() public {
        JobParams memory params = jobParams("job");
        params.baseDigest = 0;
        _refused(params, abi.encodeWithSelector(ITrainingJobs.ZeroValue.selector, "baseDigest"));
        params = jobParams("job");
        params.engineId = 0;
        _refused(params, abi.encodeWithSelector(ITrainingJobs.ZeroValue.selector, "engineId"));
        params = jobParams("job");
        params.recipe = "";
        _refused(params, _range("recipe", 0, 1, 4096));
        params.recipe = string(new bytes(4097));
        _refused(params, _range("recipe", 4097, 1, 4096));
        params = jobParams("job");
        params.dataCertificate = new bytes(16_385);
        _refused(params, _range("dataCertificate", 16_385, 0, 16_384));
        params = jobParams("job");
        params.steps = 0;
        _refused(params, _range("steps", 0, 1, 1 << 20));
        params.steps = (1 << 20) + 1;
        _refused(params, _range("steps", params.steps, 1, 1 << 20));
        params = jobParams("job");
        params.trainSeconds = 0;
        _refused(params, _range("trainSeconds", 0, 1, 14 days));
        params.trainSeconds = 14 days + 1;
        _refused(params, _range("trainSeconds", 14 days + 1, 1, 14 days));
        params = jobParams("job");
        params.payWei = 0;
        _refused(params, _range("payWei", 0, 1, type(uint96).max));
        params.payWei = 1 << 96;
        _refused(params, _range("payWei", 1 << 96, 1, type(uint96).max));
        params = jobParams("job");
        params.stakeWei = BOND - 1;
        _refused(params, _range("stakeWei", BOND - 1, BOND, type(uint96).max));
        params.stakeWei = 1 << 96;
        _refused(params, _range("stakeWei", 1 << 96, BOND, type(uint96).max));
    }

    /// @dev Such a job's certificate and recipe may be as long as can be.
    function test_post_greatestThatFits() public {
        JobParams memory params = jobParams("job");
        params.recipe = string(new bytes(4096));
        params.dataCertificate = new bytes(16_384);
        params.steps = 1 << 20;
        params.trainSeconds = 14 days;
        params.stakeWei = BOND;
        vm.prank(POSTER);
        jobs.post(params);
    }

    function test_leastStake_repaysTheJuriesOfARightChallenger() public {
        vm.assertEq(jobs.leastStakeWei(), BOND);
        setParameter("jurorFeeWei", 1000 ether);
        // Half of it goes to the challenger, who spent 16 fees at most.
        vm.assertEq(jobs.leastStakeWei(), 32_000 ether);
        setParameter("slashChallengerPpm", 100_000);
        vm.assertEq(jobs.leastStakeWei(), 160_000 ether);
        setParameter("slashChallengerPpm", 600_000);
        vm.assertEq(jobs.leastStakeWei(), 26_666_666_666_666_666_666_667);
    }

    function test_post_twice() public {
        bytes32 id = post("job");
        _refused(jobParams("job"), abi.encodeWithSelector(ITrainingJobs.JobExists.selector, id));
        vm.assertEq(token.balanceOf(address(jobs)), PAY + FEES);
    }

    function test_cancel() public {
        bytes32 id = post("job");
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.NotPoster.selector, id, TRAINER, POSTER));
        vm.prank(TRAINER);
        jobs.cancel(id);
        vm.expectEmit(address(jobs));
        emit ITrainingJobs.JobCancelled(id);
        vm.prank(POSTER);
        jobs.cancel(id);
        vm.assertEq(jobs.owed(POSTER), PAY + FEES);
        vm.expectEmit(address(jobs));
        emit ITrainingJobs.Withdrawn(POSTER, PAY + FEES);
        jobs.withdraw(POSTER);
        vm.assertEq(token.balanceOf(address(jobs)), 0);
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.NothingOwed.selector, POSTER));
        jobs.withdraw(POSTER);
        _wrongStatus(id, JobStatus.Cancelled, JobStatus.Open);
        claim(id, TRAINER);
    }

    function test_claim() public {
        bytes32 id = post("job");
        vm.expectEmit(address(jobs));
        emit ITrainingJobs.JobClaimed(id, TRAINER, 1, uint64(block.timestamp + 1 days));
        claim(id, TRAINER);
        Job memory job = jobs.getJob(id);
        vm.assertTrue(job.status == JobStatus.Claimed && job.trainer == TRAINER && job.attempt == 1);
        vm.assertEq(stakes.lockedFor(TRAINER, address(jobs)), STAKE);
        _wrongStatus(id, JobStatus.Claimed, JobStatus.Open);
        claim(id, TRAINER);
        _wrongStatus(id, JobStatus.Claimed, JobStatus.Open);
        vm.prank(POSTER);
        jobs.cancel(id);
    }

    /// @dev No trainer begins a run while too few verifiers are there to judge it.
    function test_claim_needsABench() public {
        bytes32 id = post("job");
        setParameter("leastSeats", SEATS + 1);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.BenchTooShort.selector, SEATS, SEATS + 1));
        claim(id, TRAINER);
        setParameter("leastSeats", SEATS);
        disputes.checkBench();
        bytes32 role = jury.VERIFIER();
        vm.prank(jurorAt(0));
        jury.leave(role);
        vm.expectRevert(abi.encodeWithSelector(IDisputes.BenchTooShort.selector, SEATS - 1, SEATS));
        claim(id, TRAINER);
        setParameter("leastSeats", 0);
        claim(id, TRAINER);
    }

    function test_claim_needsFreeStake() public {
        bytes32 id = post("job");
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, POSTER, 0, STAKE));
        claim(id, POSTER);
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.UnknownJob.selector, bytes32("none")));
        claim("none", TRAINER);
    }

    function test_expire() public {
        bytes32 id = post("job");
        claim(id, TRAINER);
        uint256 deadline = block.timestamp + 1 days;
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.TooEarly.selector, id, deadline));
        jobs.expire(id);
        vm.warp(deadline + 1);
        uint256 supply = token.totalSupply();
        uint256 treasury = token.balanceOf(TREASURY);
        vm.expectEmit(address(jobs));
        emit ITrainingJobs.JobReopened(id, TRAINER, 1, Reopening.Expired, STAKE / 20);
        jobs.expire(id);
        // A twentieth is lost: a quarter of it to the treasury, nothing to anybody who could have wished for it.
        vm.assertEq(token.balanceOf(TREASURY) - treasury, STAKE / 80);
        vm.assertEq(supply - token.totalSupply(), STAKE * 3 / 80);
        vm.assertEq(stakes.lockedFor(TRAINER, address(jobs)), 0);
        vm.assertEq(token.balanceOf(address(jobs)), PAY + FEES);
        claim(id, TRAINER);
        vm.assertEq(jobs.getJob(id).attempt, 2);
    }

    function test_expire_withoutCharge() public {
        setParameter("jobExpiryPpm", 0);
        bytes32 id = post("job");
        claim(id, TRAINER);
        vm.warp(block.timestamp + 1 days + 1);
        jobs.expire(id);
        vm.assertEq(stakes.stakeOf(TRAINER, TRAINER), 10 * STAKE);
        vm.assertEq(stakes.lockedFor(TRAINER, address(jobs)), 0);
        setParameter("jobExpiryPpm", 1_000_000);
        claim(id, TRAINER);
        vm.warp(block.timestamp + 1 days + 1);
        jobs.expire(id);
        vm.assertEq(stakes.stakeOf(TRAINER, TRAINER), 9 * STAKE);
        vm.assertEq(stakes.lockedFor(TRAINER, address(jobs)), 0);
    }

    function test_submit() public {
        bytes32 id = post("job");
        claim(id, TRAINER);
        ToyRun.Run memory run = trueRun(id);
        Submission memory submission = run.submission();
        vm.warp(block.timestamp + 1 days);
        vm.expectEmit(address(jobs));
        emit ITrainingJobs.RunSubmitted(id, TRAINER, 1, uint64(block.timestamp + 1 days), submission);
        submit(id, run);
        Job memory job = jobs.getJob(id);
        vm.assertTrue(job.status == JobStatus.Submitted && jobs.isSubmitted(id, 1) && !jobs.isSubmitted(id, 2));
        vm.assertEq(job.linksRoot, submission.linksRoot);
        vm.assertEq(job.runCommitment, submission.runCommitment);
        vm.assertEq(job.adapterDigest, submission.adapterDigest);
        vm.assertEq(job.featuresRoot, submission.featuresRoot);
        vm.assertEq(job.dataRoot, submission.dataRoot);
    }

    function test_submit_refuses() public {
        bytes32 id = post("job");
        ToyRun.Run memory run = trueRun(id);
        bytes32[] memory all = run.links();
        Submission memory good = run.submission();
        _wrongStatus(id, JobStatus.Open, JobStatus.Claimed);
        _submitAs(TRAINER, id, good, all);
        claim(id, TRAINER);
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.NotTrainer.selector, id, POSTER, TRAINER));
        _submitAs(POSTER, id, good, all);
        Submission memory bad = run.submission();
        bad.adapterDigest = 0;
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.ZeroValue.selector, "adapterDigest"));
        _submitAs(TRAINER, id, bad, all);
        bad = run.submission();
        bad.featuresRoot = 0;
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.ZeroValue.selector, "featuresRoot"));
        _submitAs(TRAINER, id, bad, all);
        bad = run.submission();
        bad.dataCertificate = new bytes(16_385);
        vm.expectRevert(_range("dataCertificate", 16_385, 0, 16_384));
        _submitAs(TRAINER, id, bad, all);
        vm.warp(block.timestamp + 1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.TooLate.selector, id, block.timestamp - 1));
        _submitAs(TRAINER, id, good, all);
    }

    function test_finalise() public {
        (bytes32 id,) = submitted("job", 0, 0);
        uint256 deadline = block.timestamp + 1 days;
        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.TooEarly.selector, id, deadline));
        jobs.finalise(id);
        vm.warp(deadline + 1);
        vm.expectEmit(address(jobs));
        emit ITrainingJobs.JobPaid(id, TRAINER, PAY, FEES);
        jobs.finalise(id);
        vm.assertEq(jobs.owed(TRAINER), PAY);
        vm.assertEq(jobs.owed(DATANET_OWNER), FEES);
        vm.assertEq(stakes.lockedFor(TRAINER, address(jobs)), 0);
        jobs.withdraw(TRAINER);
        jobs.withdraw(DATANET_OWNER);
        vm.assertEq(token.balanceOf(address(jobs)), 0);
        _wrongStatus(id, JobStatus.Paid, JobStatus.Submitted);
        jobs.finalise(id);
    }

    function test_onlyDisputesMayJudge() public {
        (bytes32 id,) = submitted("job", 0, 0);
        bytes memory refusal =
            abi.encodeWithSelector(ITrainingJobs.NotDisputes.selector, address(this), address(disputes));
        vm.expectRevert(refusal);
        jobs.beginDispute(id);
        vm.expectRevert(refusal);
        jobs.endDispute(id);
        vm.expectRevert(refusal);
        jobs.refute(id, address(this), "cause");
        vm.expectRevert(refusal);
        jobs.annul(id);
    }

    function test_initialise() public {
        vm.expectRevert(ITrainingJobs.AlreadyInitialised.selector);
        jobs.initialise(address(1));
        TrainingJobs fresh = new TrainingJobs(token, parameters, stakes, datanets, address(this));
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.ZeroAccount.selector, "disputes"));
        fresh.initialise(address(0));
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.NotDeployer.selector, POSTER, address(this)));
        vm.prank(POSTER);
        fresh.initialise(address(1));
    }

    function test_constructor_refusesZeroAccounts() public {
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.ZeroAccount.selector, "token"));
        new TrainingJobs(IOpenToken(address(0)), parameters, stakes, datanets, address(this));
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.ZeroAccount.selector, "parameters"));
        new TrainingJobs(token, IParameters(address(0)), stakes, datanets, address(this));
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.ZeroAccount.selector, "stakes"));
        new TrainingJobs(token, parameters, IStakePool(address(0)), datanets, address(this));
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.ZeroAccount.selector, "datanets"));
        new TrainingJobs(token, parameters, stakes, IDatanetRegistry(address(0)), address(this));
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.ZeroAccount.selector, "deployer"));
        new TrainingJobs(token, parameters, stakes, datanets, address(0));
    }

    function _submitAs(address sender, bytes32 id, Submission memory run, bytes32[] memory all) private {
        vm.prank(sender);
        jobs.submit(
            id,
            run,
            IndexedTree.proof(all, 0),
            IndexedTree.proof(all, all.length - 2),
            IndexedTree.proof(all, all.length - 1)
        );
    }

    function _start(bytes32 snapshotRoot) private returns (bytes32) {
        return this.startOf(snapshotRoot);
    }

    function startOf(bytes32 snapshotRoot) external view returns (bytes32) {
        return sha256(
            abi.encodePacked(
                "openledger-run\n",
                vm.toString(bytes32("base")),
                "\n",
                vm.toString(snapshotRoot),
                '\n{"commitEvery":1}\n',
                vm.toString(bytes32("engine"))
            )
        );
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (SnapshotRef[] memory refs) {
        refs = new SnapshotRef[](2);
        (refs[0], refs[1]) = a < b
            ? (SnapshotRef(a, 1, "root"), SnapshotRef(b, 1, "root"))
            : (SnapshotRef(b, 1, "root"), SnapshotRef(a, 1, "root"));
    }

    function _refused(JobParams memory params, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(POSTER);
        jobs.post(params);
    }

    function _wrongStatus(bytes32 id, JobStatus status, JobStatus wanted) private {
        vm.expectRevert(abi.encodeWithSelector(ITrainingJobs.WrongStatus.selector, id, status, wanted));
    }

    function _range(string memory field, uint256 value, uint256 min, uint256 max) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ITrainingJobs.OutOfRange.selector, field, value, min, max);
    }
}
