// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Vesting} from "../../src/libraries/Vesting.sol";
import {Grant} from "../../src/types/Governance.sol";
import {Test} from "../support/Test.sol";

/// @dev Holds vectors/vesting.json to the Solidity side; packages/protocol is held to the same file.
/// With OPENLEDGER_WRITE_VECTORS=true it writes the expected values instead.
contract AllocationVectorsTest is Test {
    string private constant PATH = "test/vectors/vesting.json";

    function test_vesting() public {
        string memory json = vm.readFile(PATH);
        bool writing = vm.envOr("OPENLEDGER_WRITE_VECTORS", false);
        uint256 i;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            Grant memory grant = Grant(
                address(1),
                uint96(_uint(json, at, ".amountWei")),
                uint64(_uint(json, at, ".start")),
                uint64(_uint(json, at, ".cliffSeconds")),
                uint64(_uint(json, at, ".durationSeconds"))
            );
            string memory vested = vm.toString(Vesting.vestedWei(grant, uint64(_uint(json, at, ".timestamp"))));
            string memory key = string.concat(".expected[", vm.toString(i), "].vestedWei");
            if (writing) vm.writeJson(string.concat('"', vested, '"'), PATH, key);
            else vm.assertEq(vm.parseJsonString(json, key), vested);
        }
        vm.assertEq(i, 9);
    }

    function _case(uint256 i) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]");
    }

    function _uint(string memory json, string memory at, string memory key) private pure returns (uint256) {
        return vm.parseJsonUint(json, string.concat(at, key));
    }
}
