// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IJury} from "../../src/interfaces/IJury.sol";
import {IOpenToken} from "../../src/interfaces/IOpenToken.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {Jury} from "../../src/staking/Jury.sol";
import {Parameters} from "../../src/staking/Parameters.sol";
import {ParameterList} from "../support/ParameterList.sol";
import {StakingWorld} from "../support/StakingWorld.sol";

contract JuryTest is StakingWorld {
    bytes32 private constant ROLE = "verifier";
    address[3] private nobody;

    function _choices(uint8 a, uint8 b, uint8 c, uint8 d, uint8 e) private pure returns (uint8[] memory list) {
        list = new uint8[](5);
        (list[0], list[1], list[2], list[3], list[4]) = (a, b, c, d, e);
    }

    function _counted(uint8[] memory choices) private returns (uint256 id, address[] memory jurors) {
        seatMany(ROLE, 9);
        id = openCase(ROLE, 5, 50 ether);
        jurors = drawCase(id);
        voteAll(id, choices);
    }

    function _expectPhase(uint256 id, IJury.Phase phase, IJury.Phase wanted) private {
        vm.expectRevert(abi.encodeWithSelector(IJury.WrongPhase.selector, id, phase, wanted));
    }

    function test_aCaseFromOpeningToPayment() public {
        seatMany(ROLE, 9);
        uint256 id = openCase(ROLE, 5, 50 ether);
        vm.assertTrue(jury.getCase(id).phase == IJury.Phase.Drawing);
        address[] memory jurors = drawCase(id);
        vm.assertEq(jurors.length, 5);
        vm.assertTrue(jury.getCase(id).phase == IJury.Phase.Committing);
        vm.assertEq(voteAll(id, _choices(1, 1, 1, 2, 0)), 1);
        vm.assertEq(jury.verdictOf(id), 1);
        vm.assertEq(jury.settle(id, 1), 0);
        // Lost: 100 of the wrong one, 50 of the absent one; half of it to the three who were right.
        uint256 pot = 50 ether + 75 ether;
        vm.assertEq(jury.owed(jurors[0]), pot / 3 + pot % 3);
        vm.assertEq(jury.owed(jurors[1]), pot / 3);
        vm.assertEq(jury.owed(jurors[3]), 0);
        vm.assertEq(jury.getSeat(ROLE, jurors[3]).stakeWei, SEAT - WRONG);
        vm.assertEq(jury.getSeat(ROLE, jurors[4]).stakeWei, SEAT - ABSENT);
        vm.assertEq(token.balanceOf(address(jury)), pot);
        vm.assertEq(jury.totalHeld(), pot);
        for (uint256 i; i < 3; ++i) {
            uint256 amount = jury.withdraw(jurors[i]);
            vm.assertEq(token.balanceOf(jurors[i]), amount);
        }
        vm.assertEq(jury.totalHeld(), 0);
        vm.prank(jurors[3]);
        jury.leave(ROLE);
        vm.assertEq(stakes.freeOf(jurors[3]), SEAT - WRONG);
    }

    function test_anAppealMayTurnTheOutcome() public {
        (uint256 id, address[] memory jurors) = _counted(_choices(1, 1, 1, 2, 2));
        jury.settle(id, 2);
        vm.assertEq(jury.owed(jurors[0]), 0);
        vm.assertEq(jury.getSeat(ROLE, jurors[0]).stakeWei, SEAT - WRONG);
        // Half of what three lost.
        vm.assertEq(jury.owed(jurors[3]), (50 ether + 150 ether) / 2);
        vm.assertEq(jury.owed(jurors[4]), (50 ether + 150 ether) / 2);
    }

    function test_noOutcomeChargesTheAbsentAlone() public {
        (uint256 id, address[] memory jurors) = _counted(_choices(1, 2, 3, 0, 0));
        vm.assertEq(jury.verdictOf(id), 0);
        jury.settle(id, 0);
        for (uint256 i; i < 3; ++i) {
            vm.assertEq(jury.getSeat(ROLE, jurors[i]).stakeWei, SEAT);
            vm.assertLe((50 ether + ABSENT) / uint256(3), jury.owed(jurors[i]));
        }
        vm.assertEq(jury.getSeat(ROLE, jurors[4]).stakeWei, SEAT - ABSENT);
    }

    function test_whereNobodyVotesTheFeeGoesBack() public {
        (uint256 id, address[] memory jurors) = _counted(_choices(0, 0, 0, 0, 0));
        vm.assertEq(jury.verdictOf(id), 0);
        uint256 supply = token.totalSupply();
        vm.assertEq(jury.settle(id, 0), 50 ether);
        vm.assertEq(token.balanceOf(address(this)), 50 ether);
        vm.assertEq(jury.totalHeld(), 0);
        // Of what five lost a quarter to the treasury, the rest burnt.
        vm.assertEq(token.totalSupply(), supply - 5 * ABSENT * 3 / 4);
        vm.assertEq(token.balanceOf(TREASURY), 5 * ABSENT / 4);
        vm.assertEq(jury.getSeat(ROLE, jurors[0]).openCases, 0);
    }

    function test_whereNobodyWasRightTheFeeGoesBack() public {
        (uint256 id,) = _counted(_choices(1, 1, 1, 1, 1));
        vm.assertEq(jury.settle(id, 3), 50 ether);
        vm.assertEq(token.balanceOf(address(jury)), 0);
        vm.assertEq(token.balanceOf(TREASURY), 5 * WRONG / 4);
    }

    function test_withoutFeeAndChargesNobodyIsPaid() public {
        setParameter("wrongVotePpm", 0);
        seatMany(ROLE, 5);
        uint256 id = openCase(ROLE, 5, 0);
        address[] memory jurors = drawCase(id);
        voteAll(id, _choices(1, 1, 1, 1, 2));
        vm.assertEq(jury.settle(id, 1), 0);
        vm.assertEq(jury.owed(jurors[0]), 0);
        vm.assertEq(jury.getSeat(ROLE, jurors[4]).stakeWei, SEAT);
        id = openCase(ROLE, 5, 0);
        drawCase(id);
        voteAll(id, _choices(0, 0, 0, 0, 0));
        vm.assertEq(jury.settle(id, 1), 0);
    }

    function test_thePhasesFollowEachOther() public {
        seatMany(ROLE, 5);
        uint256 id = openCase(ROLE, 5, 0);
        uint64 drawBlock = jury.getCase(id).drawBlock;
        vm.assertEq(drawBlock, block.number + 8);
        vm.roll(drawBlock);
        vm.expectRevert(abi.encodeWithSelector(IJury.TooEarly.selector, id, drawBlock + 1));
        jury.draw(id);
        _expectPhase(id, IJury.Phase.Drawing, IJury.Phase.Committing);
        jury.commitVote(id, "x");
        _expectPhase(id, IJury.Phase.Drawing, IJury.Phase.Counted);
        jury.verdictOf(id);

        address[] memory jurors = drawCase(id);
        _expectPhase(id, IJury.Phase.Committing, IJury.Phase.Drawing);
        jury.draw(id);
        IJury.Case memory one = jury.getCase(id);
        vm.assertEq(one.commitEnds, block.timestamp + 1 days);
        vm.assertEq(one.revealEnds, block.timestamp + 2 days);
        commitAs(id, jurors[0], 1);
        commitAs(id, jurors[1], 1);
        _expectPhase(id, IJury.Phase.Committing, IJury.Phase.Revealing);
        jury.revealVote(id, 1, "x");
        _expectPhase(id, IJury.Phase.Committing, IJury.Phase.Revealing);
        jury.count(id);

        vm.warp(one.commitEnds);
        vm.assertTrue(jury.getCase(id).phase == IJury.Phase.Revealing);
        _expectPhase(id, IJury.Phase.Revealing, IJury.Phase.Committing);
        jury.commitVote(id, "x");
        revealAs(id, jurors[0], 1);
        vm.expectRevert(abi.encodeWithSelector(IJury.TooEarly.selector, id, one.revealEnds));
        jury.count(id);
        _expectPhase(id, IJury.Phase.Revealing, IJury.Phase.Counted);
        jury.settle(id, 1);

        vm.warp(one.revealEnds);
        vm.expectRevert(abi.encodeWithSelector(IJury.TooLate.selector, id, one.revealEnds));
        jury.revealVote(id, 1, "x");
        jury.count(id);
        vm.assertEq(jury.verdictOf(id), 0);
        jury.settle(id, 1);
        _expectPhase(id, IJury.Phase.Settled, IJury.Phase.Counted);
        jury.settle(id, 1);
        vm.assertEq(jury.verdictOf(id), 0);
    }

    function test_revealingBeginsOnceAllHaveCommitted() public {
        seatMany(ROLE, 5);
        uint256 id = openCase(ROLE, 5, 0);
        address[] memory jurors = drawCase(id);
        for (uint256 i; i < 5; ++i) {
            commitAs(id, jurors[i], 2);
        }
        vm.assertEq(jury.getCase(id).commitEnds, block.timestamp);
        vm.assertEq(jury.getCase(id).revealEnds, block.timestamp + 1 days);
        for (uint256 i; i < 5; ++i) {
            revealAs(id, jurors[i], 2);
        }
        vm.assertEq(jury.count(id), 2);
    }

    function test_refusesVotesThatCannotBe() public {
        seatMany(ROLE, 5);
        uint256 id = openCase(ROLE, 5, 0);
        address[] memory jurors = drawCase(id);
        vm.expectRevert(abi.encodeWithSelector(IJury.NotJuror.selector, id, address(this)));
        jury.commitVote(id, "x");
        vm.prank(jurors[0]);
        vm.expectRevert(IJury.ZeroCommitment.selector);
        jury.commitVote(id, 0);
        commitAs(id, jurors[0], 4);
        vm.prank(jurors[0]);
        vm.expectRevert(abi.encodeWithSelector(IJury.VoteExists.selector, id, jurors[0]));
        jury.commitVote(id, "x");
        commitAs(id, jurors[1], 1);
        vm.warp(jury.getCase(id).commitEnds);
        vm.startPrank(jurors[0]);
        vm.expectRevert(abi.encodeWithSelector(IJury.InvalidChoice.selector, 4, 3));
        jury.revealVote(id, 4, bytes32(uint256(uint160(jurors[0]))));
        vm.expectRevert(abi.encodeWithSelector(IJury.InvalidChoice.selector, 0, 3));
        jury.revealVote(id, 0, bytes32(uint256(uint160(jurors[0]))));
        vm.stopPrank();
        revealAs(id, jurors[1], 1);
        vm.prank(jurors[1]);
        vm.expectRevert(abi.encodeWithSelector(IJury.VoteExists.selector, id, jurors[1]));
        jury.revealVote(id, 1, bytes32(uint256(uint160(jurors[1]))));
        (bytes32 commitment, uint8 choice) = jury.voteOf(id, jurors[1]);
        vm.assertEq(choice, 1);
        vm.assertEq(commitment, keccak256(abi.encode(id, jurors[1], uint8(1), bytes32(uint256(uint160(jurors[1]))))));
        vm.warp(jury.getCase(id).revealEnds);
        jury.count(id);
        vm.expectRevert(abi.encodeWithSelector(IJury.InvalidChoice.selector, 4, 3));
        jury.settle(id, 4);
    }

    function test_seatsAreTakenAndLeft() public {
        vm.expectRevert(abi.encodeWithSelector(IJury.UnknownRole.selector, bytes32("cook")));
        jury.join("cook");
        vm.expectRevert(abi.encodeWithSelector(IJury.NoSeat.selector, ROLE, address(this)));
        jury.leave(ROLE);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, address(this), 0, SEAT));
        jury.join(ROLE);
        seat(ROLE, jurorAt(1));
        vm.assertEq(jury.seats(ROLE), 1);
        vm.assertTrue(jury.hasSeat(ROLE, jurorAt(1)));
        vm.assertFalse(jury.hasSeat("curator", jurorAt(1)));
        vm.assertEq(stakes.lockedFor(jurorAt(1), address(jury)), SEAT);
        vm.startPrank(jurorAt(1));
        vm.expectRevert(abi.encodeWithSelector(IJury.SeatExists.selector, ROLE, jurorAt(1)));
        jury.join(ROLE);
        jury.leave(ROLE);
        vm.stopPrank();
        vm.assertEq(jury.seats(ROLE), 0);
        vm.assertEq(stakes.freeOf(jurorAt(1)), SEAT);
    }

    /// @dev The stake asked for doubles, and a charge has lowered the seat: raised, it is drawn again, and whoever was charged stays charged.
    function test_aSeatIsRaised() public {
        address juror = jurorAt(0);
        vm.expectRevert(abi.encodeWithSelector(IJury.NoSeat.selector, ROLE, juror));
        vm.prank(juror);
        jury.raiseSeat(ROLE, SEAT);
        seatMany(ROLE, 3);
        uint256 open_ = openCase(ROLE, 3, 0);
        drawCase(open_);
        setParameter("seatStakeWei", 2 * SEAT + 2);
        vm.assertEq(drawCase(openCase(ROLE, 3, 0)).length, 0);
        delegateAs(juror, juror, SEAT);
        vm.startPrank(juror);
        vm.expectRevert(abi.encodeWithSelector(IJury.SeatNotRaised.selector, ROLE, juror, SEAT));
        jury.raiseSeat(ROLE, SEAT);
        vm.expectRevert(abi.encodeWithSelector(IStakePool.StakeTooLow.selector, juror, SEAT, SEAT + 1));
        jury.raiseSeat(ROLE, 2 * SEAT + 1);
        vm.expectEmit(address(jury));
        emit IJury.SeatRaised(ROLE, juror, SEAT + 1);
        jury.raiseSeat(ROLE, SEAT + 1);
        vm.stopPrank();
        IJury.Seat memory raised = jury.getSeat(ROLE, juror);
        vm.assertEq(raised.stakeWei, SEAT + 1);
        vm.assertEq(raised.openCases, 1);
        vm.assertEq(stakes.lockedFor(juror, address(jury)), SEAT + 1);
        address[] memory drawn = drawCase(openCase(ROLE, 3, 0));
        vm.assertEq(drawn.length, 1);
        vm.assertEq(drawn[0], juror);
        vm.warp(jury.getCase(open_).revealEnds);
        jury.count(open_);
        jury.settle(open_, 0);
        vm.assertEq(jury.getSeat(ROLE, juror).stakeWei, (SEAT + 1) - (SEAT + 1) * 5_000 / 1_000_000);
    }

    function test_openNeedsACourtASizeAndTheFee() public {
        vm.prank(jurorAt(1));
        vm.expectRevert(abi.encodeWithSelector(IJury.NotCourt.selector, jurorAt(1)));
        jury.open(ROLE, 5, 2, "s", nobody, 0);
        vm.expectRevert(abi.encodeWithSelector(IJury.UnknownRole.selector, bytes32("cook")));
        jury.open("cook", 5, 2, "s", nobody, 0);
        vm.expectRevert(abi.encodeWithSelector(IJury.InvalidSize.selector, 0, 31));
        jury.open(ROLE, 0, 2, "s", nobody, 0);
        vm.expectRevert(abi.encodeWithSelector(IJury.InvalidSize.selector, 32, 31));
        jury.open(ROLE, 32, 2, "s", nobody, 0);
        vm.expectRevert(abi.encodeWithSelector(IJury.InvalidChoices.selector, 0, 8));
        jury.open(ROLE, 5, 0, "s", nobody, 0);
        vm.expectRevert(abi.encodeWithSelector(IJury.InvalidChoices.selector, 9, 8));
        jury.open(ROLE, 5, 9, "s", nobody, 0);
        give(address(jury), 5 ether);
        vm.assertEq(jury.open(ROLE, 31, 8, "s", nobody, 5 ether), 1);
        vm.expectRevert(abi.encodeWithSelector(IJury.FeeNotReceived.selector, 1, 0));
        jury.open(ROLE, 5, 2, "s", nobody, 1);
        IJury.Case memory one = jury.getCase(1);
        vm.assertEq(one.court, address(this));
        vm.assertEq(one.role, ROLE);
        vm.assertEq(one.subject, "s");
        vm.assertEq(one.feeWei, 5 ether);
        vm.assertEq(one.size, 31);
        vm.assertEq(one.choices, 8);
        vm.assertEq(jury.cases(), 1);
        vm.assertEq(jury.getCase(2).role, bytes32(0));
    }

    function test_drawsOnceEachAndNeverTheExcluded() public {
        seatMany(ROLE, 8);
        uint256 id = openCase(ROLE, 8, 0, [jurorAt(0), jurorAt(3), jurorAt(7)]);
        address[] memory jurors = drawCase(id);
        vm.assertEq(jurors.length, 5);
        for (uint256 i; i < jurors.length; ++i) {
            vm.assertTrue(jurors[i] != jurorAt(0) && jurors[i] != jurorAt(3) && jurors[i] != jurorAt(7));
            vm.assertEq(jury.getSeat(ROLE, jurors[i]).openCases, 1);
            for (uint256 j; j < i; ++j) {
                vm.assertTrue(jurors[i] != jurors[j]);
            }
        }
        vm.prank(jurors[0]);
        vm.expectRevert(abi.encodeWithSelector(IJury.SeatInUse.selector, ROLE, jurors[0], 1));
        jury.leave(ROLE);
    }

    function test_rolesDoNotMix() public {
        seatMany("curator", 4);
        uint256 id = openCase(ROLE, 3, 0);
        vm.assertEq(drawCase(id).length, 0);
        id = openCase("curator", 3, 0);
        vm.assertEq(drawCase(id).length, 3);
        vm.assertEq(jury.getCase(id).role, "curator");
    }

    function test_withoutJurorsTheCaseIsCountedAtOnce() public {
        uint256 id = openCase(ROLE, 3, 9 ether);
        vm.assertEq(drawCase(id).length, 0);
        vm.assertEq(jury.verdictOf(id), 0);
        vm.assertEq(jury.settle(id, 0), 9 ether);
    }

    function test_aLateDrawGetsAnotherBlock() public {
        seatMany(ROLE, 3);
        uint256 id = openCase(ROLE, 3, 0);
        uint64 drawBlock = jury.getCase(id).drawBlock;
        vm.roll(drawBlock + 257);
        seat(ROLE, jurorAt(9));
        vm.expectEmit(address(jury));
        emit IJury.DrawPutOff(id, drawBlock + 265);
        jury.draw(id);
        vm.assertEq(jury.jurorsOf(id).length, 0);
        vm.roll(drawBlock + 265 + 256);
        jury.draw(id);
        vm.assertEq(jury.jurorsOf(id).length, 3);
    }

    function test_holesAreFilledOnceNothingIsPending() public {
        seatMany(ROLE, 12);
        uint256 id = openCase(ROLE, 3, 0);
        // Left while a draw is pending, the last among them: positions stay as they are.
        for (uint256 i = 3; i < 12; i += 2) {
            vm.prank(jurorAt(i));
            jury.leave(ROLE);
        }
        vm.assertEq(jury.seats(ROLE), 7);
        drawCase(id);
        voteAll(id, new uint8[](3));
        jury.settle(id, 0);
        for (uint256 i; i < 3; ++i) {
            seat(ROLE, jurorAt(100 + i));
        }
        vm.assertEq(jury.seats(ROLE), 10);
        // All can leave again: every seat is where its place says.
        for (uint256 i; i < 12; ++i) {
            if (!jury.hasSeat(ROLE, jurorAt(i))) continue;
            vm.prank(jurorAt(i));
            jury.leave(ROLE);
        }
        for (uint256 i; i < 3; ++i) {
            vm.prank(jurorAt(100 + i));
            jury.leave(ROLE);
        }
        vm.assertEq(jury.seats(ROLE), 0);
        id = openCase(ROLE, 3, 0);
        vm.assertEq(drawCase(id).length, 0);
    }

    function test_positionsStandStillWhileADrawIsPending() public {
        seatMany(ROLE, 8);
        uint256 id = openCase(ROLE, 3, 0);
        // The last leaves first, so that its hole is gone before it comes up to be filled.
        for (uint256 i = 8; i > 4; --i) {
            vm.prank(jurorAt(i - 1));
            jury.leave(ROLE);
        }
        vm.prank(jurorAt(1));
        jury.leave(ROLE);
        vm.assertEq(jury.positions(ROLE), 8);
        // A case that is opened now looks among all positions, holes too.
        vm.assertEq(jury.getCase(openCase(ROLE, 3, 0)).positions, 8);
        drawCase(id + 1);
        vm.assertEq(jury.seatAt(ROLE, 0), jurorAt(0));
        vm.assertEq(jury.seatAt(ROLE, 1), address(0));
        vm.assertEq(jury.seatAt(ROLE, 8), address(0));
        vm.assertEq(drawCase(id).length, 3);
        seat(ROLE, jurorAt(20));
        seat(ROLE, jurorAt(21));
        // No hole is left, and everybody who has a seat sits somewhere, once.
        vm.assertEq(jury.seats(ROLE), 5);
        vm.assertEq(jury.positions(ROLE), 5);
        for (uint256 i; i < 5; ++i) {
            vm.assertTrue(jury.hasSeat(ROLE, jury.seatAt(ROLE, i)));
            for (uint256 j; j < i; ++j) {
                vm.assertTrue(jury.seatAt(ROLE, i) != jury.seatAt(ROLE, j));
            }
        }
    }

    function test_aSeatBelowHalfTheCostIsNotDrawn() public {
        seatMany(ROLE, 3);
        setParameter("seatStakeWei", 2 * SEAT);
        uint256 id = openCase(ROLE, 3, 0);
        vm.assertEq(drawCase(id).length, 3);
        setParameter("seatStakeWei", 2 * SEAT + 2);
        id = openCase(ROLE, 3, 0);
        vm.assertEq(drawCase(id).length, 0);
    }

    function test_chargesAreThoseOfTheOpening() public {
        seatMany(ROLE, 5);
        uint256 id = openCase(ROLE, 5, 0);
        setParameter("wrongVotePpm", 500_000);
        setParameter("absentVotePpm", 200_000);
        address[] memory jurors = drawCase(id);
        voteAll(id, _choices(1, 1, 1, 2, 0));
        jury.settle(id, 1);
        vm.assertEq(jury.getSeat(ROLE, jurors[3]).stakeWei, SEAT - WRONG);
        vm.assertEq(jury.getSeat(ROLE, jurors[4]).stakeWei, SEAT - ABSENT);
    }

    function test_courtsAreNamedOnceThenByTheGovernor() public {
        Jury fresh = new Jury(token, parameters, stakes, HOLDER);
        address[] memory one = new address[](1);
        one[0] = TREASURY;
        vm.expectRevert(abi.encodeWithSelector(IJury.NotDeployer.selector, address(this), HOLDER));
        fresh.initialise(one);
        vm.prank(HOLDER);
        fresh.initialise(one);
        vm.assertTrue(fresh.isCourt(TREASURY));
        vm.prank(HOLDER);
        vm.expectRevert(IJury.AlreadyInitialised.selector);
        fresh.initialise(one);
        vm.expectRevert(abi.encodeWithSelector(IJury.NotGovernor.selector, address(this), GOVERNOR));
        fresh.setCourt(HOLDER, true);
        vm.startPrank(GOVERNOR);
        fresh.setCourt(HOLDER, true);
        fresh.setCourt(TREASURY, false);
        vm.expectRevert(abi.encodeWithSelector(IJury.ZeroAccount.selector, "court"));
        fresh.setCourt(address(0), true);
        vm.stopPrank();
        vm.assertTrue(fresh.isCourt(HOLDER));
        vm.assertFalse(fresh.isCourt(TREASURY));
        vm.expectRevert(abi.encodeWithSelector(IJury.NothingOwed.selector, HOLDER));
        fresh.withdraw(HOLDER);
    }

    function test_aForbiddenCourtMaySettle() public {
        (uint256 id,) = _counted(_choices(1, 1, 1, 2, 2));
        vm.prank(GOVERNOR);
        jury.setCourt(address(this), false);
        vm.expectRevert(abi.encodeWithSelector(IJury.NotCourt.selector, address(this)));
        jury.open(ROLE, 5, 2, "s", nobody, 0);
        jury.settle(id, 1);
    }

    function test_refusesUnsafeParts() public {
        vm.expectRevert(abi.encodeWithSelector(IJury.ZeroAccount.selector, "token"));
        new Jury(IOpenToken(address(0)), parameters, stakes, HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IJury.ZeroAccount.selector, "stakes"));
        new Jury(token, parameters, IStakePool(address(0)), HOLDER);
        vm.expectRevert(abi.encodeWithSelector(IJury.ZeroAccount.selector, "deployer"));
        new Jury(token, parameters, stakes, address(0));
        _expectUnsafe("wrongVotePpm", 0, 1_000_001, "charge above a million");
        _expectUnsafe("absentVotePpm", 0, 1_000_001, "charge above a million");
        _expectUnsafe("seatStakeWei", 0, 1_000_000 ether, "seatStakeWei may be 0");
        _expectUnsafe("drawBlocks", 0, 256, "drawBlocks may exceed 255");
    }

    function _expectUnsafe(bytes32 key, uint256 min, uint256 max, string memory reason) private {
        IParameters.Parameter[] memory list = ParameterList.production();
        for (uint256 i; i < list.length; ++i) {
            if (list[i].key == key) (list[i].min, list[i].max) = (min, max);
        }
        Parameters unsafe = new Parameters(GOVERNOR, list);
        vm.expectRevert(abi.encodeWithSelector(IJury.UnsafeParameters.selector, reason));
        new Jury(token, unsafe, stakes, HOLDER);
    }
}
