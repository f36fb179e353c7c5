// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EarningsProof} from "../../src/types/Rewards.sol";
import {IndexedTree} from "./IndexedTree.sol";

/// @dev What everybody earned, as a tree; made by the definition, apart from the code under test.
struct Book {
    address[] accounts;
    uint256[] amounts;
    uint256[] prefixes;
}

/// @dev What everybody earned, as a positional tree.
library RewardsTrees {
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
            siblings: IndexedTree.proof(leavesOf(book), i)
        });
    }

    /// @dev As `proofAt` of every place, from one tree.
    function allProofs(Book memory book) internal pure returns (EarningsProof[] memory all) {
        bytes32[][] memory paths = IndexedTree.proofs(leavesOf(book));
        all = new EarningsProof[](paths.length);
        for (uint256 i; i < all.length; ++i) {
            all[i] = EarningsProof(book.accounts[i], book.amounts[i], book.prefixes[i], uint32(i), paths[i]);
        }
    }

    function totalOf(Book memory book) internal pure returns (uint256 total) {
        for (uint256 i; i < book.amounts.length; ++i) {
            total += book.amounts[i];
        }
    }
}
