// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDatanetRegistry} from "../interfaces/IDatanetRegistry.sol";
import {Ids} from "../libraries/Ids.sol";
import {Contribution, ContributionStatus, Datanet, Snapshot} from "../types/Datanets.sol";

/// @title DatanetRegistry
/// @notice See {IDatanetRegistry}. It holds no money and must not know of models or fees.
contract DatanetRegistry is IDatanetRegistry {
    uint256 public constant MAX_TEXT = 64;

    mapping(bytes32 datanetId => Datanet) private _datanets;
    mapping(bytes32 contributionId => Contribution) private _contributions;
    mapping(bytes32 datanetId => mapping(uint32 version => Snapshot)) private _snapshots;

    /// @inheritdoc IDatanetRegistry
    mapping(bytes32 datanetId => mapping(bytes32 rowsRoot => bytes32 contributionId)) public acceptedFrom;

    /// @inheritdoc IDatanetRegistry
    function create(string calldata name, bytes32 termsHash, string calldata licence)
        external
        returns (bytes32 datanetId)
    {
        _checkText("name", name);
        _checkText("licence", licence);
        require(termsHash != 0, ZeroDigest("termsHash"));
        datanetId = Ids.datanet(msg.sender, name);
        require(_datanets[datanetId].owner == address(0), DatanetExists(datanetId));
        Datanet storage datanet = _datanets[datanetId];
        datanet.owner = msg.sender;
        datanet.termsHash = termsHash;
        datanet.name = name;
        datanet.licence = licence;
        emit DatanetCreated(datanetId, msg.sender, name, termsHash, licence);
    }

    /// @inheritdoc IDatanetRegistry
    function contribute(bytes32 datanetId, bytes32 rowsRoot, uint32 rowCount)
        external
        returns (bytes32 contributionId)
    {
        require(_datanets[datanetId].owner != address(0), UnknownDatanet(datanetId));
        require(rowsRoot != 0, ZeroDigest("rowsRoot"));
        require(rowCount != 0, InvalidRowCount(0, type(uint32).max));
        contributionId = Ids.contribution(datanetId, msg.sender, rowsRoot);
        require(_contributions[contributionId].status == ContributionStatus.None, ContributionExists(contributionId));
        Contribution storage contribution = _contributions[contributionId];
        contribution.datanetId = datanetId;
        contribution.rowsRoot = rowsRoot;
        contribution.contributor = msg.sender;
        contribution.rowCount = rowCount;
        contribution.status = ContributionStatus.Pending;
        emit Contributed(datanetId, contributionId, msg.sender, rowsRoot, rowCount);
    }

    /// @inheritdoc IDatanetRegistry
    function accept(bytes32 contributionId, uint32 acceptedRows) external {
        Contribution storage contribution = _pending(contributionId);
        bytes32 datanetId = contribution.datanetId;
        bytes32 rowsRoot = contribution.rowsRoot;
        require(
            acceptedRows != 0 && acceptedRows <= contribution.rowCount,
            InvalidRowCount(acceptedRows, contribution.rowCount)
        );
        require(acceptedFrom[datanetId][rowsRoot] == 0, RootAlreadyAccepted(datanetId, rowsRoot));
        acceptedFrom[datanetId][rowsRoot] = contributionId;
        contribution.status = ContributionStatus.Accepted;
        contribution.acceptedRows = acceptedRows;
        _datanets[datanetId].acceptedRows += acceptedRows;
        emit ContributionAccepted(datanetId, contributionId, contribution.contributor, acceptedRows);
    }

    /// @inheritdoc IDatanetRegistry
    function reject(bytes32 contributionId, uint8 reasonCode) external {
        Contribution storage contribution = _pending(contributionId);
        require(reasonCode != 0, ReasonMissing());
        contribution.status = ContributionStatus.Rejected;
        contribution.reasonCode = reasonCode;
        emit ContributionRejected(contribution.datanetId, contributionId, contribution.contributor, reasonCode);
    }

    /// @inheritdoc IDatanetRegistry
    function snapshot(bytes32 datanetId, bytes32 root, uint32 rowCount, uint32 version) external {
        Datanet storage datanet = _owned(datanetId);
        uint32 expected = datanet.latestVersion + 1;
        require(version == expected, InvalidVersion(version, expected));
        require(root != 0, ZeroDigest("root"));
        require(rowCount != 0 && rowCount <= datanet.acceptedRows, InvalidRowCount(rowCount, datanet.acceptedRows));
        datanet.latestVersion = version;
        _snapshots[datanetId][version] = Snapshot(root, rowCount, uint64(block.timestamp));
        emit SnapshotPublished(datanetId, version, root, rowCount);
    }

    /// @inheritdoc IDatanetRegistry
    function getDatanet(bytes32 datanetId) external view returns (Datanet memory datanet) {
        datanet = _datanets[datanetId];
        require(datanet.owner != address(0), UnknownDatanet(datanetId));
    }

    /// @inheritdoc IDatanetRegistry
    function getContribution(bytes32 contributionId) external view returns (Contribution memory contribution) {
        contribution = _contributions[contributionId];
        require(contribution.status != ContributionStatus.None, UnknownContribution(contributionId));
    }

    /// @inheritdoc IDatanetRegistry
    function getSnapshot(bytes32 datanetId, uint32 version) external view returns (Snapshot memory) {
        return _snapshots[datanetId][version];
    }

    function _owned(bytes32 datanetId) private view returns (Datanet storage datanet) {
        datanet = _datanets[datanetId];
        address owner = datanet.owner;
        require(owner != address(0), UnknownDatanet(datanetId));
        require(msg.sender == owner, NotDatanetOwner(datanetId, msg.sender, owner));
    }

    function _pending(bytes32 contributionId) private view returns (Contribution storage contribution) {
        contribution = _contributions[contributionId];
        ContributionStatus status = contribution.status;
        require(status != ContributionStatus.None, UnknownContribution(contributionId));
        _owned(contribution.datanetId);
        require(status == ContributionStatus.Pending, ContributionDecided(contributionId, status));
    }

    function _checkText(string memory field, string calldata text) private pure {
        uint256 length = bytes(text).length;
        require(length != 0 && length <= MAX_TEXT, InvalidText(field, length, MAX_TEXT));
    }
}
