// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IJury} from "../../src/interfaces/IJury.sol";
import {StakingWorld} from "../support/StakingWorld.sol";

contract JuryTest is StakingWorld {
    bytes32 private constant ROLE = "verifier";

    function _choices(uint8 a, uint8 b, uint8 c, uint8 d, uint8 e) private pure returns (uint8[] memory list) {
        list = new uint8[](5);
        (list[0], list[1], list[2], list[3], list[4]) = (a, b, c, d, e);
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
        // Lost: 1,000 of the wrong one, 200 of the absent one; half of it to the three who were right.
        uint256 pot = 50 ether + 600 ether;
        vm.assertEq(jury.owed(jurors[0]), pot / 3 + pot % 3);
        vm.assertEq(jury.owed(jurors[1]), pot / 3);
        vm.assertEq(jury.owed(jurors[3]), 0);
        vm.assertEq(jury.getSeat(ROLE, jurors[3]).stakeWei, 9000 ether);
        vm.assertEq(jury.getSeat(ROLE, jurors[4]).stakeWei, 9800 ether);
        vm.assertEq(token.balanceOf(address(jury)), pot);
        vm.assertEq(jury.totalHeld(), pot);
        for (uint256 i; i < 3; ++i) {
            uint256 amount = jury.withdraw(jurors[i]);
            vm.assertEq(token.balanceOf(jurors[i]), amount);
        }
        vm.assertEq(jury.totalHeld(), 0);
        vm.prank(jurors[3]);
        jury.leave(ROLE);
        vm.assertEq(stakes.freeOf(jurors[3]), 9000 ether);
    }
}
