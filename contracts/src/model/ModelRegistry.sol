// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDatanetRegistry} from "../interfaces/IDatanetRegistry.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {FeeSplit} from "../libraries/FeeSplit.sol";
import {Ids} from "../libraries/Ids.sol";
import {FeeRates, FeeTerms} from "../types/Fees.sol";
import {Base, ModelParams, SnapshotRef} from "../types/Models.sol";

/// @title ModelRegistry
/// @notice See {IModelRegistry}. It reads snapshots from the datanet registry, and must not know of payments.
contract ModelRegistry is IModelRegistry {
    uint256 public constant MAX_TEXT = 64;
    uint256 public constant MAX_SNAPSHOTS = 16;
    /// @notice Hard bound of each rate: 1,000 OPEN.
    uint96 public constant MAX_RATE_WEI = 1000 ether;

    IDatanetRegistry public immutable datanets;

    mapping(bytes32 baseId => Base) private _bases;
    mapping(bytes32 modelId => address) private _owners;
    mapping(bytes32 modelId => ModelParams) private _models;
    mapping(address owner => mapping(string name => uint32)) private _latestVersions;

    /// @param datanets_ Where published snapshots are looked up.
    constructor(IDatanetRegistry datanets_) {
        require(address(datanets_) != address(0), ZeroAccount("datanets"));
        datanets = datanets_;
    }

    /// @inheritdoc IModelRegistry
    function registerBase(bytes32 baseDigest, bytes32 engineId, string calldata name) external {
        require(baseDigest != 0, ZeroDigest("baseDigest"));
        require(engineId != 0, ZeroDigest("engineId"));
        _checkText("name", name);
        Base storage base = _bases[Ids.base(baseDigest, engineId)];
        require(base.registrant == address(0), BaseExists(baseDigest, engineId));
        base.registrant = msg.sender;
        base.name = name;
        emit BaseRegistered(baseDigest, engineId, msg.sender, name);
    }

    /// @inheritdoc IModelRegistry
    function publish(ModelParams calldata params) external returns (bytes32 modelId) {
        _checkText("name", params.name);
        uint32 expected = _latestVersions[msg.sender][params.name] + 1;
        require(params.version == expected, InvalidVersion(params.version, expected));
        _checkOrigin(params);
        _checkTerms(params);

        modelId = Ids.model(msg.sender, params.name, params.version);
        _latestVersions[msg.sender][params.name] = params.version;
        _owners[modelId] = msg.sender;
        _store(_models[modelId], params);
        _emit(modelId, params);
    }

    /// @inheritdoc IModelRegistry
    function feeTerms(bytes32 modelId) external view returns (FeeTerms memory) {
        address owner = _ownerOf(modelId);
        ModelParams storage model = _models[modelId];
        return FeeTerms(owner, model.node, model.stakers, model.rates, model.split);
    }

    /// @inheritdoc IModelRegistry
    function getModel(bytes32 modelId) external view returns (address owner, ModelParams memory params) {
        owner = _ownerOf(modelId);
        params = _models[modelId];
    }

    /// @inheritdoc IModelRegistry
    function getBase(bytes32 baseDigest, bytes32 engineId) external view returns (Base memory) {
        return _bases[Ids.base(baseDigest, engineId)];
    }

    /// @inheritdoc IModelRegistry
    function latestVersion(address owner, string calldata name) external view returns (uint32) {
        return _latestVersions[owner][name];
    }

    function _ownerOf(bytes32 modelId) private view returns (address owner) {
        owner = _owners[modelId];
        require(owner != address(0), UnknownModel(modelId));
    }

    function _checkOrigin(ModelParams calldata params) private view {
        require(
            _bases[Ids.base(params.baseDigest, params.engineId)].registrant != address(0),
            UnknownBase(params.baseDigest, params.engineId)
        );
        require(params.runCommitment != 0, ZeroDigest("runCommitment"));
        require(params.runHistoryRoot != 0, ZeroDigest("runHistoryRoot"));
        require(params.adapterDigest != 0, ZeroDigest("adapterDigest"));
        require(params.featuresRoot != 0, ZeroDigest("featuresRoot"));
        uint256 count = params.snapshots.length;
        require(count != 0 && count <= MAX_SNAPSHOTS, InvalidSnapshotCount(count, MAX_SNAPSHOTS));
        for (uint256 i; i < count; ++i) {
            SnapshotRef calldata ref = params.snapshots[i];
            bytes32 published = datanets.getSnapshot(ref.datanetId, ref.version).root;
            require(
                published != 0 && published == ref.root,
                SnapshotMismatch(ref.datanetId, ref.version, ref.root, published)
            );
        }
    }

    function _checkTerms(ModelParams calldata params) private pure {
        require(params.node != address(0), ZeroAccount("node"));
        require(params.stakers != address(0), ZeroAccount("stakers"));
        FeeRates calldata rates = params.rates;
        _checkRate("platformWei", rates.platformWei);
        _checkRate("inWeiPer1000", rates.inWeiPer1000);
        _checkRate("outWeiPer1000", rates.outWeiPer1000);
        FeeSplit.check(params.split);
    }

    function _checkRate(string memory field, uint96 rateWei) private pure {
        require(rateWei <= MAX_RATE_WEI, RateTooHigh(field, rateWei, MAX_RATE_WEI));
    }

    function _checkText(string memory field, string calldata text) private pure {
        uint256 length = bytes(text).length;
        require(length != 0 && length <= MAX_TEXT, InvalidText(field, length, MAX_TEXT));
    }

    /// @dev Field by field, because the compiler cannot copy an array of structs from calldata in one assignment.
    function _store(ModelParams storage model, ModelParams calldata params) private {
        model.name = params.name;
        model.version = params.version;
        model.baseDigest = params.baseDigest;
        model.engineId = params.engineId;
        model.runCommitment = params.runCommitment;
        model.runHistoryRoot = params.runHistoryRoot;
        model.adapterDigest = params.adapterDigest;
        model.featuresRoot = params.featuresRoot;
        model.rates = params.rates;
        model.split = params.split;
        model.node = params.node;
        model.stakers = params.stakers;
        for (uint256 i; i < params.snapshots.length; ++i) {
            model.snapshots.push(params.snapshots[i]);
        }
    }

    function _emit(bytes32 modelId, ModelParams calldata params) private {
        emit ModelPublished(
            modelId,
            msg.sender,
            params.node,
            params.name,
            params.version,
            params.baseDigest,
            params.engineId,
            params.runCommitment,
            params.runHistoryRoot,
            params.adapterDigest,
            params.featuresRoot
        );
        emit ModelTerms(modelId, params.rates, params.split, params.stakers);
        for (uint256 i; i < params.snapshots.length; ++i) {
            SnapshotRef calldata ref = params.snapshots[i];
            emit ModelSnapshot(modelId, ref.datanetId, ref.version, ref.root);
        }
    }
}
