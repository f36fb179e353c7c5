// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    FeatureProof,
    Receipt,
    ReceiptProof,
    RootClaim,
    RootProposal,
    ScoreLeaf,
    ScoreProof,
    SnapshotProof
} from "../../src/types/Rewards.sol";
import {MerkleTree} from "./MerkleTree.sol";
import {IndexedTree} from "./IndexedTree.sol";
import {RewardsWorld} from "./RewardsWorld.sol";

/// @dev One answer over six rows, with features, snapshot, scores and a receipt, inside an epoch of three receipts. Row 3 is a copy of row 2, row 4
/// was not learnt from. All hashes are made here from their formats, apart from the libraries under test.
abstract contract AnswerWorld is RewardsWorld {
    uint256 internal constant ROWS = 6;
    uint256 internal constant WIDTH = 8;
    uint256 internal constant OURS = 1;

    int8[WIDTH] internal query = [int8(127), -127, 3, 0, -1, 50, 9, 2];
    int8[WIDTH][ROWS] internal numbers;
    uint16[ROWS] internal scales = [uint16(3), 500, 65_535, 65_535, 0, 40_000];
    uint256[ROWS] internal clusters = [uint256(0), 1, 2, 2, 4, 5];
    bytes32 internal modelId;

    function setUp() public virtual override {
        super.setUp();
        numbers[0] = [int8(1), 1, 1, 1, 1, 1, 1, 1];
        numbers[1] = [int8(100), -100, 0, 0, 0, 20, 3, 3];
        numbers[2] = [int8(127), -127, 127, -127, 0, 1, 2, 3];
        numbers[3] = [int8(127), -127, 127, -127, 0, 1, 2, 4];
        numbers[4] = [int8(0), 0, 0, 0, 0, 0, 0, 0];
        numbers[5] = [int8(-127), 127, -5, 9, 100, -90, 1, 0];
        modelId = publishModel(MerkleTree.root(_snapshotLeaves()), MerkleTree.root(_featureLeaves()));
        fund(100);
    }

    function scoreOf(uint256 row) internal view returns (int256 score) {
        for (uint256 i; i < WIDTH; ++i) {
            score += int256(query[i]) * int256(numbers[row][i]);
        }
        score *= int256(uint256(scales[row]));
    }

    function contributorOf(uint256 row) internal pure returns (address) {
        return address(uint160(0xc000 + row));
    }

    /// @dev The honest list: rows 1 and 2 count.
    function honestScores() internal view returns (ScoreLeaf[] memory scores) {
        scores = new ScoreLeaf[](2);
        scores[0] = scoreLeaf(1, 200_000);
        scores[1] = scoreLeaf(2, 500_000);
    }

    function scoreLeaf(uint256 row, uint256 ppm) internal view returns (ScoreLeaf memory) {
        return ScoreLeaf(uint32(row), contributorOf(row), int64(scoreOf(row)), uint32(ppm));
    }

    function receiptOf(ScoreLeaf[] memory scores) internal view returns (Receipt memory) {
        return Receipt({
            chainId: block.chainid,
            vault: address(vault),
            paymentNonce: "nonce",
            payer: address(0xbeef),
            modelId: modelId,
            adapterDigest: "adapter",
            baseDigest: "base",
            snapshotRoot: MerkleTree.root(_snapshotLeaves()),
            featuresRoot: MerkleTree.root(_featureLeaves()),
            engineId: "engine",
            promptHash: "prompt",
            responseHash: "response",
            tokensIn: 3,
            tokensOut: 4,
            feeWei: 1 ether,
            method: "method",
            sharesRoot: sharesRootOf(scores),
            timestamp: 1_800_000_000,
            queryDigest: keccak256(queryBytes()),
            scoresRoot: IndexedTree.root(scoreLeaves(scores))
        });
    }

    function proposeReceipt(Receipt memory receipt) internal returns (RootProposal memory, ReceiptProof memory) {
        bytes32[] memory leaves = receiptLeaves(receipt);
        RootClaim memory claim_ = claimOf(book(60, 30, 10));
        (claim_.receiptsRoot, claim_.receipts) = (IndexedTree.root(leaves), uint32(leaves.length));
        return (propose(claim_), ReceiptProof(receipt, uint32(OURS), IndexedTree.proof(leaves, OURS)));
    }

    function receiptLeaves(Receipt memory receipt) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](3);
        leaves[0] = _twice(abi.encode(bytes32("another")));
        leaves[OURS] = _twice(abi.encode(keccak256(abi.encode(receipt))));
        leaves[2] = _twice(abi.encode(bytes32("a third")));
    }

    function queryBytes() internal view returns (bytes memory bytes_) {
        bytes_ = new bytes(WIDTH);
        for (uint256 i; i < WIDTH; ++i) {
            bytes_[i] = bytes1(uint8(query[i]));
        }
    }

    function featureOf(uint256 row) internal view returns (FeatureProof memory) {
        return FeatureProof(uint32(row), scales[row], numberBytes(row), MerkleTree.proof(_featureLeaves(), row));
    }

    function snapshotOf(uint256 row) internal view returns (SnapshotProof memory) {
        return SnapshotProof(
            row, bytes32(row + 1), contributorOf(row), clusters[row], MerkleTree.proof(_snapshotLeaves(), row)
        );
    }

    function scoreProof(ScoreLeaf[] memory scores, uint256 i) internal pure returns (ScoreProof memory) {
        return ScoreProof(scores[i], uint32(i), IndexedTree.proof(scoreLeaves(scores), i));
    }

    function scoreLeaves(ScoreLeaf[] memory scores) internal pure returns (bytes32[] memory leaves) {
        leaves = new bytes32[](scores.length);
        for (uint256 i; i < scores.length; ++i) {
            ScoreLeaf memory it = scores[i];
            leaves[i] = keccak256(abi.encode(keccak256(abi.encode(it.row, it.contributor, it.score, it.sharePpm))));
        }
    }

    /// @dev StandardMerkleTree's layout for up to three shares, written out.
    function sharesRootOf(ScoreLeaf[] memory scores) internal pure returns (bytes32) {
        bytes32[] memory leaves = new bytes32[](3);
        uint256 count;
        for (uint256 i; i < scores.length; ++i) {
            if (scores[i].sharePpm == 0) continue;
            leaves[count++] =
                keccak256(abi.encode(keccak256(abi.encode(scores[i].row, scores[i].contributor, scores[i].sharePpm))));
        }
        if (count == 0) return 0;
        if (count == 1) return leaves[0];
        if (count == 2) return _sorted(leaves[0], leaves[1]);
        return _sorted(_sorted(leaves[0], leaves[1]), leaves[2]);
    }

    function numberBytes(uint256 row) internal view returns (bytes memory bytes_) {
        bytes_ = new bytes(WIDTH);
        for (uint256 i; i < WIDTH; ++i) {
            bytes_[i] = bytes1(uint8(numbers[row][i]));
        }
    }

    function _featureLeaves() internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](ROWS);
        for (uint256 row; row < ROWS; ++row) {
            leaves[row] =
                keccak256(abi.encodePacked("openledger/feature/v2", uint32(row), scales[row], numberBytes(row)));
        }
    }

    function _snapshotLeaves() internal view returns (bytes32[] memory leaves) {
        leaves = new bytes32[](ROWS);
        for (uint256 row; row < ROWS; ++row) {
            leaves[row] =
                keccak256(abi.encode(keccak256(abi.encode(row, bytes32(row + 1), contributorOf(row), clusters[row]))));
        }
    }

    function _twice(bytes memory encoded) private pure returns (bytes32) {
        return keccak256(abi.encode(keccak256(encoded)));
    }

    function _sorted(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encodePacked(a, b)) : keccak256(abi.encodePacked(b, a));
    }
}
