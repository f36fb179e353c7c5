// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDatanetRegistry} from "../../src/interfaces/IDatanetRegistry.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";
import {FeeSplit} from "../../src/libraries/FeeSplit.sol";
import {ModelRegistry} from "../../src/model/ModelRegistry.sol";
import {FeeRates, FeeTerms, Split} from "../../src/types/Fees.sol";
import {Base, ModelParams, SnapshotRef} from "../../src/types/Models.sol";
import {World} from "../support/World.sol";

contract ModelRegistryTest is World {
    address private constant ALICE = address(0xa11);

    function test_registerBase() public {
        vm.expectEmit(address(models));
        emit IModelRegistry.BaseRegistered("other", ENGINE, ALICE, "other base");
        vm.prank(ALICE);
        models.registerBase("other", ENGINE, "other base");
        Base memory base = models.getBase("other", ENGINE);
        vm.assertEq(base.registrant, ALICE);
        vm.assertEq(base.name, "other base");
        vm.assertEq(models.getBase("other", "another engine").registrant, address(0));
    }

    function test_registerBase_refuses() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.BaseExists.selector, BASE, ENGINE));
        models.registerBase(BASE, ENGINE, "ember");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ZeroDigest.selector, "baseDigest"));
        models.registerBase(0, ENGINE, "ember");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ZeroDigest.selector, "engineId"));
        models.registerBase(BASE, 0, "ember");
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.InvalidText.selector, "name", 0, 64));
        models.registerBase("other", ENGINE, "");
    }

    function test_publish() public {
        ModelParams memory params = modelParams("rivers", node);
        bytes32 expected = keccak256(abi.encode(ALICE, "rivers", uint32(1)));
        vm.expectEmit(address(models));
        emit IModelRegistry.ModelPublished(
            expected, ALICE, node, "rivers", 1, BASE, ENGINE, "run", "history", "adapter", "features"
        );
        vm.expectEmit(address(models));
        emit IModelRegistry.ModelTerms(expected, params.rates, params.split, stakers);
        vm.expectEmit(address(models));
        emit IModelRegistry.ModelSnapshot(expected, datanetId, 1, "root");
        vm.prank(ALICE);
        vm.assertEq(models.publish(params), expected);

        (address owner, ModelParams memory stored) = models.getModel(expected);
        vm.assertEq(owner, ALICE);
        vm.assertEq(keccak256(abi.encode(stored)), keccak256(abi.encode(params)));
        FeeTerms memory terms = models.feeTerms(expected);
        vm.assertEq(
            keccak256(abi.encode(terms)), keccak256(abi.encode(ALICE, node, stakers, params.rates, params.split))
        );
        vm.assertEq(models.latestVersion(ALICE, "rivers"), 1);
    }

    function test_publish_versionsAreConsecutive() public {
        ModelParams memory params = modelParams("capitals-model", node);
        vm.prank(modelOwner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.InvalidVersion.selector, 1, 2));
        models.publish(params);
        params.version = 3;
        vm.prank(modelOwner);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.InvalidVersion.selector, 3, 2));
        models.publish(params);
        params.version = 2;
        vm.prank(modelOwner);
        vm.assertTrue(models.publish(params) != modelId);
    }

    function test_attack_publishUnderAnothersName() public {
        vm.assertTrue(publish(address(0xbad), address(0xbad), "capitals-model") != modelId);
        vm.assertEq(models.feeTerms(modelId).node, node);
        vm.assertEq(models.latestVersion(modelOwner, "capitals-model"), 1);
    }

    function test_publish_refusesUnknownOrigins() public {
        ModelParams memory params = modelParams("x", node);
        params.baseDigest = "other";
        _refused(params, abi.encodeWithSelector(IModelRegistry.UnknownBase.selector, bytes32("other"), ENGINE));
        params = modelParams("x", node);
        params.engineId = "other";
        _refused(params, abi.encodeWithSelector(IModelRegistry.UnknownBase.selector, BASE, bytes32("other")));
        params = modelParams("x", node);
        params.snapshots[0].root = "forged";
        _refused(
            params,
            abi.encodeWithSelector(
                IModelRegistry.SnapshotMismatch.selector, datanetId, 1, bytes32("forged"), bytes32("root")
            )
        );
        params = modelParams("x", node);
        params.snapshots[0] = SnapshotRef(datanetId, 2, 0);
        _refused(
            params,
            abi.encodeWithSelector(IModelRegistry.SnapshotMismatch.selector, datanetId, 2, bytes32(0), bytes32(0))
        );
    }

    function test_publish_takesOneToSixteenSnapshots() public {
        ModelParams memory params = modelParams("x", node);
        params.snapshots = new SnapshotRef[](0);
        _refused(params, abi.encodeWithSelector(IModelRegistry.InvalidSnapshotCount.selector, 0, 16));
        params.snapshots = new SnapshotRef[](17);
        _refused(params, abi.encodeWithSelector(IModelRegistry.InvalidSnapshotCount.selector, 17, 16));
        params.snapshots = new SnapshotRef[](16);
        for (uint256 i; i < 16; ++i) {
            params.snapshots[i] = SnapshotRef(datanetId, 1, "root");
        }
        bytes32 id = models.publish(params);
        (, ModelParams memory stored) = models.getModel(id);
        vm.assertEq(stored.snapshots.length, 16);
    }

    function test_publish_refusesZeroDigests() public {
        ModelParams memory params = modelParams("x", node);
        params.runCommitment = 0;
        _refused(params, abi.encodeWithSelector(IModelRegistry.ZeroDigest.selector, "runCommitment"));
        params = modelParams("x", node);
        params.runHistoryRoot = 0;
        _refused(params, abi.encodeWithSelector(IModelRegistry.ZeroDigest.selector, "runHistoryRoot"));
        params = modelParams("x", node);
        params.adapterDigest = 0;
        _refused(params, abi.encodeWithSelector(IModelRegistry.ZeroDigest.selector, "adapterDigest"));
        params = modelParams("x", node);
        params.featuresRoot = 0;
        _refused(params, abi.encodeWithSelector(IModelRegistry.ZeroDigest.selector, "featuresRoot"));
    }

    function test_publish_refusesBadTerms() public {
        ModelParams memory params = modelParams("", node);
        _refused(params, abi.encodeWithSelector(IModelRegistry.InvalidText.selector, "name", 0, 64));
        params = modelParams("x", address(0));
        _refused(params, abi.encodeWithSelector(IModelRegistry.ZeroAccount.selector, "node"));
        params = modelParams("x", node);
        params.stakers = address(0);
        _refused(params, abi.encodeWithSelector(IModelRegistry.ZeroAccount.selector, "stakers"));
        uint96 max = models.MAX_RATE_WEI();
        params = modelParams("x", node);
        params.rates = FeeRates(max + 1, 0, 0);
        _refused(params, abi.encodeWithSelector(IModelRegistry.RateTooHigh.selector, "platformWei", max + 1, max));
        params.rates = FeeRates(max, max + 1, 0);
        _refused(params, abi.encodeWithSelector(IModelRegistry.RateTooHigh.selector, "inWeiPer1000", max + 1, max));
        params.rates = FeeRates(max, max, max + 1);
        _refused(params, abi.encodeWithSelector(IModelRegistry.RateTooHigh.selector, "outWeiPer1000", max + 1, max));
    }

    function test_publish_refusesASplitOutOfBounds() public {
        ModelParams memory params = modelParams("x", node);
        params.split = Split(500_000, 200_000, 200_000, 50_000, 49_999);
        _refused(params, abi.encodeWithSelector(FeeSplit.SplitSum.selector, 999_999));
        params.split = Split(199_999, 600_000, 200_001, 0, 0);
        _refused(params, _outOfBounds("contributors", 199_999, 200_000, 1_000_000));
    }

    function test_getters_refuseUnknownModels() public {
        bytes memory unknown = abi.encodeWithSelector(IModelRegistry.UnknownModel.selector, bytes32("none"));
        vm.expectRevert(unknown);
        models.feeTerms("none");
        vm.expectRevert(unknown);
        models.getModel("none");
    }

    function test_constructor_refusesNoDatanets() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.ZeroAccount.selector, "datanets"));
        new ModelRegistry(IDatanetRegistry(address(0)));
    }

    function _refused(ModelParams memory params, bytes memory reason) private {
        vm.expectRevert(reason);
        models.publish(params);
    }

    function _outOfBounds(string memory part, uint256 ppm, uint256 min, uint256 max)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(FeeSplit.SplitOutOfBounds.selector, part, ppm, min, max);
    }
}
