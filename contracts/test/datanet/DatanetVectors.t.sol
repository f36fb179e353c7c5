// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DisputeDeposits} from "../../src/libraries/DisputeDeposits.sol";
import {Ids} from "../../src/libraries/Ids.sol";
import {Test} from "../support/Test.sol";

/// @dev Holds vectors/datanets.json to the Solidity side; packages/protocol is held to the same file.
contract DatanetVectorsTest is Test {
    string private json;

    function test_commitments() public {
        _open();
        uint256 i;
        for (string memory at = _at("offers", 0); vm.keyExistsJson(json, at); at = _at("offers", ++i)) {
            bytes32 made = Ids.contributionCommitment(
                vm.parseJsonBytes32(json, string.concat(at, ".datanetId")),
                vm.parseJsonAddress(json, string.concat(at, ".contributor")),
                vm.parseJsonBytes32(json, string.concat(at, ".rowsRoot")),
                uint32(vm.parseJsonUint(json, string.concat(at, ".rowCount"))),
                vm.parseJsonBytes32(json, string.concat(at, ".salt"))
            );
            vm.assertEq(made, vm.parseJsonBytes32(json, string.concat(at, ".commitment")));
            vm.assertEq(
                Ids.rowLeaf(vm.parseJsonBytes32(json, string.concat(at, ".salt"))),
                vm.parseJsonBytes32(json, string.concat(at, ".saltAsRowLeaf"))
            );
        }
        vm.assertEq(i, 4);
    }

    function test_deposits() public {
        _open();
        uint256 i;
        for (string memory at = _at("deposits", 0); vm.keyExistsJson(json, at); at = _at("deposits", ++i)) {
            vm.assertEq(DisputeDeposits.bond(_uint(at, ".stakeWei"), _uint(at, ".bondPpm")), _uint(at, ".bondWei"));
            (uint256 appellant, uint256 defender, uint256 forfeit) = DisputeDeposits.divide(
                _uint(at, ".feesWei"),
                _uint(at, ".bondWei"),
                _uint(at, ".returnedWei"),
                DisputeDeposits.Right(_uint(at, ".right"))
            );
            vm.assertEq(appellant, _uint(at, ".appellantWei"));
            vm.assertEq(defender, _uint(at, ".defenderPaysWei"));
            vm.assertEq(forfeit, _uint(at, ".forfeitWei"));
        }
        vm.assertEq(i, 9);
    }

    /// @dev Whatever was put down is given back, paid to the jury, or forfeited.
    function testFuzz_depositsAreConserved(uint96 fees, uint96 bond, uint96 returned, uint8 right) public pure {
        returned = uint96(bound(returned, 0, fees));
        (uint256 appellant, uint256 defenderPays, uint256 forfeit) =
            DisputeDeposits.divide(fees, bond, returned, DisputeDeposits.Right(right % 3));
        vm.assertEq(
            appellant + (uint256(fees) - defenderPays) + forfeit + (uint256(fees) - returned), 2 * uint256(fees) + bond
        );
        if (right % 3 == 1) vm.assertEq(appellant, uint256(fees) + bond);
        if (right % 3 == 2) vm.assertEq(defenderPays + appellant, returned);
    }

    function _open() private {
        json = vm.readFile("test/vectors/datanets.json");
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "]");
    }

    function _uint(string memory at, string memory key) private view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(at, key));
    }
}
