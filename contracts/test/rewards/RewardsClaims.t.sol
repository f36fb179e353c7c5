// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IAttributionRewards} from "../../src/interfaces/IAttributionRewards.sol";
import {EarningsProof, RootProposal} from "../../src/types/Rewards.sol";
import {IndexedTree} from "../support/IndexedTree.sol";
import {Book, RewardsTrees} from "../support/RewardsTrees.sol";
import {RewardsWorld} from "../support/RewardsWorld.sol";

/// @dev What both below ask of a proof that is none.
abstract contract RewardsRefusals is RewardsWorld {
    function _refused(
        address account,
        uint256 cumulativeWei,
        uint256 prefixWei,
        uint256 index,
        bytes32[] memory siblings
    ) internal {
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, account, cumulativeWei));
        rewards.claim(account, cumulativeWei, prefixWei, index, siblings);
    }
}

/// @dev Who is paid what, by whom, to whom.
contract RewardsClaimsTest is RewardsRefusals {
    uint256 private constant KEY = 0xA11CE;
    address private immutable signer = vm.addr(KEY);

    function setUp() public override {
        super.setUp();
        fund(1000);
    }

    function test_claim() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.Claimed(ALICE, 60);
        _claim(it, 0);
        _claim(it, 1);
        _claim(it, 2);
        vm.assertEq(token.balanceOf(ALICE), 60);
        vm.assertEq(token.balanceOf(BOB), 30);
        vm.assertEq(token.balanceOf(CAROL), 10);
        vm.assertEq(rewards.claimed(ALICE), 60);
        vm.assertEq(rewards.totalClaimed(), 100);
        vm.assertEq(token.balanceOf(address(rewards)), 0);
    }

    function test_claim_paysManyEpochsAtOnce() public {
        Book memory it = book(50, 10, 5);
        settle(it);
        _claim(it, 0);
        settle(book(60, 10, 5));
        settle(book(65, 20, 15));
        it = book(70, 30, 20);
        settle(it);
        _claim(it, 0);
        vm.assertEq(token.balanceOf(ALICE), 70);
        // Bob skipped all epochs but the last and lost nothing.
        _claim(it, 1);
        vm.assertEq(token.balanceOf(BOB), 30);
    }

    function test_claim_soleEarnerNeedsNoSiblings() public {
        RootProposal memory proposal = propose(claimOf(RewardsTrees.leaf(ALICE, 100, 100), 1, 100));
        activate(proposal);
        rewards.claim(ALICE, 100, 100, 0, new bytes32[](0));
        vm.assertEq(token.balanceOf(ALICE), 100);
    }

    function test_claim_refusesUntilActivated() public {
        Book memory it = book(60, 30, 10);
        RootProposal memory proposal = propose(it);
        EarningsProof memory proof = RewardsTrees.proofAt(it, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, ALICE, 60));
        rewards.claim(ALICE, 60, proof.prefixWei, 0, proof.siblings);
        vm.warp(proposal.challengeEnds);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, ALICE, 60));
        rewards.claim(ALICE, 60, proof.prefixWei, 0, proof.siblings);
    }

    function test_claimTo() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        EarningsProof memory proof = RewardsTrees.proofAt(it, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotAccount.selector, address(this), ALICE));
        rewards.claimTo(proof, address(this));
        vm.prank(ALICE);
        vm.assertEq(rewards.claimTo(proof, CAROL), 60);
        vm.assertEq(token.balanceOf(CAROL), 60);
        vm.assertEq(token.balanceOf(ALICE), 0);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NothingToClaim.selector, ALICE, 60, 60));
        rewards.claimTo(proof, CAROL);
    }

    function test_claimMany_passesOverWhatWasClaimed() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        _claim(it, 1);
        EarningsProof[] memory proofs = _all(it);
        vm.assertEq(rewards.claimMany(proofs), 70);
        vm.assertEq(token.balanceOf(ALICE), 60);
        vm.assertEq(token.balanceOf(BOB), 30);
        vm.assertEq(rewards.claimMany(proofs), 0);
    }

    function test_claimMany_refuses() public {
        settle(book(60, 30, 10));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidClaimCount.selector, 0, 64));
        rewards.claimMany(new EarningsProof[](0));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidClaimCount.selector, 65, 64));
        rewards.claimMany(new EarningsProof[](65));
        EarningsProof[] memory proofs = _all(book(61, 30, 10));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, ALICE, 61));
        rewards.claimMany(proofs);
    }

    function test_claimBySig() public {
        EarningsProof memory proof = _signerEarned(60);
        bytes memory signature = _sign(KEY, address(rewards), CAROL, 60, 7, block.timestamp, 0);
        vm.prank(BOB);
        vm.assertEq(rewards.claimBySig(proof, CAROL, 7, block.timestamp, signature), 60);
        vm.assertEq(token.balanceOf(CAROL), 53);
        vm.assertEq(token.balanceOf(BOB), 7);
        vm.assertEq(rewards.nonces(signer), 1);
        // Once: the nonce is used up, and there is nothing left either.
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidSignature.selector, signer));
        rewards.claimBySig(proof, CAROL, 7, block.timestamp, signature);
    }

    function test_claimBySig_withoutFee() public {
        EarningsProof memory proof = _signerEarned(60);
        bytes memory signature = _sign(KEY, address(rewards), signer, 60, 0, block.timestamp, 0);
        rewards.claimBySig(proof, signer, 0, block.timestamp, signature);
        vm.assertEq(token.balanceOf(signer), 60);
    }

    function test_claimBySig_refuses() public {
        EarningsProof memory proof = _signerEarned(60);
        uint256 deadline = block.timestamp;
        bytes memory signature = _sign(KEY, address(rewards), CAROL, 60, 7, deadline, 0);
        bytes memory invalid = abi.encodeWithSelector(IAttributionRewards.InvalidSignature.selector, signer);
        vm.expectRevert(invalid);
        rewards.claimBySig(proof, BOB, 7, deadline, signature);
        vm.expectRevert(invalid);
        rewards.claimBySig(proof, CAROL, 8, deadline, signature);
        vm.expectRevert(invalid);
        rewards.claimBySig(proof, CAROL, 7, deadline + 1, signature);
        signature = _sign(KEY, address(rewards), CAROL, 60, 7, deadline, 1);
        vm.expectRevert(invalid);
        rewards.claimBySig(proof, CAROL, 7, deadline, signature);
        signature = _sign(KEY + 1, address(rewards), CAROL, 60, 7, deadline, 0);
        vm.expectRevert(invalid);
        rewards.claimBySig(proof, CAROL, 7, deadline, signature);
        signature = _sign(KEY, address(rewards), CAROL, 60, 61, deadline, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.FeeExceedsAmount.selector, 61, 60));
        rewards.claimBySig(proof, CAROL, 61, deadline, signature);
        vm.warp(deadline + 1);
        signature = _sign(KEY, address(rewards), CAROL, 60, 7, deadline, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.SignatureExpired.selector, deadline));
        rewards.claimBySig(proof, CAROL, 7, deadline, signature);
    }

    function test_claimBySig_nothingLeft() public {
        EarningsProof memory proof = _signerEarned(60);
        rewards.claim(signer, 60, proof.prefixWei, proof.index, proof.siblings);
        bytes memory signature = _sign(KEY, address(rewards), CAROL, 60, 0, block.timestamp, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NothingToClaim.selector, signer, 60, 60));
        rewards.claimBySig(proof, CAROL, 0, block.timestamp, signature);
    }

    function test_attack_signatureOfAnotherChainOrContract() public {
        EarningsProof memory proof = _signerEarned(60);
        bytes memory invalid = abi.encodeWithSelector(IAttributionRewards.InvalidSignature.selector, signer);
        bytes memory signature = _sign(KEY, address(challenges), CAROL, 60, 7, block.timestamp, 0);
        vm.expectRevert(invalid);
        rewards.claimBySig(proof, CAROL, 7, block.timestamp, signature);
        signature = _sign(KEY, address(rewards), CAROL, 60, 7, block.timestamp, 0);
        vm.chainId(block.chainid + 1);
        vm.expectRevert(invalid);
        rewards.claimBySig(proof, CAROL, 7, block.timestamp, signature);
    }

    function test_attack_claimTwice() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        _claim(it, 0);
        EarningsProof memory proof = RewardsTrees.proofAt(it, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NothingToClaim.selector, ALICE, 60, 60));
        rewards.claim(ALICE, 60, proof.prefixWei, 0, proof.siblings);
    }

    function test_attack_forgedProof() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        EarningsProof memory proof = RewardsTrees.proofAt(it, 0);
        _refused(ALICE, 61, proof.prefixWei, 0, proof.siblings);
        _refused(address(0xbad), 60, proof.prefixWei, 0, proof.siblings);
        _refused(ALICE, 60, proof.prefixWei + 1, 0, proof.siblings);
        _refused(ALICE, 60, proof.prefixWei, 1, proof.siblings);
        _refused(ALICE, 60, proof.prefixWei, 0, new bytes32[](0));
        proof.siblings[0] ^= bytes32(uint256(1));
        _refused(ALICE, 60, proof.prefixWei, 0, proof.siblings);
    }

    function test_attack_proofOfAnOldEpoch() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        EarningsProof memory old = RewardsTrees.proofAt(it, 0);
        settle(book(70, 40, 20));
        _refused(ALICE, 60, old.prefixWei, 0, old.siblings);
    }

    /// @dev An inner node has 64 bytes under its hash; a leaf's outer hash has 32, so neither poses as the other.
    function test_attack_innerNodeAsLeaf() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        bytes32[] memory leaves = RewardsTrees.leavesOf(it);
        // The left pair as (account, cumulative …): its words are no leaf's preimage.
        _refused(address(uint160(uint256(leaves[0]))), uint256(leaves[1]), 0, 0, new bytes32[](1));
    }

    /// @dev Leaves that sum to more than their total find no more than the total, however they were let through.
    function test_attack_leavesBeyondTotal() public {
        Book memory it = book(60, 30, 500);
        RootProposal memory proposal = propose(claimOf(IndexedTree.root(RewardsTrees.leavesOf(it)), 3, 100));
        activate(proposal);
        _claim(it, 0);
        EarningsProof memory proof = RewardsTrees.proofAt(it, 2);
        vm.expectRevert();
        rewards.claim(CAROL, 500, proof.prefixWei, 2, proof.siblings);
        vm.assertEq(token.balanceOf(rewards.till()), 900);
        vm.assertEq(token.balanceOf(address(rewards)), 40);
    }

    /// @dev OPEN sent here by mistake is nobody's and makes the sum of claims read lower, never higher.
    function test_strayTokens() public {
        Book memory it = book(60, 30, 10);
        settle(it);
        _claim(it, 0);
        give(address(rewards), 50);
        vm.assertEq(rewards.collected(), 1000);
        vm.assertEq(rewards.totalClaimed(), 10);
        give(rewards.till(), 50);
        vm.assertEq(rewards.totalClaimed(), 0);
    }

    /// @dev A whole settlement a run.
    function testFuzz_everybodyGetsTheirLeaf(uint256[4] memory earnings, uint256 count, uint256 extra) public {
        Book memory it;
        count = count % 4 + 1;
        (it.accounts, it.amounts) = (new address[](count), new uint256[](count));
        uint256 total;
        for (uint256 i; i < count; ++i) {
            it.accounts[i] = address(uint160(0x1000 + i));
            it.amounts[i] = bound(earnings[i], 1, 1000 ether);
            total += it.amounts[i];
        }
        sum(it);
        fund(total + bound(extra, 0, 1 ether));
        settle(it);
        EarningsProof[] memory all = RewardsTrees.allProofs(it);
        for (uint256 i; i < count; ++i) {
            EarningsProof memory proof = all[i];
            rewards.claim(proof.account, proof.cumulativeWei, proof.prefixWei, proof.index, proof.siblings);
            vm.assertEq(token.balanceOf(proof.account), it.amounts[i]);
        }
        vm.assertEq(rewards.totalClaimed(), total);
        vm.assertEq(token.balanceOf(address(rewards)), 0);
    }

    function _signerEarned(uint256 amount) private returns (EarningsProof memory proof) {
        Book memory it;
        (it.accounts, it.amounts) = (new address[](2), new uint256[](2));
        (it.accounts[0], it.accounts[1]) = ALICE < signer ? (ALICE, signer) : (signer, ALICE);
        (it.amounts[0], it.amounts[1]) = (amount, amount);
        sum(it);
        settle(it);
        return RewardsTrees.proofAt(it, it.accounts[0] == signer ? 0 : 1);
    }

    /// @dev What wallets sign, rebuilt from EIP-712.
    function _sign(
        uint256 key,
        address verifier,
        address recipient,
        uint256 cumulativeWei,
        uint256 feeWei,
        uint256 deadline,
        uint256 nonce
    ) private view returns (bytes memory) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("OpenLedger Rewards"),
                keccak256("1"),
                block.chainid,
                verifier
            )
        );
        bytes32 typehash = keccak256(
            "Claim(address account,address recipient,uint256 cumulativeWei,uint256 relayerFeeWei,uint256 deadline,uint256 nonce)"
        );
        bytes32 structHash = keccak256(abi.encode(typehash, signer, recipient, cumulativeWei, feeWei, deadline, nonce));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, structHash)));
        return abi.encodePacked(r, s, v);
    }

    function _all(Book memory it) private pure returns (EarningsProof[] memory proofs) {
        proofs = new EarningsProof[](it.accounts.length);
        for (uint256 i; i < proofs.length; ++i) {
            proofs[i] = RewardsTrees.proofAt(it, i);
        }
    }

    function _claim(Book memory it, uint256 i) private {
        EarningsProof memory proof = RewardsTrees.proofAt(it, i);
        rewards.claim(proof.account, proof.cumulativeWei, proof.prefixWei, proof.index, proof.siblings);
    }
}

/// @dev One settled epoch, against whatever a claimer may show.
contract RewardsForgeriesTest is RewardsRefusals {
    EarningsProof private bobs;

    function setUp() public override {
        super.setUp();
        fund(1000);
        Book memory it = book(60, 30, 10);
        settle(it);
        bobs = RewardsTrees.proofAt(it, 1);
    }

    function testFuzz_noOtherLeafVerifies(
        address account,
        uint256 amount,
        uint256 prefix,
        uint256 index,
        bytes32[3] memory noise
    ) public {
        bytes32[] memory siblings = new bytes32[](uint256(noise[0]) % 3);
        for (uint256 i; i < siblings.length; ++i) {
            siblings[i] = noise[i + 1];
        }
        _refused(account, amount, prefix, index, siblings);
        // And none beside the true siblings of a true leaf.
        vm.assume(!(account == BOB && amount == 30 && prefix == 90));
        _refused(account, amount, prefix, 1, bobs.siblings);
    }
}
