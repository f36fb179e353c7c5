// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC3009, IERC3009Cancel} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {ERC3009} from "@openzeppelin/contracts/token/ERC20/extensions/draft-ERC3009.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {ContractWallet} from "../mocks/ContractWallet.sol";
import {World} from "../support/World.sol";

contract OpenTokenTest is World {
    uint256 private constant FOREVER = type(uint256).max >> 1;
    bytes32 private constant NONCE = keccak256("nonce");
    address private constant SHOP = address(0x5402);

    function test_default() public view {
        vm.assertEq(token.name(), "OpenLedger");
        vm.assertEq(token.symbol(), "OPEN");
        vm.assertEq(token.decimals(), 18);
        vm.assertEq(token.totalSupply(), 1_000_000_000 ether);
        vm.assertEq(
            token.balanceOf(holder) + token.balanceOf(payer) + token.balanceOf(address(stakes)), token.totalSupply()
        );
    }

    function test_domain_isOpenLedgerVersion1() public view {
        (, string memory name, string memory version, uint256 chain, address verifier,,) = token.eip712Domain();
        vm.assertEq(name, "OpenLedger");
        vm.assertEq(version, "1");
        vm.assertEq(chain, block.chainid);
        vm.assertEq(verifier, address(token));
        vm.assertEq(
            keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), bytes32(0))), typedDigest(address(token), 0)
        );
    }

    function test_transferWithAuthorization_bytes() public {
        bytes memory signature = signTransfer(PAYER_KEY, payer, SHOP, 5, NONCE);
        vm.expectEmit(address(token));
        emit IERC3009.AuthorizationUsed(payer, NONCE);
        token.transferWithAuthorization(payer, SHOP, 5, 0, FOREVER, NONCE, signature);
        vm.assertEq(token.balanceOf(SHOP), 5);
        vm.assertTrue(token.authorizationState(payer, NONCE));
        _assertRecord(payer, NONCE, SHOP, 5);
    }

    function test_transferWithAuthorization_vrs() public {
        (uint8 v, bytes32 r, bytes32 s) = _sign(TRANSFER_TYPEHASH, SHOP, 7, 0, FOREVER);
        token.transferWithAuthorization(payer, SHOP, 7, 0, FOREVER, NONCE, v, r, s);
        vm.assertEq(token.balanceOf(SHOP), 7);
        _assertRecord(payer, NONCE, SHOP, 7);
    }

    function test_receiveWithAuthorization_bytes() public {
        (uint8 v, bytes32 r, bytes32 s) = _sign(RECEIVE_TYPEHASH, SHOP, 7, 0, FOREVER);
        vm.prank(SHOP);
        token.receiveWithAuthorization(payer, SHOP, 7, 0, FOREVER, NONCE, abi.encodePacked(r, s, v));
        _assertRecord(payer, NONCE, SHOP, 7);
    }

    function test_receiveWithAuthorization_vrs() public {
        (uint8 v, bytes32 r, bytes32 s) = _sign(RECEIVE_TYPEHASH, SHOP, 7, 0, FOREVER);
        vm.prank(SHOP);
        token.receiveWithAuthorization(payer, SHOP, 7, 0, FOREVER, NONCE, v, r, s);
        _assertRecord(payer, NONCE, SHOP, 7);
    }

    function test_receiveWithAuthorization_refusesAnotherCaller() public {
        (uint8 v, bytes32 r, bytes32 s) = _sign(RECEIVE_TYPEHASH, SHOP, 7, 0, FOREVER);
        vm.expectRevert(abi.encodeWithSelector(IERC20Errors.ERC20InvalidReceiver.selector, SHOP));
        token.receiveWithAuthorization(payer, SHOP, 7, 0, FOREVER, NONCE, abi.encodePacked(r, s, v));
    }

    function test_contractWallet_signsByERC1271() public {
        ContractWallet wallet = new ContractWallet();
        give(address(wallet), 10);
        wallet.approve(
            typedDigest(
                address(token),
                keccak256(abi.encode(TRANSFER_TYPEHASH, address(wallet), SHOP, 10, uint256(0), FOREVER, NONCE))
            )
        );
        token.transferWithAuthorization(address(wallet), SHOP, 10, 0, FOREVER, NONCE, "");
        _assertRecord(address(wallet), NONCE, SHOP, 10);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        token.transferWithAuthorization(address(wallet), SHOP, 11, 0, FOREVER, NONCE, "");
    }

    function test_zeroValue_isRecorded() public {
        payAs(PAYER_KEY, SHOP, 0, NONCE);
        vm.assertTrue(token.authorizationState(payer, NONCE));
        _assertRecord(payer, NONCE, SHOP, 0);
    }

    function test_cancelled_isUsedButPaidNobody() public {
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(PAYER_KEY, typedDigest(address(token), keccak256(abi.encode(CANCEL_TYPEHASH, payer, NONCE))));
        vm.expectEmit(address(token));
        emit IERC3009Cancel.AuthorizationCanceled(payer, NONCE);
        token.cancelAuthorization(payer, NONCE, abi.encodePacked(r, s, v));
        vm.assertTrue(token.authorizationState(payer, NONCE));
        _assertRecord(payer, NONCE, address(0), 0);

        bytes memory signature = signTransfer(PAYER_KEY, payer, SHOP, 5, NONCE);
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, payer, NONCE));
        token.transferWithAuthorization(payer, SHOP, 5, 0, FOREVER, NONCE, signature);
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, payer, NONCE));
        token.cancelAuthorization(payer, NONCE, v, r, s);
    }

    function test_cancel_cannotEraseAPayment() public {
        payAs(PAYER_KEY, SHOP, 5, NONCE);
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(PAYER_KEY, typedDigest(address(token), keccak256(abi.encode(CANCEL_TYPEHASH, payer, NONCE))));
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, payer, NONCE));
        token.cancelAuthorization(payer, NONCE, v, r, s);
        _assertRecord(payer, NONCE, SHOP, 5);
    }

    function test_attack_replay() public {
        bytes memory signature = signTransfer(PAYER_KEY, payer, SHOP, 5, NONCE);
        token.transferWithAuthorization(payer, SHOP, 5, 0, FOREVER, NONCE, signature);
        vm.expectRevert(abi.encodeWithSelector(ERC3009.ERC3009UsedAuthorization.selector, payer, NONCE));
        token.transferWithAuthorization(payer, SHOP, 5, 0, FOREVER, NONCE, signature);
    }

    function test_attack_forgedSigner() public {
        bytes memory signature = signTransfer(0xBAD, payer, SHOP, 5, NONCE);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        token.transferWithAuthorization(payer, SHOP, 5, 0, FOREVER, NONCE, signature);
    }

    function test_attack_malleableSignature() public {
        (uint8 v, bytes32 r, bytes32 s) = _sign(TRANSFER_TYPEHASH, SHOP, 7, 0, FOREVER);
        bytes32 flipped = bytes32(0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141 - uint256(s));
        bytes memory signature = abi.encodePacked(r, flipped, v == 27 ? uint8(28) : uint8(27));
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        token.transferWithAuthorization(payer, SHOP, 7, 0, FOREVER, NONCE, signature);
    }

    function test_attack_otherChain() public {
        bytes memory signature = signTransfer(PAYER_KEY, payer, SHOP, 5, NONCE);
        vm.chainId(block.chainid + 1);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        token.transferWithAuthorization(payer, SHOP, 5, 0, FOREVER, NONCE, signature);
    }

    function test_attack_otherContract() public {
        OpenToken other = new OpenToken(payer);
        bytes memory signature = signTransfer(PAYER_KEY, payer, SHOP, 5, NONCE);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        other.transferWithAuthorization(payer, SHOP, 5, 0, FOREVER, NONCE, signature);
    }

    function test_attack_transferSignatureDoesNotCancelOrReceive() public {
        bytes memory signature = signTransfer(PAYER_KEY, payer, SHOP, 5, NONCE);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        token.cancelAuthorization(payer, NONCE, signature);
        vm.prank(SHOP);
        vm.expectRevert(ERC3009.ERC3009InvalidSignature.selector);
        token.receiveWithAuthorization(payer, SHOP, 5, 0, FOREVER, NONCE, signature);
    }

    function test_timeWindow() public {
        uint256 now_ = block.timestamp;
        (uint8 v, bytes32 r, bytes32 s) = _sign(TRANSFER_TYPEHASH, SHOP, 7, now_ + 10, now_ + 20);
        bytes memory signature = abi.encodePacked(r, s, v);
        bytes memory late =
            abi.encodeWithSelector(ERC3009.ERC3009InvalidAuthorizationTime.selector, now_ + 10, now_ + 20);
        vm.warp(now_ + 10);
        vm.expectRevert(late);
        token.transferWithAuthorization(payer, SHOP, 7, now_ + 10, now_ + 20, NONCE, signature);
        vm.warp(now_ + 20);
        vm.expectRevert(late);
        token.transferWithAuthorization(payer, SHOP, 7, now_ + 10, now_ + 20, NONCE, signature);
        vm.warp(now_ + 19);
        token.transferWithAuthorization(payer, SHOP, 7, now_ + 10, now_ + 20, NONCE, signature);
    }

    function test_moreThanBalance_leavesTheNonceUnused() public {
        uint256 balance = token.balanceOf(payer);
        bytes memory signature = signTransfer(PAYER_KEY, payer, SHOP, balance + 1, NONCE);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientBalance.selector, payer, balance, balance + 1)
        );
        token.transferWithAuthorization(payer, SHOP, balance + 1, 0, FOREVER, NONCE, signature);
        vm.assertFalse(token.authorizationState(payer, NONCE));
    }

    function test_votes_countByTime() public {
        vm.assertEq(token.CLOCK_MODE(), "mode=timestamp");
        vm.assertEq(token.clock(), block.timestamp);
        uint256 before = block.timestamp;
        vm.prank(payer);
        token.delegate(payer);
        uint256 votes = token.balanceOf(payer);
        vm.warp(before + 100);
        payAs(PAYER_KEY, SHOP, 40, NONCE);
        vm.warp(before + 101);
        vm.assertEq(token.getVotes(payer), votes - 40);
        vm.assertEq(token.getPastVotes(payer, before + 99), votes);
    }

    function test_permit() public {
        bytes32 permitType =
            keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(
            PAYER_KEY,
            typedDigest(address(token), keccak256(abi.encode(permitType, payer, SHOP, 9, uint256(0), FOREVER)))
        );
        token.permit(payer, SHOP, 9, FOREVER, v, r, s);
        vm.assertEq(token.allowance(payer, SHOP), 9);
        vm.assertEq(token.nonces(payer), 1);
    }

    function test_burn() public {
        vm.prank(holder);
        token.burn(1 ether);
        vm.assertEq(token.totalSupply(), 999_999_999 ether);
    }

    function testFuzz_record(address to, uint256 value, bytes32 nonce) public {
        vm.assume(to != address(0) && to != payer);
        value = bound(value, 0, token.balanceOf(payer));
        uint256 before = token.balanceOf(to);
        payAs(PAYER_KEY, to, value, nonce);
        _assertRecord(payer, nonce, to, value);
        // No fee on transfer: what is recorded is what arrived.
        vm.assertEq(token.balanceOf(to) - before, value);
    }

    function _sign(bytes32 typehash, address to, uint256 value, uint256 validAfter, uint256 validBefore)
        private
        view
        returns (uint8, bytes32, bytes32)
    {
        bytes32 structHash = keccak256(abi.encode(typehash, payer, to, value, validAfter, validBefore, NONCE));
        return vm.sign(PAYER_KEY, typedDigest(address(token), structHash));
    }

    function _assertRecord(address from, bytes32 nonce, address to, uint256 value) private view {
        (address paidTo, uint256 paidWei) = token.authorizedTransfer(from, nonce);
        vm.assertEq(paidTo, to);
        vm.assertEq(paidWei, value);
    }
}
