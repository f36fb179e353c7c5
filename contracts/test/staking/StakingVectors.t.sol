// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Forfeit} from "../../src/libraries/Forfeit.sol";
import {JuryMath} from "../../src/staking/JuryMath.sol";
import {ShareMath} from "../../src/staking/ShareMath.sol";
import {Test} from "../support/Test.sol";

/// @dev Holds vectors/{staking,jury}.json to the Solidity side; the twins in packages/protocol are held to the same files.
/// With OPENLEDGER_WRITE_VECTORS=true it writes the expected values instead.
contract StakingVectorsTest is Test {
    string private path;
    string private group;
    string private json;
    string private written;
    uint256 private writtenCase;
    bool private writing = vm.envOr("OPENLEDGER_WRITE_VECTORS", false);

    /// @dev One after the other in one test: each rewrites the same file where it writes.
    function test_staking() public {
        _open("staking", ".shares");
        uint256 i;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            (uint256 amount, uint256 poolWei, uint256 poolShares) =
                (_uint(at, ".amountWei"), _uint(at, ".poolWei"), _uint(at, ".poolShares"));
            uint256 shares = ShareMath.toShares(amount, poolWei, poolShares);
            _expect(i, "shares", vm.toString(shares));
            _expect(i, "worth", vm.toString(ShareMath.toWei(shares, poolWei + amount, poolShares + shares)));
            _expect(i, "worthless", ShareMath.isWorthless(poolWei, poolShares) ? "true" : "false");
        }
        _close(i, 7);

        _open("staking", ".slashes");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            (uint256 active, uint256 unbonding) =
                ShareMath.slash(_uint(at, ".amountWei"), _uint(at, ".activeWei"), _uint(at, ".unbondingWei"));
            _expect(i, "fromActive", vm.toString(active));
            _expect(i, "fromUnbonding", vm.toString(unbonding));
        }
        _close(i, 6);

        _open("staking", ".forfeits");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            (uint256 beneficiary, uint256 treasury, uint256 burnt) =
                Forfeit.split(_uint(at, ".amountWei"), _uint(at, ".beneficiaryPpm"), _uint(at, ".treasuryPpm"));
            _expect(i, "beneficiaryWei", vm.toString(beneficiary));
            _expect(i, "treasuryWei", vm.toString(treasury));
            _expect(i, "burntWei", vm.toString(burnt));
        }
        _close(i, 6);
    }

    function test_jury() public {
        _open("jury", ".votes");
        uint256 i;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            bytes32 commitment = JuryMath.commitment(
                _uint(at, ".caseId"),
                vm.parseJsonAddress(json, string.concat(at, ".juror")),
                uint8(_uint(at, ".choice")),
                vm.parseJsonBytes32(json, string.concat(at, ".salt"))
            );
            _expect(i, "commitment", vm.toString(commitment));
        }
        _close(i, 3);

        _open("jury", ".draws");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            bytes32 seed = JuryMath.seed(
                vm.parseJsonBytes32(json, string.concat(at, ".blockHash")),
                vm.parseJsonAddress(json, string.concat(at, ".jury")),
                _uint(at, ".caseId")
            );
            uint256 position =
                JuryMath.position(seed, _uint(at, ".slot"), _uint(at, ".attempt"), _uint(at, ".positions"));
            _expect(i, "seed", vm.toString(seed));
            _expect(i, "position", vm.toString(position));
        }
        _close(i, 4);

        _open("jury", ".verdicts");
        i = 0;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            uint256[] memory counts = new uint256[](_uint(at, ".choices") + 1);
            for (uint256 j; vm.keyExistsJson(json, _vote(at, j)); ++j) {
                ++counts[vm.parseJsonUint(json, _vote(at, j))];
            }
            _expect(i, "verdict", vm.toString(JuryMath.verdict(counts)));
        }
        _close(i, 9);
    }

    function _open(string memory name, string memory group_) private {
        path = string.concat("test/vectors/", name, ".json");
        json = vm.readFile(path);
        group = group_;
        (written, writtenCase) = ("", 0);
    }

    function _case(uint256 i) private view returns (string memory) {
        return string.concat(group, ".cases[", vm.toString(i), "]");
    }

    function _vote(string memory at, uint256 i) private pure returns (string memory) {
        return string.concat(at, ".votes[", vm.toString(i), "]");
    }

    function _uint(string memory at, string memory key) private view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(at, key));
    }

    function _expect(uint256 i, string memory key, string memory value) private {
        if (writing) {
            // `},{` between cases, `,` between the fields of one.
            if (bytes(written).length != 0) written = string.concat(written, i == writtenCase ? "," : "},{");
            written = string.concat(written, '"', key, '":"', value, '"');
            writtenCase = i;
        } else {
            string memory at = string.concat(group, ".expected[", vm.toString(i), "].", key);
            vm.assertEq(vm.parseJsonString(json, at), value);
        }
    }

    function _close(uint256 count, uint256 expectedCount) private {
        vm.assertEq(count, expectedCount);
        if (writing) vm.writeJson(string.concat("[{", written, "}]"), path, string.concat(group, ".expected"));
    }
}
