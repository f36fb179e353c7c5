// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDisputes} from "../../src/interfaces/IDisputes.sol";
import {IndexedTree} from "../support/IndexedTree.sol";
import {JobsWorld} from "../support/JobsWorld.sol";
import {ToyRun} from "../support/ToyRun.sol";

/// @dev One dispute that waits for the trainer's first link, and every other thing it might be shown instead.
contract DisputesFuzz is JobsWorld {
    using ToyRun for ToyRun.Run;

    uint32 private constant MID = 3;
    bytes32 private id;
    bytes32[] private all;
    bytes32[] private proof;

    function setUp() public override {
        super.setUp();
        (bytes32 jobId, ToyRun.Run memory run) = submitted("job", 4, 1);
        id = challengeAs(CHALLENGER, jobId);
        all = run.links();
        proof = IndexedTree.proof(all, MID);
    }

    function testFuzz_onlyTheLinkItselfOpens(bytes32 link, uint256 node, bytes32 other, uint256 length) public {
        bytes32[] memory shown = proof;
        length = bound(length, 0, 2 * proof.length);
        // A proof of any length; of the right one, mostly with one node, or the link, another than it was.
        if (length < proof.length) {
            shown = new bytes32[](length);
            for (uint256 i; i < length; ++i) {
                shown[i] = proof[i];
            }
        } else if (node % 2 == 0) {
            shown[node / 2 % shown.length] = other;
        }
        bytes32 said = node % 4 < 2 ? all[MID] : link;
        bool isTrue = said == all[MID] && keccak256(abi.encode(shown)) == keccak256(abi.encode(proof));
        if (!isTrue) vm.expectRevert(abi.encodeWithSelector(IDisputes.LinkNotInRun.selector, MID, said));
        vm.prank(TRAINER);
        disputes.showLink(id, MID, said, shown);
    }

    function testFuzz_noOtherPlaceOpens(uint32 index, address sender) public {
        vm.assume(index != MID);
        vm.expectRevert(
            sender == TRAINER
                ? abi.encodeWithSelector(IDisputes.WrongIndex.selector, index, MID)
                : abi.encodeWithSelector(IDisputes.NotYourMove.selector, id, sender, TRAINER)
        );
        vm.prank(sender);
        disputes.showLink(id, index, all[MID], proof);
    }
}
