// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EarningsLeaf} from "../../src/libraries/EarningsLeaf.sol";
import {IndexedMerkle} from "../../src/libraries/IndexedMerkle.sol";
import {ReceiptLeaves} from "../../src/libraries/ReceiptLeaves.sol";
import {FeatureProof, Receipt, RootClaim, RootProposal, ScoreLeaf} from "../../src/types/Rewards.sol";
import {Test} from "../support/Test.sol";

/// @dev Holds vectors/rewards.json to the Solidity side; the twins in packages/protocol and packages/attribution are held to the same file.
/// With OPENLEDGER_WRITE_VECTORS=true it writes the expected values instead.
contract RewardsVectorsTest is Test {
    string private constant PATH = "test/vectors/rewards.json";
    string private group;
    string private json;
    string private written;
    uint256 private writtenCase;
    bool private writing = vm.envOr("OPENLEDGER_WRITE_VECTORS", false);
    ScoreLeaf[] private scores;

    /// @dev One after the other in one test: each rewrites the same file where it writes.
    function test_rewards() public {
        _open(".earnings");
        uint256 i;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            bytes32 leaf =
                EarningsLeaf.hash(_address(at, ".account"), _uint(at, ".cumulativeWei"), _uint(at, ".prefixWei"));
            _expect(i, "leaf", leaf);
        }
        _close(i, 3);

        _open(".trees");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            bytes32[] memory leaves = new bytes32[](_uint(at, ".count"));
            for (uint256 k; k < leaves.length; ++k) {
                leaves[k] = keccak256(abi.encode(k));
            }
            _expect(i, "root", IndexedMerkle.rootOf(leaves));
        }
        _close(i, 12);

        _open(".scores");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            scores.push(
                ScoreLeaf(
                    uint32(_uint(at, ".row")),
                    _address(at, ".contributor"),
                    int64(int256(_uint(at, ".shiftedScore")) - 2 ** 63),
                    uint32(_uint(at, ".sharePpm"))
                )
            );
            (bytes32 leaf, bytes32 scoresRoot, bytes32 sharesRoot) = this.rootsOf(scores);
            _expect(i, "leaf", leaf);
            _expect(i, "scoresRoot", scoresRoot);
            _expect(i, "sharesRoot", sharesRoot);
        }
        _close(i, 5);

        _open(".chunks");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            bytes memory text = bytes(vm.parseJsonString(json, string.concat(at, ".text")));
            _expect(i, "leaf", this.chunkOf(uint32(_uint(at, ".index")), text));
        }
        _close(i, 3);

        _open(".receipts");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            (bytes32 id, bytes32 leaf) = this.receiptOf(_receipt(at));
            _expect(i, "id", id);
            _expect(i, "leaf", leaf);
        }
        _close(i, 2);

        _open(".proposals");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            _expect(i, "hash", keccak256(abi.encode(_proposal(at))));
        }
        _close(i, 2);

        _open(".features");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            FeatureProof memory feature;
            (uint256 width, uint256 seed) = (_uint(at, ".width"), _uint(at, ".seed"));
            (feature.row, feature.scale) = (uint32(_uint(at, ".row")), uint16(_uint(at, ".scale")));
            feature.numbers = _numbers(width, seed);
            (bytes32 leaf, int256 score) = this.featureOf(feature, _numbers(width, 3 * seed));
            _expect(i, "leaf", leaf);
            _expect(i, "shiftedScore", vm.toString(uint256(score + 2 ** 63)));
        }
        _close(i, 4);
    }

    function rootsOf(ScoreLeaf[] calldata leaves) external pure returns (bytes32, bytes32, bytes32) {
        return (
            ReceiptLeaves.score(leaves[leaves.length - 1]),
            ReceiptLeaves.scoresRoot(leaves),
            ReceiptLeaves.sharesRoot(leaves)
        );
    }

    function chunkOf(uint32 index, bytes calldata text) external pure returns (bytes32) {
        return ReceiptLeaves.chunk(index, text);
    }

    function receiptOf(Receipt calldata receipt) external pure returns (bytes32 id, bytes32 leaf) {
        id = ReceiptLeaves.id(receipt);
        leaf = ReceiptLeaves.receipt(id);
    }

    function featureOf(FeatureProof calldata feature, bytes calldata query) external pure returns (bytes32, int256) {
        return (ReceiptLeaves.feature(feature), ReceiptLeaves.scoreOf(query, feature.scale, feature.numbers));
    }

    function _receipt(string memory at) private view returns (Receipt memory it) {
        uint256 seed = _uint(at, ".seed");
        it.chainId = _uint(at, ".chainId");
        (it.vault, it.payer) = (_address(at, ".vault"), _address(at, ".payer"));
        (it.paymentNonce, it.modelId, it.adapterDigest) = (_digest(seed, 0), _digest(seed, 1), _digest(seed, 2));
        (it.baseDigest, it.snapshotRoot, it.featuresRoot) = (_digest(seed, 3), _digest(seed, 4), _digest(seed, 5));
        (it.engineId, it.promptHash, it.responseHash) = (_digest(seed, 6), _digest(seed, 7), _digest(seed, 8));
        (it.method, it.sharesRoot) = (_digest(seed, 9), _digest(seed, 10));
        (it.queryDigest, it.scoresRoot) = (_digest(seed, 11), _digest(seed, 12));
        (it.tokensIn, it.tokensOut) = (uint32(_uint(at, ".tokensIn")), uint32(_uint(at, ".tokensOut")));
        (it.feeWei, it.timestamp) = (_uint(at, ".feeWei"), uint64(_uint(at, ".timestamp")));
    }

    function _proposal(string memory at) private view returns (RootProposal memory) {
        uint256 seed = _uint(at, ".seed");
        return RootProposal({
            claim: RootClaim({
                epoch: uint64(_uint(at, ".epoch")),
                receiptsRoot: _digest(seed, 0),
                receipts: uint32(_uint(at, ".receipts")),
                earningsRoot: _digest(seed, 1),
                accounts: uint32(_uint(at, ".accounts")),
                totalCumulativeWei: _uint(at, ".totalWei"),
                dataRoot: _digest(seed, 2),
                dataChunks: uint32(_uint(at, ".chunks"))
            }),
            previousHash: _digest(seed, 3),
            previousTotalWei: _uint(at, ".previousTotalWei"),
            proposer: _address(at, ".proposer"),
            challengeEnds: uint64(_uint(at, ".challengeEnds"))
        });
    }

    function _digest(uint256 seed, uint256 i) private pure returns (bytes32) {
        return keccak256(abi.encode(seed, i));
    }

    function _numbers(uint256 width, uint256 seed) private pure returns (bytes memory numbers) {
        numbers = new bytes(width);
        for (uint256 i; i < width; ++i) {
            numbers[i] = bytes1(uint8(int8(int256((i * 37 + seed) % 255) - 127)));
        }
    }

    function _open(string memory group_) private {
        group = group_;
        json = vm.readFile(PATH);
        (written, writtenCase) = ("", 0);
    }

    function _case(uint256 i) private view returns (string memory) {
        return string.concat(group, ".cases[", vm.toString(i), "]");
    }

    function _uint(string memory at, string memory key) private view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(at, key));
    }

    function _address(string memory at, string memory key) private view returns (address) {
        return vm.parseJsonAddress(json, string.concat(at, key));
    }

    function _expect(uint256 i, string memory key, bytes32 value) private {
        _expect(i, key, vm.toString(value));
    }

    function _expect(uint256 i, string memory key, string memory value) private {
        if (writing) {
            // `},{` between cases, `,` between the fields of one.
            if (bytes(written).length != 0) written = string.concat(written, i == writtenCase ? "," : "},{");
            written = string.concat(written, '"', key, '":"', value, '"');
            writtenCase = i;
        } else {
            string memory at = string.concat(group, ".expected[", vm.toString(i), "].", key);
            vm.assertEq(vm.parseJsonString(json, at), value);
        }
    }

    function _close(uint256 count, uint256 expectedCount) private {
        vm.assertEq(count, expectedCount);
        if (writing) vm.writeJson(string.concat("[{", written, "}]"), PATH, string.concat(group, ".expected"));
    }
}
