// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IBurnable} from "../interfaces/IBurnable.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IJury} from "../interfaces/IJury.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {ITrainingJobs} from "../interfaces/ITrainingJobs.sol";
import {Forfeit} from "../libraries/Forfeit.sol";
import {IndexedMerkle} from "../libraries/IndexedMerkle.sol";
import {ParameterKeys} from "../libraries/ParameterKeys.sol";
import {RunHashes} from "../libraries/RunHashes.sol";
import {Challenge, Dispute, Job, Outcome, Phase, Span, TraceClaim} from "../types/Jobs.sol";

/// @title Disputes
/// @notice See {IDisputes}. It holds challengers' deposits, never a job's escrow or a stake, and must not know what an operation is.
contract Disputes is IDisputes {
    using SafeERC20 for IOpenToken;
    using SafeCast for uint256;

    uint256 public constant MAX_OPS = 1 << 20;
    uint8 private constant TRAINER_RIGHT = 1;
    uint8 private constant CHALLENGER_RIGHT = 2;
    /// @notice Moves' times that a jury has to be drawn.
    uint256 private constant DRAW_MOVES = 2;

    struct Reserve {
        address winner; // gets what was repaid and came back from a jury besides
        uint96 amountWei;
    }

    IOpenToken public immutable token;
    IParameters public immutable parameters;
    ITrainingJobs public immutable jobs;
    IJury public immutable jury;
    address public immutable treasury;

    /// @inheritdoc IDisputes
    mapping(address account => uint256) public owed;

    mapping(bytes32 disputeId => Dispute) private _disputes;
    bytes32[] private _disputeIds;
    /// @dev Jurors' fees that challengers of this run have spent in disputes that stand.
    mapping(bytes32 jobId => mapping(uint32 attempt => uint256)) private _spentWei;
    /// @dev What is kept of a fallen run's slash to repay them.
    mapping(bytes32 jobId => mapping(uint32 attempt => Reserve)) private _reserves;
    /// @dev What was repaid of it to a dispute's challenger.
    mapping(bytes32 disputeId => uint256) private _repaidWei;

    /// @param token_ OPEN. @param parameters_ Times, bonds, fees. @param jobs_ Whose runs are disputed. @param jury_ Recomputes.
    /// @param treasury_ Gets its part of lost bonds.
    constructor(IOpenToken token_, IParameters parameters_, ITrainingJobs jobs_, IJury jury_, address treasury_) {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(address(parameters_) != address(0), ZeroAccount("parameters"));
        require(address(jobs_) != address(0), ZeroAccount("jobs"));
        require(address(jury_) != address(0), ZeroAccount("jury"));
        require(treasury_ != address(0), ZeroAccount("treasury"));
        token = token_;
        parameters = parameters_;
        jobs = jobs_;
        jury = jury_;
        treasury = treasury_;
    }

    /// @inheritdoc IDisputes
    function open(Challenge calldata challenge) external returns (bytes32 disputeId) {
        (uint256 bondWei, uint256 feesWei) = depositFor();
        // Money first, count after, as with every deposit here.
        token.safeTransferFrom(msg.sender, address(this), bondWei + feesWei);
        bytes32 jobId = challenge.jobId;
        Job memory job = jobs.beginDispute(jobId);
        (uint32 low, uint32 high) = (challenge.low, challenge.high);
        require(msg.sender != job.trainer, OwnRun(jobId, job.trainer));
        require(low < high && high <= job.steps + 1, InvalidSpan(low, high, job.steps + 1));
        require(challenge.own != challenge.highLink, NothingDisputed(challenge.own));
        _checkLink(job, low, challenge.lowLink, challenge.lowProof);
        _checkLink(job, high, challenge.highLink, challenge.highProof);

        disputeId = RunHashes.dispute(jobId, job.attempt, msg.sender);
        Dispute storage dispute = _disputes[disputeId];
        require(dispute.phase == Phase.None, DisputeExists(disputeId));
        _disputeIds.push(disputeId);
        dispute.jobId = jobId;
        dispute.trainer = job.trainer;
        dispute.attempt = job.attempt;
        dispute.challenger = msg.sender;
        dispute.moveSeconds = uint32(parameters.get(ParameterKeys.DISPUTE_MOVE_SECONDS));
        dispute.jurySize = uint8(parameters.get(ParameterKeys.JURY_SIZE));
        dispute.appealJurySize = uint8(parameters.get(ParameterKeys.APPEAL_JURY_SIZE));
        dispute.jurorFeeWei = parameters.get(ParameterKeys.JUROR_FEE_WEI);
        dispute.bondWei = bondWei;
        dispute.depositWei = bondWei + feesWei;
        dispute.linksRoot = job.linksRoot;
        dispute.leaves = job.steps + 2;
        dispute.links = Span(low, high, challenge.lowLink, challenge.highLink, 0);
        dispute.endsBy = _endsBy(dispute.moveSeconds, high - low);
        _moveTo(dispute, high - low == 1 ? Phase.ShowTrace : Phase.ShowLink);
        emit DisputeOpened(disputeId, jobId, msg.sender, job.attempt, low, high, challenge.own, dispute.endsBy);
    }

    /// @inheritdoc IDisputes
    function showLink(bytes32 disputeId, uint32 index, bytes32 link, bytes32[] calldata proof) external {
        Dispute storage dispute = _move(disputeId, Phase.ShowLink);
        _checkMid(dispute.links, index);
        require(IndexedMerkle.verify(link, index, dispute.leaves, proof, dispute.linksRoot), LinkNotInRun(index, link));
        dispute.links.midHash = link;
        _moveTo(dispute, Phase.AnswerLink);
        emit LinkShown(disputeId, index, link);
    }

    /// @inheritdoc IDisputes
    function answerLink(bytes32 disputeId, uint32 index, bool agrees) external {
        Dispute storage dispute = _move(disputeId, Phase.AnswerLink);
        _checkMid(dispute.links, index);
        _moveTo(dispute, _halve(dispute.links, index, agrees) ? Phase.ShowTrace : Phase.ShowLink);
        emit LinkAnswered(disputeId, index, agrees);
    }

    /// @inheritdoc IDisputes
    function showTrace(bytes32 disputeId, TraceClaim calldata trace) external {
        Dispute storage dispute = _move(disputeId, Phase.ShowTrace);
        uint32 count = trace.opCount;
        require(count != 0 && count <= MAX_OPS, InvalidOpCount(count, MAX_OPS));
        bytes32 first = dispute.links.lowHash;
        bytes32 last = RunHashes.traceEnd(trace.beforeLast, count - 1, dispute.links.highHash);
        _checkEntry(trace.root, first, 0, count, trace.firstProof);
        _checkEntry(trace.root, trace.beforeLast, count - 1, count, trace.beforeLastProof);
        _checkEntry(trace.root, last, count, count, trace.lastProof);
        dispute.opCount = count;
        dispute.traceRoot = trace.root;
        dispute.ops = Span(0, count, first, last, 0);
        _moveTo(dispute, count == 1 ? Phase.ClaimEntry : Phase.ShowEntry);
        emit TraceShown(disputeId, count, trace.root);
    }

    /// @inheritdoc IDisputes
    function showEntry(bytes32 disputeId, uint32 index, bytes32 entry, bytes32[] calldata proof) external {
        Dispute storage dispute = _move(disputeId, Phase.ShowEntry);
        _checkMid(dispute.ops, index);
        _checkEntry(dispute.traceRoot, entry, index, dispute.opCount, proof);
        dispute.ops.midHash = entry;
        _moveTo(dispute, Phase.AnswerEntry);
        emit EntryShown(disputeId, index, entry);
    }

    /// @inheritdoc IDisputes
    function answerEntry(bytes32 disputeId, uint32 index, bool agrees) external {
        Dispute storage dispute = _move(disputeId, Phase.AnswerEntry);
        _checkMid(dispute.ops, index);
        _moveTo(dispute, _halve(dispute.ops, index, agrees) ? Phase.ClaimEntry : Phase.ShowEntry);
        emit EntryAnswered(disputeId, index, agrees);
    }

    /// @inheritdoc IDisputes
    function claimEntry(bytes32 disputeId, bytes32 entry) external {
        Dispute storage dispute = _move(disputeId, Phase.ClaimEntry);
        require(entry != dispute.ops.highHash, NothingDisputed(entry));
        dispute.claimedEntry = entry;
        emit EntryClaimed(disputeId, dispute.ops.high, entry);
        _callJury(disputeId, dispute, false);
    }

    /// @inheritdoc IDisputes
    function resolve(bytes32 disputeId) external {
        Dispute storage dispute = _standing(disputeId);
        if (dispute.phase == Phase.Verdict) {
            require(block.timestamp > dispute.deadline, TooEarly(disputeId, dispute.deadline));
            _end(disputeId, dispute, _outcomeOf(dispute.verdict));
            return;
        }
        require(dispute.phase == Phase.Jury, WrongPhase(disputeId, dispute.phase, Phase.Jury));
        uint8 verdict = _verdict(disputeId, dispute);
        if (dispute.juries == 2) {
            // Where the second jury says nothing, what the first one said stands.
            _end(disputeId, dispute, _outcomeOf(verdict == 0 ? dispute.verdict : verdict));
        } else if (verdict == 0) {
            _callJury(disputeId, dispute, false);
        } else {
            dispute.verdict = verdict;
            _moveTo(dispute, Phase.Verdict);
            emit FirstVerdict(disputeId, verdict, dispute.deadline);
        }
    }

    /// @inheritdoc IDisputes
    function appeal(bytes32 disputeId) external {
        Dispute storage dispute = _move(disputeId, Phase.Verdict);
        bool byTrainer = dispute.verdict == CHALLENGER_RIGHT;
        emit Appealed(disputeId, msg.sender);
        if (byTrainer) {
            token.safeTransferFrom(msg.sender, address(this), dispute.appealJurySize * dispute.jurorFeeWei);
            dispute.trainerAppealed = true;
        }
        _callJury(disputeId, dispute, byTrainer);
    }

    /// @inheritdoc IDisputes
    function timeout(bytes32 disputeId) external {
        Dispute storage dispute = _standing(disputeId);
        Phase phase = dispute.phase;
        require(phase < Phase.Jury, NoMoveDue(disputeId, phase));
        require(block.timestamp > dispute.deadline, TooEarly(disputeId, dispute.deadline));
        _end(disputeId, dispute, _isTrainers(phase) ? Outcome.ChallengerRight : Outcome.TrainerRight);
    }

    /// @inheritdoc IDisputes
    function close(bytes32 disputeId) external {
        Dispute storage dispute = _existing(disputeId);
        require(dispute.phase != Phase.Ended, NoMoveDue(disputeId, Phase.Ended));
        (bytes32 jobId, uint32 attempt) = (dispute.jobId, dispute.attempt);
        require(!jobs.isSubmitted(jobId, attempt), RunStands(disputeId, jobId, attempt));
        uint256 repaidWei = Math.min(dispute.spentWei, _reserves[jobId][attempt].amountWei);
        if (repaidWei != 0) {
            _reserves[jobId][attempt].amountWei -= uint96(repaidWei);
            _repaidWei[disputeId] = repaidWei;
        }
        _finish(disputeId, dispute, Outcome.Moot, dispute.depositWei + repaidWei, 0);
    }

    /// @inheritdoc IDisputes
    function settleCase(bytes32 disputeId, uint8 which) external {
        Dispute storage dispute = _existing(disputeId);
        require(dispute.phase == Phase.Ended, WrongPhase(disputeId, dispute.phase, Phase.Ended));
        uint256 caseId = which == 1 ? dispute.firstCase : dispute.juryCase;
        require(which != 0 && which <= dispute.juries && _settle(disputeId, dispute, caseId), CaseNotCounted(caseId));
    }

    /// @inheritdoc IDisputes
    function withdraw(address account) external returns (uint256 amountWei) {
        amountWei = owed[account];
        require(amountWei != 0, NothingOwed(account));
        owed[account] = 0;
        emit Withdrawn(account, amountWei);
        token.safeTransfer(account, amountWei);
    }

    /// @inheritdoc IDisputes
    function getDispute(bytes32 disputeId) external view returns (Dispute memory) {
        return _existing(disputeId);
    }

    /// @inheritdoc IDisputes
    function mover(bytes32 disputeId) external view returns (address) {
        return _mover(_existing(disputeId));
    }

    /// @inheritdoc IDisputes
    function depositFor() public view returns (uint256 bondWei, uint256 feesWei) {
        bondWei = parameters.get(ParameterKeys.DISPUTE_BOND_WEI);
        uint256 jurors = parameters.get(ParameterKeys.JURY_SIZE) + parameters.get(ParameterKeys.APPEAL_JURY_SIZE);
        feesWei = jurors * parameters.get(ParameterKeys.JUROR_FEE_WEI);
    }

    /// @inheritdoc IDisputes
    function checkBench() external view {
        uint256 seats = jury.seats(jury.VERIFIER());
        uint256 least = parameters.get(ParameterKeys.LEAST_SEATS);
        require(seats >= least, BenchTooShort(seats, least));
    }

    /// @inheritdoc IDisputes
    function disputeCount() external view returns (uint256) {
        return _disputeIds.length;
    }

    /// @inheritdoc IDisputes
    function disputeAt(uint256 index) external view returns (bytes32) {
        return _disputeIds[index];
    }

    /// @dev The dispute, if its run stands, this phase is on, the sender has to move and is in time.
    function _move(bytes32 disputeId, Phase wanted) private view returns (Dispute storage dispute) {
        dispute = _standing(disputeId);
        require(dispute.phase == wanted, WrongPhase(disputeId, dispute.phase, wanted));
        address who = _mover(dispute);
        require(msg.sender == who, NotYourMove(disputeId, msg.sender, who));
        require(block.timestamp <= dispute.deadline, TooLate(disputeId, dispute.deadline));
    }

    function _moveTo(Dispute storage dispute, Phase phase) private {
        dispute.phase = phase;
        dispute.deadline = uint64(block.timestamp) + dispute.moveSeconds;
    }

    /// @dev Keeps the half in which they part; true once it is as short as can be.
    function _halve(Span storage span, uint32 index, bool agrees) private returns (bool) {
        if (agrees) (span.low, span.lowHash) = (index, span.midHash);
        else (span.high, span.highHash) = (index, span.midHash);
        span.midHash = 0;
        return span.high - span.low == 1;
    }

    function _callJury(bytes32 disputeId, Dispute storage dispute, bool paidByTrainer) private {
        bool isFirst = dispute.juries == 0;
        uint8 size = isFirst ? dispute.jurySize : dispute.appealJurySize;
        uint256 feeWei = size * dispute.jurorFeeWei;
        (bytes32 jobId, uint32 attempt) = (dispute.jobId, dispute.attempt);
        if (!paidByTrainer) {
            dispute.depositWei -= feeWei;
            dispute.spentWei += feeWei;
            _spentWei[jobId][attempt] += feeWei;
        }
        ++dispute.juries;
        dispute.phase = Phase.Jury;
        dispute.deadline = uint64(block.timestamp + DRAW_MOVES * dispute.moveSeconds);
        address[3] memory excluded = [dispute.trainer, dispute.challenger, jobs.getJob(jobId).poster];
        if (feeWei != 0) token.safeTransfer(address(jury), feeWei);
        uint256 caseId = jury.open(jury.VERIFIER(), size, CHALLENGER_RIGHT, disputeId, excluded, feeWei);
        if (isFirst) dispute.firstCase = caseId;
        dispute.juryCase = caseId;
        emit JuryCalled(disputeId, caseId, size);
    }

    /// @dev What the jury says; 0 if it says nothing, or was not even drawn in time. Reverts while it may still speak.
    function _verdict(bytes32 disputeId, Dispute storage dispute) private returns (uint8) {
        uint256 caseId = dispute.juryCase;
        IJury.Case memory one = jury.getCase(caseId);
        if (one.phase == IJury.Phase.Counted) return one.verdict;
        if (one.phase != IJury.Phase.Drawing) return jury.count(caseId);
        require(block.timestamp > dispute.deadline, TooEarly(disputeId, dispute.deadline));
        return 0;
    }

    function _end(bytes32 disputeId, Dispute storage dispute, Outcome outcome) private {
        (bytes32 jobId, uint32 attempt) = (dispute.jobId, dispute.attempt);
        dispute.phase = Phase.Ended;
        uint256 backWei = dispute.depositWei;
        uint256 trainerWei;
        if (outcome == Outcome.ChallengerRight) {
            uint256 slashedWei = jobs.refute(jobId, address(this), disputeId);
            // Others who disputed this run get back what they spent on jurors, as far as the winner's own costs leave it.
            uint256 othersWei = _spentWei[jobId][attempt] - dispute.spentWei;
            uint256 reserveWei = Math.min(othersWei, slashedWei - Math.min(slashedWei, dispute.spentWei));
            if (reserveWei != 0) _reserves[jobId][attempt] = Reserve(dispute.challenger, reserveWei.toUint96());
            backWei += slashedWei - reserveWei;
        } else if (outcome == Outcome.TrainerRight) {
            _spentWei[jobId][attempt] -= dispute.spentWei;
            uint256 unspentWei = backWei - dispute.bondWei;
            trainerWei = _forfeit(dispute.bondWei);
            // A trainer who had to pay the second jury gets that out of the deposit, where it lies unspent.
            if (dispute.trainerAppealed) trainerWei += unspentWei;
            backWei = dispute.trainerAppealed ? 0 : unspentWei;
            jobs.endDispute(jobId);
        } else {
            jobs.annul(jobId);
        }
        _finish(disputeId, dispute, outcome, backWei, trainerWei);
    }

    function _finish(bytes32 disputeId, Dispute storage dispute, Outcome outcome, uint256 backWei, uint256 trainerWei)
        private
    {
        dispute.phase = Phase.Ended;
        dispute.outcome = outcome;
        dispute.depositWei = 0;
        owed[dispute.challenger] += backWei;
        owed[dispute.trainer] += trainerWei;
        emit DisputeEnded(disputeId, outcome, backWei, trainerWei);
        if (dispute.juries != 0) _settle(disputeId, dispute, dispute.firstCase);
        if (dispute.juries == 2) _settle(disputeId, dispute, dispute.juryCase);
    }

    /// @dev Pays and charges jurors, if they are counted. What comes back of their fee, where nobody voted, is its payer's.
    function _settle(bytes32 disputeId, Dispute storage dispute, uint256 caseId) private returns (bool) {
        if (jury.getCase(caseId).phase != IJury.Phase.Counted) return false;
        uint256 refundWei = jury.settle(caseId, _choiceOf(dispute.outcome));
        if (refundWei == 0) return true;
        if (dispute.trainerAppealed && caseId != dispute.firstCase) {
            owed[dispute.trainer] += refundWei;
            return true;
        }
        // What was repaid out of the slash already is the winner's, who went without it.
        uint256 winnersWei = Math.min(refundWei, _repaidWei[disputeId]);
        if (winnersWei != 0) {
            _repaidWei[disputeId] -= winnersWei;
            address winner = _reserves[dispute.jobId][dispute.attempt].winner;
            owed[winner] += winnersWei;
            emit FeeReturned(disputeId, winner, winnersWei);
        }
        owed[dispute.challenger] += refundWei - winnersWei;
        return true;
    }

    /// @dev Splits a lost bond; returns the trainer's part.
    function _forfeit(uint256 bondWei) private returns (uint256 beneficiaryWei) {
        uint256 treasuryWei;
        uint256 burntWei;
        (beneficiaryWei, treasuryWei, burntWei) = Forfeit.split(
            bondWei,
            parameters.get(ParameterKeys.SLASH_CHALLENGER_PPM),
            parameters.get(ParameterKeys.SLASH_TREASURY_PPM)
        );
        owed[treasury] += treasuryWei;
        if (burntWei != 0) IBurnable(address(token)).burn(burntWei);
    }

    function _existing(bytes32 disputeId) private view returns (Dispute storage dispute) {
        dispute = _disputes[disputeId];
        require(dispute.phase != Phase.None, UnknownDispute(disputeId));
    }

    /// @dev A dispute that has not ended, about a run that stands.
    function _standing(bytes32 disputeId) private view returns (Dispute storage dispute) {
        dispute = _existing(disputeId);
        require(dispute.phase != Phase.Ended, NoMoveDue(disputeId, Phase.Ended));
        (bytes32 jobId, uint32 attempt) = (dispute.jobId, dispute.attempt);
        require(jobs.isSubmitted(jobId, attempt), RunGone(disputeId, jobId, attempt));
    }

    function _mover(Dispute storage dispute) private view returns (address) {
        Phase phase = dispute.phase;
        if (phase == Phase.Verdict) return dispute.verdict == TRAINER_RIGHT ? dispute.challenger : dispute.trainer;
        if (phase == Phase.Jury || phase == Phase.Ended) return address(0);
        return _isTrainers(phase) ? dispute.trainer : dispute.challenger;
    }

    /// @dev Openings of places that the chain knows are not asked for.
    function _checkLink(Job memory job, uint32 index, bytes32 link, bytes32[] calldata proof) private pure {
        bool isKnown = index == 0 || index >= job.steps;
        if (isKnown) {
            bytes32 known = index == 0
                ? job.runStart
                : index == job.steps
                    ? job.runCommitment
                    : RunHashes.output(job.runCommitment, job.adapterDigest, job.featuresRoot);
            require(link == known, LinkMismatch(index, link, known));
        } else {
            require(IndexedMerkle.verify(link, index, job.steps + 2, proof, job.linksRoot), LinkNotInRun(index, link));
        }
    }

    /// @param ops Operations of the trace, which has one entry more.
    function _checkEntry(bytes32 root, bytes32 entry, uint256 index, uint256 ops, bytes32[] calldata proof)
        private
        pure
    {
        require(IndexedMerkle.verify(entry, index, ops + 1, proof, root), EntryNotInTrace(index, entry));
    }

    function _checkMid(Span storage span, uint32 index) private view {
        uint32 mid = (span.low + span.high) / 2;
        require(index == mid, WrongIndex(index, mid));
    }

    /// @dev The longest that a dispute over so many links can take, with every move in its last second: both halvings, the trace, the
    /// entry, two juries drawn as late as can be, an appeal between them. Twin: `mostMoves`.
    function _endsBy(uint256 moveSeconds, uint256 links) private view returns (uint64) {
        uint256 moves = 2 * IndexedMerkle.depth(links) + 2 * IndexedMerkle.depth(MAX_OPS) + 2;
        uint256 voting =
            parameters.get(ParameterKeys.VOTE_COMMIT_SECONDS) + parameters.get(ParameterKeys.VOTE_REVEAL_SECONDS);
        return uint64(block.timestamp + (moves + 1 + 2 * DRAW_MOVES) * moveSeconds + 2 * voting);
    }

    function _isTrainers(Phase phase) private pure returns (bool) {
        return phase == Phase.ShowLink || phase == Phase.ShowTrace || phase == Phase.ShowEntry;
    }

    function _outcomeOf(uint8 verdict) private pure returns (Outcome) {
        if (verdict == 0) return Outcome.Undecided;
        return verdict == TRAINER_RIGHT ? Outcome.TrainerRight : Outcome.ChallengerRight;
    }

    function _choiceOf(Outcome outcome) private pure returns (uint8) {
        if (outcome == Outcome.TrainerRight) return TRAINER_RIGHT;
        return outcome == Outcome.ChallengerRight ? CHALLENGER_RIGHT : 0;
    }
}
