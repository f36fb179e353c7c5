// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EarningsLeaf} from "../../src/libraries/EarningsLeaf.sol";
import {IndexedMerkle} from "../../src/libraries/IndexedMerkle.sol";
import {ReceiptLeaves} from "../../src/libraries/ReceiptLeaves.sol";
import {EarningsProof} from "../../src/types/Rewards.sol";
import {IndexedTree} from "../support/IndexedTree.sol";
import {RewardsTrees} from "../support/RewardsTrees.sol";
import {Test} from "../support/Test.sol";

/// @dev The arithmetic of proofs, against its definitions.
contract RewardsLibrariesTest is Test {
    function climb(bytes32 leaf, uint256 index, bytes32[] calldata siblings) external pure returns (bytes32) {
        return IndexedMerkle.climb(leaf, index, siblings);
    }

    function verify(bytes32 leaf, uint256 index, uint256 count, bytes32[] calldata siblings, bytes32 root)
        external
        pure
        returns (bool)
    {
        return IndexedMerkle.verify(leaf, index, count, siblings, root);
    }

    function isIn(EarningsProof calldata proof, uint256 accounts, bytes32 root) external pure returns (bool) {
        return EarningsLeaf.isIn(proof, accounts, root);
    }

    function scoreOf(bytes calldata query, uint16 scale, bytes calldata numbers) external pure returns (int256) {
        return ReceiptLeaves.scoreOf(query, scale, numbers);
    }

    /// @dev Of every length, so that single levels and turns of four are met in all mixtures.
    function testFuzz_climb(bytes32 leaf, uint256 index, bytes32[] memory siblings) public view {
        if (siblings.length > 11) {
            assembly {
                mstore(siblings, mod(mload(siblings), 12))
            }
        }
        bytes32 node = leaf;
        for (uint256 k; k < siblings.length; ++k) {
            node = (k < 256 ? index >> k : 0) & 1 == 0
                ? keccak256(abi.encodePacked(node, siblings[k]))
                : keccak256(abi.encodePacked(siblings[k], node));
        }
        vm.assertEq(this.climb(leaf, index, siblings), node);
    }

    function testFuzz_everyLeafHasItsPlaceAndNoOther(uint8 size, uint256 at, uint256 other, bytes32 seed) public view {
        bytes32[] memory leaves = new bytes32[](uint256(size) % 9 + 1);
        for (uint256 i; i < leaves.length; ++i) {
            leaves[i] = keccak256(abi.encode(seed, i));
        }
        (at, other) = (at % leaves.length, other % 32);
        bytes32 root = IndexedTree.root(leaves);
        bytes32[] memory siblings = IndexedTree.proof(leaves, at);
        vm.assertTrue(this.verify(leaves[at], at, leaves.length, siblings, root));
        if (other != at) vm.assertFalse(this.verify(leaves[at], other, leaves.length, siblings, root));
        vm.assertFalse(this.verify(leaves[at], at, at, siblings, root));
        vm.assertEq(IndexedMerkle.rootOf(leaves), root);
    }

    function testFuzz_fits(uint256 index, uint256 count, uint256 levels) public pure {
        count = bound(count, 0, type(uint32).max);
        levels %= 40;
        bool expected = index < count && (1 << levels) >= count && (levels == 0 || (1 << (levels - 1)) < count);
        vm.assertTrue(IndexedMerkle.fits(index, count, levels) == expected);
        uint256 depth = IndexedMerkle.depth(count);
        vm.assertTrue((1 << depth) >= count && (depth == 0 || (1 << (depth - 1)) < count));
    }

    function test_fits_edges() public pure {
        vm.assertFalse(IndexedMerkle.fits(0, 0, 0));
        vm.assertTrue(IndexedMerkle.fits(0, 1, 0));
        vm.assertFalse(IndexedMerkle.fits(0, 1, 1));
        vm.assertTrue(IndexedMerkle.fits(1, 2, 1));
        vm.assertFalse(IndexedMerkle.fits(0, 2, type(uint256).max));
        vm.assertEq(IndexedMerkle.depth(0), 0);
        vm.assertEq(IndexedMerkle.rootOf(new bytes32[](0)), bytes32(0));
    }

    function testFuzz_leaf(address account, uint256 cumulativeWei, uint256 prefixWei) public pure {
        bytes memory before = new bytes(64);
        bytes32 leaf = EarningsLeaf.hash(account, cumulativeWei, prefixWei);
        vm.assertEq(leaf, RewardsTrees.leaf(account, cumulativeWei, prefixWei));
        // The hash is made over Solidity's own scratch: memory goes on where it was.
        bytes memory after_ = new bytes(64);
        uint256 gap;
        assembly {
            gap := sub(after_, before)
        }
        vm.assertTrue(gap >= 96);
        vm.assertEq(keccak256(before), keccak256(new bytes(64)));
    }

    function test_isIn_emptyTree() public view {
        EarningsProof memory proof;
        vm.assertFalse(this.isIn(proof, 0, 0));
    }

    /// @dev A tree that is deeper or flatter than its number of accounts says has no leaves at all.
    function test_isIn_onlyAtTheTreesOwnDepth() public view {
        bytes32[] memory leaves = new bytes32[](4);
        for (uint256 i; i < 4; ++i) {
            leaves[i] = EarningsLeaf.hash(address(uint160(i + 1)), 1 ether, i * 1 ether);
        }
        EarningsProof memory proof =
            EarningsProof(address(uint160(2)), 1 ether, 1 ether, 1, IndexedTree.proof(leaves, 1));
        bytes32 root = IndexedTree.root(leaves);
        for (uint256 accounts = 1; accounts < 10; ++accounts) {
            vm.assertTrue(this.isIn(proof, accounts, root) == (accounts == 3 || accounts == 4));
        }
    }

    function testFuzz_scoreOf(bytes memory query, bytes memory numbers, uint16 scale) public view {
        uint256 width = query.length < numbers.length ? query.length : numbers.length;
        if (width > 24) width %= 25;
        assembly {
            mstore(query, width)
            mstore(numbers, width)
        }
        int256 dot;
        for (uint256 i; i < width; ++i) {
            dot += int256(int8(uint8(query[i]))) * int256(int8(uint8(numbers[i])));
        }
        vm.assertTrue(this.scoreOf(query, scale, numbers) == dot * int256(uint256(scale)));
    }

    function test_scoreOf_widest() public view {
        (bytes memory query, bytes memory numbers) = (new bytes(4096), new bytes(4096));
        for (uint256 i; i < 4096; ++i) {
            (query[i], numbers[i]) = (0x80, 0x80);
        }
        vm.assertTrue(this.scoreOf(query, 65_535, numbers) == 65_535 * 4096 * 128 * 128);
    }
}
