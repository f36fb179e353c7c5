// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EconomyHandler} from "./support/EconomyHandler.sol";
import {World} from "./support/World.sol";

/// @dev What holds after any sequence of acts. One invariant calls all the checks, because Foundry would run the same
/// campaign anew for each.
contract EconomyInvariants is World {
    EconomyHandler private handler;
    bytes32[2] private ids;

    function setUp() public override {
        super.setUp();
        ids = [modelId, publish(address(0x0b0b), address(0xd0de), "second")];
        handler = new EconomyHandler(token, vault, rewards, settler, ids, [node, address(0xd0de)], PLATFORM_WEI);
        give(address(handler), 100_000_000 ether);
    }

    /// @dev Read by Foundry: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_economy() external view {
        _checkConservation();
        _checkSolvency();
        vm.assertEq(handler.attacksThatWorked(), 0, "a replay, theft, overwrite or forgery went through");
    }

    /// @dev Nothing is made, lost or counted twice between payer and the two pots.
    function _checkConservation() private view {
        vm.assertEq(vault.totalCollected(), handler.collected(), "collected as reported");
        uint256 uncollected;
        for (uint256 i; i < 2; ++i) {
            vm.assertEq(
                token.balanceOf(vault.payTo(ids[i])),
                handler.waitingWei(i) + handler.strayAtTill(i),
                "a till holds what waits"
            );
            vm.assertEq(
                token.balanceOf(vault.payToNode(handler.nodes(i))),
                handler.reportedWei(i) + handler.strayAtNodeTill(i),
                "a node's till holds what waits"
            );
            uncollected += handler.waitingWei(i) + handler.reportedWei(i);
        }
        vm.assertEq(handler.paid(), uncollected + vault.totalCollected(), "paid = waiting + collected");
        vm.assertEq(
            vault.totalCollected() + handler.gifts(),
            vault.totalOwed() + handler.withdrawn() + rewards.collected(),
            "collected = owed + withdrawn + contributors'"
        );
        vm.assertEq(token.totalSupply(), token.INITIAL_SUPPLY(), "supply");
    }

    /// @dev Both pots can pay all they owe, whatever was done to them.
    function _checkSolvency() private view {
        uint256 owed;
        for (uint256 i; i < 6; ++i) {
            owed += vault.owed(handler.accountOf(i));
        }
        vm.assertEq(owed, vault.totalOwed(), "owed sums up");
        vm.assertEq(token.balanceOf(address(vault)), owed + handler.strayAtVault(), "vault covers what it owes");

        uint256 claimed;
        for (uint256 i; i < handler.EARNERS(); ++i) {
            uint256 one = rewards.claimed(handler.earner(i));
            vm.assertLe(one, handler.earned(i), "claimed beyond the leaf");
            vm.assertEq(token.balanceOf(handler.earner(i)), one, "claimed is what arrived");
            claimed += one;
        }
        uint256 total = handler.settledTotal();
        uint256 stray = handler.strayAtRewards();
        vm.assertEq(claimed > stray ? claimed - stray : 0, rewards.totalClaimed(), "claims sum up");
        vm.assertLe(claimed, total, "claimed <= cumulative");
        vm.assertLe(total, rewards.collected(), "cumulative <= collected");
        vm.assertEq(
            token.balanceOf(address(rewards)), total - claimed + stray, "rewards hold what is promised and unclaimed"
        );
        vm.assertEq(token.balanceOf(rewards.till()), rewards.collected() - total, "the till holds the rest");
    }
}
