// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IStakePool} from "../src/interfaces/IStakePool.sol";
import {AttributionRewards} from "../src/rewards/AttributionRewards.sol";
import {Jury} from "../src/staking/Jury.sol";
import {StakePool} from "../src/staking/StakePool.sol";
import {OpenToken} from "../src/token/OpenToken.sol";
import {FeeVault} from "../src/inference/FeeVault.sol";
import {WholeEconomyHandler} from "./support/WholeEconomyHandler.sol";
import {Test} from "./support/Test.sol";

/// @dev What holds over all contracts at once, after any sequence of acts of everybody.
contract WholeEconomyInvariants is Test {
    WholeEconomyHandler private handler;
    OpenToken private token;
    StakePool private stakes;
    Jury private jury;
    FeeVault private vault;
    AttributionRewards private rewards;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public {
        handler = new WholeEconomyHandler();
        (address token_,,, address stakes_) = handler.contracts();
        (token, stakes) = (OpenToken(token_), StakePool(stakes_));
        (vault, rewards) = (handler.vault(), handler.rewards());
        jury = Jury(address(handler.challenges().jury()));
    }

    /// @dev Read by Foundry: only the handler is called, and only its acts.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[20] memory acts = [
            handler.submitRun.selector,
            handler.challenge.selector,
            handler.move.selector,
            handler.wait.selector,
            handler.waitForVotes.selector,
            handler.attack.selector,
            handler.serve.selector,
            handler.withdrawFees.selector,
            handler.collectRewards.selector,
            handler.claimReward.selector,
            handler.stake.selector,
            handler.leave.selector,
            handler.takeOut.selector,
            handler.contribute.selector,
            handler.finaliseContribution.selector,
            handler.withdrawFrom.selector,
            handler.propose.selector,
            handler.activate.selector,
            handler.claimRewards.selector,
            handler.steal.selector
        ];
        bytes4[] memory list = new bytes4[](acts.length);
        for (uint256 i; i < acts.length; ++i) {
            list[i] = acts[i];
        }
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), list);
    }

    /// @dev The acts do what they are there for: a sequence by hand goes all the way, so the campaign does not run idle.
    function test_theActsReachEverything() public {
        handler.serve(100 ether);
        handler.stake(0, 0, 1000 ether);
        handler.withdrawFees(3);
        handler.collectRewards();
        handler.contribute(10, 2);
        uint256 supply = token.totalSupply();
        uint256 balance = token.balanceOf(handler.ROOT_WATCHER());
        handler.propose([uint256(10 ether), 20 ether, 0], true);
        vm.assertEq(token.balanceOf(handler.ROOT_WATCHER()), balance + 50_000 ether);
        vm.assertEq(token.totalSupply(), supply - 25_000 ether);
        handler.propose([uint256(10 ether), 20 ether, 0], false);
        handler.steal(0, 0, 0);
        vm.assertEq(rewards.activeEpoch(), 0);
        handler.submitRun(0, 3, 1, 2);
        for (uint256 i; i < 4; ++i) {
            handler.waitForVotes();
        }
        vm.assertLt(0, handler.ended());
        handler.activate();
        vm.assertEq(rewards.activeEpoch(), 1);
        handler.claimRewards(0);
        vm.assertEq(token.balanceOf(handler.earnerAt(0)), 10 ether);
        handler.steal(1, 0, 0);
        handler.steal(2, 1, 5);
        handler.claimReward(0);
        vm.assertLt(0, token.balanceOf(handler.stakerAt(0)) - 999_000 ether);
        handler.leave(0, 0, 2);
        for (uint256 i; i < 22; ++i) {
            handler.waitForVotes();
        }
        handler.takeOut(0, 0, 0);
        vm.assertLt(999_999 ether, token.balanceOf(handler.stakerAt(0)));
        handler.finaliseContribution(0);
        invariant_whole();
        afterInvariant();
    }

    function invariant_whole() public view {
        vm.assertEq(
            token.balanceOf(address(stakes)),
            stakes.totalStaked() + stakes.totalRewards(),
            "stakes and rewards = balance"
        );
        vm.assertEq(token.balanceOf(address(jury)), jury.totalHeld(), "jury's fees = balance");
        vm.assertEq(token.balanceOf(address(vault)), vault.totalOwed(), "fees owed = balance");
        vm.assertEq(handler.theftsThatWorked() + handler.attacksThatWorked(), 0, "what must not go through did");
    }

    function afterInvariant() public view {
        _checkConservation();
        _checkRewards();
        _checkDatanets();
    }

    /// @dev Every OPEN there ever was lies with somebody, or was burnt.
    function _checkConservation() private view {
        address[] memory all = handler.holders();
        uint256 sum;
        for (uint256 i; i < all.length; ++i) {
            if (all[i] != address(0)) sum += token.balanceOf(all[i]);
        }
        vm.assertEq(sum, token.totalSupply(), "nothing appears, nothing vanishes");
        vm.assertLe(token.totalSupply(), token.INITIAL_SUPPLY(), "nothing is minted");
    }

    /// @dev Nobody is paid twice, or beyond a leaf, or out of a root that is not active; the pot covers all that is.
    function _checkRewards() private view {
        uint256 claimed;
        for (uint256 i; i < handler.EARNERS(); ++i) {
            uint256 one = token.balanceOf(handler.earnerAt(i));
            vm.assertEq(one, rewards.claimed(handler.earnerAt(i)), "claimed is what arrived");
            vm.assertLe(one, handler.earned(i), "claimed beyond the active leaf");
            claimed += one;
        }
        vm.assertEq(
            token.balanceOf(address(rewards)), handler.activeTotal() - claimed, "promised and not claimed = balance"
        );
        vm.assertEq(
            token.balanceOf(rewards.till()),
            rewards.collected() - handler.activeTotal(),
            "collected, not promised = till"
        );
    }

    function _checkDatanets() private view {
        address datanets = address(handler.models().datanets());
        vm.assertEq(token.balanceOf(datanets), handler.heldByDatanets(), "stakes of contributions = balance");
    }
}
