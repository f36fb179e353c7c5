// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IDatanetRegistry} from "../interfaces/IDatanetRegistry.sol";
import {IJury} from "../interfaces/IJury.sol";
import {IParameters} from "../interfaces/IParameters.sol";
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
import {ContributionOutcomes} from "./ContributionOutcomes.sol";
import {DatanetState} from "./DatanetState.sol";

/// @title DatanetRegistry
/// @notice See {IDatanetRegistry}. It must not know of models or fees. Who is right is the jury's to say; what follows, {ContributionOutcomes}'.
contract DatanetRegistry is ContributionOutcomes, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint256 public constant MAX_TEXT = 64;
    /// @notice Hard bound of stake and access price of a row: 1,000 OPEN.
    uint256 public constant MAX_PER_ROW_WEI = 1000 ether;
    uint256 private constant PPM = 1_000_000;

    /// @param jury_ Must name this contract as a court.
    /// @param treasury_ Gets its part of what is forfeited.
    constructor(IERC20 token_, IParameters parameters_, IJury jury_, address treasury_)
        DatanetState(token_, parameters_, jury_, treasury_)
    {}

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

    function _take(uint256 amountWei) private {
        if (amountWei != 0) token.safeTransferFrom(msg.sender, address(this), amountWei);
    }

    function _checkMost(string memory field, uint256 value, uint256 max) private pure {
        require(value <= max, TermTooHigh(field, value, max));
    }

    function _checkText(string memory field, string calldata text) private pure {
        uint256 length = bytes(text).length;
        require(length != 0 && length <= MAX_TEXT, InvalidText(field, length, MAX_TEXT));
    }
}
