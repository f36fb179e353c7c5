// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IDatanetRegistry} from "../interfaces/IDatanetRegistry.sol";
import {IJury} from "../interfaces/IJury.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {DisputeDeposits} from "../libraries/DisputeDeposits.sol";
import {ParameterKeys} from "../libraries/ParameterKeys.sol";
import {
    Commitment,
    Contribution,
    ContributionStage,
    ContributionStatus,
    CurationRule,
    Datanet,
    Dispute,
    Snapshot
} from "../types/Datanets.sol";

/// @title DatanetState
/// @notice What {DatanetRegistry} keeps, and how it is read. Nothing here changes anything.
abstract contract DatanetState is IDatanetRegistry {
    // Reasons that are the registry's own.
    uint8 public constant REASON_NO_VERDICT = 252;
    uint8 public constant REASON_COMMITTEE = 253;
    uint8 public constant REASON_NOT_DEFENDED = 254;
    uint8 public constant REASON_SUPERSEDED = 255;

    uint8 internal constant REVIEW = 0;
    uint8 internal constant APPEAL = 1;

    IERC20 public immutable token;
    IParameters public immutable parameters;
    IJury public immutable jury;
    address public immutable treasury;
    bytes32 internal immutable CURATOR;

    struct Queue {
        uint48 made;
        uint48 settled;
    }

    mapping(bytes32 datanetId => Datanet) internal _datanets;
    mapping(bytes32 datanetId => Queue) internal _queues;
    mapping(bytes32 datanetId => mapping(uint256 sequence => uint256 revealEnds)) internal _openUntil;
    mapping(bytes32 datanetId => mapping(bytes32 commitment => Commitment)) internal _commitments;
    mapping(bytes32 contributionId => Contribution) internal _contributions;
    mapping(bytes32 contributionId => mapping(uint8 round => Dispute)) internal _disputes;
    mapping(bytes32 datanetId => mapping(uint32 version => Snapshot)) internal _snapshots;

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

    function _owned(bytes32 datanetId) internal view returns (Datanet storage datanet) {
        datanet = _known(datanetId);
        require(msg.sender == datanet.owner, NotDatanetOwner(datanetId, msg.sender, datanet.owner));
    }

    function _known(bytes32 datanetId) internal view returns (Datanet storage datanet) {
        datanet = _datanets[datanetId];
        require(datanet.owner != address(0), UnknownDatanet(datanetId));
    }

    function _contribution(bytes32 contributionId) internal view returns (Contribution storage contribution) {
        contribution = _contributions[contributionId];
        require(contribution.status != ContributionStatus.None, UnknownContribution(contributionId));
    }

    function _at(bytes32 contributionId, ContributionStage stage)
        internal
        view
        returns (Contribution storage contribution)
    {
        contribution = _contribution(contributionId);
        require(contribution.stage == stage, WrongStage(contributionId, contribution.stage));
    }

    function _ownersToDecide(bytes32 contributionId) internal view returns (Contribution storage contribution) {
        contribution = _contribution(contributionId);
        bytes32 datanetId = contribution.datanetId;
        _owned(datanetId);
        _checkRule(datanetId, CurationRule.Owner);
        require(contribution.stage == ContributionStage.Review, WrongStage(contributionId, contribution.stage));
    }

    function _checkRule(bytes32 datanetId, CurationRule wanted) internal view {
        CurationRule rule = _datanets[datanetId].rule;
        require(rule == wanted, WrongRule(datanetId, rule, wanted));
    }

    function _juryCost(bytes32 sizeKey) internal view returns (uint8 jurors, uint128 feesWei) {
        uint256 size = parameters.get(sizeKey);
        return (uint8(size), uint128(size * parameters.get(ParameterKeys.JUROR_FEE_WEI)));
    }

    function _bond(uint256 stakeWei) internal view returns (uint128) {
        return uint128(DisputeDeposits.bond(stakeWei, parameters.get(ParameterKeys.APPEAL_BOND_PPM)));
    }

    function _after(bytes32 secondsKey) internal view returns (uint40) {
        return uint40(block.timestamp + parameters.get(secondsKey));
    }

    /// @dev At most this many accepted rows are not erased: which of a contribution's rows were accepted is not known here.
    function _liveRows(Contribution storage contribution) internal view returns (uint256) {
        uint256 alive =
            contribution.rowCount > contribution.erasedRows ? contribution.rowCount - contribution.erasedRows : 0;
        return alive < contribution.acceptedRows ? alive : contribution.acceptedRows;
    }
}
