// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {PaymentTill} from "../../src/inference/PaymentTill.sol";
import {IAttributionRewards} from "../../src/interfaces/IAttributionRewards.sol";
import {IFeeVault} from "../../src/interfaces/IFeeVault.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";
import {FeeSplit} from "../../src/libraries/FeeSplit.sol";
import {FeeParts, Payment, PaymentSum} from "../../src/types/Fees.sol";
import {World} from "../support/World.sol";

/// @dev Money of channels and keys: it lies in the node's till, and the node says what it was for.
contract NodeTillTest is World {
    uint256 private constant FEE = 1.001 ether;
    address private till;

    function setUp() public override {
        super.setUp();
        till = vault.payToNode(node);
    }

    function test_payToNode_followsFromVaultAndNode() public {
        bytes32 salt = keccak256(abi.encode("node", node));
        bytes32 code = keccak256(type(PaymentTill).creationCode);
        // EIP-1014.
        bytes32 place = keccak256(abi.encodePacked(bytes1(0xff), address(vault), salt, code));
        vm.assertEq(till, address(uint160(uint256(place))));
        vm.assertTrue(till != vault.payToNode(modelOwner));
        vm.assertTrue(till != vault.payTo(modelId));
        give(till, FEE);
        _collect(_payment("r", FEE));
        vm.assertTrue(till.code.length != 0);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.ZeroAccount.selector, "node"));
        vault.payToNode(address(0));
    }

    function test_collectFromNode() public {
        give(till, FEE + 1);
        FeeParts memory parts = FeeParts(0.001 ether, 0.5 ether, 0.2 ether, 0.2 ether, 0.05 ether, 0.05 ether);
        vm.expectEmit(address(vault));
        emit IFeeVault.PaymentCollected(modelId, "r", payer, "n", FEE, parts);
        vm.expectEmit(address(vault));
        emit IFeeVault.Accrued(treasury, modelId, 0.051 ether);
        vm.expectEmit(address(vault));
        emit IFeeVault.Accrued(modelOwner, modelId, 0.2 ether);
        vm.expectEmit(address(vault));
        emit IFeeVault.Accrued(node, modelId, 0.2 ether);
        vm.expectEmit(address(vault));
        emit IFeeVault.Accrued(stakers, modelId, 0.05 ether);
        vm.expectEmit(address(vault));
        emit IFeeVault.FeesCollected(modelId, 1, FEE, 0.5 ether);
        vm.expectEmit(address(vault));
        emit IFeeVault.NodeTillOpened(node, till);
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.Funded(address(vault), 0.5 ether, 0.5 ether);
        _collect(Payment("r", payer, "n", FEE));

        vm.assertEq(token.balanceOf(till), 1);
        vm.assertEq(vault.owed(treasury), 0.051 ether);
        vm.assertEq(vault.owed(modelOwner), 0.2 ether);
        vm.assertEq(vault.owed(node), 0.2 ether);
        vm.assertEq(vault.owed(stakers), 0.05 ether);
        vm.assertEq(vault.totalOwed(), 0.501 ether);
        vm.assertEq(vault.totalCollected(), FEE);
        vm.assertEq(token.balanceOf(address(vault)), 0.501 ether);
        vm.assertEq(rewards.collected(), 0.5 ether);
        vm.assertEq(vault.nodeReceiptOf(node, payer, "n"), "r");
        vm.assertEq(vault.receiptOf(payer, "n"), bytes32(0));
        vm.assertTrue(vault.isCollected(modelId, "r"));
    }

    function test_collectFromNode_again_opensNoSecondTill() public {
        give(till, 2 * FEE);
        _collect(_payment("1", FEE));
        _collect(_payment("2", FEE));
        vm.assertEq(token.balanceOf(till), 0);
        vm.assertEq(vault.totalCollected(), 2 * FEE);
    }

    function test_collectFromNode_servesEveryModelOfTheNode() public {
        bytes32 second = publish(address(0x0b0b), node, "second");
        give(till, 2 * FEE);
        _collect(_payment("1", FEE));
        // Receipts count by model, so the same id may stand for an answer of each.
        _collectAs(node, second, Payment("1", payer, "other nonce", FEE));
        vm.assertEq(vault.owed(address(0x0b0b)), 0.2 ether);
        vm.assertEq(token.balanceOf(till), 0);
    }

    function test_collectFromNode_takesOneToSixtyFour() public {
        give(till, 64 * FEE);
        Payment[] memory payments = new Payment[](65);
        for (uint256 i; i < 65; ++i) {
            payments[i] = _payment(bytes32(i + 1), FEE);
        }
        vm.startPrank(node);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.InvalidPaymentCount.selector, 65, 64));
        vault.collectFromNode(modelId, payments);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.InvalidPaymentCount.selector, 0, 64));
        vault.collectFromNode(modelId, new Payment[](0));
        assembly {
            mstore(payments, 64)
        }
        vault.collectFromNode(modelId, payments);
        vm.stopPrank();
        vm.assertEq(vault.totalCollected(), 64 * FEE);
        vm.assertEq(token.balanceOf(till), 0);
    }

    function test_collectFromNode_isAllOrNone() public {
        give(till, 2 * FEE);
        Payment[] memory payments = new Payment[](2);
        payments[0] = _payment("1", FEE);
        payments[1] = _payment("2", PLATFORM_WEI - 1);
        vm.prank(node);
        vm.expectRevert(
            abi.encodeWithSelector(FeeSplit.FeeBelowPlatform.selector, PLATFORM_WEI - 1, uint256(PLATFORM_WEI))
        );
        vault.collectFromNode(modelId, payments);
        vm.assertFalse(vault.isCollected(modelId, payments[0].receiptId));
        vm.assertEq(token.balanceOf(till), 2 * FEE);
    }

    function test_collectFromNode_refusesNoReceiptAndNoPayer() public {
        give(till, FEE);
        _refused(Payment(0, payer, "n", FEE), abi.encodeWithSelector(IFeeVault.ZeroReceiptId.selector));
        _refused(Payment("r", address(0), "n", FEE), abi.encodeWithSelector(IFeeVault.ZeroAccount.selector, "payer"));
    }

    function test_collectFromNode_refusesMoreThanTheTillHolds() public {
        give(till, FEE - 1);
        _refused(_payment("r", FEE), abi.encodeWithSelector(IFeeVault.TillTooLow.selector, till, FEE - 1, FEE));
        give(till, 1);
        _collect(_payment("r", FEE));
    }

    function test_collectFromNode_refusesUnknownModels() public {
        vm.prank(node);
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownModel.selector, bytes32("none")));
        vault.collectFromNode("none", batch(_payment("r", FEE)));
    }

    /// @dev A platform-only fee moves money to the treasury alone; where the platform part is zero, a free answer moves none.
    function test_collectFromNode_leastAmounts() public {
        give(till, PLATFORM_WEI);
        _collect(_payment("r", PLATFORM_WEI));
        vm.assertEq(vault.owed(treasury), PLATFORM_WEI);
        vm.assertEq(rewards.collected(), 0);

        bytes32 free = _publishFree();
        _collectAs(node, free, Payment("zero", payer, "zero", 0));
        vm.assertTrue(vault.isCollected(free, "zero"));
        vm.assertEq(vault.totalCollected(), PLATFORM_WEI);
    }

    function test_collectSumFromNode_isTheSumOfItsAnswers() public {
        PaymentSum memory sum = _sumOf(3, PLATFORM_WEI + 7);
        // Of 7 wei the owner and the node get 1 each; split in one sum, 21 wei would give them 4 each.
        vm.assertEq(sum.parts.owner, 3);
        give(till, 3 * (PLATFORM_WEI + 7));
        vm.expectEmit(address(vault));
        emit IFeeVault.SumCollected(modelId, "root", 3, 3 * (PLATFORM_WEI + 7), sum.parts);
        vm.prank(node);
        vault.collectSumFromNode(modelId, sum);
        vm.assertEq(vault.owed(node), 3);
        vm.assertEq(vault.owed(treasury), 3 * PLATFORM_WEI);
        vm.assertEq(rewards.collected(), 15);
        vm.assertEq(vault.totalCollected(), 3 * (PLATFORM_WEI + 7));
        vm.assertEq(token.balanceOf(till), 0);
        vm.assertTrue(vault.isCollected(modelId, "root"));
    }

    function test_collectSumFromNode_refuses() public {
        give(till, 100 * FEE);
        PaymentSum memory sum = _sumOf(3, FEE);
        _sumRefused(modelOwner, sum, abi.encodeWithSelector(IFeeVault.NotModelNode.selector, modelId, modelOwner, node));
        sum.count = 0;
        _sumRefused(node, sum, abi.encodeWithSelector(IFeeVault.InvalidPaymentCount.selector, 0, 1_000_000));
        sum.count = 1_000_001;
        _sumRefused(node, sum, abi.encodeWithSelector(IFeeVault.InvalidPaymentCount.selector, 1_000_001, 1_000_000));
        sum.count = 2;
        _sumRefused(
            node,
            sum,
            abi.encodeWithSelector(FeeSplit.PlatformSum.selector, 3 * uint256(PLATFORM_WEI), 2 * uint256(PLATFORM_WEI))
        );
        sum = _sumOf(3, FEE);
        sum.receiptsRoot = 0;
        _sumRefused(node, sum, abi.encodeWithSelector(IFeeVault.ZeroReceiptId.selector));
        sum = _sumOf(101, FEE);
        _sumRefused(node, sum, abi.encodeWithSelector(IFeeVault.TillTooLow.selector, till, 100 * FEE, 101 * FEE));
        sum = _sumOf(3, FEE);
        vm.prank(node);
        vault.collectSumFromNode(modelId, sum);
        _sumRefused(
            node, sum, abi.encodeWithSelector(IFeeVault.ReceiptAlreadyCollected.selector, modelId, bytes32("root"))
        );
    }

    /// @dev Rounding leaves the node a wei an answer, and that only to give it to the contributors.
    function test_collectSumFromNode_partsObeyTheSplit() public {
        give(till, 10 * FEE);
        uint256 most = 3 * 0.2 ether;
        PaymentSum memory sum = _sumOf(3, FEE);
        (sum.parts.node, sum.parts.contributors) = (most + 1, sum.parts.contributors - 1);
        _sumRefused(
            node, sum, abi.encodeWithSelector(FeeSplit.PartOutOfBounds.selector, "node", most + 1, most - 2, most)
        );
        sum = _sumOf(3, FEE);
        (sum.parts.owner, sum.parts.contributors) = (most - 3, sum.parts.contributors + 3);
        _sumRefused(
            node, sum, abi.encodeWithSelector(FeeSplit.PartOutOfBounds.selector, "owner", most - 3, most - 2, most)
        );
        sum = _sumOf(3, FEE);
        (sum.parts.owner, sum.parts.contributors) = (most - 2, sum.parts.contributors + 2);
        vm.prank(node);
        vault.collectSumFromNode(modelId, sum);
    }

    function testFuzz_collectSumFromNode_equalsAnswerByAnswer(uint256[6] memory amounts, uint8 count) public {
        uint256 n = bound(count, 1, 6);
        PaymentSum memory sum = PaymentSum("root", n, FeeParts(0, 0, 0, 0, 0, 0));
        Payment[] memory payments = new Payment[](n);
        uint256 total;
        for (uint256 i; i < n; ++i) {
            amounts[i] = bound(amounts[i], PLATFORM_WEI, PLATFORM_WEI + 10 ether);
            _add(sum.parts, FeeSplit.cut(amounts[i], PLATFORM_WEI, defaultSplit()));
            payments[i] = _payment(bytes32(i + 1), amounts[i]);
            total += amounts[i];
        }
        give(till, 2 * total);
        vm.prank(node);
        vault.collectSumFromNode(modelId, sum);
        (uint256 owedToNode, uint256 owedToOwner, uint256 owedToTreasury, uint256 toContributors) =
            (vault.owed(node), vault.owed(modelOwner), vault.owed(treasury), rewards.collected());
        vm.prank(node);
        vault.collectFromNode(modelId, payments);
        vm.assertEq(vault.owed(node), 2 * owedToNode);
        vm.assertEq(vault.owed(modelOwner), 2 * owedToOwner);
        vm.assertEq(vault.owed(treasury), 2 * owedToTreasury);
        vm.assertEq(rewards.collected(), 2 * toContributors);
        vm.assertEq(vault.totalCollected(), 2 * total);
        vm.assertEq(vault.totalOwed() + rewards.collected(), 2 * total);
        vm.assertEq(token.balanceOf(till), 0);
    }

    /// @dev Parts around the split's own, some a little too high or too low: what goes through gives no role more than its
    /// share, and takes from none more than a wei an answer.
    function testFuzz_collectSumFromNode_noRoleGetsMoreThanItsShare(uint256 net, uint256 count, uint8[4] memory off)
        public
    {
        count = bound(count, 1, 8);
        net = bound(net, 1000, 100 ether);
        uint256[4] memory most = [net / 5, net / 5, net / 20, net / 20];
        uint256[4] memory stated;
        bool right = true;
        uint256 roles;
        for (uint256 i; i < 4; ++i) {
            uint256 shift = bound(off[i], 0, 10);
            stated[i] = most[i] + 1 - shift;
            if (shift == 0 || shift > count) right = false;
            roles += stated[i];
        }
        FeeParts memory parts = FeeParts(count * PLATFORM_WEI, net - roles, stated[0], stated[1], stated[2], stated[3]);
        give(till, net + parts.platform);
        vm.prank(node);
        (bool worked,) =
            address(vault).call(abi.encodeCall(vault.collectSumFromNode, (modelId, PaymentSum("root", count, parts))));
        vm.assertTrue(worked == right);
        if (!worked) {
            vm.assertEq(vault.totalCollected(), 0);
            vm.assertEq(token.balanceOf(till), net + parts.platform);
            return;
        }
        vm.assertEq(vault.owed(modelOwner), stated[0]);
        vm.assertEq(vault.owed(node), stated[1]);
        vm.assertEq(vault.owed(stakers), stated[2]);
        vm.assertEq(vault.owed(treasury), stated[3] + parts.platform);
        vm.assertLe(net / 2, rewards.collected());
        vm.assertEq(vault.totalCollected(), net + parts.platform);
    }

    function testFuzz_conservation(uint256 a, uint256 b, uint256 stray) public {
        a = bound(a, PLATFORM_WEI, 1000 ether);
        b = bound(b, PLATFORM_WEI, 1000 ether);
        stray = bound(stray, 0, 1000 ether);
        give(till, a + stray);
        _collect(_payment("1", a));
        collectAs(node, modelId, pay(modelId, b));
        vm.assertEq(vault.totalCollected(), a + b);
        vm.assertEq(vault.totalOwed() + rewards.collected(), a + b);
        vm.assertEq(token.balanceOf(address(vault)), vault.totalOwed());
        vm.assertEq(token.balanceOf(till), stray);
    }

    function _payment(bytes32 name, uint256 amountWei) private view returns (Payment memory) {
        return Payment(keccak256(abi.encode("receipt", name)), payer, keccak256(abi.encode("request", name)), amountWei);
    }

    function _sumOf(uint256 count, uint256 fee) private pure returns (PaymentSum memory sum) {
        sum = PaymentSum("root", count, FeeParts(0, 0, 0, 0, 0, 0));
        for (uint256 i; i < count; ++i) {
            _add(sum.parts, FeeSplit.cut(fee, PLATFORM_WEI, defaultSplit()));
        }
    }

    function _add(FeeParts memory sum, FeeParts memory parts) private pure {
        sum.platform += parts.platform;
        sum.contributors += parts.contributors;
        sum.owner += parts.owner;
        sum.node += parts.node;
        sum.stakers += parts.stakers;
        sum.treasury += parts.treasury;
    }

    function _publishFree() private returns (bytes32) {
        vm.prank(modelOwner);
        return models.publish(freeModelParams("free", node));
    }

    function _collect(Payment memory payment) private {
        _collectAs(node, modelId, payment);
    }

    function _collectAs(address caller, bytes32 model, Payment memory payment) private {
        vm.prank(caller);
        vault.collectFromNode(model, batch(payment));
    }

    function _refused(Payment memory payment, bytes memory reason) private {
        uint256 collected = vault.totalCollected();
        vm.prank(node);
        vm.expectRevert(reason);
        vault.collectFromNode(modelId, batch(payment));
        vm.assertEq(vault.totalCollected(), collected);
    }

    function _sumRefused(address caller, PaymentSum memory sum, bytes memory reason) private {
        uint256 collected = vault.totalCollected();
        vm.prank(caller);
        vm.expectRevert(reason);
        vault.collectSumFromNode(modelId, sum);
        vm.assertEq(vault.totalCollected(), collected);
    }
}
