// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {StakePool} from "../../src/staking/StakePool.sol";
import {Parameters} from "../../src/staking/Parameters.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {ParameterList} from "../support/ParameterList.sol";
import {StakingWorld} from "../support/StakingWorld.sol";

contract StakePoolTest is StakingWorld {
    address private constant OPERATOR = address(0x09);
    address private constant ALICE = address(0xa11ce);
    address private constant BOB = address(0xb0b);

    function _undelegate(address staker, uint256 shares) private returns (uint256) {
        vm.prank(staker);
        return stakes.undelegate(OPERATOR, shares);
    }

    function _pool() private view returns (IStakePool.Pool memory) {
        return stakes.getPool(OPERATOR);
    }

    function _reward(uint256 amount) private {
        give(address(this), amount);
        token.approve(address(stakes), amount);
        stakes.reward(OPERATOR, amount);
    }

    function test_delegatesAndLeaves() public {
        vm.assertEq(delegateAs(ALICE, OPERATOR, 100 ether), 100 ether);
        vm.assertEq(stakes.stakeOf(OPERATOR, ALICE), 100 ether);
        vm.assertEq(stakes.totalStaked(), 100 ether);
        uint256 index = _undelegate(ALICE, 40 ether);
        vm.assertEq(_pool().activeWei, 60 ether);
        vm.assertEq(_pool().unbondingWei, 40 ether);
        IStakePool.Unbonding memory leaving = stakes.getUnbonding(OPERATOR, ALICE, index);
        vm.assertEq(leaving.shares, 40 ether);
        vm.assertEq(leaving.readyAt, block.timestamp + 14 days);
        vm.warp(leaving.readyAt - 1);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.NotYetReady.selector, leaving.readyAt));
        stakes.withdraw(OPERATOR, ALICE, index);
        vm.warp(leaving.readyAt);
        vm.assertEq(stakes.withdraw(OPERATOR, ALICE, index), 40 ether);
        vm.assertEq(token.balanceOf(ALICE), 40 ether);
        vm.assertEq(stakes.totalStaked(), 60 ether);
        vm.assertEq(stakes.unbondings(OPERATOR, ALICE), 1);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.NothingUnbonding.selector, OPERATOR, ALICE, index));
        stakes.withdraw(OPERATOR, ALICE, index);
    }

    function test_refusesNothingAndTooMuch() public {
        delegateAs(ALICE, OPERATOR, 5);
        vm.startPrank(ALICE);
        vm.expectRevert(IStakePool.ZeroAmount.selector);
        stakes.delegate(OPERATOR, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.ZeroAccount.selector, "operator"));
        stakes.delegate(address(0), 1);
        vm.expectRevert(IStakePool.ZeroAmount.selector);
        stakes.undelegate(OPERATOR, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.TooFewShares.selector, ALICE, 6, 5));
        stakes.undelegate(OPERATOR, 6);
        vm.expectRevert(IStakePool.ZeroAmount.selector);
        stakes.reward(OPERATOR, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.ZeroAccount.selector, "operator"));
        stakes.reward(address(0), 1);
        vm.expectRevert(IStakePool.ZeroAmount.selector);
        stakes.collectRewards(OPERATOR);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.ZeroAccount.selector, "operator"));
        stakes.rewardsTill(address(0));
        vm.expectRevert(abi.encodeWithSelector(IStakePool.NothingToClaim.selector, OPERATOR, ALICE));
        stakes.claimReward(OPERATOR, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.NothingUnbonding.selector, OPERATOR, ALICE, 0));
        stakes.getUnbonding(OPERATOR, ALICE, 0);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.NothingUnbonding.selector, OPERATOR, ALICE, 0));
        stakes.withdraw(OPERATOR, ALICE, 0);
        vm.stopPrank();
    }

    function test_locksWhatIsFree() public {
        delegateAs(ALICE, OPERATOR, 100 ether);
        stakes.lock(OPERATOR, 70 ether);
        vm.assertEq(stakes.freeOf(OPERATOR), 30 ether);
        vm.assertEq(stakes.lockedFor(OPERATOR, address(this)), 70 ether);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, OPERATOR, 30 ether, 31 ether));
        stakes.lock(OPERATOR, 31 ether);
        stakes.unlock(OPERATOR, 20 ether);
        vm.assertEq(_pool().lockedWei, 50 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IStakePool.LockTooLow.selector, OPERATOR, address(this), 50 ether, 51 ether)
        );
        stakes.unlock(OPERATOR, 51 ether);
        vm.expectRevert(
            abi.encodeWithSelector(IStakePool.LockTooLow.selector, OPERATOR, address(this), 50 ether, 51 ether)
        );
        stakes.slash(OPERATOR, 51 ether, BOB, "cause");
        vm.expectRevert(IStakePool.ZeroAmount.selector);
        stakes.slash(OPERATOR, 0, BOB, "cause");
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.NotConsumer.selector, BOB));
        stakes.lock(OPERATOR, 1);
        vm.prank(BOB);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.LockTooLow.selector, OPERATOR, BOB, 0, 1));
        stakes.slash(OPERATOR, 1, BOB, "cause");
    }

    function test_slashSplits() public {
        delegateAs(ALICE, OPERATOR, 100 ether);
        stakes.lock(OPERATOR, 40 ether);
        vm.expectEmit(address(stakes));
        emit IStakePool.Slashed(OPERATOR, address(this), "cause", 40 ether, BOB, 20 ether, 10 ether, 10 ether);
        (uint256 taken, uint256 toBob) = stakes.slash(OPERATOR, 40 ether, BOB, "cause");
        vm.assertEq(taken, 40 ether);
        vm.assertEq(toBob, 20 ether);
        vm.assertEq(token.balanceOf(BOB), 20 ether);
        vm.assertEq(token.balanceOf(TREASURY), 10 ether);
        vm.assertEq(token.totalSupply(), token.INITIAL_SUPPLY() - 10 ether);
        vm.assertEq(stakes.stakeOf(OPERATOR, ALICE), 60 ether);
        vm.assertEq(_pool().lockedWei, 0);
        vm.assertEq(token.balanceOf(address(stakes)), 60 ether);
    }

    function test_slashWithoutBeneficiaryBurnsItsPart() public {
        delegateAs(ALICE, OPERATOR, 100 ether);
        stakes.lock(OPERATOR, 40 ether);
        (uint256 taken, uint256 toNobody) = stakes.slash(OPERATOR, 40 ether, address(0), "cause");
        vm.assertEq(taken, 40 ether);
        vm.assertEq(toNobody, 0);
        vm.assertEq(token.totalSupply(), token.INITIAL_SUPPLY() - 30 ether);
    }

    function test_slashHitsLeaversInProportion() public {
        delegateAs(ALICE, OPERATOR, 60 ether);
        delegateAs(BOB, OPERATOR, 40 ether);
        stakes.lock(OPERATOR, 50 ether);
        uint256 index = _undelegate(BOB, 40 ether);
        stakes.slash(OPERATOR, 50 ether, address(0), "cause");
        vm.assertEq(stakes.stakeOf(OPERATOR, ALICE), 30 ether);
        vm.assertEq(_pool().unbondingWei, 20 ether);
        vm.warp(block.timestamp + 14 days);
        vm.assertEq(stakes.withdraw(OPERATOR, BOB, index), 20 ether);
    }

    function test_slashTakesAtMostAll() public {
        delegateAs(ALICE, OPERATOR, 100 ether);
        stakes.lock(OPERATOR, 100 ether);
        stakes.slash(OPERATOR, 30 ether, address(0), "one");
        stakes.lock(OPERATOR, 0);
        uint256 index = _undelegate(ALICE, 50 ether);
        vm.assertFalse(stakes.isCovered(OPERATOR));
        (uint256 taken,) = stakes.slash(OPERATOR, 70 ether, address(0), "two");
        vm.assertEq(taken, 70 ether);
        vm.assertEq(stakes.totalStaked(), 0);
        vm.assertEq(token.balanceOf(address(stakes)), 0);
        vm.assertEq(stakes.sharesOf(OPERATOR, ALICE), 0);
        vm.assertEq(stakes.getUnbonding(OPERATOR, ALICE, index).shares, 0);
        // The wiped pool starts afresh: who comes now owns all of it.
        vm.assertEq(delegateAs(BOB, OPERATOR, 7 ether), 7 ether);
        vm.assertEq(stakes.stakeOf(OPERATOR, BOB), 7 ether);
        vm.warp(block.timestamp + 14 days);
        vm.assertEq(stakes.withdraw(OPERATOR, ALICE, index), 0);
    }

    /// @dev What is left after a slash to nearly nothing is burnt with the shares, active and leaving ones.
    function test_sharesOfNothingAreStruckOff() public {
        delegateAs(ALICE, OPERATOR, 20 ether);
        stakes.lock(OPERATOR, 20 ether - 12);
        uint256 index = _undelegate(ALICE, 10 ether);
        vm.expectEmit(address(stakes));
        emit IStakePool.SharesStruckOff(OPERATOR, true, 6);
        vm.expectEmit(address(stakes));
        emit IStakePool.SharesStruckOff(OPERATOR, false, 6);
        (uint256 taken,) = stakes.slash(OPERATOR, 20 ether - 12, BOB, "nearly all");
        vm.assertEq(taken, 20 ether - 12);
        vm.assertEq(stakes.totalStaked(), 0);
        vm.assertEq(token.balanceOf(address(stakes)), 0);
        vm.assertEq(_pool().activeShares, 0);
        vm.assertEq(stakes.getUnbonding(OPERATOR, ALICE, index).shares, 0);
        vm.assertEq(token.balanceOf(BOB), 10 ether - 6);
        vm.assertEq(token.totalSupply(), token.INITIAL_SUPPLY() - (10 ether - 6) / 2 - 12);
    }

    function test_sharesJustWorthSomethingStay() public {
        delegateAs(ALICE, OPERATOR, 10 ether);
        stakes.lock(OPERATOR, 10 ether - 1e10);
        stakes.slash(OPERATOR, 10 ether - 1e10, BOB, "down to the least price");
        vm.assertEq(stakes.stakeOf(OPERATOR, ALICE), 1e10);
    }

    function test_rewardsStreamBySharesAndTime() public {
        delegateAs(ALICE, OPERATOR, 30 ether);
        delegateAs(BOB, OPERATOR, 10 ether);
        _reward(70 ether);
        vm.assertEq(stakes.earned(OPERATOR, ALICE), 0);
        vm.warp(block.timestamp + 3.5 days);
        vm.assertEq(stakes.earned(OPERATOR, ALICE), 26.25 ether);
        vm.assertEq(stakes.claimReward(OPERATOR, BOB), 8.75 ether);
        _undelegate(ALICE, 30 ether);
        (uint256 left, uint64 endsAt) = stakes.streamOf(OPERATOR);
        vm.assertEq(left, 35 ether);
        vm.assertEq(endsAt, block.timestamp + 3.5 days);
        vm.warp(block.timestamp + 30 days);
        vm.assertEq(stakes.claimReward(OPERATOR, BOB), 35 ether);
        vm.assertEq(stakes.claimReward(OPERATOR, ALICE), 26.25 ether);
        vm.assertEq(stakes.totalRewards(), 0);
    }

    function test_rewardsWaitWhileNobodyStands() public {
        _reward(7 ether);
        vm.warp(block.timestamp + 100 days);
        (, uint64 endsAt) = stakes.streamOf(OPERATOR);
        vm.assertEq(endsAt, block.timestamp + 7 days);
        delegateAs(ALICE, OPERATOR, 1);
        vm.assertEq(stakes.earned(OPERATOR, ALICE), 0);
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(stakes.earned(OPERATOR, ALICE), 1 ether);
        vm.warp(block.timestamp + 6 days);
        vm.assertEq(stakes.claimReward(OPERATOR, ALICE), 7 ether);
    }

    function test_streamsMeet() public {
        delegateAs(ALICE, OPERATOR, 1 ether);
        _reward(10 ether);
        vm.warp(block.timestamp + 3.5 days);
        _reward(5 ether);
        (uint256 left, uint64 endsAt) = stakes.streamOf(OPERATOR);
        vm.assertEq(left, 10 ether);
        vm.assertEq(endsAt, block.timestamp + 5.25 days);
    }

    /// @dev To the nearest second: 604,799.67 is one more than it is by cutting.
    function test_streamsMeet_atTheNearestSecond() public {
        delegateAs(ALICE, OPERATOR, 1 ether);
        _reward(1);
        vm.warp(block.timestamp + 1);
        _reward(2);
        (uint256 left, uint64 endsAt) = stakes.streamOf(OPERATOR);
        vm.assertEq(left, 3);
        vm.assertEq(endsAt, block.timestamp + 7 days);
    }

    /// @dev Thirds of 30 wei do not divide by 30 shares; what is left over each time is not lost.
    function test_whatDoesNotDivideIsCarried() public {
        delegateAs(ALICE, OPERATOR, 30);
        stakes.lock(OPERATOR, 3);
        _reward(30);
        for (uint256 i; i < 3; ++i) {
            vm.warp(block.timestamp + 7 days / 3);
            // Brings the stream up to now and leaves the shares as they are.
            stakes.slash(OPERATOR, 1, address(0), "");
        }
        vm.assertEq(stakes.earned(OPERATOR, ALICE), 30);
    }

    function test_tillIsPaidBeforeItExists() public {
        address till = stakes.rewardsTill(OPERATOR);
        vm.assertEq(till.code.length, 0);
        delegateAs(ALICE, OPERATOR, 1 ether);
        give(till, 3 ether);
        vm.expectEmit(address(stakes));
        emit IStakePool.RewardTillOpened(OPERATOR, till);
        vm.assertEq(stakes.collectRewards(OPERATOR), 3 ether);
        give(till, 4 ether);
        vm.assertEq(stakes.collectRewards(OPERATOR), 4 ether);
        vm.warp(block.timestamp + 8 days);
        vm.assertEq(stakes.earned(OPERATOR, ALICE), 7 ether);
        vm.assertTrue(till != stakes.rewardsTill(ALICE));
    }

    function test_rewardsOutliveTheShares() public {
        delegateAs(ALICE, OPERATOR, 10 ether);
        stakes.lock(OPERATOR, 10 ether);
        _reward(7 ether);
        vm.warp(block.timestamp + 1 days);
        stakes.slash(OPERATOR, 10 ether, address(0), "all");
        vm.warp(block.timestamp + 1 days);
        vm.assertEq(stakes.earned(OPERATOR, ALICE), 1 ether);
        delegateAs(ALICE, OPERATOR, 5 ether);
        vm.warp(block.timestamp + 6 days);
        vm.assertEq(stakes.earned(OPERATOR, ALICE), 7 ether);
        vm.assertEq(stakes.claimReward(OPERATOR, ALICE), 7 ether);
    }

    function test_consumersAreNamedOnceThenByTheGovernor() public {
        StakePool fresh = new StakePool(token, parameters, TREASURY, ALICE);
        address[] memory one = new address[](1);
        one[0] = BOB;
        vm.expectRevert(abi.encodeWithSelector(IStakePool.NotDeployer.selector, address(this), ALICE));
        fresh.initialise(one);
        vm.prank(ALICE);
        fresh.initialise(one);
        vm.assertTrue(fresh.isConsumer(BOB));
        vm.assertTrue(fresh.isInitialised());
        vm.prank(ALICE);
        vm.expectRevert(IStakePool.AlreadyInitialised.selector);
        fresh.initialise(one);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.NotGovernor.selector, address(this), GOVERNOR));
        fresh.setConsumer(ALICE, true);
        vm.startPrank(GOVERNOR);
        fresh.setConsumer(ALICE, true);
        fresh.setConsumer(BOB, false);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.ZeroAccount.selector, "consumer"));
        fresh.setConsumer(address(0), true);
        vm.stopPrank();
        vm.assertTrue(fresh.isConsumer(ALICE));
        vm.assertFalse(fresh.isConsumer(BOB));
    }

    function test_aForbiddenConsumerMayEndWhatItBegan() public {
        delegateAs(ALICE, OPERATOR, 10 ether);
        stakes.lock(OPERATOR, 10 ether);
        vm.prank(GOVERNOR);
        stakes.setConsumer(address(this), false);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.NotConsumer.selector, address(this)));
        stakes.lock(OPERATOR, 0);
        stakes.slash(OPERATOR, 4 ether, BOB, "cause");
        stakes.unlock(OPERATOR, 6 ether);
        vm.assertEq(stakes.freeOf(OPERATOR), 6 ether);
    }

    function test_coverIsRemembered() public {
        vm.roll(5000);
        delegateAs(ALICE, OPERATOR, 10 ether);
        vm.assertEq(stakes.coveredSince(OPERATOR), 0);
        stakes.lock(OPERATOR, 10 ether);
        vm.assertEq(stakes.coveredSince(OPERATOR), 0);
        _undelegate(ALICE, 1);
        vm.assertEq(stakes.coveredSince(OPERATOR), type(uint64).max);
        vm.assertFalse(stakes.isCovered(OPERATOR));
        vm.assertEq(stakes.freeOf(OPERATOR), 0);
        vm.roll(5005);
        delegateAs(BOB, OPERATOR, 1);
        vm.assertEq(stakes.coveredSince(OPERATOR), 5005);
        _undelegate(BOB, 1);
        vm.roll(5010);
        stakes.unlock(OPERATOR, 1);
        vm.assertEq(stakes.coveredSince(OPERATOR), 5010);
    }

    function test_leaversWaitForLocksButNotForEver() public {
        delegateAs(ALICE, OPERATOR, 100 ether);
        stakes.lock(OPERATOR, 60 ether);
        uint256 first = _undelegate(ALICE, 40 ether);
        uint256 second = _undelegate(ALICE, 60 ether);
        uint256 began = block.timestamp;
        vm.warp(began + 14 days);
        vm.assertEq(stakes.withdraw(OPERATOR, ALICE, first), 40 ether);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.HeldForLocks.selector, OPERATOR, 60 ether, began + 42 days));
        stakes.withdraw(OPERATOR, ALICE, second);
        stakes.slash(OPERATOR, 30 ether, address(0), "cause");
        vm.warp(began + 42 days - 1);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.HeldForLocks.selector, OPERATOR, 30 ether, began + 42 days));
        stakes.withdraw(OPERATOR, ALICE, second);
        vm.warp(began + 42 days);
        vm.assertEq(stakes.withdraw(OPERATOR, ALICE, second), 30 ether);
    }

    function test_refusesUnsafeParts() public {
        vm.expectRevert(abi.encodeWithSelector(IStakePool.ZeroAccount.selector, "token"));
        new StakePool(IOpenToken(address(0)), parameters, TREASURY, ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.ZeroAccount.selector, "treasury"));
        new StakePool(token, parameters, address(0), ALICE);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.ZeroAccount.selector, "deployer"));
        new StakePool(token, parameters, TREASURY, address(0));
        _expectUnsafe("slashTreasuryPpm", 0, 400_001, "slash parts above a million");
        _expectUnsafe("rewardSeconds", 0, 30 days, "rewardSeconds may be 0");
        _expectUnsafe("unbondingSeconds", 0, 60 days, "unbondingSeconds may be 0");
    }

    function _expectUnsafe(bytes32 key, uint256 min, uint256 max, string memory reason) private {
        IParameters.Parameter[] memory list = ParameterList.production();
        for (uint256 i; i < list.length; ++i) {
            if (list[i].key == key) (list[i].min, list[i].max) = (min, max);
        }
        Parameters unsafe = new Parameters(GOVERNOR, list);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.UnsafeParameters.selector, reason));
        new StakePool(token, unsafe, TREASURY, ALICE);
    }
}
