// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Challenge, Dispute, Outcome, Phase, TraceClaim} from "../types/Jobs.sol";

/// @title IDisputes
/// @notice A dispute over a trained run. The trainer shows links of its run half-way, the challenger says where it agrees, until one
/// step is left; then entries of the step's trace, until one operation is left; that one a jury recomputes. Who lets a move's
/// time pass loses. What is shown is opened against what was committed to, so an honest trainer only has to repeat itself.
interface IDisputes {
    /// @param own What the challenger says link `high` is.
    event DisputeOpened(
        bytes32 indexed disputeId,
        bytes32 indexed jobId,
        address indexed challenger,
        uint32 attempt,
        uint32 low,
        uint32 high,
        bytes32 own,
        uint64 endsBy
    );
    event LinkShown(bytes32 indexed disputeId, uint32 index, bytes32 link);
    event LinkAnswered(bytes32 indexed disputeId, uint32 index, bool agrees);
    event TraceShown(bytes32 indexed disputeId, uint32 opCount, bytes32 root);
    event EntryShown(bytes32 indexed disputeId, uint32 index, bytes32 entry);
    event EntryAnswered(bytes32 indexed disputeId, uint32 index, bool agrees);
    event EntryClaimed(bytes32 indexed disputeId, uint32 index, bytes32 entry);
    event JuryCalled(bytes32 indexed disputeId, uint256 indexed caseId, uint8 size);
    event FirstVerdict(bytes32 indexed disputeId, uint8 verdict, uint64 deadline);
    event Appealed(bytes32 indexed disputeId, address indexed by);
    event DisputeEnded(bytes32 indexed disputeId, Outcome outcome, uint256 challengerWei, uint256 trainerWei);
    /// @notice A moot dispute's jury had nobody to pay; its fee, repaid to the challenger out of the slash before, goes to who refuted the run.
    event FeeReturned(bytes32 indexed disputeId, address indexed winner, uint256 amountWei);
    event Withdrawn(address indexed account, uint256 amountWei);

    /// @notice An account is zero.
    error ZeroAccount(string field);
    /// @notice This challenger disputes, or disputed, this run already.
    error DisputeExists(bytes32 disputeId);
    error UnknownDispute(bytes32 disputeId);
    /// @notice A trainer does not dispute its own run.
    error OwnRun(bytes32 jobId, address trainer);
    /// @notice Links are counted from 0 to `last`, and `low` comes before `high`.
    error InvalidSpan(uint256 low, uint256 high, uint256 last);
    /// @notice The run has another link at this place.
    error LinkMismatch(uint256 index, bytes32 link, bytes32 known);
    /// @notice The opening does not lead from this link to the root of links.
    error LinkNotInRun(uint256 index, bytes32 link);
    /// @notice The opening does not lead from this entry to the trace's root.
    error EntryNotInTrace(uint256 index, bytes32 entry);
    /// @notice A challenger who says the same as the trainer has nothing to dispute.
    error NothingDisputed(bytes32 hash);
    error InvalidOpCount(uint256 opCount, uint256 max);
    error WrongPhase(bytes32 disputeId, Phase phase, Phase wanted);
    /// @notice It is `mover`'s move.
    error NotYourMove(bytes32 disputeId, address sender, address mover);
    /// @notice Another place is asked for; `wanted` would be right.
    error WrongIndex(uint256 index, uint256 wanted);
    error TooLate(bytes32 disputeId, uint256 deadline);
    error TooEarly(bytes32 disputeId, uint256 deadline);
    /// @notice The run is paid or fallen; {close} gives the deposit back.
    error RunGone(bytes32 disputeId, bytes32 jobId, uint32 attempt);
    /// @notice The run still stands, so the dispute goes on.
    error RunStands(bytes32 disputeId, bytes32 jobId, uint32 attempt);
    error NoMoveDue(bytes32 disputeId, Phase phase);
    /// @notice So few verifiers have a seat that a dispute might find no jury; from `least` on a job may be claimed.
    error BenchTooShort(uint256 seats, uint256 least);
    /// @notice The jury's votes are not counted yet.
    error CaseNotCounted(uint256 caseId);
    error NothingOwed(address account);

    /// @notice Disputes a submitted run within its time. Takes the deposit ({depositFor}) by transferFrom.
    /// @return disputeId keccak256(abi.encode(jobId, attempt, challenger)).
    function open(Challenge calldata challenge) external returns (bytes32 disputeId);

    /// @notice The trainer shows its link half-way between `links.low` and `links.high`.
    function showLink(bytes32 disputeId, uint32 index, bytes32 link, bytes32[] calldata proof) external;

    /// @notice The challenger says whether that link is right.
    function answerLink(bytes32 disputeId, uint32 index, bool agrees) external;

    /// @notice The trainer commits to the trace of the one interval that is left, bound to the links at both ends.
    function showTrace(bytes32 disputeId, TraceClaim calldata trace) external;

    /// @notice The trainer shows its trace's entry half-way between `ops.low` and `ops.high`.
    function showEntry(bytes32 disputeId, uint32 index, bytes32 entry, bytes32[] calldata proof) external;

    /// @notice The challenger says whether that entry is right.
    function answerEntry(bytes32 disputeId, uint32 index, bool agrees) external;

    /// @notice The challenger names its own entry after the one operation that is left, and calls the jury.
    function claimEntry(bytes32 disputeId, bytes32 entry) external;

    /// @notice Goes on with what the jury said, or did not say; anybody.
    function resolve(bytes32 disputeId) external;

    /// @notice Calls the larger jury; the side that the first one found wrong. A trainer pays for it by transferFrom.
    function appeal(bytes32 disputeId) external;

    /// @notice Ends a dispute whose mover let its time pass; anybody.
    function timeout(bytes32 disputeId) external;

    /// @notice Ends a dispute whose run has fallen otherwise; anybody. The deposit is owed back.
    function close(bytes32 disputeId) external;

    /// @notice Settles a jury that counted its votes only after the dispute had ended; anybody.
    /// @param which 1 or 2: the dispute's first or second jury.
    function settleCase(bytes32 disputeId, uint8 which) external;

    /// @notice Pays out what an account is owed, to it, whoever calls.
    function withdraw(address account) external returns (uint256 amountWei);

    /// @notice Reads a dispute; reverts if unknown.
    function getDispute(bytes32 disputeId) external view returns (Dispute memory);

    /// @notice Whose move it is; zero where a jury or nobody has to move.
    function mover(bytes32 disputeId) external view returns (address);

    /// @notice What opening a dispute takes now: the bond, and two juries' fees, of which the unspent come back.
    function depositFor() external view returns (uint256 bondWei, uint256 feesWei);

    /// @notice Reverts while fewer than `leastSeats` verifiers have a seat: no trainer begins what nobody could judge.
    function checkBench() external view;

    function disputeCount() external view returns (uint256);
    function disputeAt(uint256 index) external view returns (bytes32 disputeId);
    function owed(address account) external view returns (uint256);
}
