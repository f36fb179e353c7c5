// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Ids} from "../../src/libraries/Ids.sol";
import {CurationRule} from "../../src/types/Datanets.sol";
import {DatanetWorld} from "../support/DatanetWorld.sol";
import {MerkleTree} from "../support/MerkleTree.sol";

/// @dev Gas of what contributors, owners and curators pay for; each call a transaction of its own, as in Gas.t.sol.
/// forge-config: default.isolate = true
contract DatanetGasTest is DatanetWorld {
    string private constant GROUP = "datanets";

    function test_owner() public {
        bytes32 net = create(CurationRule.Owner, 0);
        vm.snapshotGasLastCall(GROUP, "create");
        _offer(net, 10, "10 rows");
        bytes32 id = _offer(net, 1000, "1000 rows");
        acceptAs(OWNER, id, 1000);
        vm.snapshotGasLastCall(GROUP, "accept");
        settle(id);
        vm.snapshotGasLastCall(GROUP, "finalise");
        bytes32 bad = offer(ALICE, net, "bad", 10);
        vm.prank(OWNER);
        datanets.reject(bad, 1);
        vm.snapshotGasLastCall(GROUP, "reject");
        vm.prank(OWNER);
        datanets.snapshot(net, "root", 10, 1, 0);
        vm.snapshotGasLastCall(GROUP, "snapshot");
    }

    function test_staked() public {
        bytes32 net = create(CurationRule.Owner, 1 ether);
        bytes32 id = _offer(net, 1000, "1000 rows, staked");
        acceptAs(OWNER, id, 1000);
        settle(id);
        vm.snapshotGasLastCall(GROUP, "finalise, staked");
        datanets.withdraw(ALICE);
        vm.snapshotGasLastCall(GROUP, "withdraw");
    }

    function test_tombstone() public {
        bytes32[] memory leaves = new bytes32[](1000);
        for (uint256 i; i < 1000; ++i) {
            leaves[i] = Ids.rowLeaf(bytes32(i + 1));
        }
        bytes32 id = offer(ALICE, create(CurationRule.Owner, 0), MerkleTree.root(leaves), 1000);
        acceptAs(OWNER, id, 1000);
        settle(id);
        bytes32[] memory proof = MerkleTree.proof(leaves, 500);
        vm.prank(ALICE);
        datanets.tombstone(id, bytes32(uint256(501)), proof);
        vm.snapshotGasLastCall(GROUP, "tombstone, of 1000 rows");
    }

    function test_committee() public {
        bytes32 net = create(CurationRule.Committee, 1 ether);
        bytes32 id = _offer(net, 10, "10 rows, under review by 5");
        vote(caseOf(id, 0), ACCEPT);
        datanets.resolve(id);
        vm.snapshotGasLastCall(GROUP, "resolve a review");
        vm.prank(WATCHER);
        datanets.appeal(id);
        vm.snapshotGasLastCall(GROUP, "appeal");
        vm.prank(OWNER);
        datanets.defend(id);
        vm.snapshotGasLastCall(GROUP, "defend");
        vote(caseOf(id, 1), ACCEPT);
        datanets.resolve(id);
        vm.snapshotGasLastCall(GROUP, "resolve an appeal (settles juries of 5 and 11)");
    }

    function test_size() public {
        vm.snapshotValue("datanetsSize", "DatanetRegistry", address(datanets).code.length);
    }

    function _offer(bytes32 net, uint32 rows, string memory name) private returns (bytes32 id) {
        bytes32 root = keccak256(bytes(name));
        commit(ALICE, net, root, rows);
        vm.snapshotGasLastCall(GROUP, string.concat("commit ", name));
        _roll(1);
        id = reveal(ALICE, net, root, rows);
        vm.snapshotGasLastCall(GROUP, string.concat("reveal ", name));
    }
}
