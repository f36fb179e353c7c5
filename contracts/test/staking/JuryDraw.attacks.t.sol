// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {StakingWorld} from "../support/StakingWorld.sol";

/// @dev What one could do between the block whose hash draws and the draw.
contract JuryDrawAttacks is StakingWorld {
    bytes32 private constant ROLE = "verifier";
    uint256 private constant SEATS = 16;

    function setUp() public override {
        super.setUp();
        setParameter("absentVotePpm", 0);
        seatMany(ROLE, SEATS);
        // New names, staked and ready to take seats.
        delegateAs(jurorAt(1000), jurorAt(1000), SEAT);
        delegateAs(jurorAt(1001), jurorAt(1001), SEAT);
    }

    /// @dev A seat that is too low when a case is opened is raised once the hash is known: it is not drawn for that case, else one spare stake
    /// could be put on whichever seat the hash names.
    function test_aSeatRaisedMeanwhileIsNotDrawn() public {
        setParameter("seatStakeWei", 2 * SEAT + 2);
        for (uint256 i; i < SEATS; ++i) {
            delegateAs(jurorAt(i), jurorAt(i), SEAT);
        }
        uint256 before = openCase(ROLE, 5, 0);
        vm.roll(jury.getCase(before).drawBlock + 1);
        for (uint256 i; i < SEATS; ++i) {
            vm.prank(jurorAt(i));
            jury.raiseSeat(ROLE, SEAT + 1);
        }
        uint256 later = openCase(ROLE, 5, 0);
        jury.draw(before);
        vm.assertEq(jury.jurorsOf(before).length, 0);
        vm.assertEq(drawCase(later).length, 5);
    }

    /// @dev One seat's stake, taken and left in a loop while a draw is pending: it makes no more than the one hole that it leaves, and neither
    /// the pending draw nor a later one finds fewer jurors.
    function test_joiningAndLeavingDoesNotStarveTheBench() public {
        address bad = jurorAt(1000);
        uint256 first = openCase(ROLE, 5, 0);
        vm.startPrank(bad);
        for (uint256 i; i < 300; ++i) {
            jury.join(ROLE);
            jury.leave(ROLE);
        }
        vm.stopPrank();
        vm.assertEq(jury.positions(ROLE), SEATS + 1);
        uint256 second = openCase(ROLE, 5, 0);
        vm.assertEq(drawCase(first).length, 5);
        vm.assertEq(drawCase(second).length, 5);
        vm.assertEq(jury.positions(ROLE), SEATS);
    }

    /// @dev Six seats left in one order, four of them the last: the list then named live seats as holes.
    function test_seatsTakenAfterHolesWentWithTheEnd() public {
        uint256 id = openCase(ROLE, 1, 0);
        for (uint256 i; i < 6; ++i) {
            // 11 … 15, then 10, which comes up first.
            vm.prank(jurorAt(i == 5 ? 10 : 11 + i));
            jury.leave(ROLE);
        }
        _finish(id);
        id = openCase(ROLE, 1, 0);
        for (uint256 i; i < 8; ++i) {
            delegateAs(jurorAt(2000 + i), jurorAt(2000 + i), SEAT);
            vm.prank(jurorAt(2000 + i));
            jury.join(ROLE);
            checkBench(ROLE);
        }
        _finish(id);
        for (uint256 i; i < 8; ++i) {
            checkBench(ROLE);
            vm.prank(jurorAt(2000 + i));
            jury.leave(ROLE);
        }
        vm.assertEq(jury.seats(ROLE), 10);
        checkBench(ROLE);
    }

    function _finish(uint256 id) private returns (uint256) {
        address[] memory jurors = drawCase(id);
        if (jurors.length != 0) {
            vm.warp(jury.getCase(id).revealEnds);
            jury.count(id);
        }
        jury.settle(id, 0);
        return 0;
    }
}
