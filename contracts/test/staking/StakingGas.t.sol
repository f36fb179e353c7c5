// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {StakingWorld} from "../support/StakingWorld.sol";

/// @dev Gas of what stakers and jurors pay for, written to snapshots/ and committed. Every call runs as a transaction of its own.
/// forge-config: default.isolate = true
contract StakingGasTest is StakingWorld {
    string private constant GROUP = "staking";
    bytes32 private constant ROLE = "verifier";
    address private constant OPERATOR = address(0x09);
    address private constant ALICE = address(0xa11ce);

    function test_stake() public {
        give(ALICE, 300 ether);
        vm.startPrank(ALICE);
        token.approve(address(stakes), 300 ether);
        stakes.delegate(OPERATOR, 100 ether);
        vm.snapshotGasLastCall(GROUP, "delegate, the pool's first");
        stakes.delegate(OPERATOR, 100 ether);
        vm.snapshotGasLastCall(GROUP, "delegate, more");
        stakes.reward(OPERATOR, 70 ether);
        vm.snapshotGasLastCall(GROUP, "reward");
        vm.warp(block.timestamp + 1 days);
        stakes.claimReward(OPERATOR, ALICE);
        vm.snapshotGasLastCall(GROUP, "claim reward");
        stakes.undelegate(OPERATOR, 50 ether);
        vm.snapshotGasLastCall(GROUP, "undelegate, the first");
        vm.stopPrank();
        stakes.lock(OPERATOR, 100 ether);
        vm.snapshotGasLastCall(GROUP, "lock");
        stakes.slash(OPERATOR, 50 ether, address(0xbe), "cause");
        vm.snapshotGasLastCall(GROUP, "slash");
        vm.warp(block.timestamp + 50 days);
        stakes.withdraw(OPERATOR, ALICE, 0);
        vm.snapshotGasLastCall(GROUP, "withdraw");
    }

    function test_jury() public {
        for (uint256 i; i < 24; ++i) {
            delegateAs(jurorAt(i), jurorAt(i), SEAT);
            vm.prank(jurorAt(i));
            jury.join(ROLE);
        }
        vm.snapshotGasLastCall(GROUP, "join");
        give(address(jury), 1000 ether);
        address[3] memory excluded = [address(1), address(2), address(0)];
        uint256 id = jury.open(ROLE, 5, 2, "subject", excluded, 50 ether);
        vm.snapshotGasLastCall(GROUP, "open a case");
        vm.roll(block.number + 9);
        jury.draw(id);
        vm.snapshotGasLastCall(GROUP, "draw 5 of 24");
        address[] memory jurors = jury.jurorsOf(id);
        for (uint256 i; i < 5; ++i) {
            commitAs(id, jurors[i], i == 4 ? 2 : 1);
            if (i == 3) vm.snapshotGasLastCall(GROUP, "commit a vote");
        }
        for (uint256 i; i < 5; ++i) {
            revealAs(id, jurors[i], i == 4 ? 2 : 1);
            if (i == 3) vm.snapshotGasLastCall(GROUP, "reveal a vote");
        }
        jury.count(id);
        vm.snapshotGasLastCall(GROUP, "count 5");
        jury.settle(id, 1);
        vm.snapshotGasLastCall(GROUP, "settle 5, one wrong");
        jury.withdraw(jurors[0]);
        vm.snapshotGasLastCall(GROUP, "withdraw a juror's pay");
        vm.prank(jurors[0]);
        jury.leave(ROLE);
        vm.snapshotGasLastCall(GROUP, "leave");

        id = jury.open(ROLE, 11, 2, "subject", excluded, 50 ether);
        vm.roll(block.number + 9);
        jury.draw(id);
        vm.snapshotGasLastCall(GROUP, "draw 11 of 23");
    }

    function test_parameter() public {
        vm.prank(GOVERNOR);
        parameters.set("jurySize", 7);
        vm.snapshotGasLastCall(GROUP, "set a parameter");
    }

    function test_deploy() public {
        vm.snapshotValue("stakingSize", "Parameters", address(parameters).code.length);
        vm.snapshotValue("stakingSize", "StakePool", address(stakes).code.length);
        vm.snapshotValue("stakingSize", "Jury", address(jury).code.length);
    }
}
