// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {StakingWorld} from "../support/StakingWorld.sol";

/// @dev What one could do between the block whose hash draws and the draw.
contract JuryDrawAttacks is StakingWorld {
    bytes32 private constant ROLE = "verifier";
    uint256 private constant SEATS = 16;

    function setUp() public override {
        super.setUp();
        seatMany(ROLE, SEATS);
        // New names, staked and ready to take seats.
        delegateAs(jurorAt(1000), jurorAt(1000), SEAT);
        delegateAs(jurorAt(1001), jurorAt(1001), SEAT);
    }

    /// @dev With the hash known and the draw not yet called, an attacker leaves any of its seats and takes others: never more of
    /// the jury is its own than before, and no honest juror is driven out.
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

    function _ownAmong(address[] memory jurors, uint256 mine) private pure returns (uint256 own, uint256 drawn) {
        drawn = jurors.length;
        for (uint256 i; i < drawn; ++i) {
            uint256 which = uint160(jurors[i]) - 0x10000;
            if (which < SEATS && (mine >> which) & 1 == 1) ++own;
        }
    }
}
