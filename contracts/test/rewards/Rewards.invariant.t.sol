// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RewardsHandler} from "../support/RewardsHandler.sol";
import {RewardsWorld} from "../support/RewardsWorld.sol";

/// @dev What holds of settlement after any sequence of acts, as long as one honest watcher looks in twice a window.
contract RewardsInvariants is RewardsWorld {
    RewardsHandler private handler;
    uint256 private constant CHEATS_STAKE = 5 * BOND;
    uint256 private constant GRIEFERS_STAKE = 20 * SMALL_BOND;

    function setUp() public override {
        super.setUp();
        address griefer = address(0x6f1ef);
        delegate(SECOND, CHEATS_STAKE - BOND);
        delegate(griefer, GRIEFERS_STAKE);
        handler = new RewardsHandler(token, rewards, challenges, stakes, [PROPOSER, SECOND, CHALLENGER, griefer]);
        give(address(handler), 10_000 ether);
    }

    /// @dev Read by Foundry: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_rewards() external view {
        vm.assertEq(handler.attacksThatWorked(), 0, "an attack went through");
        vm.assertEq(handler.wrongActivated(), 0, "a wrong root pays");
        uint256 total = handler.activatedTotal();
        vm.assertEq(rewards.collected(), handler.funded(), "collected is what was funded");
        vm.assertLe(handler.claimedSum(), total, "claimed <= activated");
        vm.assertLe(total, rewards.proposedTotalWei(), "activated <= proposed");
        vm.assertLe(rewards.proposedTotalWei(), rewards.collected(), "proposed <= collected");
        vm.assertEq(token.balanceOf(address(rewards)), total - handler.claimedSum(), "holds what is unclaimed");
        vm.assertEq(token.balanceOf(rewards.till()), rewards.collected() - total, "the till holds the rest");
    }

    /// @dev Once a sequence: who was honest has all of its stake, who cheated has less by every bond it lost, whatever others did.
    function afterInvariant() external view {
        vm.assertEq(rewards.totalClaimed(), handler.claimedSum(), "claims sum up");
        uint256 arrived;
        for (uint256 i; i < 4; ++i) {
            arrived += handler.earnerBalance(i);
        }
        vm.assertEq(arrived, handler.claimedSum(), "claimed is what arrived");
        vm.assertEq(stakes.getPool(PROPOSER).activeWei, 2 * BOND, "an honest proposer was slashed");
        vm.assertEq(stakes.getPool(CHALLENGER).activeWei, 100 * SMALL_BOND, "an honest watcher was slashed");
        uint256 cheats = stakes.getPool(SECOND).activeWei;
        vm.assertLe(cheats, CHEATS_STAKE, "a cheat gained");
        vm.assertTrue(cheats == CHEATS_STAKE - _lost() * BOND, "a cheat kept its bond");
        vm.assertEq(token.balanceOf(SECOND), 0, "a cheat was paid");
        vm.assertEq(token.balanceOf(CHALLENGER), _lost() * BOND / 2, "the watcher was not paid");
        uint256 grief = GRIEFERS_STAKE - stakes.getPool(address(0x6f1ef)).activeWei;
        vm.assertEq(grief % SMALL_BOND, 0, "griefing cost something else than bonds");
        vm.assertEq(token.balanceOf(address(0x6f1ef)) + token.balanceOf(PROPOSER), 0, "griefing was paid");
        uint256 locked = stakes.lockedFor(SECOND, address(rewards)) + stakes.lockedFor(PROPOSER, address(rewards));
        uint256 bonds = rewards.getProposer(SECOND).bondWei + rewards.getProposer(PROPOSER).bondWei;
        vm.assertEq(locked, bonds, "bonds are locked stake");
        vm.assertEq(token.balanceOf(address(challenges)), 0, "challenges hold money");
    }

    /// @dev The handler does reach what it is for: an honest epoch paid, and each way to cheat struck.
    function test_handlerReachesWhatItIsFor() external {
        handler.fund(100 ether);
        handler.propose([uint256(3 ether), 2 ether, 0, 1 ether], 0);
        for (uint256 i; i < 2; ++i) {
            handler.pass(12 hours);
        }
        handler.activate();
        handler.claim(0, false);
        handler.claim(1, true);
        vm.assertEq(handler.claimedSum(), 5 ether);
        vm.assertEq(handler.activatedTotal(), 6 ether);
        for (uint256 how = 3; how <= 5; ++how) {
            handler.propose([uint256(1 ether), 0, 1 ether, 0], how);
            handler.grief(0);
            handler.attack(0, 0, 0);
            handler.pass(12 hours);
            vm.assertEq(handler.struck(), how - 2);
        }
        handler.propose([uint256(1), 1, 1, 1], 1);
        handler.grief(0);
        for (uint256 way; way < 5; ++way) {
            handler.attack(way, 0, 1);
        }
        vm.assertEq(stakes.getPool(SECOND).activeWei, CHEATS_STAKE - 3 * BOND);
        this.invariant_rewards();
        this.afterInvariant();
    }

    /// @dev Bonds the cheat has lost.
    function _lost() private view returns (uint256) {
        return (CHEATS_STAKE - stakes.getPool(SECOND).activeWei) / BOND;
    }
}
