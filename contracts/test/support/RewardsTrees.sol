// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EarningsProof} from "../../src/types/Rewards.sol";

/// @dev What everybody earned, as a tree; made by the definition, apart from the code under test.
struct Book {
    address[] accounts;
    uint256[] amounts;
    uint256[] prefixes;
}

/// @dev Positional trees, level by level over a power of two.
library RewardsTrees {
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        if (leaves.length == 0) return 0;
        bytes32[] memory level = _filled(leaves);
        while (level.length > 1) level = _up(level);
        return level[0];
    }

    function siblings(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        bytes32[] memory level = _filled(leaves);
        uint256 depth;
        while ((1 << depth) < level.length) ++depth;
        path = new bytes32[](depth);
        for (uint256 k; k < depth; ++k) {
            path[k] = level[index % 2 == 0 ? index + 1 : index - 1];
            level = _up(level);
            index /= 2;
        }
    }

    function leavesOf(Book memory book) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](book.accounts.length);
        for (uint256 i; i < leaves.length; ++i) {
            leaves[i] = leaf(book.accounts[i], book.amounts[i], book.prefixes[i]);
        }
    }

    function leaf(address account, uint256 cumulativeWei, uint256 prefixWei) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(abi.encode(account, cumulativeWei, prefixWei))));
    }

    function proofAt(Book memory book, uint256 i) internal pure returns (EarningsProof memory) {
        return EarningsProof({
            account: book.accounts[i],
            cumulativeWei: book.amounts[i],
            prefixWei: book.prefixes[i],
            index: uint32(i),
            siblings: siblings(leavesOf(book), i)
        });
    }

    function totalOf(Book memory book) internal pure returns (uint256 total) {
        for (uint256 i; i < book.amounts.length; ++i) {
            total += book.amounts[i];
        }
    }

    function _filled(bytes32[] memory leaves) private pure returns (bytes32[] memory level) {
        uint256 size = 1;
        while (size < leaves.length) size *= 2;
        level = new bytes32[](size);
        for (uint256 i; i < leaves.length; ++i) {
            level[i] = leaves[i];
        }
    }

    function _up(bytes32[] memory level) private pure returns (bytes32[] memory next) {
        next = new bytes32[](level.length / 2);
        for (uint256 i; i < next.length; ++i) {
            next[i] = keccak256(abi.encodePacked(level[2 * i], level[2 * i + 1]));
        }
    }
}
