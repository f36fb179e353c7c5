// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev A positional tree, built the plain way: every level filled up with the zero of that level.
library IndexedTree {
    function root(bytes32[] memory leaves) internal pure returns (bytes32) {
        if (leaves.length == 0) return 0;
        bytes32[] memory level = _filled(leaves);
        while (level.length > 1) level = _up(level);
        return level[0];
    }

    function proof(bytes32[] memory leaves, uint256 index) internal pure returns (bytes32[] memory path) {
        bytes32[] memory level = _filled(leaves);
        uint256 depth;
        for (uint256 size = level.length; size > 1; size /= 2) {
            ++depth;
        }
        path = new bytes32[](depth);
        for (uint256 i; i < depth; ++i) {
            path[i] = level[index ^ 1];
            level = _up(level);
            index >>= 1;
        }
    }

    /// @dev All paths at once, for tests that run often: each level is built once.
    function proofs(bytes32[] memory leaves) internal pure returns (bytes32[][] memory paths) {
        bytes32[] memory level = _filled(leaves);
        uint256 depth;
        for (uint256 size = level.length; size > 1; size /= 2) {
            ++depth;
        }
        paths = new bytes32[][](leaves.length);
        for (uint256 i; i < leaves.length; ++i) {
            paths[i] = new bytes32[](depth);
        }
        for (uint256 k; k < depth; ++k) {
            for (uint256 i; i < leaves.length; ++i) {
                paths[i][k] = level[(i >> k) ^ 1];
            }
            level = _up(level);
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
            next[i] = keccak256(bytes.concat(level[2 * i], level[2 * i + 1]));
        }
    }
}
