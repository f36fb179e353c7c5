// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IAttributionRewards} from "../../src/interfaces/IAttributionRewards.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {EarningsLeaf} from "../../src/libraries/EarningsLeaf.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {MerkleTree} from "../support/MerkleTree.sol";
import {World} from "../support/World.sol";

contract AttributionRewardsTest is World {
    address private constant ALICE = address(0xa11);
    address private constant BOB = address(0xb0b);
    bytes32 private constant RECEIPTS = "receipts";

    function setUp() public override {
        super.setUp();
        vm.prank(payer);
        token.approve(address(rewards), type(uint256).max);
        _fund(100);
    }

    function test_fund() public {
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.Funded(payer, 5, 105);
        _fund(5);
        vm.assertEq(rewards.collected(), 105);
        vm.assertEq(token.balanceOf(address(rewards)), 105);
    }

    function test_fund_refuses() public {
        vm.expectRevert(IAttributionRewards.ZeroAmount.selector);
        rewards.fund(0);
        vm.expectRevert(
            abi.encodeWithSelector(IERC20Errors.ERC20InsufficientAllowance.selector, address(rewards), 0, 5)
        );
        rewards.fund(5);
        vm.assertEq(rewards.collected(), 100);
    }

    function test_submitRoot() public {
        bytes32 root = _root(60, 40);
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.RootSubmitted(1, RECEIPTS, root, 100);
        _submit(1, root, 100);
        IAttributionRewards.Epoch memory epoch = rewards.getEpoch(1);
        vm.assertEq(rewards.latestEpoch(), 1);
        vm.assertEq(epoch.receiptsRoot, RECEIPTS);
        vm.assertEq(epoch.earningsRoot, root);
        vm.assertEq(epoch.totalCumulativeWei, 100);
        vm.assertEq(epoch.timestamp, block.timestamp);
    }

    function test_claim() public {
        _submit(1, _root(60, 40), 100);
        vm.expectEmit(address(rewards));
        emit IAttributionRewards.Claimed(ALICE, 1, 60, 60);
        vm.assertEq(rewards.claim(ALICE, 60, _proof(60, 40, 0)), 60);
        rewards.claim(BOB, 40, _proof(60, 40, 1));
        vm.assertEq(token.balanceOf(ALICE), 60);
        vm.assertEq(token.balanceOf(BOB), 40);
        vm.assertEq(rewards.claimed(ALICE), 60);
        vm.assertEq(rewards.totalClaimed(), 100);
        vm.assertEq(token.balanceOf(address(rewards)), 0);
    }

    function test_claim_paysTheDifferenceInLaterEpochs() public {
        _submit(1, _root(50, 10), 60);
        rewards.claim(ALICE, 50, _proof(50, 10, 0));
        _submit(2, _root(70, 30), 100);
        vm.assertEq(rewards.claim(ALICE, 70, _proof(70, 30, 0)), 20);
        // Bob skipped the first epoch and lost nothing.
        vm.assertEq(rewards.claim(BOB, 30, _proof(70, 30, 1)), 30);
    }

    function test_claim_soleEarnerNeedsNoProof() public {
        _submit(1, EarningsLeaf.hash(ALICE, 100), 100);
        rewards.claim(ALICE, 100, new bytes32[](0));
        vm.assertEq(token.balanceOf(ALICE), 100);
    }

    function test_emptyEpochs() public {
        _submit(1, 0, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, ALICE, 0));
        rewards.claim(ALICE, 0, new bytes32[](0));
        _refused(2, 0, 1, abi.encodeWithSelector(IAttributionRewards.RootDisagreesWithTotal.selector, bytes32(0), 1));
        _refused(
            2,
            "root",
            0,
            abi.encodeWithSelector(IAttributionRewards.RootDisagreesWithTotal.selector, bytes32("root"), 0)
        );
    }

    function test_attack_claimTwice() public {
        _submit(1, _root(60, 40), 100);
        rewards.claim(ALICE, 60, _proof(60, 40, 0));
        bytes32[] memory proof = _proof(60, 40, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NothingToClaim.selector, ALICE, 60, 60));
        rewards.claim(ALICE, 60, proof);
    }

    function test_attack_forgedProof() public {
        _submit(1, _root(60, 40), 100);
        bytes32[] memory proof = _proof(60, 40, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, ALICE, 61));
        rewards.claim(ALICE, 61, proof);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, address(0xbad), 60));
        rewards.claim(address(0xbad), 60, proof);
        proof[0] ^= bytes32(uint256(1));
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, ALICE, 60));
        rewards.claim(ALICE, 60, proof);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, ALICE, 60));
        rewards.claim(ALICE, 60, new bytes32[](0));
    }

    function test_attack_proofOfAnOldEpoch() public {
        _submit(1, _root(60, 40), 100);
        bytes32[] memory old = _proof(60, 40, 0);
        _fund(100);
        _submit(2, _root(70, 130), 200);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, ALICE, 60));
        rewards.claim(ALICE, 60, old);
    }

    function test_attack_claimBeforeAnyRoot() public {
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, ALICE, 60));
        rewards.claim(ALICE, 60, new bytes32[](0));
    }

    function test_attack_strangerSubmits() public {
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NotSettler.selector, address(this), settler));
        rewards.submitRoot(1, RECEIPTS, "root", 100);
    }

    function test_attack_overwriteOrSkipEpochs() public {
        _submit(1, _root(60, 40), 100);
        _refused(1, _root(100, 0), 100, abi.encodeWithSelector(IAttributionRewards.InvalidEpoch.selector, 1, 2));
        _refused(3, _root(100, 0), 100, abi.encodeWithSelector(IAttributionRewards.InvalidEpoch.selector, 3, 2));
        _refused(0, _root(100, 0), 100, abi.encodeWithSelector(IAttributionRewards.InvalidEpoch.selector, 0, 2));
        vm.assertEq(rewards.getEpoch(1).earningsRoot, _root(60, 40));
    }

    function test_attack_shrinkingTotal() public {
        _submit(1, _root(60, 40), 100);
        _refused(2, _root(60, 39), 99, abi.encodeWithSelector(IAttributionRewards.TotalShrinks.selector, 99, 100));
    }

    function test_attack_totalBeyondCollected() public {
        _refused(
            1, _root(60, 41), 101, abi.encodeWithSelector(IAttributionRewards.TotalExceedsCollected.selector, 101, 100)
        );
    }

    /// @dev Tokens merely sent here are not collected: they cannot be promised.
    function test_attack_strayTokensAreNotCollected() public {
        give(address(rewards), 50);
        vm.assertEq(rewards.collected(), 100);
        _refused(
            1, _root(60, 41), 101, abi.encodeWithSelector(IAttributionRewards.TotalExceedsCollected.selector, 101, 100)
        );
    }

    /// @dev A settler who writes leaves beyond the total he states cannot touch what was collected beyond it.
    function test_attack_leavesBeyondTotal() public {
        _fund(900);
        _submit(1, _root(60, 500), 100);
        rewards.claim(ALICE, 60, _proof(60, 500, 0));
        bytes32[] memory proof = _proof(60, 500, 1);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ClaimsExceedTotal.selector, 560, 100));
        rewards.claim(BOB, 500, proof);
        vm.assertEq(token.balanceOf(address(rewards)), 940);
    }

    /// @dev A settler who lowers one account's leaf takes back nothing, and what was paid stays counted.
    function test_attack_loweredLeaf() public {
        _submit(1, _root(60, 40), 100);
        rewards.claim(ALICE, 60, _proof(60, 40, 0));
        _submit(2, _root(10, 90), 100);
        bytes32[] memory lowered = _proof(10, 90, 0);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.NothingToClaim.selector, ALICE, 10, 60));
        rewards.claim(ALICE, 10, lowered);
        bytes32[] memory raised = _proof(10, 90, 1);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ClaimsExceedTotal.selector, 150, 100));
        rewards.claim(BOB, 90, raised);
    }

    /// @dev An inner node has 64 bytes under its hash, as a leaf's inner hash has; hashing leaves twice keeps them apart.
    function test_attack_innerNodeAsLeaf() public pure {
        bytes32 once = keccak256(abi.encode(ALICE, uint256(60)));
        vm.assertEq(EarningsLeaf.hash(ALICE, 60), keccak256(abi.encode(once)));
        vm.assertTrue(EarningsLeaf.hash(ALICE, 60) != once);
    }

    function test_attack_reentrancy_claim() public {
        (HostileToken hostile, AttributionRewards pot) = _hostile(200);
        _submitTo(pot, EarningsLeaf.hash(ALICE, 100), 100);
        hostile.arm(address(pot), abi.encodeCall(pot.claim, (ALICE, 100, new bytes32[](0))));
        pot.claim(ALICE, 100, new bytes32[](0));
        vm.assertEq(hostile.attempts(), 1);
        vm.assertFalse(hostile.succeeded());
        vm.assertEq(hostile.balanceOf(ALICE), 100);
        vm.assertEq(hostile.balanceOf(address(pot)), 100);
    }

    /// @dev While money is under way it is not yet collected, so no root can promise it.
    function test_attack_reentrancy_fund() public {
        HostileToken hostile = new HostileToken();
        // The token is its own settler, so that it may submit in the middle of a transfer.
        AttributionRewards pot = new AttributionRewards(IOpenToken(address(hostile)), address(hostile));
        hostile.mint(address(this), 200);
        hostile.approve(address(pot), 200);
        hostile.arm(address(pot), abi.encodeCall(pot.submitRoot, (1, RECEIPTS, bytes32("root"), 200)));
        pot.fund(200);
        vm.assertEq(hostile.attempts(), 1);
        vm.assertFalse(hostile.succeeded());
        vm.assertEq(pot.latestEpoch(), 0);
        vm.assertEq(pot.collected(), 200);
    }

    function test_constructor_refusesZeroAccounts() public {
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ZeroAccount.selector, "token"));
        new AttributionRewards(IOpenToken(address(0)), settler);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.ZeroAccount.selector, "settler"));
        new AttributionRewards(token, address(0));
    }

    function testFuzz_everybodyGetsTheirLeaf(uint256[8] memory earnings, uint256 extra) public {
        bytes32[] memory leaves = new bytes32[](8);
        uint256 total;
        for (uint256 i; i < 8; ++i) {
            earnings[i] = bound(earnings[i], 1, 1000 ether);
            leaves[i] = EarningsLeaf.hash(_account(i), earnings[i]);
            total += earnings[i];
        }
        _fund(total - 100 + bound(extra, 0, 1 ether));
        _submit(1, MerkleTree.root(leaves), total);
        for (uint256 i; i < 8; ++i) {
            rewards.claim(_account(i), earnings[i], MerkleTree.proof(leaves, i));
            vm.assertEq(token.balanceOf(_account(i)), earnings[i]);
        }
        vm.assertEq(rewards.totalClaimed(), total);
    }

    function testFuzz_noOtherLeafVerifies(address account, uint256 amount, bytes32[3] memory noise) public {
        _submit(1, _root(60, 40), 100);
        vm.assume(!(account == ALICE && amount == 60) && !(account == BOB && amount == 40));
        bytes32[] memory proof = new bytes32[](1 + uint256(noise[0]) % 2);
        for (uint256 i; i < proof.length; ++i) {
            proof[i] = noise[i + 1];
        }
        proof[proof.length - 1] = EarningsLeaf.hash(ALICE, 60);
        vm.expectRevert(abi.encodeWithSelector(IAttributionRewards.InvalidProof.selector, account, amount));
        rewards.claim(account, amount, proof);
    }

    function _account(uint256 i) private pure returns (address) {
        return address(uint160(0x1000 + i));
    }

    function _fund(uint256 amount) private {
        vm.prank(payer);
        rewards.fund(amount);
    }

    function _leaves(uint256 alice, uint256 bob) private pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](2);
        leaves[0] = EarningsLeaf.hash(ALICE, alice);
        leaves[1] = EarningsLeaf.hash(BOB, bob);
    }

    function _root(uint256 alice, uint256 bob) private pure returns (bytes32) {
        return MerkleTree.root(_leaves(alice, bob));
    }

    function _proof(uint256 alice, uint256 bob, uint256 index) private pure returns (bytes32[] memory) {
        return MerkleTree.proof(_leaves(alice, bob), index);
    }

    function _submit(uint64 epoch, bytes32 root, uint256 total) private {
        vm.prank(settler);
        rewards.submitRoot(epoch, RECEIPTS, root, total);
    }

    function _submitTo(AttributionRewards pot, bytes32 root, uint256 total) private {
        vm.prank(settler);
        pot.submitRoot(1, RECEIPTS, root, total);
    }

    function _refused(uint64 epoch, bytes32 root, uint256 total, bytes memory reason) private {
        vm.prank(settler);
        vm.expectRevert(reason);
        rewards.submitRoot(epoch, RECEIPTS, root, total);
    }

    function _hostile(uint256 amount) private returns (HostileToken hostile, AttributionRewards pot) {
        hostile = new HostileToken();
        pot = new AttributionRewards(IOpenToken(address(hostile)), settler);
        hostile.mint(address(this), amount);
        hostile.approve(address(pot), amount);
        pot.fund(amount);
    }
}
