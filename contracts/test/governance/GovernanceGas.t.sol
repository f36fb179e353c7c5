// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TokenAllocation} from "../../src/token/TokenAllocation.sol";
import {Grant} from "../../src/types/Governance.sol";
import {GovernanceWorld} from "../support/GovernanceWorld.sol";

/// @dev Gas of governing, each call as a transaction of its own; written to snapshots/ and committed.
/// forge-config: default.isolate = true
contract GovernanceGasTest is GovernanceWorld {
    string private constant GROUP = "governance";

    function test_proposalsLife() public {
        Proposal memory proposal = setParameter("challengeSeconds", 2 days);
        uint256 id = proposeAs(ada, proposal);
        vm.snapshotGasLastCall(GROUP, "propose (one call)");
        toVoting(id);
        voteAs(ada, id, FOR);
        vm.snapshotGasLastCall(GROUP, "vote, a proposal's first (brings the quorum)");
        voteAs(grace, id, FOR);
        vm.snapshotGasLastCall(GROUP, "vote");
        bytes memory signature = ballotSignature(ADA_KEY, id, FOR, 0, address(governor), block.chainid);
        vm.expectRevert();
        governor.castVoteBySig(id, FOR, ada, signature);
        vm.prank(alan);
        governor.castVoteWithReason(id, AGAINST, "a day was enough");
        vm.snapshotGasLastCall(GROUP, "vote with a reason");
        toVotesEnd(id);
        governor.queue(id);
        vm.snapshotGasLastCall(GROUP, "queue");
        vm.warp(governor.proposalEta(id));
        governor.execute(id);
        vm.snapshotGasLastCall(GROUP, "execute (Parameters.set)");
    }

    function test_voteBySignature() public {
        uint256 id = proposeAs(grace, setParameter("challengeSeconds", 2 days));
        toVoting(id);
        voteAs(grace, id, FOR);
        bytes memory signature = ballotSignature(ADA_KEY, id, FOR, 0, address(governor), block.chainid);
        governor.castVoteBySig(id, FOR, ada, signature);
        vm.snapshotGasLastCall(GROUP, "vote by signature, the voter's first");
    }

    function test_delegate() public {
        vm.prank(alan);
        token.delegate(grace);
        vm.snapshotGasLastCall(GROUP, "delegate votes");
    }

    function test_allocation() public {
        Grant[] memory list = new Grant[](1);
        list[0] = Grant(nobody, 1000 ether, uint64(block.timestamp), 0, 1000);
        TokenAllocation allocation = new TokenAllocation(token, list);
        vm.startPrank(treasury);
        token.approve(address(allocation), 1000 ether);
        allocation.fund();
        vm.stopPrank();
        vm.snapshotGasLastCall(GROUP, "fund an allocation");
        vm.warp(block.timestamp + 10);
        allocation.release(0);
        vm.snapshotGasLastCall(GROUP, "release of a grant, first");
        vm.warp(block.timestamp + 10);
        allocation.release(0);
        vm.snapshotGasLastCall(GROUP, "release of a grant");
    }

    function test_codeSizes() public {
        vm.assertLe(address(governor).code.length, 24_576);
        vm.snapshotValue("governanceSize", "OpenGovernor", address(governor).code.length);
        vm.snapshotValue("governanceSize", "OpenTimelock", address(timelock).code.length);
    }
}
