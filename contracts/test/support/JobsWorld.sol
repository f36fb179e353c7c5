// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Disputes} from "../../src/compute/Disputes.sol";
import {TrainingJobs} from "../../src/compute/TrainingJobs.sol";
import {DatanetRegistry} from "../../src/datanet/DatanetRegistry.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {Jury} from "../../src/staking/Jury.sol";
import {Parameters} from "../../src/staking/Parameters.sol";
import {StakePool} from "../../src/staking/StakePool.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {CurationRule, DatanetTerms} from "../../src/types/Datanets.sol";
import {Challenge, Dispute, Job, JobParams, Phase, Submission} from "../../src/types/Jobs.sol";
import {SnapshotRef} from "../../src/types/Models.sol";
import {IndexedTree} from "./IndexedTree.sol";
import {ParameterList} from "./ParameterList.sol";
import {Test} from "./Test.sol";
import {ToyRun} from "./ToyRun.sol";

/// @dev Jobs and disputes with the real token, constants, stakes, jury and datanets; and two players who know what to do next.
abstract contract JobsWorld is Test {
    using ToyRun for ToyRun.Run;

    address internal constant HOLDER = address(0x401de5);
    address internal constant TREASURY = address(0x7ea5);
    address internal constant GOVERNOR = address(0x60f);
    address internal constant POSTER = address(0x9057);
    address internal constant TRAINER = address(0x7a1);
    address internal constant CHALLENGER = address(0xc4a1);
    address internal constant DATANET_OWNER = address(0xda7a);
    uint256 internal constant SEATS = 14;
    uint256 internal constant SEAT = 10_000 ether;
    uint256 internal constant PAY = 500 ether;
    uint256 internal constant STAKE = 4000 ether;
    uint256 internal constant ROWS = 10;
    uint256 internal constant PRICE = 0.5 ether;
    uint256 internal constant FEES = ROWS * PRICE;
    uint256 internal constant BOND = 1000 ether;
    uint256 internal constant FIRST_JURY = 50 ether;
    uint256 internal constant SECOND_JURY = 110 ether;
    uint256 internal constant DEPOSIT = BOND + FIRST_JURY + SECOND_JURY;
    uint32 internal constant STEPS = 6;
    uint256 internal constant MOVE = 6 hours;

    OpenToken internal token;
    Parameters internal parameters;
    StakePool internal stakes;
    Jury internal jury;
    DatanetRegistry internal datanets;
    TrainingJobs internal jobs;
    Disputes internal disputes;
    bytes32 internal datanetId;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        vm.roll(1000);
        token = new OpenToken(HOLDER);
        deploy();
        datanetId = createDatanet("capitals");
        for (uint256 i; i < SEATS; ++i) {
            delegateAs(jurorAt(i), SEAT);
            vm.startPrank(jurorAt(i));
            jury.join(jury.VERIFIER());
            vm.stopPrank();
        }
        vm.roll(block.number + 1);
        give(POSTER, 1_000_000 ether, address(jobs));
        give(CHALLENGER, 1_000_000 ether, address(disputes));
        delegateAs(TRAINER, 10 * STAKE);
    }

    function deploy() internal {
        parameters = new Parameters(GOVERNOR, ParameterList.production());
        stakes = new StakePool(token, parameters, TREASURY, address(this));
        jury = new Jury(token, parameters, stakes, address(this));
        datanets = new DatanetRegistry(token, parameters, jury, TREASURY);
        jobs = new TrainingJobs(token, parameters, stakes, datanets, address(this));
        disputes = new Disputes(token, parameters, jobs, jury, TREASURY);
        address[] memory named = new address[](2);
        (named[0], named[1]) = (address(jury), address(jobs));
        stakes.initialise(named);
        named = new address[](1);
        named[0] = address(disputes);
        jury.initialise(named);
        jobs.initialise(address(disputes));
    }

    function give(address account, uint256 amount, address spender) internal {
        vm.prank(HOLDER);
        token.transfer(account, amount);
        vm.prank(account);
        token.approve(spender, type(uint256).max);
    }

    function delegateAs(address operator, uint256 amount) internal {
        give(operator, amount, address(stakes));
        vm.prank(operator);
        stakes.delegate(operator, amount);
    }

    function jurorAt(uint256 i) internal pure returns (address) {
        return address(uint160(0x10000 + i));
    }

    /// @dev A datanet with one finally accepted contribution and a snapshot of it.
    function createDatanet(string memory name) internal returns (bytes32 id) {
        vm.startPrank(DATANET_OWNER);
        id = datanets.create(
            DatanetTerms(name, "terms", "CC-BY-4.0", "text", 0, 0, uint128(PRICE), CurationRule.Owner, 500_000)
        );
        datanets.commitContribution(
            id, keccak256(abi.encode(id, DATANET_OWNER, bytes32("rows"), uint32(ROWS), bytes32("salt")))
        );
        vm.roll(block.number + 1);
        bytes32 contribution = datanets.contribute(id, "rows", uint32(ROWS), "salt");
        datanets.accept(contribution, uint32(ROWS));
        vm.warp(block.timestamp + 3 days + 1);
        datanets.finalise(contribution);
        datanets.snapshot(id, "root", uint32(ROWS), 1, 0);
        vm.stopPrank();
    }

    function jobParams(bytes32 salt) internal view returns (JobParams memory params) {
        SnapshotRef[] memory snapshots = new SnapshotRef[](1);
        snapshots[0] = SnapshotRef(datanetId, 1, "root");
        return JobParams({
            salt: salt,
            baseDigest: "base",
            engineId: "engine",
            snapshots: snapshots,
            recipe: '{"commitEvery":1}',
            steps: STEPS,
            trainSeconds: 1 days,
            payWei: PAY,
            stakeWei: STAKE,
            dataDigest: 0,
            dataCertificate: ""
        });
    }

    function post(bytes32 salt) internal returns (bytes32) {
        JobParams memory params = jobParams(salt);
        vm.prank(POSTER);
        return jobs.post(params);
    }

    function claim(bytes32 jobId, address trainer) internal {
        vm.prank(trainer);
        jobs.claim(jobId);
    }

    function submit(bytes32 jobId, ToyRun.Run memory run) internal {
        address trainer = jobs.getJob(jobId).trainer;
        bytes32[] memory all = run.links();
        Submission memory submission = run.submission();
        vm.prank(trainer);
        jobs.submit(
            jobId,
            submission,
            IndexedTree.proof(all, 0),
            IndexedTree.proof(all, run.steps),
            IndexedTree.proof(all, run.steps + 1)
        );
    }

    function trueRun(bytes32 jobId) internal view returns (ToyRun.Run memory) {
        return ToyRun.truth(jobs.getJob(jobId).runStart, STEPS);
    }

    function falseRun(bytes32 jobId, uint32 step, uint32 op) internal view returns (ToyRun.Run memory) {
        return ToyRun.Run(jobs.getJob(jobId).runStart, STEPS, step, op, "lie");
    }

    /// @dev Posted, claimed by TRAINER and submitted.
    function submitted(bytes32 salt, uint32 falseStep, uint32 falseOp)
        internal
        returns (bytes32 jobId, ToyRun.Run memory run)
    {
        jobId = post(salt);
        claim(jobId, TRAINER);
        run = falseRun(jobId, falseStep, falseOp);
        submit(jobId, run);
    }

    /// @dev Over the whole run: agreed at its start, disputed at its output.
    function wholeChallenge(bytes32 jobId) internal view returns (Challenge memory challenge) {
        Job memory job = jobs.getJob(jobId);
        challenge.jobId = jobId;
        challenge.own = "own";
        challenge.lowLink = job.runStart;
        challenge.high = job.steps + 1;
        challenge.highLink = sha256(
            abi.encodePacked("openledger/run-output/v1", job.runCommitment, job.adapterDigest, job.featuresRoot)
        );
    }

    function challengeAs(address challenger, bytes32 jobId) internal returns (bytes32) {
        Challenge memory challenge = wholeChallenge(jobId);
        vm.prank(challenger);
        return disputes.open(challenge);
    }

    /// @dev The trainer's next move, by its run.
    function moveTrainer(bytes32 disputeId, ToyRun.Run memory run) internal {
        Dispute memory dispute = disputes.getDispute(disputeId);
        vm.startPrank(dispute.trainer);
        if (dispute.phase == Phase.ShowLink) {
            uint32 mid = (dispute.links.low + dispute.links.high) / 2;
            bytes32[] memory all = run.links();
            disputes.showLink(disputeId, mid, all[mid], IndexedTree.proof(all, mid));
        } else if (dispute.phase == Phase.ShowTrace) {
            disputes.showTrace(disputeId, run.traceClaim(dispute.links.low));
        } else if (dispute.phase == Phase.ShowEntry) {
            uint32 mid = (dispute.ops.low + dispute.ops.high) / 2;
            bytes32[] memory entries = run.trace(dispute.links.low);
            disputes.showEntry(disputeId, mid, entries[mid], IndexedTree.proof(entries, mid));
        }
        vm.stopPrank();
    }

    /// @dev The challenger's next move, by its own run.
    function moveChallenger(bytes32 disputeId, ToyRun.Run memory own) internal {
        Dispute memory dispute = disputes.getDispute(disputeId);
        vm.startPrank(dispute.challenger);
        if (dispute.phase == Phase.AnswerLink) {
            uint32 mid = (dispute.links.low + dispute.links.high) / 2;
            disputes.answerLink(disputeId, mid, own.links()[mid] == dispute.links.midHash);
        } else if (dispute.phase == Phase.AnswerEntry) {
            uint32 mid = (dispute.ops.low + dispute.ops.high) / 2;
            bytes32[] memory entries = own.trace(dispute.links.low);
            disputes.answerEntry(disputeId, mid, mid < entries.length && entries[mid] == dispute.ops.midHash);
        } else if (dispute.phase == Phase.ClaimEntry) {
            bytes32[] memory entries = own.trace(dispute.links.low);
            bytes32 entry = dispute.ops.high < entries.length ? entries[dispute.ops.high] : bytes32("none");
            // Who agrees with the trainer here has no case; it says anything else.
            disputes.claimEntry(disputeId, entry == dispute.ops.highHash ? bytes32("any") : entry);
        }
        vm.stopPrank();
    }

    /// @dev Both play by their runs until the jury is called.
    function playToJury(bytes32 disputeId, ToyRun.Run memory trainers, ToyRun.Run memory challengers) internal {
        for (uint256 i; i < 64 && disputes.getDispute(disputeId).phase < Phase.Jury; ++i) {
            moveTrainer(disputeId, trainers);
            moveChallenger(disputeId, challengers);
        }
        vm.assertTrue(disputes.getDispute(disputeId).phase == Phase.Jury, "no jury was called");
    }

    /// @dev What a juror finds: 1 if the trainer's entry after the operation in question is the true one.
    function trueVote(bytes32 disputeId) internal view returns (uint8) {
        Dispute memory dispute = disputes.getDispute(disputeId);
        ToyRun.Run memory run = trueRun(dispute.jobId);
        if (run.links()[dispute.links.low] != dispute.links.lowHash) return 2;
        bytes32[] memory entries = run.trace(dispute.links.low);
        if (dispute.ops.high >= entries.length) return 2;
        return entries[dispute.ops.high] == dispute.ops.highHash ? 1 : 2;
    }

    function drawJury(bytes32 disputeId) internal returns (uint256 caseId) {
        caseId = disputes.getDispute(disputeId).juryCase;
        vm.roll(jury.getCase(caseId).drawBlock + 1);
        jury.draw(caseId);
    }

    /// @dev All drawn jurors vote so, but for the first `absent`.
    function voteAll(uint256 caseId, uint8 choice, uint256 absent) internal {
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i = absent; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            jury.commitVote(caseId, keccak256(abi.encode(caseId, jurors[i], choice, bytes32("salt"))));
        }
        IJury.Case memory one = jury.getCase(caseId);
        if (block.timestamp < one.commitEnds) vm.warp(one.commitEnds);
        for (uint256 i = absent; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            jury.revealVote(caseId, choice, "salt");
        }
    }

    /// @dev The jury is drawn, votes so, and the dispute goes on.
    function judge(bytes32 disputeId, uint8 choice) internal {
        voteAll(drawJury(disputeId), choice, 0);
        disputes.resolve(disputeId);
    }

    /// @dev After a first verdict that nobody appeals.
    function passVerdict(bytes32 disputeId) internal {
        vm.warp(disputes.getDispute(disputeId).deadline + 1);
        disputes.resolve(disputeId);
    }

    function wealth(address account) internal view returns (uint256) {
        return token.balanceOf(account) + jobs.owed(account) + disputes.owed(account) + stakes.stakeOf(account, account);
    }

    function setParameter(bytes32 key, uint256 value) internal {
        vm.prank(GOVERNOR);
        parameters.set(key, value);
    }
}
