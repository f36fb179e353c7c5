// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IndexedMerkle
/// @notice Merkle trees whose leaves have places: bit k of the index says on which side the sibling of level k stands. Filled up with zero leaves
/// to a power of two; inner node = keccak256(left ‖ right). Leaves must be hashes of other than 64 bytes. The TypeScript twin is `indexedTree`.
library IndexedMerkle {
    /// @notice The root that `leaf` at `index` and its siblings lead to.
    function climb(bytes32 leaf, uint256 index, bytes32[] calldata siblings) internal pure returns (bytes32 node) {
        node = leaf;
        assembly ("memory-safe") {
            // An even index is a left child: it goes to 0x00 and its sibling to 0x20, else the other way round.
            let side := shl(5, index)
            let at := siblings.offset
            let end := add(at, shl(5, and(siblings.length, 3)))
            for {} lt(at, end) { at := add(at, 0x20) } {
                let place := and(side, 0x20)
                mstore(place, node)
                mstore(xor(place, 0x20), calldataload(at))
                node := keccak256(0x00, 0x40)
                side := shr(1, side)
            }
            // The rest four levels a turn: what claims of large trees cost beyond calldata is computed here.
            end := add(siblings.offset, shl(5, siblings.length))
            for {} lt(at, end) { at := add(at, 0x80) } {
                let place := and(side, 0x20)
                mstore(place, node)
                mstore(xor(place, 0x20), calldataload(at))
                node := keccak256(0x00, 0x40)
                place := and(shr(1, side), 0x20)
                mstore(place, node)
                mstore(xor(place, 0x20), calldataload(add(at, 0x20)))
                node := keccak256(0x00, 0x40)
                place := and(shr(2, side), 0x20)
                mstore(place, node)
                mstore(xor(place, 0x20), calldataload(add(at, 0x40)))
                node := keccak256(0x00, 0x40)
                place := and(shr(3, side), 0x20)
                mstore(place, node)
                mstore(xor(place, 0x20), calldataload(add(at, 0x60)))
                node := keccak256(0x00, 0x40)
                side := shr(4, side)
            }
        }
    }

    /// @notice Whether `leaf` stands at `index` of a tree of `count` leaves with this root.
    function verify(bytes32 leaf, uint256 index, uint256 count, bytes32[] calldata siblings, bytes32 root)
        internal
        pure
        returns (bool)
    {
        return fits(index, count, siblings.length) && climb(leaf, index, siblings) == root;
    }

    /// @notice Whether a tree of `count` leaves has a leaf at `index`, `levels` below its root.
    function fits(uint256 index, uint256 count, uint256 levels) internal pure returns (bool) {
        return index < count && levels < 256 && (count - 1) >> levels == 0
            && (levels == 0 || (count - 1) >> (levels - 1) != 0);
    }

    /// @notice The smallest d with 2^d ≥ count; 0 for none.
    function depth(uint256 count) internal pure returns (uint256 levels) {
        while ((uint256(1) << levels) < count) ++levels;
    }

    /// @notice The root over leaves in memory, which it overwrites. For small trees: it hashes every node.
    function rootOf(bytes32[] memory leaves) internal pure returns (bytes32) {
        uint256 count = leaves.length;
        if (count == 0) return 0;
        bytes32 zero;
        while (count > 1) {
            for (uint256 i; i < count; i += 2) {
                leaves[i / 2] = pair(leaves[i], i + 1 < count ? leaves[i + 1] : zero);
            }
            zero = pair(zero, zero);
            count = (count + 1) / 2;
        }
        return leaves[0];
    }

    function pair(bytes32 left, bytes32 right) internal pure returns (bytes32 node) {
        assembly ("memory-safe") {
            mstore(0x00, left)
            mstore(0x20, right)
            node := keccak256(0x00, 0x40)
        }
    }
}
