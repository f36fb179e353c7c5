// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeVault} from "../../src/inference/FeeVault.sol";
import {IAttributionRewards} from "../../src/interfaces/IAttributionRewards.sol";
import {IFeeVault} from "../../src/interfaces/IFeeVault.sol";
import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {FeeSplit} from "../../src/libraries/FeeSplit.sol";
import {FeeParts, Payment} from "../../src/types/Fees.sol";
import {World} from "../support/World.sol";

contract FeeVaultTest is World {
    uint256 private constant FEE = 1.001 ether;

    function test_collect() public {
        Payment memory payment = pay(modelId, FEE);
        FeeParts memory parts = FeeParts(0.001 ether, 0.5 ether, 0.2 ether, 0.2 ether, 0.05 ether, 0.05 ether);
        vm.expectEmit(address(vault));
        emit IFeeVault.PaymentCollected(modelId, payment.receiptId, payer, payment.nonce, FEE, parts);
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
        emit IFeeVault.TillOpened(modelId, vault.payTo(modelId));
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.Funded(address(vault), 0.5 ether, 0.5 ether);
        collectAs(node, modelId, payment);

        vm.assertEq(vault.owed(treasury), 0.051 ether);
        vm.assertEq(vault.owed(modelOwner), 0.2 ether);
        vm.assertEq(vault.owed(node), 0.2 ether);
        vm.assertEq(vault.owed(stakers), 0.05 ether);
        vm.assertEq(vault.totalOwed(), 0.501 ether);
        vm.assertEq(vault.totalCollected(), FEE);
        vm.assertEq(token.balanceOf(address(vault)), 0.501 ether);
        vm.assertEq(token.balanceOf(rewards.till()), 0.5 ether);
        vm.assertEq(token.balanceOf(vault.payTo(modelId)), 0);
        vm.assertEq(vault.receiptOf(payer, payment.nonce), payment.receiptId);
        vm.assertTrue(vault.isCollected(modelId, payment.receiptId));
    }

    function test_collect_again_opensNoSecondTill() public {
        collectAs(node, modelId, pay(modelId, FEE));
        collectAs(node, modelId, pay(modelId, FEE));
        vm.assertEq(vault.totalCollected(), 2 * FEE);
    }

    function test_collect_batchRoundsEachPaymentByItself() public {
        Payment[] memory payments = new Payment[](64);
        for (uint256 i; i < 64; ++i) {
            payments[i] = pay(modelId, PLATFORM_WEI + 7);
        }
        vm.prank(node);
        vault.collect(modelId, payments);
        // As in FeeSplit.t.sol: of 7 wei the contributors get 5. Split in one sum, 448 wei would give them 224.
        vm.assertEq(rewards.collected(), 64 * 5);
        vm.assertEq(vault.owed(node), 64);
        vm.assertEq(vault.owed(stakers), 0);
    }

    function test_collect_platformOnly_fundsNothing() public {
        collectAs(node, modelId, pay(modelId, PLATFORM_WEI));
        vm.assertEq(rewards.collected(), 0);
        vm.assertEq(vault.owed(treasury), PLATFORM_WEI);
    }

    function test_collect_takesOneToSixtyFour() public {
        vm.startPrank(node);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.InvalidPaymentCount.selector, 0, 64));
        vault.collect(modelId, new Payment[](0));
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.InvalidPaymentCount.selector, 65, 64));
        vault.collect(modelId, new Payment[](65));
    }

    function test_collect_refusesFeesBelowThePlatformPart() public {
        Payment memory payment = pay(modelId, PLATFORM_WEI - 1);
        _refused(payment, abi.encodeWithSelector(FeeSplit.FeeBelowPlatform.selector, PLATFORM_WEI - 1, PLATFORM_WEI));
    }

    function test_collect_refusesTheZeroReceipt() public {
        Payment memory payment = pay(modelId, FEE);
        payment.receiptId = 0;
        _refused(payment, abi.encodeWithSelector(IFeeVault.ZeroReceiptId.selector));
    }

    function test_collect_isAllOrNone() public {
        Payment[] memory payments = new Payment[](2);
        payments[0] = pay(modelId, FEE);
        payments[1] = payments[0];
        payments[1].nonce = "never paid";
        payments[1].receiptId = "other";
        vm.prank(node);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.PaymentNotMade.selector, payer, bytes32("never paid")));
        vault.collect(modelId, payments);
        vm.assertEq(vault.receiptOf(payer, payments[0].nonce), 0);
        vm.assertEq(vault.totalCollected(), 0);
    }

    function test_payTo_refusesUnknownModels() public {
        vm.expectRevert(abi.encodeWithSelector(IModelRegistry.UnknownModel.selector, bytes32("none")));
        vault.payTo("none");
    }

    function test_payTo_differsByModel() public {
        vm.assertTrue(vault.payTo(modelId) != vault.payTo(publish(modelOwner, node, "second")));
    }

    function test_withdraw_paysTheAccountWhoeverCalls() public {
        collectAs(node, modelId, pay(modelId, FEE));
        vm.expectEmit(address(vault));
        emit IFeeVault.Withdrawn(modelOwner, 0.2 ether);
        vm.prank(address(0xbad));
        vm.assertEq(vault.withdraw(modelOwner), 0.2 ether);
        vm.assertEq(token.balanceOf(modelOwner), 0.2 ether);
        vm.assertEq(vault.owed(modelOwner), 0);
        vm.assertEq(vault.totalOwed(), 0.301 ether);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.NothingOwed.selector, modelOwner));
        vault.withdraw(modelOwner);
    }

    function test_constructor_refusesZeroAccounts() public {
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.ZeroAccount.selector, "token"));
        new FeeVault(IOpenToken(address(0)), models, rewards, treasury);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.ZeroAccount.selector, "models"));
        new FeeVault(token, IModelRegistry(address(0)), rewards, treasury);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.ZeroAccount.selector, "rewards"));
        new FeeVault(token, models, IAttributionRewards(address(0)), treasury);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.ZeroAccount.selector, "treasury"));
        new FeeVault(token, models, rewards, address(0));
    }

    function testFuzz_conservation(uint256 a, uint256 b, bool together) public {
        a = bound(a, PLATFORM_WEI, 1000 ether);
        b = bound(b, PLATFORM_WEI, 1000 ether);
        Payment[] memory payments = new Payment[](2);
        payments[0] = pay(modelId, a);
        payments[1] = pay(modelId, b);
        if (together) {
            vm.prank(node);
            vault.collect(modelId, payments);
        } else {
            collectAs(node, modelId, payments[1]);
            collectAs(node, modelId, payments[0]);
        }
        vm.assertEq(vault.totalCollected(), a + b);
        vm.assertEq(vault.totalOwed() + rewards.collected(), a + b);
        vm.assertEq(token.balanceOf(address(vault)), vault.totalOwed());
        vm.assertEq(token.balanceOf(rewards.till()), rewards.collected());
    }

    function _refused(Payment memory payment, bytes memory reason) private {
        Payment[] memory payments = batch(payment);
        vm.prank(node);
        vm.expectRevert(reason);
        vault.collect(modelId, payments);
    }
}
