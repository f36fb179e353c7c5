// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeSplit} from "../src/libraries/FeeSplit.sol";
import {FeeParts, Payment, PaymentSum} from "../src/types/Fees.sol";
import {ModelParams} from "../src/types/Models.sol";
import {World} from "./support/World.sol";

/// @dev Gas of what users pay for, written to snapshots/ and committed. Every call runs as a transaction of its own
/// (isolate), so that cold storage, calldata and the base cost are in the figure.
/// forge-config: default.isolate = true
contract GasTest is World {
    string private constant GROUP = "gas";
    uint256 private constant FEE = 1.001 ether;

    function test_pay() public {
        address till = vault.payTo(modelId);
        payAs(PAYER_KEY, till, FEE, "first");
        bytes memory signature = signTransfer(PAYER_KEY, payer, till, FEE, "second");
        token.transferWithAuthorization(payer, till, FEE, 0, type(uint256).max >> 1, "second", signature);
        vm.snapshotGasLastCall(GROUP, "pay (transferWithAuthorization to a used till)");
    }

    function test_collect() public {
        collectAs(node, modelId, pay(modelId, FEE));
        vm.snapshotGasLastCall(GROUP, "collect 1, the model's first (opens its till)");
        collectAs(node, modelId, pay(modelId, FEE));
        vm.snapshotGasLastCall(GROUP, "collect 1");
        Payment[] memory payments = new Payment[](64);
        for (uint256 i; i < 64; ++i) {
            payments[i] = pay(modelId, FEE);
        }
        vm.prank(node);
        vault.collect(modelId, payments);
        vm.snapshotGasLastCall(GROUP, "collect 64");
        vault.withdraw(node);
        vm.snapshotGasLastCall(GROUP, "withdraw, first");
    }

    function test_collectFromNode() public {
        give(vault.payToNode(node), 2000 * FEE);
        vm.startPrank(node);
        vault.collectFromNode(modelId, _reported(1, 1));
        vm.snapshotGasLastCall(GROUP, "collect 1 from the node's till, the first (opens it)");
        vault.collectFromNode(modelId, _reported(2, 1));
        vm.snapshotGasLastCall(GROUP, "collect 1 from the node's till");
        vault.collectFromNode(modelId, _reported(3, 64));
        vm.snapshotGasLastCall(GROUP, "collect 64 from the node's till");
        FeeParts memory one = FeeSplit.cut(FEE, PLATFORM_WEI, defaultSplit());
        FeeParts memory parts = FeeParts(
            1000 * one.platform,
            1000 * one.contributors,
            1000 * one.owner,
            1000 * one.node,
            1000 * one.stakers,
            1000 * one.treasury
        );
        vault.collectSumFromNode(modelId, PaymentSum("root", 1000, parts));
        vm.snapshotGasLastCall(GROUP, "collect 1000 from the node's till as a sum");
        vm.stopPrank();
    }

    function _reported(uint256 first, uint256 count) private view returns (Payment[] memory payments) {
        payments = new Payment[](count);
        for (uint256 i; i < count; ++i) {
            payments[i] = Payment(bytes32(first + i), payer, bytes32(first + i), FEE);
        }
    }

    function test_publish() public {
        models.registerBase("other", ENGINE, "other");
        vm.snapshotGasLastCall(GROUP, "register base");
        ModelParams memory params = modelParams("gas", node);
        models.publish(params);
        vm.snapshotGasLastCall(GROUP, "publish model with 1 snapshot");
    }

    function test_deploy() public {
        vm.snapshotValue("size", "OpenToken", address(token).code.length);
        vm.snapshotValue("size", "ModelRegistry", address(models).code.length);
        vm.snapshotValue("size", "FeeVault", address(vault).code.length);
    }
}
