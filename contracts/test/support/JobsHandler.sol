// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IJury} from "../../src/interfaces/IJury.sol";
import {Dispute, Job, JobStatus, Outcome, Phase} from "../../src/types/Jobs.sol";
import {JobsWorld} from "./JobsWorld.sol";
import {ToyRun} from "./ToyRun.sol";

/// @dev Honest parties and cheats at jobs and disputes. The honest do what is theirs to do before time passes, however late; cheats do it,
/// do something else, or nothing. Jurors are honest but for some who stay away, never half of those drawn. Every act may be called at
/// any time and reverts never: what cannot be done now is left out.
contract JobsHandler is JobsWorld {
    using ToyRun for ToyRun.Run;

    address public constant HONEST_TRAINER = address(0x7a1a);
    address public constant CHEATING_TRAINER = address(0x7a1b);
    address public constant HONEST_CHALLENGER = address(0xc4aa);
    address public constant WATCHER = address(0xc4ab); // honest too, and in another's way
    address public constant FALSE_CHALLENGER = address(0xc4ac); // a friend of the cheating trainer
    uint256 public constant RICHES = 1_000_000 ether;
    uint256 private constant JOBS = 2;

    bytes32[] public jobIds;
    bytes32[] public disputeIds;
    bytes32[] public openIds; // those of them that have not ended
    uint256 public ended;
    uint256 public refuted;
    uint256 public attacksThatWorked;
    uint256 public overdue;
    mapping(bytes32 jobId => mapping(uint32 attempt => ToyRun.Run)) private _runs;

    constructor() {
        JobsWorld.setUp();
        address[5] memory all = [HONEST_TRAINER, CHEATING_TRAINER, HONEST_CHALLENGER, WATCHER, FALSE_CHALLENGER];
        for (uint256 i; i < 5; ++i) {
            give(all[i], RICHES, address(disputes));
        }
        for (uint256 i; i < 2; ++i) {
            vm.startPrank(all[i]);
            token.approve(address(stakes), RICHES / 2);
            stakes.delegate(all[i], RICHES / 2);
            vm.stopPrank();
        }
        vm.roll(block.number + 1);
        setParameter("jurySize", 3);
        setParameter("appealJurySize", 5);
        for (uint256 i; i < JOBS; ++i) {
            jobIds.push(post(bytes32(i)));
        }
    }

    function setUp() public override {}

    /// @dev A job is claimed and a run submitted; a cheat may let the time pass instead.
    function submitRun(uint256 which, uint256 step, uint256 op, uint256 kind) external {
        bytes32 jobId = _job(which);
        if (jobs.getJob(jobId).status != JobStatus.Open) return;
        bool cheats = kind % 4 != 0;
        claim(jobId, cheats ? CHEATING_TRAINER : HONEST_TRAINER);
        if (kind % 8 == 1) return _pass(1 days + 1);
        ToyRun.Run memory run = trueRun(jobId);
        if (cheats) run = falseRun(jobId, uint32(bound(step, 1, STEPS + 1)), uint32(bound(op, 0, ToyRun.OPS - 1)));
        if (run.falseStep == STEPS + 1) run.falseOp = run.falseOp % 2;
        _runs[jobId][jobs.getJob(jobId).attempt] = run;
        submit(jobId, run);
        if (kind % 3 == 0) _challenge(jobId, FALSE_CHALLENGER);
    }

    /// @dev Honest ones dispute what is false; the friend whatever there is, so that a run may be disputed by three at once.
    function challenge(uint256 which, uint256 who) external {
        bytes32 jobId = _job(which);
        if (jobs.getJob(jobId).status != JobStatus.Submitted) return;
        _challenge(jobId, [HONEST_CHALLENGER, WATCHER, FALSE_CHALLENGER][who % 3]);
    }

    /// @dev The next moves in a dispute, by whoever has to: the honest make the right one; cheats that, another, or none.
    function move(uint256 which, uint256 choice) external {
        bytes32 id = _dispute(which);
        for (uint256 i; id != 0 && i < 6; ++i) {
            _step(id, choice >> (8 * i));
        }
    }

    /// @dev Time passes: up to two moves, or a whole vote. First the honest do what is due.
    function wait(uint256 howLong) external {
        _pass(bound(howLong, 1, 2 * MOVE));
    }

    function waitForVotes() external {
        _pass(1 days);
        _pass(1 days);
    }

    /// @dev What must never go through, by anybody, at any time.
    function attack(uint256 which, uint256 how) external {
        bytes32 id = _dispute(which);
        if (id == 0) return;
        Dispute memory dispute = disputes.getDispute(id);
        Job memory job = jobs.getJob(dispute.jobId);
        address stranger = address(0xbad);
        vm.startPrank(stranger);
        how %= 7;
        bool worked;
        if (how == 0) worked = _try(address(disputes), abi.encodeCall(disputes.answerLink, (id, 3, true)));
        if (how == 1) worked = _try(address(jobs), abi.encodeCall(jobs.refute, (dispute.jobId, stranger, id)));
        if (how == 2 && dispute.phase == Phase.Ended) {
            worked = _try(address(disputes), abi.encodeCall(disputes.timeout, (id)))
                || _try(address(disputes), abi.encodeCall(disputes.close, (id)))
                || _try(address(disputes), abi.encodeCall(disputes.resolve, (id)));
        }
        if (how == 3 && job.openDisputes != 0) {
            worked = _try(address(jobs), abi.encodeCall(jobs.finalise, (dispute.jobId)));
        }
        if (how == 4) worked = _try(address(jobs), abi.encodeCall(jobs.cancel, (dispute.jobId)));
        if (how == 5 && dispute.phase != Phase.Ended && block.timestamp <= dispute.deadline) {
            worked = _try(address(disputes), abi.encodeCall(disputes.timeout, (id)));
        }
        if (how == 6) worked = _try(address(stakes), abi.encodeCall(stakes.slash, (dispute.trainer, 1, stranger, id)));
        vm.stopPrank();
        if (worked) ++attacksThatWorked;
    }

    function jobCount() external view returns (uint256) {
        return jobIds.length;
    }

    function openCount() external view returns (uint256) {
        return openIds.length;
    }

    /// @dev Everything an account has or has put down.
    function worth(address account) external view returns (uint256 sum) {
        sum = wealth(account);
        for (uint256 i; i < openIds.length; ++i) {
            Dispute memory dispute = disputes.getDispute(openIds[i]);
            if (dispute.challenger == account) sum += dispute.depositWei + dispute.spentWei;
        }
    }

    function contracts() external view returns (address, address, address, address) {
        return (address(token), address(jobs), address(disputes), address(stakes));
    }

    /// @dev Goes on until nothing is open, without any cheat's help; returns whether all came to an end.
    function finishAll() external returns (bool) {
        for (uint256 i; i < 60; ++i) {
            if (openIds.length == 0) return true;
            _pass(1 days);
        }
        return false;
    }

    /// @dev The honest act, then time passes, then anybody pokes what is due.
    function _pass(uint256 howLong) private {
        _honestDuties();
        vm.warp(block.timestamp + howLong);
        vm.roll(block.number + 20);
        for (uint256 i = openIds.length; i > 0; --i) {
            _poke(openIds[i - 1]);
            if (disputes.getDispute(openIds[i - 1]).phase != Phase.Ended) continue;
            openIds[i - 1] = openIds[openIds.length - 1];
            openIds.pop();
        }
        for (uint256 i; i < jobIds.length; ++i) {
            Job memory job = jobs.getJob(jobIds[i]);
            if (block.timestamp <= job.deadline) continue;
            if (job.status == JobStatus.Claimed) jobs.expire(jobIds[i]);
            if (job.status == JobStatus.Submitted && job.openDisputes == 0) jobs.finalise(jobIds[i]);
        }
    }

    function _honestDuties() private {
        for (uint256 i; i < jobIds.length; ++i) {
            Job memory job = jobs.getJob(jobIds[i]);
            bool isFalse = _runs[jobIds[i]][job.attempt].falseStep != 0;
            if (job.status == JobStatus.Submitted && isFalse) _challenge(jobIds[i], HONEST_CHALLENGER);
        }
        // The honest answer each other's moves at once, so this goes on while something moves.
        for (uint256 i; i < openIds.length; ++i) {
            for (uint256 j; j < 16 && _isHonest(disputes.mover(openIds[i])); ++j) {
                if (!_step(openIds[i], 0)) break;
            }
            _serveJury(openIds[i]);
        }
    }

    function _challenge(bytes32 jobId, address who) private {
        Job memory job = jobs.getJob(jobId);
        if (who != FALSE_CHALLENGER && _runs[jobId][job.attempt].falseStep == 0) return;
        if (block.timestamp > job.deadline) return;
        bytes32 id = keccak256(abi.encode(jobId, job.attempt, who));
        for (uint256 i; i < disputeIds.length; ++i) {
            if (disputeIds[i] == id) return;
        }
        disputeIds.push(challengeAs(who, jobId));
        openIds.push(id);
    }

    /// @return Whether a move was made.
    function _step(bytes32 id, uint256 choice) private returns (bool) {
        Dispute memory dispute = disputes.getDispute(id);
        Job memory job = jobs.getJob(dispute.jobId);
        address who = disputes.mover(id);
        if (who == address(0) || block.timestamp > dispute.deadline) return false;
        if (job.status != JobStatus.Submitted || job.attempt != dispute.attempt) return false;
        if (dispute.phase == Phase.Verdict) {
            // The honest never lose a first verdict here; a cheat may appeal, and has to pay.
            if (_isHonest(who) || choice % 2 == 0) return false;
            vm.prank(who);
            disputes.appeal(id);
            return true;
        }
        if (!_isHonest(who) && choice % 8 == 7) return false;
        if (who == dispute.trainer) {
            moveTrainer(id, _runs[dispute.jobId][dispute.attempt]);
        } else if (who != FALSE_CHALLENGER) {
            moveChallenger(id, trueRun(dispute.jobId));
        } else {
            // Its own idea of the run: as false as it likes, or the trainer's own.
            ToyRun.Run memory own = falseRun(dispute.jobId, uint32(choice % (STEPS + 2)), uint32(choice % 2));
            moveChallenger(id, choice % 3 == 0 ? _runs[dispute.jobId][dispute.attempt] : own);
        }
        return true;
    }

    /// @dev The jury is drawn and votes by and by; of five one stays away.
    function _serveJury(bytes32 id) private {
        Dispute memory dispute = disputes.getDispute(id);
        if (dispute.phase != Phase.Jury || !jobs.isSubmitted(dispute.jobId, dispute.attempt)) return;
        uint256 caseId = dispute.juryCase;
        IJury.Case memory one = jury.getCase(caseId);
        bool isDrawing = one.phase == IJury.Phase.Drawing;
        if (isDrawing) drawJury(id);
        else if (one.phase != IJury.Phase.Revealing || one.revealed == one.committed) return;
        address[] memory jurors = jury.jurorsOf(caseId);
        uint8 choice = trueVote(id);
        for (uint256 i = jurors.length / 5; i < jurors.length; ++i) {
            vm.prank(jurors[i]);
            if (isDrawing) {
                jury.commitVote(caseId, keccak256(abi.encode(caseId, jurors[i], choice, bytes32("salt"))));
            } else {
                jury.revealVote(caseId, choice, "salt");
            }
        }
    }

    function _poke(bytes32 id) private {
        Dispute memory dispute = disputes.getDispute(id);
        if (!jobs.isSubmitted(dispute.jobId, dispute.attempt)) {
            disputes.close(id);
        } else if (dispute.phase == Phase.Jury) {
            IJury.Case memory one = jury.getCase(dispute.juryCase);
            bool isReady = one.phase == IJury.Phase.Revealing
                && (one.revealed == one.committed || block.timestamp >= one.revealEnds);
            if (isReady || one.phase == IJury.Phase.Counted) disputes.resolve(id);
        } else if (block.timestamp > dispute.deadline) {
            if (dispute.phase == Phase.Verdict) disputes.resolve(id);
            else disputes.timeout(id);
        }
        dispute = disputes.getDispute(id);
        if (dispute.phase == Phase.Ended) {
            ++ended;
            if (dispute.outcome == Outcome.ChallengerRight) ++refuted;
        } else if (block.timestamp > dispute.endsBy) {
            ++overdue;
        }
    }

    function _isHonest(address who) private pure returns (bool) {
        return who == HONEST_TRAINER || who == HONEST_CHALLENGER || who == WATCHER;
    }

    function _try(address target, bytes memory data) private returns (bool worked) {
        (worked,) = target.call(data);
    }

    function _job(uint256 which) private view returns (bytes32) {
        return jobIds[which % JOBS];
    }

    function _dispute(uint256 which) private view returns (bytes32) {
        if (disputeIds.length == 0) return 0;
        // Mostly one that goes on.
        if (openIds.length != 0 && which % 8 != 0) return openIds[which / 8 % openIds.length];
        return disputeIds[which % disputeIds.length];
    }
}
