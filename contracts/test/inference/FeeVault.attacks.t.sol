// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeVault} from "../../src/inference/FeeVault.sol";
import {IFeeVault} from "../../src/interfaces/IFeeVault.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {Payment} from "../../src/types/Fees.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {World} from "../support/World.sol";

/// @dev What somebody who has read the vault would try. MALLORY owns and serves a model of her own: anybody can.
contract FeeVaultAttacks is World {
    uint256 private constant FEE = 1.001 ether;
    uint256 private constant MALLORY_KEY = 0xBAD;
    address private immutable MALLORY = vm.addr(MALLORY_KEY);
    bytes32 private hers;

    function setUp() public override {
        super.setUp();
        hers = publish(MALLORY, MALLORY, "hers");
    }

    function test_replayedPayment() public {
        Payment memory payment = pay(modelId, FEE);
        pay(modelId, FEE);
        collectAs(node, modelId, payment);
        bytes32 first = payment.receiptId;
        payment.receiptId = "another receipt";
        _refused(
            node,
            modelId,
            payment,
            abi.encodeWithSelector(IFeeVault.PaymentAlreadyCollected.selector, payer, payment.nonce, first)
        );
    }

    function test_replayedPaymentInOneBatch() public {
        Payment[] memory payments = new Payment[](2);
        payments[0] = pay(modelId, FEE);
        pay(modelId, FEE);
        payments[1] = Payment("another receipt", payer, payments[0].nonce, FEE);
        vm.prank(node);
        vm.expectRevert(
            abi.encodeWithSelector(
                IFeeVault.PaymentAlreadyCollected.selector, payer, payments[0].nonce, payments[0].receiptId
            )
        );
        vault.collect(modelId, payments);
    }

    function test_replayedReceipt() public {
        Payment memory first = pay(modelId, FEE);
        Payment memory second = pay(modelId, FEE);
        collectAs(node, modelId, first);
        second.receiptId = first.receiptId;
        _refused(
            node,
            modelId,
            second,
            abi.encodeWithSelector(IFeeVault.ReceiptAlreadyCollected.selector, modelId, first.receiptId)
        );
    }

    function test_strangerCollects() public {
        Payment memory payment = pay(modelId, FEE);
        _refused(
            MALLORY, modelId, payment, abi.encodeWithSelector(IFeeVault.NotModelNode.selector, modelId, MALLORY, node)
        );
    }

    /// @dev The theft that made every model have a till: collect what was paid for another's model as one's own.
    function test_collectAnothersPaymentForOnesOwnModel() public {
        Payment memory payment = pay(modelId, FEE);
        _refused(
            MALLORY,
            hers,
            payment,
            abi.encodeWithSelector(
                IFeeVault.PaymentNotForModel.selector, payer, payment.nonce, vault.payTo(modelId), vault.payTo(hers)
            )
        );
    }

    /// @dev A used authorisation alone proves no payment: Mallory pays herself and shows that.
    function test_collectATransferToOneself() public {
        pay(hers, FEE);
        give(MALLORY, FEE);
        payAs(MALLORY_KEY, MALLORY, FEE, "to herself");
        address till = vault.payTo(hers);
        _refused(
            MALLORY,
            hers,
            Payment("receipt", MALLORY, "to herself", FEE),
            abi.encodeWithSelector(IFeeVault.PaymentNotForModel.selector, MALLORY, bytes32("to herself"), MALLORY, till)
        );
    }

    function test_collectAPaymentToTheVaultItself() public {
        payAs(PAYER_KEY, address(vault), FEE, "misdirected");
        address till = vault.payTo(hers);
        _refused(
            MALLORY,
            hers,
            Payment("receipt", payer, "misdirected", FEE),
            abi.encodeWithSelector(
                IFeeVault.PaymentNotForModel.selector, payer, bytes32("misdirected"), address(vault), till
            )
        );
    }

    function test_collectACancelledAuthorisation() public {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            PAYER_KEY, typedDigest(address(token), keccak256(abi.encode(CANCEL_TYPEHASH, payer, bytes32("cancelled"))))
        );
        token.cancelAuthorization(payer, "cancelled", v, r, s);
        pay(modelId, FEE);
        vm.assertTrue(token.authorizationState(payer, "cancelled"));
        _refused(
            node,
            modelId,
            Payment("receipt", payer, "cancelled", FEE),
            abi.encodeWithSelector(IFeeVault.PaymentNotMade.selector, payer, bytes32("cancelled"))
        );
    }

    /// @dev One big payment cannot stand for many small ones (which would skip their platform parts), nor the reverse.
    function test_misstatedAmount() public {
        Payment memory payment = pay(modelId, FEE);
        pay(modelId, FEE);
        payment.amountWei = 2 * FEE;
        _refused(
            node,
            modelId,
            payment,
            abi.encodeWithSelector(IFeeVault.PaymentAmountMismatch.selector, payer, payment.nonce, 2 * FEE, FEE)
        );
        payment.amountWei = 0;
        _refused(
            node,
            modelId,
            payment,
            abi.encodeWithSelector(IFeeVault.PaymentAmountMismatch.selector, payer, payment.nonce, 0, FEE)
        );
    }

    /// @dev Mallory uses up the honest receipt's id under her own model first; the honest node is not hindered.
    function test_receiptIdSquatting() public {
        Payment memory honest = pay(modelId, FEE);
        Payment memory squatting = pay(hers, FEE);
        squatting.receiptId = honest.receiptId;
        collectAs(MALLORY, hers, squatting);
        collectAs(node, modelId, honest);
        vm.assertEq(vault.receiptOf(payer, honest.nonce), honest.receiptId);
    }

    /// @dev Tokens pushed to vault or till belong to nobody's account and cannot be drawn by anybody.
    function test_strayTokensShiftNothing() public {
        Payment memory payment = pay(modelId, FEE);
        give(address(vault), 5 ether);
        give(vault.payTo(modelId), 7 ether);
        collectAs(node, modelId, payment);
        vm.assertEq(vault.totalCollected(), FEE);
        vm.assertEq(vault.totalOwed() + rewards.collected(), FEE);
        vm.assertEq(token.balanceOf(vault.payTo(modelId)), 7 ether);
    }

    function test_tillObeysTheVaultAlone() public {
        collectAs(node, modelId, pay(modelId, FEE));
        address till = vault.payTo(modelId);
        give(till, 1 ether);
        vm.assertEq(token.allowance(till, address(vault)), type(uint256).max);
        vm.prank(MALLORY);
        vm.expectRevert();
        token.transferFrom(till, MALLORY, 1);
        (bool answered,) = till.call(hex"deadbeef");
        vm.assertFalse(answered);
    }

    /// @dev Rounding drain: a thousand payments of the least amounts never make the parts exceed what came in.
    function test_roundingDrain() public {
        uint256 paid;
        for (uint256 i; i < 1000; ++i) {
            uint256 amount = PLATFORM_WEI + (i % 20);
            collectAs(node, modelId, pay(modelId, amount));
            paid += amount;
        }
        vm.assertEq(vault.totalOwed() + rewards.collected(), paid);
        vm.assertEq(token.balanceOf(address(vault)), vault.totalOwed());
    }

    function test_reentrancy_withdraw() public {
        (HostileToken hostile, FeeVault shop,) = _hostile();
        _payHostile(hostile, shop, "n1");
        _collectHostile(shop, "n1");
        uint256 due = shop.owed(modelOwner);
        hostile.arm(address(shop), abi.encodeCall(shop.withdraw, (modelOwner)));
        shop.withdraw(modelOwner);
        vm.assertEq(hostile.attempts(), 1);
        vm.assertFalse(hostile.succeeded());
        vm.assertEq(
            keccak256(hostile.failure()), keccak256(abi.encodeWithSelector(IFeeVault.NothingOwed.selector, modelOwner))
        );
        vm.assertEq(hostile.balanceOf(modelOwner), due);
        vm.assertEq(hostile.balanceOf(address(shop)), shop.totalOwed());
    }

    /// @dev The token itself serves a model and collects again while the first collection still moves money.
    function test_reentrancy_collect() public {
        (HostileToken hostile, FeeVault shop,) = _hostile();
        bytes32 its = publish(MALLORY, address(hostile), "of the token");
        address till = shop.payTo(its);
        hostile.recordPayment(payer, "n1", till, FEE);
        hostile.recordPayment(payer, "n2", till, FEE);
        Payment[] memory payments = batch(Payment("r1", payer, "n1", FEE));
        hostile.arm(address(shop), abi.encodeCall(shop.collect, (its, payments)));
        vm.prank(address(hostile));
        shop.collect(its, payments);
        vm.assertEq(hostile.attempts(), 1);
        vm.assertFalse(hostile.succeeded());
        vm.assertEq(shop.totalCollected(), FEE);
        vm.assertEq(hostile.balanceOf(till), FEE);
        vm.assertEq(hostile.balanceOf(address(shop)), shop.totalOwed());
    }

    function _hostile() private returns (HostileToken hostile, FeeVault shop, AttributionRewards pot) {
        hostile = new HostileToken();
        pot = new AttributionRewards(IOpenToken(address(hostile)), parameters, stakes, address(this));
        shop = new FeeVault(IOpenToken(address(hostile)), models, pot, treasury);
    }

    function _payHostile(HostileToken hostile, FeeVault shop, bytes32 nonce) private {
        hostile.recordPayment(payer, nonce, shop.payTo(modelId), FEE);
    }

    function _collectHostile(FeeVault shop, bytes32 nonce) private {
        Payment[] memory payments = batch(Payment(keccak256(abi.encode(nonce)), payer, nonce, FEE));
        vm.prank(node);
        shop.collect(modelId, payments);
    }

    function _refused(address caller, bytes32 model, Payment memory payment, bytes memory reason) private {
        Payment[] memory payments = batch(payment);
        (uint256 collected, uint256 owed) = (vault.totalCollected(), vault.totalOwed());
        vm.prank(caller);
        vm.expectRevert(reason);
        vault.collect(model, payments);
        vm.assertEq(vault.totalCollected(), collected);
        vm.assertEq(vault.totalOwed(), owed);
    }
}
