// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeVault} from "../../src/inference/FeeVault.sol";
import {IFeeVault} from "../../src/interfaces/IFeeVault.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {FeeParts, Payment, PaymentSum} from "../../src/types/Fees.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {World} from "../support/World.sol";

/// @dev What somebody who has read the vault would try with tills of nodes. MALLORY serves a model of her own.
contract NodeTillAttacks is World {
    uint256 private constant FEE = 1.001 ether;
    uint256 private constant MALLORY_KEY = 0xBAD;
    address private immutable MALLORY = vm.addr(MALLORY_KEY);
    bytes32 private hers;

    function setUp() public override {
        super.setUp();
        hers = publish(MALLORY, MALLORY, "hers");
        give(vault.payToNode(node), 10 * FEE);
    }

    /// @dev Collect as one's own what another node's till holds: one's own till is empty, and there is no way to the other.
    function test_anotherNodesTill() public {
        _refused(
            MALLORY,
            hers,
            Payment("r", payer, "n", FEE),
            abi.encodeWithSelector(IFeeVault.TillTooLow.selector, vault.payToNode(MALLORY), 0, FEE)
        );
        vm.assertEq(token.balanceOf(vault.payToNode(node)), 10 * FEE);
    }

    function test_anotherModelsNode() public {
        _refused(
            MALLORY,
            modelId,
            Payment("r", payer, "n", FEE),
            abi.encodeWithSelector(IFeeVault.NotModelNode.selector, modelId, MALLORY, node)
        );
    }

    function test_replayedPayment() public {
        _collect(node, modelId, Payment("r", payer, "n", FEE));
        _refused(
            node,
            modelId,
            Payment("another", payer, "n", FEE),
            abi.encodeWithSelector(IFeeVault.PaymentAlreadyCollected.selector, payer, bytes32("n"), bytes32("r"))
        );
        Payment[] memory twice = new Payment[](2);
        twice[0] = Payment("x", payer, "m", FEE);
        twice[1] = Payment("y", payer, "m", FEE);
        vm.prank(node);
        vm.expectRevert(
            abi.encodeWithSelector(IFeeVault.PaymentAlreadyCollected.selector, payer, bytes32("m"), bytes32("x"))
        );
        vault.collectFromNode(modelId, twice);
    }

    function test_sameReceiptThroughBothWays() public {
        Payment memory exact = pay(modelId, FEE);
        collectAs(node, modelId, exact);
        bytes memory twice =
            abi.encodeWithSelector(IFeeVault.ReceiptAlreadyCollected.selector, modelId, exact.receiptId);
        _refused(node, modelId, Payment(exact.receiptId, payer, "n", FEE), twice);

        _collect(node, modelId, Payment("r", payer, "n", FEE));
        Payment memory second = pay(modelId, FEE);
        second.receiptId = "r";
        vm.prank(node);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.ReceiptAlreadyCollected.selector, modelId, bytes32("r")));
        vault.collect(modelId, batch(second));
    }

    /// @dev A payment that was collected by its authorisation is not paid again out of the till.
    function test_samePaymentThroughBothWays() public {
        Payment memory exact = pay(modelId, FEE);
        collectAs(node, modelId, exact);
        _refused(
            node,
            modelId,
            Payment("another", payer, exact.nonce, FEE),
            abi.encodeWithSelector(IFeeVault.PaymentAlreadyCollected.selector, payer, exact.nonce, exact.receiptId)
        );
    }

    function test_sameSetOrReceiptAsSum() public {
        _collect(node, modelId, Payment("r", payer, "n", FEE));
        FeeParts memory parts = FeeParts(0.001 ether, 0.5 ether, 0.2 ether, 0.2 ether, 0.05 ether, 0.05 ether);
        vm.prank(node);
        vm.expectRevert(abi.encodeWithSelector(IFeeVault.ReceiptAlreadyCollected.selector, modelId, bytes32("r")));
        vault.collectSumFromNode(modelId, PaymentSum("r", 1, parts));
    }

    /// @dev Nobody proves a reported payment, so Mallory could name any payer and nonce: it must not keep an honest node
    /// from what was paid to it by authorisation, nor from what it reports itself.
    function test_noncesCannotBeSquatted() public {
        Payment memory honest = pay(modelId, FEE);
        give(vault.payToNode(MALLORY), 2 * FEE);
        _collect(MALLORY, hers, Payment("hers 1", honest.payer, honest.nonce, FEE));
        _collect(MALLORY, hers, Payment("hers 2", payer, "channel nonce", FEE));
        collectAs(node, modelId, honest);
        vm.assertEq(vault.receiptOf(honest.payer, honest.nonce), honest.receiptId);
        _collect(node, modelId, Payment("honest", payer, "channel nonce", FEE));
        vm.assertEq(vault.nodeReceiptOf(node, payer, "channel nonce"), "honest");
        vm.assertEq(vault.nodeReceiptOf(MALLORY, payer, "channel nonce"), "hers 2");
    }

    /// @dev Amounts that would overflow, or that are far beyond all there is, fail and change nothing.
    function test_overflow() public {
        uint256[3] memory amounts = [type(uint256).max, type(uint256).max / 200_000, token.totalSupply()];
        for (uint256 i; i < 3; ++i) {
            vm.prank(node);
            vm.expectRevert();
            vault.collectFromNode(modelId, batch(Payment("r", payer, "n", amounts[i])));
        }
        FeeParts memory parts = FeeParts(0.001 ether, type(uint256).max, type(uint256).max, 0, 0, 0);
        vm.prank(node);
        vm.expectRevert();
        vault.collectSumFromNode(modelId, PaymentSum("r", 1, parts));
        vm.assertEq(vault.totalCollected(), 0);
        vm.assertEq(vault.totalOwed(), 0);
    }

    /// @dev Many small reported payments: the till pays exactly their sum, the pots hold exactly that.
    function test_roundingDrain() public {
        uint256 paid;
        for (uint256 i; i < 500; ++i) {
            uint256 amount = PLATFORM_WEI + (i % 20);
            _collect(node, modelId, Payment(bytes32(i + 1), payer, bytes32(i + 1), amount));
            paid += amount;
        }
        vm.assertEq(vault.totalOwed() + rewards.collected(), paid);
        vm.assertEq(token.balanceOf(vault.payToNode(node)), 10 * FEE - paid);
    }

    function test_tillObeysTheVaultAlone() public {
        _collect(node, modelId, Payment("r", payer, "n", FEE));
        address till = vault.payToNode(node);
        vm.assertEq(token.allowance(till, address(vault)), type(uint256).max);
        address[2] memory thieves = [node, MALLORY];
        for (uint256 i; i < 2; ++i) {
            vm.prank(thieves[i]);
            vm.expectRevert();
            token.transferFrom(till, thieves[i], 1);
        }
        (bool answered,) = till.call(hex"deadbeef");
        vm.assertFalse(answered);
    }

    /// @dev The token itself serves a model and collects again, in either way, while the first collection moves money.
    function test_reentrancy() public {
        for (uint256 way; way < 3; ++way) {
            HostileToken hostile = new HostileToken();
            AttributionRewards pot =
                new AttributionRewards(IOpenToken(address(hostile)), parameters, stakes, address(this));
            FeeVault shop = new FeeVault(IOpenToken(address(hostile)), models, pot, treasury);
            bytes32 its = publish(address(uint160(0xabc0 + way)), address(hostile), "of the token");
            address till = shop.payToNode(address(hostile));
            hostile.mint(till, 2 * FEE);
            Payment[] memory payments = batch(Payment("r1", payer, "n1", FEE));
            hostile.arm(address(shop), _again(shop, its, payments, way));
            vm.prank(address(hostile));
            shop.collectFromNode(its, payments);
            vm.assertEq(hostile.attempts(), 1);
            vm.assertFalse(hostile.succeeded());
            vm.assertEq(shop.totalCollected(), FEE);
            vm.assertEq(hostile.balanceOf(till), FEE);
            vm.assertEq(hostile.balanceOf(address(shop)), shop.totalOwed());
        }
    }

    /// @dev Re-entered with another receipt it is no more than a second, honest collection: the sums still hold.
    function test_reentrancy_withAnotherReceipt() public {
        HostileToken hostile = new HostileToken();
        AttributionRewards pot = new AttributionRewards(IOpenToken(address(hostile)), parameters, stakes, address(this));
        FeeVault shop = new FeeVault(IOpenToken(address(hostile)), models, pot, treasury);
        bytes32 its = publish(MALLORY, address(hostile), "of the token");
        address till = shop.payToNode(address(hostile));
        hostile.mint(till, FEE);
        hostile.arm(address(shop), abi.encodeCall(shop.collectFromNode, (its, batch(Payment("r2", payer, "n2", FEE)))));
        vm.prank(address(hostile));
        // Both draw on one till that holds one fee: whichever comes second finds it empty, and all is undone.
        vm.expectRevert();
        shop.collectFromNode(its, batch(Payment("r1", payer, "n1", FEE)));
        vm.assertEq(shop.totalCollected(), 0);
        vm.assertEq(hostile.balanceOf(till), FEE);
    }

    function _again(FeeVault shop, bytes32 its, Payment[] memory payments, uint256 way)
        private
        pure
        returns (bytes memory)
    {
        if (way == 0) return abi.encodeCall(shop.collectFromNode, (its, payments));
        FeeParts memory parts = FeeParts(0.001 ether, 0.5 ether, 0.2 ether, 0.2 ether, 0.05 ether, 0.05 ether);
        if (way == 1) return abi.encodeCall(shop.collectSumFromNode, (its, PaymentSum("r1", 1, parts)));
        return abi.encodeCall(shop.collect, (its, payments));
    }

    function _collect(address caller, bytes32 model, Payment memory payment) private {
        vm.prank(caller);
        vault.collectFromNode(model, batch(payment));
    }

    function _refused(address caller, bytes32 model, Payment memory payment, bytes memory reason) private {
        (uint256 collected, uint256 owed) = (vault.totalCollected(), vault.totalOwed());
        vm.prank(caller);
        vm.expectRevert(reason);
        vault.collectFromNode(model, batch(payment));
        vm.assertEq(vault.totalCollected(), collected);
        vm.assertEq(vault.totalOwed(), owed);
    }
}
