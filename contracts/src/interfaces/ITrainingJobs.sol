// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Job, JobParams, JobStatus, Reopening, Submission} from "../types/Jobs.sol";
import {SnapshotRef} from "../types/Models.sol";

/// @title ITrainingJobs
/// @notice Training for money: a poster puts pay and access fees in escrow, a trainer claims the job with a stake, commits to the run,
/// and is paid once nobody has refuted it. Escrow never leaves a job but to trainer and datanets' owners, or back to the poster.
interface ITrainingJobs {
    /// @param runStart The run's first link, which follows from the parameters.
    event JobPosted(bytes32 indexed jobId, address indexed poster, bytes32 runStart, uint256 feesWei, JobParams params);
    event JobClaimed(bytes32 indexed jobId, address indexed trainer, uint32 attempt, uint64 deadline);
    event RunSubmitted(bytes32 indexed jobId, address indexed trainer, uint32 attempt, uint64 deadline, Submission run);
    event JobReopened(
        bytes32 indexed jobId, address indexed trainer, uint32 attempt, Reopening why, uint256 slashedWei
    );
    event JobPaid(bytes32 indexed jobId, address indexed trainer, uint256 payWei, uint256 feesWei);
    event JobCancelled(bytes32 indexed jobId);
    event Withdrawn(address indexed account, uint256 amountWei);

    /// @notice An account is zero.
    error ZeroAccount(string field);
    /// @notice A digest, root or amount is zero.
    error ZeroValue(string field);
    /// @notice Only the account that deployed may call this.
    error NotDeployer(address sender, address deployer);
    error AlreadyInitialised();
    /// @notice Only the disputes' contract may call this.
    error NotDisputes(address sender, address disputes);
    /// @notice A number lies outside its limits; `min` to `max` would be right.
    error OutOfRange(string field, uint256 value, uint256 min, uint256 max);
    /// @notice Snapshots ascend strictly by datanet, then version; the one at `index` does not.
    error SnapshotsUnordered(uint256 index);
    /// @notice The registry has another root for this snapshot (zero: no such snapshot).
    error SnapshotMismatch(bytes32 datanetId, uint32 version, bytes32 root, bytes32 published);
    /// @notice Rows of this snapshot were erased since; name a later one.
    error SnapshotStale(bytes32 datanetId, uint32 version);
    /// @notice This poster has a job of that salt.
    error JobExists(bytes32 jobId);
    error UnknownJob(bytes32 jobId);
    error WrongStatus(bytes32 jobId, JobStatus status, JobStatus wanted);
    error NotPoster(bytes32 jobId, address sender, address poster);
    error NotTrainer(bytes32 jobId, address sender, address trainer);
    error TooLate(bytes32 jobId, uint256 deadline);
    error TooEarly(bytes32 jobId, uint256 deadline);
    /// @notice The run is under dispute; wait until all are ended.
    error UnderDispute(bytes32 jobId, uint256 openDisputes);
    /// @notice The opening does not lead from this link to the root of links.
    error LinkNotInRun(uint256 index, bytes32 link);
    error NothingOwed(address account);

    /// @notice Posts a job and takes its escrow: pay and access fees ({quote}), by transferFrom.
    /// @return jobId keccak256(abi.encode(poster, salt)).
    function post(JobParams calldata params) external returns (bytes32 jobId);

    /// @notice Takes a job back that nobody has claimed, or that is open again; the poster is owed the escrow.
    function cancel(bytes32 jobId) external;

    /// @notice Takes the job: locks its stake out of the sender's pool. Reverts while the verifiers' bench is too short for a dispute.
    function claim(bytes32 jobId) external;

    /// @notice Opens a job again whose trainer let the time pass; a part of its stake is burnt, the rest free. Anybody.
    function expire(bytes32 jobId) external;

    /// @notice Commits to the run; the trainer, within its time.
    /// @param firstProof Opening of the run's start, place 0. @param endProof Of the last step's link, place `steps`.
    /// @param outputProof Of the output link, place `steps` + 1.
    function submit(
        bytes32 jobId,
        Submission calldata run,
        bytes32[] calldata firstProof,
        bytes32[] calldata endProof,
        bytes32[] calldata outputProof
    ) external;

    /// @notice Pays for a run that nobody refuted: the trainer and the datanets' owners are owed, the stake is free. Anybody.
    function finalise(bytes32 jobId) external;

    /// @notice Pays out what an account is owed, to it, whoever calls.
    function withdraw(address account) external returns (uint256 amountWei);

    /// @notice A dispute over the submitted run begins; disputes only. Reverts once the time for it is over.
    function beginDispute(bytes32 jobId) external returns (Job memory);

    /// @notice A dispute ended in the trainer's favour; disputes only.
    function endDispute(bytes32 jobId) external;

    /// @notice The run is refuted: slashes the whole stake in favour of `beneficiary` and opens the job again; disputes only.
    function refute(bytes32 jobId, address beneficiary, bytes32 disputeId) external returns (uint256 beneficiaryWei);

    /// @notice The run could not be judged: frees the stake and opens the job again; disputes only.
    function annul(bytes32 jobId) external;

    /// @notice Names the disputes' contract; once, by the account that deployed.
    function initialise(address disputes) external;

    /// @notice Reads a job; reverts if unknown.
    function getJob(bytes32 jobId) external view returns (Job memory);

    /// @notice Whether this attempt's run is submitted, and neither paid nor fallen.
    function isSubmitted(bytes32 jobId, uint32 attempt) external view returns (bool);

    function jobCount() external view returns (uint256);
    function jobAt(uint256 index) external view returns (bytes32 jobId);
    function owed(address account) external view returns (uint256);

    /// @notice The access fees for these snapshots: price a row times rows, to the datanets' owners.
    function quote(SnapshotRef[] calldata snapshots) external view returns (uint256 feesWei);

    /// @notice The least stake that a job may ask for: the bond of a dispute, and so much that a challenger who is right gets back what
    /// two juries cost.
    function leastStakeWei() external view returns (uint256);
}
