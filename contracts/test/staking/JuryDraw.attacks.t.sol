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

    /// @dev With the hash known and the draw not yet called, an attacker leaves any of its seats and takes others: never more of
    /// the jury is its own than before, and no honest juror is driven out.
    /// forge-config: default.fuzz.runs = 300
    function testFuzz_grindingTheDrawGainsNoSeat(uint256 blockNumber, uint256 mine, uint256 leaves, uint8 size) public {
        size = uint8(bound(size, 1, 11));
        vm.roll(bound(blockNumber, 1000, 1e9));
        uint256 id = openCase(ROLE, size, 0);
        vm.roll(jury.getCase(id).drawBlock + 1);
        uint256 known = vm.snapshotState();
        jury.draw(id);
        (uint256 honestOwn, uint256 honestDrawn) = _ownAmong(jury.jurorsOf(id), mine);
        vm.revertToState(known);
        for (uint256 i; i < SEATS; ++i) {
            if ((mine >> i) & 1 == 0 || (leaves >> i) & 1 == 0) continue;
            vm.prank(jurorAt(i));
            jury.leave(ROLE);
        }
        // New names come as well.
        for (uint256 i; i < 2; ++i) {
            vm.prank(jurorAt(1000 + i));
            jury.join(ROLE);
        }
        jury.draw(id);
        address[] memory jurors = jury.jurorsOf(id);
        (uint256 own, uint256 drawn) = _ownAmong(jurors, mine);
        vm.assertLe(own, honestOwn);
        vm.assertLe(honestDrawn - honestOwn, drawn - own);
        for (uint256 i; i < jurors.length; ++i) {
            vm.assertTrue(uint160(jurors[i]) < 0x10000 + 1000);
        }
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

    /// @dev Whoever takes a seat that was left while a draw is pending is not drawn in its place: the hash may be known.
    /// forge-config: default.fuzz.runs = 300
    function testFuzz_whoFillsAHoleIsNotDrawnForWhatIsPending(uint256 blockNumber, uint256 leaves) public {
        vm.roll(bound(blockNumber, 1000, 1e9));
        uint256 id = openCase(ROLE, 11, 0);
        vm.roll(jury.getCase(id).drawBlock + 1);
        leaves = bound(leaves, 0, SEATS - 1);
        vm.prank(jurorAt(leaves));
        jury.leave(ROLE);
        vm.prank(jurorAt(1000));
        jury.join(ROLE);
        vm.assertEq(jury.seatAt(ROLE, leaves), jurorAt(1000));
        uint256 later = openCase(ROLE, uint8(SEATS), 0);
        address[] memory jurors = drawCase(id);
        for (uint256 i; i < jurors.length; ++i) {
            vm.assertTrue(jurors[i] != jurorAt(1000));
        }
        vm.assertLe(jury.getSeat(ROLE, jurorAt(1000)).number, jury.getCase(later).newestSeat);
        vm.assertLt(jury.getCase(id).newestSeat, jury.getSeat(ROLE, jurorAt(1000)).number);
    }

    /// @dev Seats left in an order that once left positions on the list of holes that were none any more: who sat there later was thrown off
    /// the bench, or its stake could not be freed. Now everybody with a seat sits somewhere, once, and can leave.
    /// forge-config: default.fuzz.runs = 100
    function testFuzz_everySeatSitsOnceAndCanLeave(uint256 order, bool[24] calldata pending) public {
        delegateAs(jurorAt(1002), jurorAt(1002), SEAT);
        uint256 open;
        for (uint256 step; step < 24; ++step) {
            if (pending[step] && open == 0) open = openCase(ROLE, 3, 0);
            else if (!pending[step] && open != 0) open = _finish(open);
            for (uint256 k; k < 4; ++k) {
                uint256 which = uint256(keccak256(abi.encode(order, step, k))) % (SEATS + 3);
                _turn(which < SEATS ? jurorAt(which) : jurorAt(1000 + which - SEATS));
            }
            _checkBench();
        }
        if (open != 0) _finish(open);
        for (uint256 i; i < SEATS + 3; ++i) {
            address operator = i < SEATS ? jurorAt(i) : jurorAt(1000 + i - SEATS);
            if (jury.hasSeat(ROLE, operator)) _turn(operator);
            _checkBench();
            vm.assertEq(stakes.freeOf(operator), SEAT);
        }
        vm.assertEq(jury.seats(ROLE), 0);
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
            _checkBench();
        }
        _finish(id);
        for (uint256 i; i < 8; ++i) {
            _checkBench();
            vm.prank(jurorAt(2000 + i));
            jury.leave(ROLE);
        }
        vm.assertEq(jury.seats(ROLE), 10);
        _checkBench();
    }

    function _turn(address operator) private {
        bool seated = jury.hasSeat(ROLE, operator);
        if (seated && jury.getSeat(ROLE, operator).openCases != 0) return;
        vm.prank(operator);
        if (seated) jury.leave(ROLE);
        else jury.join(ROLE);
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

    /// @dev As many sit on the bench as have seats, each with a seat of its own.
    function _checkBench() private view {
        uint256 sitting;
        for (uint256 at; at < jury.positions(ROLE); ++at) {
            address operator = jury.seatAt(ROLE, at);
            if (operator == address(0)) continue;
            ++sitting;
            vm.assertTrue(jury.hasSeat(ROLE, operator));
            for (uint256 before; before < at; ++before) {
                vm.assertTrue(jury.seatAt(ROLE, before) != operator);
            }
        }
        vm.assertEq(sitting, jury.seats(ROLE));
    }

    function _ownAmong(address[] memory jurors, uint256 mine) private pure returns (uint256 own, uint256 drawn) {
        drawn = jurors.length;
        for (uint256 i; i < drawn; ++i) {
            uint256 which = uint160(jurors[i]) - 0x10000;
            if (which < SEATS && (mine >> which) & 1 == 1) ++own;
        }
    }
}
