// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {StakingWorld} from "../support/StakingWorld.sol";

/// @dev What one could try once the hash that draws is known, on a small bench, often.
contract JuryGrindingAttacks is StakingWorld {
    bytes32 private constant ROLE = "verifier";
    uint256 private constant SEATS = 8;

    error Drawn(uint256 own, uint256 all);

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
    function testFuzz_grindingTheDrawGainsNoSeat(uint256 blockNumber, uint256 mine, uint256 leaves, uint8 size) public {
        size = uint8(bound(size, 1, 5));
        vm.roll(bound(blockNumber, 1000, 1e9));
        uint256 id = openCase(ROLE, size, 0);
        vm.roll(jury.getCase(id).drawBlock + 1);
        (uint256 honestOwn, uint256 honestDrawn) = _ifDrawnNow(id, mine);
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

    /// @dev Whoever takes a seat that was left while a draw is pending is not drawn in its place: the hash may be known.
    function testFuzz_whoFillsAHoleIsNotDrawnForWhatIsPending(uint256 blockNumber, uint256 leaves, uint8 size) public {
        vm.roll(bound(blockNumber, 1000, 1e9));
        uint256 id = openCase(ROLE, uint8(bound(size, 1, 5)), 0);
        vm.roll(jury.getCase(id).drawBlock + 1);
        leaves = bound(leaves, 0, SEATS - 1);
        vm.prank(jurorAt(leaves));
        jury.leave(ROLE);
        vm.prank(jurorAt(1000));
        jury.join(ROLE);
        vm.assertEq(jury.seatAt(ROLE, leaves), jurorAt(1000));
        address[] memory jurors = drawCase(id);
        for (uint256 i; i < jurors.length; ++i) {
            vm.assertTrue(jurors[i] != jurorAt(1000));
        }
        vm.assertLt(jury.getCase(id).newestSeat, jury.getSeat(ROLE, jurorAt(1000)).number);
        // For what is opened afterwards it may be drawn.
        uint256 later = openCase(ROLE, 1, 0);
        vm.assertLe(jury.getSeat(ROLE, jurorAt(1000)).number, jury.getCase(later).newestSeat);
    }

    /// @dev Draws, tells, and takes it back.
    function drawAndTell(uint256 id, uint256 mine) external {
        jury.draw(id);
        (uint256 own, uint256 all) = _ownAmong(jury.jurorsOf(id), mine);
        revert Drawn(own, all);
    }

    function _ifDrawnNow(uint256 id, uint256 mine) private returns (uint256 own, uint256 all) {
        try this.drawAndTell(id, mine) {
            revert("it was not taken back");
        } catch (bytes memory told) {
            vm.assertEq(bytes32(bytes4(told)), bytes32(Drawn.selector));
            assembly {
                own := mload(add(told, 0x24))
                all := mload(add(told, 0x44))
            }
        }
    }

    function _ownAmong(address[] memory jurors, uint256 mine) private pure returns (uint256 own, uint256 drawn) {
        drawn = jurors.length;
        for (uint256 i; i < drawn; ++i) {
            uint256 which = uint160(jurors[i]) - 0x10000;
            if (which < SEATS && (mine >> which) & 1 == 1) ++own;
        }
    }
}
