// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IBurnable} from "../interfaces/IBurnable.sol";
import {IDatanetRegistry} from "../interfaces/IDatanetRegistry.sol";
import {IJury} from "../interfaces/IJury.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {DisputeDeposits} from "../libraries/DisputeDeposits.sol";
import {Forfeit} from "../libraries/Forfeit.sol";
import {Ids} from "../libraries/Ids.sol";
import {ParameterKeys} from "../libraries/ParameterKeys.sol";
import {
    Commitment,
    Contribution,
    ContributionStage,
    ContributionStatus,
    CurationRule,
    Datanet,
    DatanetTerms,
    Dispute,
    Snapshot
} from "../types/Datanets.sol";

/// @title DatanetRegistry
/// @notice See {IDatanetRegistry}. It must not know of models or fees. Who is right is the jury's to say; this says what follows.
contract DatanetRegistry is IDatanetRegistry, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 public constant MAX_TEXT = 64;
    /// @notice Hard bound of stake and access price of a row: 1,000 OPEN.
    uint256 public constant MAX_PER_ROW_WEI = 1000 ether;
    uint256 private constant PPM = 1_000_000;
    uint256 private constant SETTLE_STEPS = 64;

    // What a committee may say.
    uint8 private constant CHOICES = 3;
    uint8 private constant VERDICT_ACCEPT = 1;
    uint8 private constant VERDICT_REJECT = 2;
    uint8 private constant VERDICT_JUNK = 3;

    // Reasons that are the registry's own.
    uint8 public constant REASON_NO_VERDICT = 252;
    uint8 public constant REASON_COMMITTEE = 253;
    uint8 public constant REASON_NOT_DEFENDED = 254;
    uint8 public constant REASON_SUPERSEDED = 255;

    uint8 private constant REVIEW = 0;
    uint8 private constant APPEAL = 1;

    IERC20 public immutable token;
    IParameters public immutable parameters;
    IJury public immutable jury;
    address public immutable treasury;
    bytes32 private immutable CURATOR;

    struct Queue {
        uint48 made;
        uint48 settled;
    }

    mapping(bytes32 datanetId => Datanet) private _datanets;
    mapping(bytes32 datanetId => Queue) private _queues;
    mapping(bytes32 datanetId => mapping(uint256 sequence => uint256 revealEnds)) private _openUntil;
    mapping(bytes32 datanetId => mapping(bytes32 commitment => Commitment)) private _commitments;
    mapping(bytes32 contributionId => Contribution) private _contributions;
    mapping(bytes32 contributionId => mapping(uint8 round => Dispute)) private _disputes;
    mapping(bytes32 datanetId => mapping(uint32 version => Snapshot)) private _snapshots;

    /// @inheritdoc IDatanetRegistry
    mapping(bytes32 datanetId => mapping(bytes32 rowsRoot => bytes32 contributionId)) public acceptedFrom;
    /// @inheritdoc IDatanetRegistry
    mapping(bytes32 datanetId => mapping(bytes32 rowsRoot => bytes32 contributionId)) public holderOf;
    /// @inheritdoc IDatanetRegistry
    mapping(bytes32 contributionId => mapping(bytes32 rowCommitment => bool)) public isErased;
    /// @inheritdoc IDatanetRegistry
    mapping(address account => uint256) public owed;

    /// @param jury_ Must name this contract as a court.
    /// @param treasury_ Gets its part of what is forfeited.
    constructor(IERC20 token_, IParameters parameters_, IJury jury_, address treasury_) {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(address(parameters_) != address(0), ZeroAccount("parameters"));
        require(address(jury_) != address(0), ZeroAccount("jury"));
        require(treasury_ != address(0), ZeroAccount("treasury"));
        (token, parameters, jury, treasury) = (token_, parameters_, jury_, treasury_);
        CURATOR = jury_.CURATOR();
    }

    /// @inheritdoc IDatanetRegistry
    function create(DatanetTerms calldata terms) external returns (bytes32 datanetId) {
        _checkText("name", terms.name);
        _checkText("licence", terms.licence);
        _checkText("contentType", terms.contentType);
        require(terms.termsHash != 0, ZeroDigest("termsHash"));
        _checkMost("stakePerRowWei", terms.stakePerRowWei, MAX_PER_ROW_WEI);
        _checkMost("accessPriceWei", terms.accessPriceWei, MAX_PER_ROW_WEI);
        _checkMost("contributorsPpm", terms.contributorsPpm, PPM);
        datanetId = Ids.datanet(msg.sender, terms.name);
        Datanet storage datanet = _datanets[datanetId];
        require(datanet.owner == address(0), DatanetExists(datanetId));
        datanet.owner = msg.sender;
        datanet.termsHash = terms.termsHash;
        datanet.schemaHash = terms.schemaHash;
        datanet.stakePerRowWei = terms.stakePerRowWei;
        datanet.accessPriceWei = terms.accessPriceWei;
        datanet.rule = terms.rule;
        datanet.contributorsPpm = terms.contributorsPpm;
        datanet.name = terms.name;
        datanet.licence = terms.licence;
        datanet.contentType = terms.contentType;
        emit DatanetCreated(datanetId, msg.sender, terms);
    }

    /// @inheritdoc IDatanetRegistry
    function commitContribution(bytes32 datanetId, bytes32 commitment) external {
        _known(datanetId);
        require(commitment != 0, ZeroDigest("commitment"));
        Commitment storage made = _commitments[datanetId][commitment];
        if (made.sequence != 0 && block.timestamp <= made.revealEnds) return;
        uint48 sequence = ++_queues[datanetId].made;
        uint40 ends = _after(ParameterKeys.REVEAL_SECONDS);
        _commitments[datanetId][commitment] = Commitment(sequence, uint48(block.number), ends);
        _openUntil[datanetId][sequence] = ends;
        emit ContributionCommitted(datanetId, msg.sender, commitment, sequence, ends);
    }

    /// @inheritdoc IDatanetRegistry
    function contribute(bytes32 datanetId, bytes32 rowsRoot, uint32 rowCount, bytes32 salt)
        external
        nonReentrant
        returns (bytes32 contributionId)
    {
        Datanet storage datanet = _known(datanetId);
        require(rowsRoot != 0, ZeroDigest("rowsRoot"));
        require(rowCount != 0, InvalidRowCount(0, type(uint32).max));
        contributionId = Ids.contribution(datanetId, msg.sender, rowsRoot);
        Contribution storage contribution = _contributions[contributionId];
        require(contribution.status == ContributionStatus.None, ContributionExists(contributionId));
        uint48 sequence = _reveal(datanetId, rowsRoot, rowCount, salt);
        _hold(datanetId, rowsRoot, contributionId, sequence);

        uint256 stakeWei = uint256(rowCount) * datanet.stakePerRowWei;
        CurationRule rule = datanet.rule;
        contribution.datanetId = datanetId;
        contribution.rowsRoot = rowsRoot;
        contribution.contributor = msg.sender;
        contribution.rowCount = rowCount;
        contribution.status = ContributionStatus.Pending;
        contribution.stage = ContributionStage.Review;
        contribution.sequence = sequence;
        contribution.stakeWei = uint128(stakeWei);
        emit Contributed(datanetId, contributionId, msg.sender, rowsRoot, rowCount);

        if (rule == CurationRule.Committee) {
            Dispute storage review = _disputes[contributionId][REVIEW];
            (review.jurors, review.feesWei) = _juryCost(ParameterKeys.JURY_SIZE);
            _take(stakeWei + review.feesWei);
            _openCase(contributionId, contribution, review, REVIEW);
        } else {
            contribution.deadline = _after(
                rule == CurationRule.Open ? ParameterKeys.OPEN_REVIEW_SECONDS : ParameterKeys.OWNER_REVIEW_SECONDS
            );
            _take(stakeWei);
        }
    }

    /// @inheritdoc IDatanetRegistry
    function accept(bytes32 contributionId, uint32 acceptedRows) external {
        Contribution storage contribution = _ownersToDecide(contributionId);
        require(!contribution.superseded, Superseded(contributionId));
        require(
            acceptedRows != 0 && acceptedRows <= contribution.rowCount,
            InvalidRowCount(acceptedRows, contribution.rowCount)
        );
        _decide(contributionId, contribution, ContributionStatus.Accepted, acceptedRows, 0);
    }

    /// @inheritdoc IDatanetRegistry
    function reject(bytes32 contributionId, uint8 reasonCode) external {
        _refuse(contributionId, ContributionStatus.Rejected, reasonCode);
    }

    /// @inheritdoc IDatanetRegistry
    function rejectAsJunk(bytes32 contributionId, uint8 reasonCode) external {
        _refuse(contributionId, ContributionStatus.Junk, reasonCode);
    }

    /// @inheritdoc IDatanetRegistry
    function challenge(bytes32 contributionId) external nonReentrant {
        Contribution storage contribution = _at(contributionId, ContributionStage.Review);
        _checkRule(contribution.datanetId, CurationRule.Open);
        require(!contribution.superseded, Superseded(contributionId));
        require(block.timestamp <= contribution.deadline, TooLate(contributionId, contribution.deadline));
        require(msg.sender != contribution.contributor, NotAppellant(contributionId, msg.sender));
        _dispute(contributionId, contribution, REVIEW, ContributionStatus.Accepted);
    }

    /// @inheritdoc IDatanetRegistry
    function appeal(bytes32 contributionId) external nonReentrant {
        Contribution storage contribution = _at(contributionId, ContributionStage.Decided);
        require(!contribution.superseded, Superseded(contributionId));
        require(block.timestamp <= contribution.deadline, TooLate(contributionId, contribution.deadline));
        ContributionStatus status = contribution.status;
        require(
            (msg.sender == contribution.contributor) != (status == ContributionStatus.Accepted),
            NotAppellant(contributionId, msg.sender)
        );
        _dispute(contributionId, contribution, APPEAL, status);
    }

    /// @inheritdoc IDatanetRegistry
    function defend(bytes32 contributionId) external nonReentrant {
        Contribution storage contribution = _contribution(contributionId);
        ContributionStage stage = contribution.stage;
        bool isChallenge = stage == ContributionStage.Challenged;
        require(isChallenge || stage == ContributionStage.Appealed, WrongStage(contributionId, stage));
        require(block.timestamp <= contribution.deadline, TooLate(contributionId, contribution.deadline));
        uint8 round = isChallenge ? REVIEW : APPEAL;
        Dispute storage dispute = _disputes[contributionId][round];
        dispute.defender = msg.sender;
        emit DisputeDefended(contributionId, round, msg.sender, false);
        _take(dispute.feesWei);
        _openCase(contributionId, contribution, dispute, round);
    }

    /// @inheritdoc IDatanetRegistry
    function resolve(bytes32 contributionId) external nonReentrant {
        Contribution storage contribution = _contribution(contributionId);
        ContributionStage stage = contribution.stage;
        if (stage == ContributionStage.Judged) {
            _resolveReview(contributionId, contribution);
        } else if (stage == ContributionStage.AppealJudged) {
            uint8 verdict = jury.verdictOf(_disputes[contributionId][APPEAL].caseId);
            ContributionStatus outcome = verdict == 0 ? contribution.status : _statusOf(verdict);
            _close(contributionId, contribution, outcome, REASON_COMMITTEE);
        } else {
            bool isChallenge = stage == ContributionStage.Challenged;
            require(isChallenge || stage == ContributionStage.Appealed, WrongStage(contributionId, stage));
            require(block.timestamp > contribution.deadline, TooEarly(contributionId, contribution.deadline));
            if (isChallenge) {
                _decide(contributionId, contribution, ContributionStatus.Rejected, 0, REASON_NOT_DEFENDED);
            } else {
                ContributionStatus outcome = contribution.status == ContributionStatus.Rejected
                    ? ContributionStatus.Accepted
                    : ContributionStatus.Rejected;
                _close(contributionId, contribution, outcome, REASON_NOT_DEFENDED);
            }
        }
    }

    /// @inheritdoc IDatanetRegistry
    function finalise(bytes32 contributionId) external nonReentrant {
        Contribution storage contribution = _contribution(contributionId);
        ContributionStage stage = contribution.stage;
        bool isReview = stage == ContributionStage.Review;
        require(isReview || stage == ContributionStage.Decided, WrongStage(contributionId, stage));
        bool superseded = contribution.superseded;
        if (isReview && !superseded) _checkRule(contribution.datanetId, CurationRule.Open);
        require(superseded || block.timestamp > contribution.deadline, TooEarly(contributionId, contribution.deadline));
        ContributionStatus outcome = isReview ? ContributionStatus.Accepted : contribution.status;
        _close(contributionId, contribution, outcome, contribution.reasonCode);
    }

    /// @inheritdoc IDatanetRegistry
    function takeBack(bytes32 contributionId) external {
        Contribution storage contribution = _at(contributionId, ContributionStage.Review);
        address contributor = contribution.contributor;
        require(msg.sender == contributor, NotContributor(contributionId, msg.sender, contributor));
        bytes32 datanetId = contribution.datanetId;
        _checkRule(datanetId, CurationRule.Owner);
        require(block.timestamp > contribution.deadline, TooEarly(contributionId, contribution.deadline));
        contribution.stage = ContributionStage.Final;
        contribution.status = ContributionStatus.TakenBack;
        owed[contributor] += contribution.stakeWei;
        emit ContributionTakenBack(datanetId, contributionId, contributor);
        emit ContributionFinal(datanetId, contributionId, ContributionStatus.TakenBack);
    }

    /// @inheritdoc IDatanetRegistry
    function settleCommitments(bytes32 datanetId, uint256 steps) external returns (uint256 settled) {
        _known(datanetId);
        return _settle(datanetId, _queues[datanetId].made, steps);
    }

    /// @inheritdoc IDatanetRegistry
    function tombstone(bytes32 contributionId, bytes32 rowCommitment, bytes32[] calldata proof) external {
        Contribution storage contribution = _contribution(contributionId);
        bytes32 datanetId = contribution.datanetId;
        Datanet storage datanet = _datanets[datanetId];
        require(
            msg.sender == contribution.contributor || msg.sender == datanet.owner, NotEraser(contributionId, msg.sender)
        );
        // Rows that were never taken are in no snapshot: erasing them must not make models look stale.
        require(contribution.status == ContributionStatus.Accepted, WrongStage(contributionId, contribution.stage));
        require(
            MerkleProof.verifyCalldata(proof, contribution.rowsRoot, Ids.rowLeaf(rowCommitment)),
            InvalidProof(contributionId, rowCommitment)
        );
        require(!isErased[contributionId][rowCommitment], TombstoneExists(contributionId, rowCommitment));
        isErased[contributionId][rowCommitment] = true;
        uint256 before = _liveRows(contribution);
        contribution.erasedRows += 1;
        if (contribution.stage == ContributionStage.Final) {
            datanet.acceptedRows -= uint64(before - _liveRows(contribution));
        }
        uint64 tombstones = ++datanet.tombstones;
        emit Tombstone(datanetId, contributionId, rowCommitment, msg.sender, tombstones);
    }

    /// @inheritdoc IDatanetRegistry
    function snapshot(bytes32 datanetId, bytes32 root, uint32 rowCount, uint32 version, uint64 tombstones) external {
        Datanet storage datanet = _owned(datanetId);
        uint32 expected = datanet.latestVersion + 1;
        require(version == expected, InvalidVersion(version, expected));
        require(root != 0, ZeroDigest("root"));
        require(rowCount != 0 && rowCount <= datanet.acceptedRows, InvalidRowCount(rowCount, datanet.acceptedRows));
        require(tombstones == datanet.tombstones, TombstonesDiffer(datanetId, tombstones, datanet.tombstones));
        datanet.latestVersion = version;
        _snapshots[datanetId][version] = Snapshot(root, rowCount, uint64(block.timestamp), tombstones);
        emit SnapshotPublished(datanetId, version, root, rowCount, tombstones);
    }

    /// @inheritdoc IDatanetRegistry
    function withdraw(address account) external nonReentrant returns (uint256 amountWei) {
        amountWei = owed[account];
        require(amountWei != 0, NothingOwed(account));
        owed[account] = 0;
        emit Withdrawn(account, amountWei);
        token.safeTransfer(account, amountWei);
    }

    /// @inheritdoc IDatanetRegistry
    function getDatanet(bytes32 datanetId) external view returns (Datanet memory) {
        return _known(datanetId);
    }

    /// @inheritdoc IDatanetRegistry
    function getContribution(bytes32 contributionId) external view returns (Contribution memory) {
        return _contribution(contributionId);
    }

    /// @inheritdoc IDatanetRegistry
    function getDispute(bytes32 contributionId, uint8 round) external view returns (Dispute memory) {
        return _disputes[contributionId][round];
    }

    /// @inheritdoc IDatanetRegistry
    function getCommitment(bytes32 datanetId, bytes32 commitment) external view returns (Commitment memory) {
        return _commitments[datanetId][commitment];
    }

    /// @inheritdoc IDatanetRegistry
    function getSnapshot(bytes32 datanetId, uint32 version) external view returns (Snapshot memory) {
        return _snapshots[datanetId][version];
    }

    /// @inheritdoc IDatanetRegistry
    function isStale(bytes32 datanetId, uint32 version) external view returns (bool) {
        Snapshot storage frozen = _snapshots[datanetId][version];
        return frozen.root != 0 && _datanets[datanetId].tombstones > frozen.tombstones;
    }

    /// @inheritdoc IDatanetRegistry
    function disputeCost(bytes32 contributionId) external view returns (uint256 feesWei, uint256 bondWei) {
        Contribution storage contribution = _contribution(contributionId);
        bool isReview = contribution.stage == ContributionStage.Review;
        (, feesWei) = _juryCost(isReview ? ParameterKeys.JURY_SIZE : ParameterKeys.APPEAL_JURY_SIZE);
        bondWei = _bond(contribution.stakeWei);
    }

    /// @inheritdoc IDatanetRegistry
    function commitments(bytes32 datanetId) external view returns (uint256 made, uint256 settled) {
        Queue storage queue = _queues[datanetId];
        return (queue.made, queue.settled);
    }

    /// @dev Checks and uses up the sender's commitment.
    function _reveal(bytes32 datanetId, bytes32 rowsRoot, uint32 rowCount, bytes32 salt) private returns (uint48) {
        bytes32 commitment = Ids.contributionCommitment(datanetId, msg.sender, rowsRoot, rowCount, salt);
        Commitment memory made = _commitments[datanetId][commitment];
        require(made.sequence != 0, UnknownCommitment(datanetId, commitment));
        require(block.number > made.blockNumber, RevealTooEarly(made.blockNumber));
        require(block.timestamp <= made.revealEnds, RevealTooLate(made.revealEnds));
        delete _openUntil[datanetId][made.sequence];
        return made.sequence;
    }

    /// @dev A root belongs to whoever committed first among those who showed it.
    function _hold(bytes32 datanetId, bytes32 rowsRoot, bytes32 contributionId, uint48 sequence) private {
        bytes32 holder = holderOf[datanetId][rowsRoot];
        if (holder != 0) {
            Contribution storage other = _contributions[holder];
            require(sequence < other.sequence, RootTaken(datanetId, rowsRoot, holder));
            other.superseded = true;
            delete acceptedFrom[datanetId][rowsRoot];
            emit ContributionSuperseded(holder, contributionId);
        }
        holderOf[datanetId][rowsRoot] = contributionId;
    }

    function _refuse(bytes32 contributionId, ContributionStatus status, uint8 reasonCode) private {
        Contribution storage contribution = _ownersToDecide(contributionId);
        require(reasonCode != 0 && reasonCode < REASON_NO_VERDICT - 2, InvalidReason(reasonCode));
        _decide(contributionId, contribution, status, 0, reasonCode);
    }

    /// @dev A decision that may still be appealed.
    function _decide(
        bytes32 contributionId,
        Contribution storage contribution,
        ContributionStatus status,
        uint32 acceptedRows,
        uint8 reasonCode
    ) private {
        contribution.stage = ContributionStage.Decided;
        contribution.deadline = _after(ParameterKeys.APPEAL_SECONDS);
        _setStatus(contributionId, contribution, status, acceptedRows, reasonCode);
    }

    function _setStatus(
        bytes32 contributionId,
        Contribution storage contribution,
        ContributionStatus status,
        uint32 acceptedRows,
        uint8 reasonCode
    ) private {
        (bytes32 datanetId, address contributor) = (contribution.datanetId, contribution.contributor);
        bytes32 rowsRoot = contribution.rowsRoot;
        contribution.status = status;
        contribution.acceptedRows = acceptedRows;
        contribution.reasonCode = reasonCode;
        if (status == ContributionStatus.Accepted) {
            acceptedFrom[datanetId][rowsRoot] = contributionId;
            emit ContributionAccepted(datanetId, contributionId, contributor, acceptedRows);
            return;
        }
        if (acceptedFrom[datanetId][rowsRoot] == contributionId) delete acceptedFrom[datanetId][rowsRoot];
        if (status == ContributionStatus.Junk) {
            emit ContributionJunk(datanetId, contributionId, contributor, reasonCode);
        } else {
            emit ContributionRejected(datanetId, contributionId, contributor, reasonCode);
        }
    }

    /// @dev Takes the appellant's deposit, and opens the case at once if the contributor's stake can stand for the other side.
    function _dispute(
        bytes32 contributionId,
        Contribution storage contribution,
        uint8 round,
        ContributionStatus against
    ) private {
        Dispute storage dispute = _disputes[contributionId][round];
        (uint8 jurors, uint128 feesWei) =
            _juryCost(round == REVIEW ? ParameterKeys.JURY_SIZE : ParameterKeys.APPEAL_JURY_SIZE);
        uint128 bondWei = _bond(contribution.stakeWei);
        dispute.appellant = msg.sender;
        dispute.against = against;
        dispute.jurors = jurors;
        dispute.feesWei = feesWei;
        dispute.bondWei = bondWei;
        emit DisputeOpened(contributionId, round, msg.sender, against, feesWei, bondWei);
        _take(uint256(feesWei) + bondWei);

        uint256 promised = feesWei;
        Dispute storage first = _disputes[contributionId][REVIEW];
        if (round == APPEAL && first.byStake) promised += first.feesWei;
        if (against == ContributionStatus.Accepted && contribution.stakeWei >= promised) {
            dispute.byStake = true;
            dispute.defender = contribution.contributor;
            emit DisputeDefended(contributionId, round, contribution.contributor, true);
            _openCase(contributionId, contribution, dispute, round);
        } else {
            contribution.stage = round == REVIEW ? ContributionStage.Challenged : ContributionStage.Appealed;
            contribution.deadline = _after(ParameterKeys.APPEAL_SECONDS);
        }
    }

    function _openCase(bytes32 contributionId, Contribution storage contribution, Dispute storage dispute, uint8 round)
        private
    {
        contribution.stage = round == REVIEW ? ContributionStage.Judged : ContributionStage.AppealJudged;
        address contributor = contribution.contributor;
        address other = dispute.appellant == contributor ? dispute.defender : dispute.appellant;
        address[3] memory excluded = [contributor, _datanets[contribution.datanetId].owner, other];
        token.safeTransfer(address(jury), dispute.feesWei);
        uint256 caseId = jury.open(CURATOR, dispute.jurors, CHOICES, contributionId, excluded, dispute.feesWei);
        dispute.caseId = caseId;
        emit CaseOpened(contributionId, round, caseId);
    }

    /// @dev What the first committee said. Without a verdict a challenge has shown nothing, and a review ends without fault.
    function _resolveReview(bytes32 contributionId, Contribution storage contribution) private {
        Dispute storage dispute = _disputes[contributionId][REVIEW];
        uint8 verdict = jury.verdictOf(dispute.caseId);
        ContributionStatus outcome =
            verdict == 0 && dispute.appellant != address(0) ? ContributionStatus.Accepted : _statusOf(verdict);
        uint8 reason = verdict == 0 ? REASON_NO_VERDICT : REASON_COMMITTEE;
        if (contribution.superseded) {
            _close(contributionId, contribution, outcome, reason);
        } else if (outcome == ContributionStatus.Accepted) {
            _decide(contributionId, contribution, outcome, contribution.rowCount, 0);
        } else {
            _decide(contributionId, contribution, outcome, 0, reason);
        }
    }

    /// @dev The final decision: counts the rows, settles the juries, and divides stakes and deposits.
    function _close(
        bytes32 contributionId,
        Contribution storage contribution,
        ContributionStatus outcome,
        uint8 reasonCode
    ) private {
        bytes32 datanetId = contribution.datanetId;
        contribution.stage = ContributionStage.Final;
        bool superseded = contribution.superseded && outcome == ContributionStatus.Accepted;
        ContributionStatus status = superseded ? ContributionStatus.Rejected : outcome;
        if (status == ContributionStatus.Accepted) _checkFirst(datanetId, contribution.sequence);
        if (status != contribution.status) {
            uint8 reason = superseded ? REASON_SUPERSEDED : status == ContributionStatus.Accepted ? 0 : reasonCode;
            uint32 rows = status == ContributionStatus.Accepted ? contribution.rowCount : 0;
            _setStatus(contributionId, contribution, status, rows, reason);
        }
        if (status == ContributionStatus.Accepted) {
            _datanets[datanetId].acceptedRows += uint64(_liveRows(contribution));
        }
        emit ContributionFinal(datanetId, contributionId, status);

        Dispute storage appealed = _disputes[contributionId][APPEAL];
        // An appeal that nobody defended says nothing about who was right before.
        bool isUnheard = appealed.appellant != address(0) && appealed.caseId == 0;
        uint256 stakeWei = contribution.stakeWei;
        stakeWei = _endDispute(contributionId, contribution, REVIEW, isUnheard ? appealed.against : outcome, stakeWei);
        stakeWei = _endDispute(contributionId, contribution, APPEAL, outcome, stakeWei);
        if (outcome == ContributionStatus.Junk) {
            _forfeit(contributionId, _finderOfJunk(contributionId), stakeWei);
        } else {
            owed[contribution.contributor] += stakeWei;
        }
    }

    /// @dev Settles a round's case by the final outcome, and gives each side what is due to it.
    /// @return What is left of the contributor's stake.
    function _endDispute(
        bytes32 contributionId,
        Contribution storage contribution,
        uint8 round,
        ContributionStatus outcome,
        uint256 stakeWei
    ) private returns (uint256) {
        Dispute memory dispute = _disputes[contributionId][round];
        uint256 feesWei = dispute.feesWei;
        if (dispute.caseId == 0) {
            // Nobody defended, or there was no dispute at all.
            if (dispute.appellant != address(0)) owed[dispute.appellant] += feesWei + dispute.bondWei;
            return stakeWei;
        }
        bool isLast = round == APPEAL || _disputes[contributionId][APPEAL].caseId == 0;
        uint8 verdict = jury.verdictOf(dispute.caseId);
        uint256 returnedWei = jury.settle(dispute.caseId, isLast && verdict == 0 ? 0 : _verdictOf(outcome));
        if (dispute.appellant == address(0)) {
            owed[contribution.contributor] += returnedWei;
            return stakeWei;
        }
        DisputeDeposits.Right right = verdict == 0
            ? DisputeDeposits.Right.Nobody
            : _isRight(dispute.against, outcome) ? DisputeDeposits.Right.Appellant : DisputeDeposits.Right.Defender;
        (uint256 appellantWei, uint256 defenderPaysWei, uint256 forfeitWei) =
            DisputeDeposits.divide(feesWei, dispute.bondWei, returnedWei, right);
        owed[dispute.appellant] += appellantWei;
        if (dispute.byStake) stakeWei -= defenderPaysWei;
        else owed[dispute.defender] += feesWei - defenderPaysWei;
        _forfeit(contributionId, dispute.defender, forfeitWei);
        return stakeWei;
    }

    function _forfeit(bytes32 contributionId, address beneficiary, uint256 amountWei) private {
        if (amountWei == 0) return;
        (uint256 beneficiaryWei, uint256 treasuryWei, uint256 burntWei) = Forfeit.split(
            amountWei,
            parameters.get(ParameterKeys.SLASH_CHALLENGER_PPM),
            parameters.get(ParameterKeys.SLASH_TREASURY_PPM)
        );
        if (beneficiary == address(0)) (beneficiaryWei, burntWei) = (0, burntWei + beneficiaryWei);
        else owed[beneficiary] += beneficiaryWei;
        owed[treasury] += treasuryWei;
        emit StakeForfeited(contributionId, beneficiary, beneficiaryWei, treasuryWei, burntWei);
        if (burntWei != 0) IBurnable(address(token)).burn(burntWei);
    }

    function _take(uint256 amountWei) private {
        if (amountWei != 0) token.safeTransferFrom(msg.sender, address(this), amountWei);
    }

    /// @dev Settles commitments in order; those before `sequence` must all be.
    function _checkFirst(bytes32 datanetId, uint48 sequence) private {
        uint256 settled = _settle(datanetId, sequence - 1, SETTLE_STEPS);
        require(settled >= sequence - 1, EarlierCommitmentsOpen(datanetId, sequence, settled));
    }

    function _settle(bytes32 datanetId, uint256 upTo, uint256 steps) private returns (uint256 settled) {
        uint256 from = _queues[datanetId].settled;
        settled = from;
        for (uint256 i; i < steps && settled < upTo; ++i) {
            if (block.timestamp <= _openUntil[datanetId][settled + 1]) break;
            ++settled;
        }
        if (settled != from) _queues[datanetId].settled = uint48(settled);
    }

    /// @dev Who is rewarded for junk: whoever first said that it must not be accepted; none where owner or committee found it.
    function _finderOfJunk(bytes32 contributionId) private view returns (address) {
        address challenger = _disputes[contributionId][REVIEW].appellant;
        if (challenger != address(0)) return challenger;
        Dispute storage appealed = _disputes[contributionId][APPEAL];
        return appealed.against == ContributionStatus.Accepted ? appealed.appellant : address(0);
    }

    function _owned(bytes32 datanetId) private view returns (Datanet storage datanet) {
        datanet = _known(datanetId);
        require(msg.sender == datanet.owner, NotDatanetOwner(datanetId, msg.sender, datanet.owner));
    }

    function _known(bytes32 datanetId) private view returns (Datanet storage datanet) {
        datanet = _datanets[datanetId];
        require(datanet.owner != address(0), UnknownDatanet(datanetId));
    }

    function _contribution(bytes32 contributionId) private view returns (Contribution storage contribution) {
        contribution = _contributions[contributionId];
        require(contribution.status != ContributionStatus.None, UnknownContribution(contributionId));
    }

    function _at(bytes32 contributionId, ContributionStage stage)
        private
        view
        returns (Contribution storage contribution)
    {
        contribution = _contribution(contributionId);
        require(contribution.stage == stage, WrongStage(contributionId, contribution.stage));
    }

    function _ownersToDecide(bytes32 contributionId) private view returns (Contribution storage contribution) {
        contribution = _contribution(contributionId);
        bytes32 datanetId = contribution.datanetId;
        _owned(datanetId);
        _checkRule(datanetId, CurationRule.Owner);
        require(contribution.stage == ContributionStage.Review, WrongStage(contributionId, contribution.stage));
    }

    function _checkRule(bytes32 datanetId, CurationRule wanted) private view {
        CurationRule rule = _datanets[datanetId].rule;
        require(rule == wanted, WrongRule(datanetId, rule, wanted));
    }

    function _juryCost(bytes32 sizeKey) private view returns (uint8 jurors, uint128 feesWei) {
        uint256 size = parameters.get(sizeKey);
        return (uint8(size), uint128(size * parameters.get(ParameterKeys.JUROR_FEE_WEI)));
    }

    function _bond(uint256 stakeWei) private view returns (uint128) {
        return uint128(DisputeDeposits.bond(stakeWei, parameters.get(ParameterKeys.APPEAL_BOND_PPM)));
    }

    function _after(bytes32 secondsKey) private view returns (uint40) {
        return uint40(block.timestamp + parameters.get(secondsKey));
    }

    /// @dev At most this many accepted rows are not erased: which of a contribution's rows were accepted is not known here.
    function _liveRows(Contribution storage contribution) private view returns (uint256) {
        uint256 alive =
            contribution.rowCount > contribution.erasedRows ? contribution.rowCount - contribution.erasedRows : 0;
        return alive < contribution.acceptedRows ? alive : contribution.acceptedRows;
    }

    /// @dev Whether whoever disputed `against` was right to: others an acceptance, the contributor a refusal.
    function _isRight(ContributionStatus against, ContributionStatus outcome) private pure returns (bool) {
        return against == ContributionStatus.Accepted ? outcome != against : outcome < against;
    }

    function _statusOf(uint8 verdict) private pure returns (ContributionStatus) {
        if (verdict == VERDICT_ACCEPT) return ContributionStatus.Accepted;
        return verdict == VERDICT_JUNK ? ContributionStatus.Junk : ContributionStatus.Rejected;
    }

    function _verdictOf(ContributionStatus status) private pure returns (uint8) {
        if (status == ContributionStatus.Accepted) return VERDICT_ACCEPT;
        return status == ContributionStatus.Junk ? VERDICT_JUNK : VERDICT_REJECT;
    }

    function _checkMost(string memory field, uint256 value, uint256 max) private pure {
        require(value <= max, TermTooHigh(field, value, max));
    }

    function _checkText(string memory field, string calldata text) private pure {
        uint256 length = bytes(text).length;
        require(length != 0 && length <= MAX_TEXT, InvalidText(field, length, MAX_TEXT));
    }
}
