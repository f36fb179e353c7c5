// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {CurationRule} from "../../src/types/Datanets.sol";
import {DatanetHandler} from "../support/DatanetHandler.sol";
import {DatanetWorld} from "../support/DatanetWorld.sol";

/// @dev What holds of contributions under all three rules after any sequence of acts, copies, disputes and verdicts.
contract DatanetInvariants is DatanetWorld {
    DatanetHandler private handler;
    bytes32[3] private nets;

    function setUp() public override {
        super.setUp();
        vm.startPrank(OWNER);
        nets[0] = datanets.create(termsOf("owner", CurationRule.Owner, 1 ether));
        nets[1] = datanets.create(termsOf("committee", CurationRule.Committee, 1 ether));
        nets[2] = datanets.create(termsOf("open", CurationRule.Open, 1 ether));
        vm.stopPrank();
        handler = new DatanetHandler(datanets, jury, OWNER, nets);
        for (uint256 i; i < 4; ++i) {
            give(handler.person(i), 10_000_000 ether);
        }
    }

    /// @dev Read by Foundry: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev After each act what is cheap to look at; the rest once, at the end of the sequence.
    function invariant_datanets() external view {
        vm.assertLe(jury.totalHeld(), token.balanceOf(address(jury)), "the jury can pay");
        vm.assertEq(handler.broken(), 0, "a copy held a root");
    }

    /// @dev Stakes and deposits that are not decided, and what is owed, are there to the wei; nothing else is.
    function afterInvariant() external view {
        uint256 owed = datanets.owed(TREASURY);
        for (uint256 i; i < 4; ++i) {
            owed += datanets.owed(handler.person(i));
        }
        vm.assertEq(token.balanceOf(address(datanets)), handler.heldWei() + owed, "held + owed = balance");
        for (uint256 rule; rule < 3; ++rule) {
            (uint256 rows, uint256 wrong) = handler.acceptedRows(rule);
            vm.assertEq(datanets.getDatanet(nets[rule]).acceptedRows, rows, "rows that count are final");
            vm.assertEq(wrong, 0, "a final decision changed, or a root counted twice");
        }
    }
}
