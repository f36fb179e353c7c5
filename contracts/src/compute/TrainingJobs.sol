// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IDatanetRegistry} from "../interfaces/IDatanetRegistry.sol";
import {IDisputes} from "../interfaces/IDisputes.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IStakePool} from "../interfaces/IStakePool.sol";
import {ITrainingJobs} from "../interfaces/ITrainingJobs.sol";
import {Forfeit} from "../libraries/Forfeit.sol";
import {IndexedMerkle} from "../libraries/IndexedMerkle.sol";
import {ParameterKeys} from "../libraries/ParameterKeys.sol";
import {RunHashes} from "../libraries/RunHashes.sol";
import {Datanet, Snapshot} from "../types/Datanets.sol";
import {Job, JobParams, JobStatus, Reopening, Submission} from "../types/Jobs.sol";
import {SnapshotRef} from "../types/Models.sol";

/// @title TrainingJobs
/// @notice See {ITrainingJobs}. It must not know how a dispute is played, only how it ended.
contract TrainingJobs is ITrainingJobs {
    using SafeERC20 for IOpenToken;

    uint256 public constant MAX_SNAPSHOTS = 16;
    uint256 public constant MAX_RECIPE = 4096;
    uint256 public constant MAX_CERTIFICATE = 16_384;
    uint256 public constant MAX_STEPS = 1 << 20;
    /// @notice With a dispute's longest time it stays below what the stake pool holds leaving stake back for locks.
    uint256 public constant MAX_TRAIN_SECONDS = 14 days;
    /// @notice Hard bound of pay and stake, far above all OPEN: sums cannot overflow.
    uint256 public constant MAX_WEI = type(uint96).max;

    struct Fee {
        address owner;
        uint96 amountWei;
    }

    IOpenToken public immutable token;
    IParameters public immutable parameters;
    IStakePool public immutable stakes;
    IDatanetRegistry public immutable datanets;
    address public immutable deployer;

    address public disputes;
    /// @inheritdoc ITrainingJobs
    mapping(address account => uint256) public owed;

    mapping(bytes32 jobId => Job) private _jobs;
    mapping(bytes32 jobId => Fee[]) private _fees;
    bytes32[] private _jobIds;

    /// @param token_ OPEN. @param parameters_ Times and parts. @param stakes_ Where trainers' stake is locked.
    /// @param datanets_ Snapshots, their owners and prices. @param deployer_ Names the disputes' contract, once.
    constructor(
        IOpenToken token_,
        IParameters parameters_,
        IStakePool stakes_,
        IDatanetRegistry datanets_,
        address deployer_
    ) {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(address(parameters_) != address(0), ZeroAccount("parameters"));
        require(address(stakes_) != address(0), ZeroAccount("stakes"));
        require(address(datanets_) != address(0), ZeroAccount("datanets"));
        require(deployer_ != address(0), ZeroAccount("deployer"));
        token = token_;
        parameters = parameters_;
        stakes = stakes_;
        datanets = datanets_;
        deployer = deployer_;
    }

    modifier onlyDisputes() {
        require(msg.sender == disputes, NotDisputes(msg.sender, disputes));
        _;
    }

    /// @inheritdoc ITrainingJobs
    function initialise(address disputes_) external {
        require(msg.sender == deployer, NotDeployer(msg.sender, deployer));
        require(disputes == address(0), AlreadyInitialised());
        require(disputes_ != address(0), ZeroAccount("disputes"));
        disputes = disputes_;
    }

    /// @inheritdoc ITrainingJobs
    function post(JobParams calldata params) external returns (bytes32 jobId) {
        _check(params);
        (Fee[] memory fees, uint256 feesWei, bytes32 snapshotRoot) = _readSnapshots(params.snapshots);
        // Money first, count after: should the token ever call back, it finds no job whose escrow is not here.
        token.safeTransferFrom(msg.sender, address(this), params.payWei + feesWei);

        jobId = RunHashes.job(msg.sender, params.salt);
        Job storage job = _jobs[jobId];
        require(job.status == JobStatus.None, JobExists(jobId));
        bytes32 runStart = RunHashes.start(params.baseDigest, snapshotRoot, params.recipe, params.engineId);
        job.poster = msg.sender;
        job.status = JobStatus.Open;
        job.postedBlock = uint64(block.number);
        job.steps = params.steps;
        job.trainSeconds = params.trainSeconds;
        job.payWei = params.payWei;
        job.feesWei = feesWei;
        job.stakeWei = params.stakeWei;
        job.runStart = runStart;
        for (uint256 i; i < fees.length; ++i) {
            if (fees[i].amountWei != 0) _fees[jobId].push(fees[i]);
        }
        _jobIds.push(jobId);
        emit JobPosted(jobId, msg.sender, runStart, feesWei, params);
    }

    /// @inheritdoc ITrainingJobs
    function cancel(bytes32 jobId) external {
        Job storage job = _in(jobId, JobStatus.Open);
        require(msg.sender == job.poster, NotPoster(jobId, msg.sender, job.poster));
        job.status = JobStatus.Cancelled;
        owed[job.poster] += job.payWei + job.feesWei;
        emit JobCancelled(jobId);
    }

    /// @inheritdoc ITrainingJobs
    function claim(bytes32 jobId) external {
        Job storage job = _in(jobId, JobStatus.Open);
        // Else an undecided dispute would annul a true run, and whoever asked for it have the work for nothing.
        IDisputes(disputes).checkBench();
        uint64 deadline = uint64(block.timestamp) + job.trainSeconds;
        job.status = JobStatus.Claimed;
        job.trainer = msg.sender;
        job.deadline = deadline;
        uint32 attempt = ++job.attempt;
        emit JobClaimed(jobId, msg.sender, attempt, deadline);
        stakes.lock(msg.sender, job.stakeWei);
    }

    /// @inheritdoc ITrainingJobs
    function expire(bytes32 jobId) external {
        Job storage job = _in(jobId, JobStatus.Claimed);
        require(block.timestamp > job.deadline, TooEarly(jobId, job.deadline));
        // Nobody gains by it: a poster whose job cannot be done must not live on those who tried.
        _reopen(jobId, Reopening.Expired, parameters.get(ParameterKeys.JOB_EXPIRY_PPM), address(0), jobId);
    }

    /// @inheritdoc ITrainingJobs
    function submit(
        bytes32 jobId,
        Submission calldata run,
        bytes32[] calldata firstProof,
        bytes32[] calldata endProof,
        bytes32[] calldata outputProof
    ) external {
        Job storage job = _in(jobId, JobStatus.Claimed);
        require(msg.sender == job.trainer, NotTrainer(jobId, msg.sender, job.trainer));
        require(block.timestamp <= job.deadline, TooLate(jobId, job.deadline));
        require(run.adapterDigest != 0, ZeroValue("adapterDigest"));
        require(run.featuresRoot != 0, ZeroValue("featuresRoot"));
        _within("dataCertificate", run.dataCertificate.length, 0, MAX_CERTIFICATE);
        uint256 steps = job.steps;
        bytes32 output = RunHashes.output(run.runCommitment, run.adapterDigest, run.featuresRoot);
        _checkLink(run.linksRoot, job.runStart, 0, steps, firstProof);
        _checkLink(run.linksRoot, run.runCommitment, steps, steps, endProof);
        _checkLink(run.linksRoot, output, steps + 1, steps, outputProof);

        uint64 deadline = uint64(block.timestamp + parameters.get(ParameterKeys.JOB_CHALLENGE_SECONDS));
        job.status = JobStatus.Submitted;
        job.deadline = deadline;
        job.linksRoot = run.linksRoot;
        job.runCommitment = run.runCommitment;
        job.adapterDigest = run.adapterDigest;
        job.featuresRoot = run.featuresRoot;
        job.dataRoot = run.dataRoot;
        emit RunSubmitted(jobId, msg.sender, job.attempt, deadline, run);
    }

    /// @inheritdoc ITrainingJobs
    function finalise(bytes32 jobId) external {
        Job storage job = _in(jobId, JobStatus.Submitted);
        require(block.timestamp > job.deadline, TooEarly(jobId, job.deadline));
        require(job.openDisputes == 0, UnderDispute(jobId, job.openDisputes));
        job.status = JobStatus.Paid;
        owed[job.trainer] += job.payWei;
        Fee[] storage fees = _fees[jobId];
        for (uint256 i; i < fees.length; ++i) {
            owed[fees[i].owner] += fees[i].amountWei;
        }
        emit JobPaid(jobId, job.trainer, job.payWei, job.feesWei);
        stakes.unlock(job.trainer, job.stakeWei);
    }

    /// @inheritdoc ITrainingJobs
    function withdraw(address account) external returns (uint256 amountWei) {
        amountWei = owed[account];
        require(amountWei != 0, NothingOwed(account));
        owed[account] = 0;
        emit Withdrawn(account, amountWei);
        token.safeTransfer(account, amountWei);
    }

    /// @inheritdoc ITrainingJobs
    function beginDispute(bytes32 jobId) external onlyDisputes returns (Job memory) {
        Job storage job = _in(jobId, JobStatus.Submitted);
        require(block.timestamp <= job.deadline, TooLate(jobId, job.deadline));
        ++job.openDisputes;
        return job;
    }

    /// @inheritdoc ITrainingJobs
    function endDispute(bytes32 jobId) external onlyDisputes {
        --_in(jobId, JobStatus.Submitted).openDisputes;
    }

    /// @inheritdoc ITrainingJobs
    function refute(bytes32 jobId, address beneficiary, bytes32 disputeId)
        external
        onlyDisputes
        returns (uint256 beneficiaryWei)
    {
        _in(jobId, JobStatus.Submitted);
        return _reopen(jobId, Reopening.Refuted, Forfeit.PPM, beneficiary, disputeId);
    }

    /// @inheritdoc ITrainingJobs
    function annul(bytes32 jobId) external onlyDisputes {
        _in(jobId, JobStatus.Submitted);
        _reopen(jobId, Reopening.Undecided, 0, address(0), jobId);
    }

    /// @inheritdoc ITrainingJobs
    function getJob(bytes32 jobId) external view returns (Job memory job) {
        job = _jobs[jobId];
        require(job.status != JobStatus.None, UnknownJob(jobId));
    }

    /// @inheritdoc ITrainingJobs
    function isSubmitted(bytes32 jobId, uint32 attempt) external view returns (bool) {
        Job storage job = _jobs[jobId];
        return job.status == JobStatus.Submitted && job.attempt == attempt;
    }

    /// @inheritdoc ITrainingJobs
    function jobCount() external view returns (uint256) {
        return _jobIds.length;
    }

    /// @inheritdoc ITrainingJobs
    function jobAt(uint256 index) external view returns (bytes32) {
        return _jobIds[index];
    }

    /// @inheritdoc ITrainingJobs
    function quote(SnapshotRef[] calldata snapshots) external view returns (uint256 feesWei) {
        (, feesWei,) = _readSnapshots(snapshots);
    }

    /// @inheritdoc ITrainingJobs
    function leastStakeWei() public view returns (uint256) {
        uint256 jurors = parameters.get(ParameterKeys.JURY_SIZE) + parameters.get(ParameterKeys.APPEAL_JURY_SIZE);
        uint256 jurorsWei = jurors * parameters.get(ParameterKeys.JUROR_FEE_WEI);
        uint256 ppm = parameters.get(ParameterKeys.SLASH_CHALLENGER_PPM);
        uint256 repaying = ppm == 0 ? 0 : Math.ceilDiv(jurorsWei * Forfeit.PPM, ppm);
        return Math.max(repaying, parameters.get(ParameterKeys.DISPUTE_BOND_WEI));
    }

    /// @dev Ends an attempt without pay: takes `slashPpm` of the stake and frees the rest.
    function _reopen(bytes32 jobId, Reopening why, uint256 slashPpm, address beneficiary, bytes32 cause)
        private
        returns (uint256 beneficiaryWei)
    {
        Job storage job = _jobs[jobId];
        (address trainer, uint256 stakeWei) = (job.trainer, job.stakeWei);
        uint256 slashWei = stakeWei * slashPpm / Forfeit.PPM;
        job.status = JobStatus.Open;
        job.openDisputes = 0;
        emit JobReopened(jobId, trainer, job.attempt, why, slashWei);
        if (slashWei != 0) (, beneficiaryWei) = stakes.slash(trainer, slashWei, beneficiary, cause);
        if (slashWei != stakeWei) stakes.unlock(trainer, stakeWei - slashWei);
    }

    function _check(JobParams calldata params) private view {
        require(params.baseDigest != 0, ZeroValue("baseDigest"));
        require(params.engineId != 0, ZeroValue("engineId"));
        _within("recipe", bytes(params.recipe).length, 1, MAX_RECIPE);
        _within("dataCertificate", params.dataCertificate.length, 0, MAX_CERTIFICATE);
        _within("steps", params.steps, 1, MAX_STEPS);
        _within("trainSeconds", params.trainSeconds, 1, MAX_TRAIN_SECONDS);
        _within("payWei", params.payWei, 1, MAX_WEI);
        _within("stakeWei", params.stakeWei, Math.max(leastStakeWei(), 1), MAX_WEI);
        _within("snapshots", params.snapshots.length, 1, MAX_SNAPSHOTS);
    }

    /// @dev What each datanet's owner gets, the sum, and the one root that the run's start holds.
    function _readSnapshots(SnapshotRef[] calldata refs)
        private
        view
        returns (Fee[] memory fees, uint256 feesWei, bytes32 root)
    {
        uint256 count = refs.length;
        fees = new Fee[](count);
        bytes32[] memory roots = new bytes32[](count);
        for (uint256 i; i < count; ++i) {
            SnapshotRef calldata ref = refs[i];
            require(i == 0 || _ascends(refs[i - 1], ref), SnapshotsUnordered(i));
            Snapshot memory snapshot = datanets.getSnapshot(ref.datanetId, ref.version);
            require(
                ref.root != 0 && snapshot.root == ref.root,
                SnapshotMismatch(ref.datanetId, ref.version, ref.root, snapshot.root)
            );
            require(!datanets.isStale(ref.datanetId, ref.version), SnapshotStale(ref.datanetId, ref.version));
            Datanet memory datanet = datanets.getDatanet(ref.datanetId);
            uint256 feeWei = uint256(datanet.accessPriceWei) * snapshot.rowCount;
            _within("access fee", feeWei, 0, MAX_WEI);
            fees[i] = Fee(datanet.owner, uint96(feeWei));
            feesWei += feeWei;
            roots[i] = ref.root;
        }
        if (count != 0) root = count == 1 ? roots[0] : keccak256(abi.encodePacked(roots));
    }

    function _in(bytes32 jobId, JobStatus wanted) private view returns (Job storage job) {
        job = _jobs[jobId];
        require(job.status != JobStatus.None, UnknownJob(jobId));
        require(job.status == wanted, WrongStatus(jobId, job.status, wanted));
    }

    function _checkLink(bytes32 root, bytes32 link, uint256 index, uint256 steps, bytes32[] calldata proof)
        private
        pure
    {
        require(IndexedMerkle.verify(link, index, steps + 2, proof, root), LinkNotInRun(index, link));
    }

    function _ascends(SnapshotRef calldata a, SnapshotRef calldata b) private pure returns (bool) {
        return a.datanetId < b.datanetId || (a.datanetId == b.datanetId && a.version < b.version);
    }

    function _within(string memory field, uint256 value, uint256 min, uint256 max) private pure {
        require(value >= min && value <= max, OutOfRange(field, value, min, max));
    }
}
