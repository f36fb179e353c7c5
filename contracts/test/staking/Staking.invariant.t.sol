// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IJury} from "../../src/interfaces/IJury.sol";
import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {StakingHandler} from "../support/StakingHandler.sol";
import {StakingWorld} from "../support/StakingWorld.sol";

/// @dev Stakes = balances, after any sequence of acts, slashes to nothing included. One invariant calls all the cheap
/// checks, because Foundry would run the same campaign anew for each; the rest is checked at the end of each sequence.
contract StakingInvariants is StakingWorld {
    StakingHandler private handler;

    function setUp() public override {
        super.setUp();
        handler = new StakingHandler(token, stakes, jury, SEAT);
        vm.startPrank(GOVERNOR);
        stakes.setConsumer(address(handler), true);
        jury.setCourt(address(handler), true);
        vm.stopPrank();
        give(address(handler), 100_000_000 ether);
        // Jurors are there from the start; what becomes of them is up to the sequence.
        for (uint256 i = 2; i < 6; ++i) {
            address operator = handler.operatorAt(i);
            delegateAs(handler.stakerAt(i), operator, SEAT);
            vm.prank(operator);
            jury.join("verifier");
        }
    }

    /// @dev Read by Foundry: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev After every call: what is cheap to look at.
    function invariant_staking() external view {
        vm.assertEq(
            token.balanceOf(address(stakes)),
            stakes.totalStaked() + stakes.totalRewards() + handler.strayAtPool(),
            "stakes and rewards = balance"
        );
        vm.assertEq(token.balanceOf(address(jury)), jury.totalHeld() + handler.strayAtJury(), "fees = balance");
        vm.assertEq(handler.attacksThatWorked(), 0, "stake was taken, locked or opened that was not one's own");
    }

    /// @dev After every sequence: everything, counted up from the single accounts.
    function afterInvariant() external view {
        _checkPools();
        _checkRewards();
        _checkJury();
    }

    function _checkPools() private view {
        uint256 staked;
        for (uint256 i; i < handler.OPERATORS(); ++i) {
            address operator = handler.operatorAt(i);
            IStakePool.Pool memory pool = stakes.getPool(operator);
            staked += pool.activeWei + pool.unbondingWei;
            uint256 shares;
            uint256 leaving;
            uint256 worth;
            for (uint256 j; j < handler.STAKERS(); ++j) {
                address staker = handler.stakerAt(j);
                shares += stakes.sharesOf(operator, staker);
                worth += stakes.stakeOf(operator, staker);
                for (uint256 k; k < stakes.unbondings(operator, staker); ++k) {
                    leaving += stakes.getUnbonding(operator, staker, k).shares;
                }
            }
            vm.assertEq(shares, pool.activeShares, "shares sum up");
            vm.assertEq(leaving, pool.unbondingShares, "leaving shares sum up");
            vm.assertLe(worth, pool.activeWei, "no staker is owed what is not there");
            vm.assertLe(pool.activeWei, worth + handler.STAKERS(), "nor loses more than a wei by rounding");
            vm.assertLe(pool.activeWei, pool.activeShares, "a share is worth at most a wei");
            vm.assertLe(pool.unbondingWei, pool.unbondingShares, "a leaving share is worth at most a wei");
            vm.assertEq(
                pool.lockedWei,
                stakes.lockedFor(operator, address(jury)) + stakes.lockedFor(operator, address(handler)),
                "locks sum up"
            );
            IJury.Seat memory seat = jury.getSeat("verifier", operator);
            vm.assertEq(stakes.lockedFor(operator, address(jury)), seat.stakeWei, "a seat is what is locked for it");
        }
        vm.assertEq(staked, stakes.totalStaked(), "stakes sum up");
    }

    function _checkRewards() private view {
        vm.assertEq(
            stakes.totalRewards(), handler.rewardsGiven() - handler.rewardsClaimed(), "rewards = given - claimed"
        );
        uint256 due;
        for (uint256 i; i < handler.OPERATORS(); ++i) {
            (uint256 left,) = stakes.streamOf(handler.operatorAt(i));
            due += left;
            for (uint256 j; j < handler.STAKERS(); ++j) {
                due += stakes.earned(handler.operatorAt(i), handler.stakerAt(j));
            }
        }
        vm.assertLe(due, stakes.totalRewards(), "rewards cover what is earned and to come");
        // At most a wei of fractions for each staker of each pool.
        vm.assertLe(stakes.totalRewards(), due + 30, "and nothing more");
    }

    function _checkJury() private view {
        uint256 held;
        uint256 seats;
        uint256[6] memory open;
        for (uint256 id = 1; id <= jury.cases(); ++id) {
            IJury.Case memory one = jury.getCase(id);
            if (one.phase == IJury.Phase.Settled) continue;
            held += one.feeWei;
            address[] memory jurors = jury.jurorsOf(id);
            for (uint256 i; i < jurors.length; ++i) {
                ++open[uint160(jurors[i]) - uint160(handler.operatorAt(0))];
            }
        }
        for (uint256 i; i < handler.OPERATORS(); ++i) {
            held += jury.owed(handler.operatorAt(i));
            if (jury.hasSeat("verifier", handler.operatorAt(i))) ++seats;
            vm.assertEq(
                jury.getSeat("verifier", handler.operatorAt(i)).openCases, open[i], "a seat knows its open cases"
            );
        }
        vm.assertEq(seats, jury.seats("verifier"), "seats sum up");
        vm.assertEq(held, jury.totalHeld(), "fees and what is owed sum up");
    }
}
