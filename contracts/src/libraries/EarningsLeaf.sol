// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EarningsProof} from "../types/Rewards.sol";
import {IndexedMerkle} from "./IndexedMerkle.sol";

/// @title EarningsLeaf
/// @notice The leaf of the cumulative earnings tree. Hashed twice, so that no inner node can pose as a leaf. The TypeScript twin is
/// `cumulativeLeaf`.
library EarningsLeaf {
    function hash(address account, uint256 cumulativeWei, uint256 prefixWei) internal pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            // Three words of scratch, the third of which holds Solidity's free memory pointer.
            let free := mload(0x40)
            mstore(0x00, account)
            mstore(0x20, cumulativeWei)
            mstore(0x40, prefixWei)
            mstore(0x00, keccak256(0x00, 0x60))
            leaf := keccak256(0x00, 0x20)
            mstore(0x40, free)
        }
    }

    /// @notice Whether a leaf stands at its index of the tree of `accounts` leaves with this root, in the filling beyond the last too, where
    /// none may.
    function isIn(EarningsProof calldata proof, uint256 accounts, bytes32 root) internal pure returns (bool) {
        uint256 levels = proof.siblings.length;
        // An index with bits above the root's level is no place at all, though the climb, which reads none of them, would not notice.
        if (accounts == 0 || levels != IndexedMerkle.depth(accounts) || uint256(proof.index) >> levels != 0) {
            return false;
        }
        bytes32 leaf = hash(proof.account, proof.cumulativeWei, proof.prefixWei);
        return IndexedMerkle.climb(leaf, proof.index, proof.siblings) == root;
    }
}
