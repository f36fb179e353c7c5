// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IJury} from "../../src/interfaces/IJury.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {StakePool} from "../../src/staking/StakePool.sol";
import {HostileBurnable} from "../mocks/HostileBurnable.sol";
import {StakingWorld} from "../support/StakingWorld.sol";

/// @dev What a reader of StakePool and Jury would try.
contract StakingAttacks is StakingWorld {
    bytes32 private constant ROLE = "verifier";
    address private constant OPERATOR = address(0x09);
    address private constant ALICE = address(0xa11ce);
    address private constant EVE = address(0xe5e);

    function _reward(uint256 amount) private {
        give(address(this), amount);
        token.approve(address(stakes), amount);
        stakes.reward(OPERATOR, amount);
    }

    /// @dev The cheater leaves in the very block in which it promised its stake; the fault is found within the time that a lock
    /// holds for.
    function testFuzz_leavingDoesNotSaveFromASlash(uint256 found) public {
        found = bound(found, 0, 42 days - 1);
        delegateAs(EVE, EVE, 100 ether);
        stakes.lock(EVE, 100 ether);
        vm.prank(EVE);
        uint256 index = stakes.undelegate(EVE, 100 ether);
        vm.warp(block.timestamp + found);
        if (found >= 14 days) {
            vm.expectRevert();
            stakes.withdraw(EVE, EVE, index);
        }
        (uint256 taken,) = stakes.slash(EVE, 100 ether, ALICE, "fault");
        vm.assertEq(taken, 100 ether);
        vm.assertEq(token.balanceOf(ALICE), 50 ether);
    }

    /// @dev The same by two names behind one operator, of which one leaves before and one after the lock.
    function test_leavingBeforeTheLockLeavesTheLockWhole() public {
        delegateAs(EVE, EVE, 100 ether);
        delegateAs(ALICE, EVE, 100 ether);
        vm.prank(EVE);
        stakes.undelegate(EVE, 100 ether);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, EVE, 100 ether, 150 ether));
        stakes.lock(EVE, 150 ether);
        stakes.lock(EVE, 100 ether);
        (uint256 taken,) = stakes.slash(EVE, 100 ether, address(0), "fault");
        vm.assertEq(taken, 100 ether);
    }

    /// @dev An operator that locks for ever does not keep its delegators for ever.
    function test_noOperatorHoldsItsDelegatorsForEver() public {
        delegateAs(ALICE, EVE, SEAT);
        vm.prank(EVE);
        jury.join(ROLE);
        vm.prank(ALICE);
        uint256 index = stakes.undelegate(EVE, SEAT);
        vm.warp(block.timestamp + 42 days);
        vm.assertEq(stakes.withdraw(EVE, ALICE, index), SEAT);
    }

    /// @dev Who comes just before a payment and leaves as soon as possible earns less than nothing extra: what falls into its time.
    function testFuzz_snipingARewardPaysByTime(uint256 stayed, uint256 stake) public {
        stayed = bound(stayed, 0, 7 days);
        stake = bound(stake, 1 ether, 1_000_000 ether);
        delegateAs(ALICE, OPERATOR, 100 ether);
        vm.warp(block.timestamp + 30 days);
        uint256 shares = delegateAs(EVE, OPERATOR, stake);
        _reward(700 ether);
        vm.warp(block.timestamp + stayed);
        vm.prank(EVE);
        stakes.undelegate(OPERATOR, shares);
        uint256 fair = 700 ether * stayed * stake / (7 days * (stake + 100 ether));
        vm.assertLe(stakes.earned(OPERATOR, EVE), fair + 1);
        if (stayed == 0) vm.assertEq(stakes.earned(OPERATOR, EVE), 0);
        vm.warp(block.timestamp + 30 days);
        vm.assertLe(700 ether - fair, stakes.earned(OPERATOR, ALICE) + 2);
    }

    /// @dev Rewards of one wei, many times, neither shorten a stream nor stretch it.
    function test_dustDoesNotMoveAStream() public {
        delegateAs(ALICE, OPERATOR, 1 ether);
        _reward(100 ether);
        vm.warp(block.timestamp + 6 days);
        (, uint64 endsAt) = stakes.streamOf(OPERATOR);
        for (uint256 i; i < 200; ++i) {
            _reward(1);
        }
        (, uint64 after200) = stakes.streamOf(OPERATOR);
        vm.assertEq(after200, endsAt);
    }

    /// @dev The first one in with a wei, then a gift to the contract: a share stays a wei, and the victim's money its own.
    function testFuzz_noInflationByTheFirst(uint256 gift, uint256 victim) public {
        gift = bound(gift, 1, 1_000_000 ether);
        victim = bound(victim, 1, 1_000_000 ether);
        delegateAs(EVE, OPERATOR, 1);
        give(address(stakes), gift);
        give(stakes.rewardsTill(OPERATOR), gift);
        stakes.collectRewards(OPERATOR);
        vm.assertEq(delegateAs(ALICE, OPERATOR, victim), victim);
        vm.assertEq(stakes.stakeOf(OPERATOR, ALICE), victim);
        vm.assertEq(stakes.stakeOf(OPERATOR, EVE), 1);
    }

    /// @dev A pool slashed again and again to its last wei stays usable; nobody's new money pays for old shares.
    function testFuzz_aPoolCannotBeSlashedOutOfService(uint256 leave) public {
        leave = bound(leave, 0, 2e9);
        for (uint256 round; round < 5; ++round) {
            delegateAs(EVE, EVE, 1_000_000 ether);
            uint256 active = stakes.getPool(EVE).activeWei;
            uint256 loss = active > leave ? active - leave : active;
            stakes.lock(EVE, loss);
            stakes.slash(EVE, loss, address(0), "again");
        }
        uint256 before = token.balanceOf(ALICE);
        uint256 shares = delegateAs(ALICE, EVE, 500_000 ether);
        vm.assertLe(500_000 ether, stakes.stakeOf(EVE, ALICE) + 1);
        vm.prank(ALICE);
        uint256 index = stakes.undelegate(EVE, shares);
        vm.warp(block.timestamp + 14 days);
        stakes.withdraw(EVE, ALICE, index);
        vm.assertLe(before + 500_000 ether, token.balanceOf(ALICE) + 2);
    }

    /// @dev A cheater who reports itself through a friend saves what the friend is paid and no more: half is gone.
    function test_selfReportLosesTheRest() public {
        delegateAs(EVE, EVE, 100 ether);
        stakes.lock(EVE, 100 ether);
        (, uint256 saved) = stakes.slash(EVE, 100 ether, EVE, "self");
        vm.assertEq(saved, 50 ether);
        vm.assertEq(token.balanceOf(EVE), 50 ether);
    }

    /// @dev A token that calls back in every transfer: no second payment, whatever is called.
    function test_reentrancyPaysOnce() public {
        HostileBurnable hostile = new HostileBurnable();
        StakePool pool = new StakePool(IOpenToken(address(hostile)), parameters, TREASURY, address(this));
        address[] memory consumers = new address[](1);
        consumers[0] = address(this);
        pool.initialise(consumers);
        hostile.mint(address(this), 1000);
        hostile.approve(address(pool), 1000);
        // While the money is on its way, it counts for nobody.
        hostile.arm(address(pool), abi.encodeCall(pool.lock, (OPERATOR, 1)));
        pool.delegate(OPERATOR, 100);
        vm.assertFalse(hostile.succeeded());
        uint256 index = pool.undelegate(OPERATOR, 50);
        vm.warp(block.timestamp + 14 days);
        hostile.arm(address(pool), abi.encodeCall(pool.withdraw, (OPERATOR, address(this), index)));
        pool.withdraw(OPERATOR, address(this), index);
        vm.assertFalse(hostile.succeeded());
        pool.reward(OPERATOR, 70);
        vm.warp(block.timestamp + 7 days);
        hostile.arm(address(pool), abi.encodeCall(pool.claimReward, (OPERATOR, address(this))));
        vm.assertEq(pool.claimReward(OPERATOR, address(this)), 70);
        vm.assertFalse(hostile.succeeded());
        pool.lock(OPERATOR, 50);
        hostile.arm(address(pool), abi.encodeCall(pool.unlock, (OPERATOR, 50)));
        pool.slash(OPERATOR, 50, EVE, "cause");
        vm.assertFalse(hostile.succeeded());
        vm.assertEq(hostile.attempts(), 4);
        vm.assertEq(pool.totalStaked(), 0);
        vm.assertEq(hostile.balanceOf(address(pool)), 0);
        vm.assertEq(hostile.balanceOf(EVE), 25);
    }

    /// @dev One stake under many names buys one seat: the second name's pool has nothing to lock.
    function test_oneStakeIsOneSeat() public {
        delegateAs(EVE, jurorAt(0), SEAT);
        vm.prank(jurorAt(0));
        jury.join(ROLE);
        vm.prank(jurorAt(1));
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, jurorAt(1), 0, SEAT));
        jury.join(ROLE);
        // Half behind each of two names is no seat at all.
        delegateAs(EVE, jurorAt(2), SEAT / 2);
        vm.prank(jurorAt(2));
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, jurorAt(2), SEAT / 2, SEAT));
        jury.join(ROLE);
    }

    /// @dev The same stake, taken out of one seat after 42 days and put behind the next: bare seats are not drawn, and covering one
    /// once the block's hash is known comes too late.
    function test_recycledStakeBuysNoSecondSeat() public {
        for (uint256 i; i < 4; ++i) {
            uint256 shares = delegateAs(EVE, jurorAt(i), SEAT);
            vm.prank(jurorAt(i));
            jury.join(ROLE);
            vm.prank(EVE);
            uint256 index = stakes.undelegate(jurorAt(i), shares);
            vm.warp(block.timestamp + 42 days);
            stakes.withdraw(jurorAt(i), EVE, index);
            vm.prank(EVE);
            token.transfer(HOLDER, SEAT);
        }
        uint256 id = openCase(ROLE, 4, 0);
        vm.roll(jury.getCase(id).drawBlock + 1);
        uint256 beforeCover = vm.snapshotState();
        jury.draw(id);
        vm.assertEq(jury.jurorsOf(id).length, 0);
        vm.revertToState(beforeCover);
        delegateAs(EVE, jurorAt(2), SEAT);
        jury.draw(id);
        vm.assertEq(jury.jurorsOf(id).length, 0);
    }

    /// @dev A juror who did not look copies another's sealed vote: it cannot open it, and pays as absent.
    function test_aCopiedVoteCannotBeOpened() public {
        seatMany(ROLE, 3);
        uint256 id = openCase(ROLE, 3, 0);
        address[] memory jurors = drawCase(id);
        commitAs(id, jurors[0], 1);
        (bytes32 copied,) = jury.voteOf(id, jurors[0]);
        vm.prank(jurors[1]);
        jury.commitVote(id, copied);
        vm.warp(jury.getCase(id).commitEnds);
        revealAs(id, jurors[0], 1);
        vm.prank(jurors[1]);
        vm.expectRevert(abi.encodeWithSelector(IJury.VoteMismatch.selector, id, jurors[1]));
        jury.revealVote(id, 1, bytes32(uint256(uint160(jurors[0]))));
        vm.warp(jury.getCase(id).revealEnds);
        jury.count(id);
        jury.settle(id, 1);
        vm.assertEq(jury.getSeat(ROLE, jurors[1]).stakeWei, SEAT - ABSENT);
    }

    /// @dev Nobody shows another's vote, nor changes it, nor votes once votes are open.
    function test_nobodyVotesForAnother() public {
        seatMany(ROLE, 4);
        uint256 id = openCase(ROLE, 3, 0);
        address[] memory jurors = drawCase(id);
        commitAs(id, jurors[0], 1);
        vm.warp(jury.getCase(id).commitEnds);
        vm.prank(EVE);
        vm.expectRevert(abi.encodeWithSelector(IJury.NotJuror.selector, id, EVE));
        jury.revealVote(id, 1, bytes32(uint256(uint160(jurors[0]))));
        vm.startPrank(jurors[0]);
        vm.expectRevert(abi.encodeWithSelector(IJury.VoteMismatch.selector, id, jurors[0]));
        jury.revealVote(id, 2, bytes32(uint256(uint160(jurors[0]))));
        vm.stopPrank();
        vm.prank(jurors[1]);
        vm.expectRevert(
            abi.encodeWithSelector(IJury.WrongPhase.selector, id, IJury.Phase.Revealing, IJury.Phase.Committing)
        );
        jury.commitVote(id, "late");
        // Without having committed there is nothing to show.
        vm.prank(jurors[1]);
        vm.expectRevert(abi.encodeWithSelector(IJury.VoteMismatch.selector, id, jurors[1]));
        jury.revealVote(id, 1, 0);
    }

    /// @dev Who never looks and always says the same is paid where the others say so too and charged where they do not; with one
    /// wrong case in five, it loses.
    function test_theLazyJurorLoses() public {
        seatMany(ROLE, 5);
        address lazy = jurorAt(0);
        uint256 before = stakes.stakeOf(lazy, lazy);
        for (uint256 one; one < 5; ++one) {
            uint256 id = openCase(ROLE, 5, 50 ether);
            address[] memory jurors = drawCase(id);
            uint8 truth = one == 4 ? 2 : 1;
            uint8[] memory choices = new uint8[](jurors.length);
            for (uint256 i; i < jurors.length; ++i) {
                choices[i] = jurors[i] == lazy ? 1 : truth;
            }
            voteAll(id, choices);
            jury.settle(id, truth);
        }
        vm.assertLt(stakes.stakeOf(lazy, lazy) + jury.owed(lazy), before);
        vm.assertLt(before, stakes.stakeOf(jurorAt(1), jurorAt(1)) + jury.owed(jurorAt(1)));
    }

    /// @dev A court cannot open a case with another case's fee, nor settle another court's case.
    function test_aCourtTouchesItsOwnAlone() public {
        seatMany(ROLE, 3);
        uint256 id = openCase(ROLE, 3, 50 ether);
        vm.prank(GOVERNOR);
        jury.setCourt(EVE, true);
        vm.prank(EVE);
        vm.expectRevert(abi.encodeWithSelector(IJury.FeeNotReceived.selector, 50 ether, 0));
        jury.open(ROLE, 3, 2, "theft", [address(0), address(0), address(0)], 50 ether);
        drawCase(id);
        voteAll(id, new uint8[](3));
        vm.prank(EVE);
        vm.expectRevert(abi.encodeWithSelector(IJury.NotCourt.selector, EVE));
        jury.settle(id, 0);
    }

    /// @dev Seats left while a draw is pending leave holes; one who fills the bench and leaves cannot starve later draws.
    function test_holesDoNotStarveLaterDraws() public {
        seatMany(ROLE, 3);
        for (uint256 i; i < 60; ++i) {
            seat(ROLE, jurorAt(100 + i));
        }
        uint256 id = openCase(ROLE, 3, 0);
        for (uint256 i; i < 60; ++i) {
            vm.prank(jurorAt(100 + i));
            jury.leave(ROLE);
        }
        address[] memory jurors = drawCase(id);
        voteAll(id, new uint8[](jurors.length));
        jury.settle(id, 0);
        for (uint256 i; i < 16; ++i) {
            id = openCase(ROLE, 3, 0);
            jurors = drawCase(id);
            voteAll(id, new uint8[](jurors.length));
            jury.settle(id, 0);
        }
        vm.assertEq(jurors.length, 3);
    }
}
