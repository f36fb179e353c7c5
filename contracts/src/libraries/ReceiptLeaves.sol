// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {FeatureProof, Receipt, ScoreLeaf, SnapshotProof} from "../types/Rewards.sol";
import {IndexedMerkle} from "./IndexedMerkle.sol";

/// @title ReceiptLeaves
/// @notice What hangs below a receipt: its own leaf, counted scores, shares, features, snapshot rows, data chunks. The TypeScript twins are
/// `receiptLeaf`, `countedScoreLeaf`, `scoresRoot`, `sharesRoot`, `featureLeafOf`, `snapshotLeaf`, `dataChunkLeaf`.
library ReceiptLeaves {
    bytes private constant FEATURE_TAG = "openledger/feature/v2";

    function id(Receipt calldata record) internal pure returns (bytes32) {
        return keccak256(abi.encode(record));
    }

    function receipt(bytes32 receiptId) internal pure returns (bytes32) {
        return twice(abi.encode(receiptId));
    }

    function score(ScoreLeaf calldata leaf) internal pure returns (bytes32) {
        return twice(abi.encode(leaf));
    }

    function scoresRoot(ScoreLeaf[] calldata leaves) internal pure returns (bytes32) {
        bytes32[] memory hashes = new bytes32[](leaves.length);
        for (uint256 i; i < leaves.length; ++i) {
            hashes[i] = score(leaves[i]);
        }
        return IndexedMerkle.rootOf(hashes);
    }

    /// @notice Root over the shares of the rows that earn: a heap with sorted pairs, leaf k at the k-th place from the end.
    function sharesRoot(ScoreLeaf[] calldata leaves) internal pure returns (bytes32) {
        uint256 count;
        for (uint256 i; i < leaves.length; ++i) {
            if (leaves[i].sharePpm != 0) ++count;
        }
        if (count == 0) return 0;
        bytes32[] memory nodes = new bytes32[](2 * count - 1);
        uint256 at = nodes.length;
        for (uint256 i; i < leaves.length; ++i) {
            ScoreLeaf calldata leaf = leaves[i];
            if (leaf.sharePpm != 0) nodes[--at] = twice(abi.encode(leaf.row, leaf.contributor, leaf.sharePpm));
        }
        while (at != 0) {
            --at;
            nodes[at] = Hashes.commutativeKeccak256(nodes[2 * at + 1], nodes[2 * at + 2]);
        }
        return nodes[0];
    }

    function feature(FeatureProof calldata row) internal pure returns (bytes32) {
        return keccak256(abi.encodePacked(FEATURE_TAG, row.row, row.scale, row.numbers));
    }

    function snapshot(SnapshotProof calldata row) internal pure returns (bytes32) {
        return twice(abi.encode(row.index, row.commitment, row.contributor, row.cluster));
    }

    function chunk(uint32 index, bytes calldata bytes_) internal pure returns (bytes32) {
        return twice(abi.encode(index, keccak256(bytes_)));
    }

    /// @notice scale · Σ query·number, exact: at most 65,535 · 4,096 · 128², below 2^42. Both must be of one length.
    function scoreOf(bytes calldata query, uint16 scale, bytes calldata numbers) internal pure returns (int256 dot) {
        assembly ("memory-safe") {
            let scored := numbers.offset
            let asked := query.offset
            for { let end := add(asked, query.length) } lt(asked, end) {
                asked := add(asked, 1)
                scored := add(scored, 1)
            } {
                let product :=
                    mul(signextend(0, byte(0, calldataload(asked))), signextend(0, byte(0, calldataload(scored))))
                dot := add(dot, product)
            }
        }
        return dot * int256(uint256(scale));
    }

    function twice(bytes memory encoded) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(encoded)));
    }
}
