// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeSplit} from "../src/libraries/FeeSplit.sol";
import {Ids} from "../src/libraries/Ids.sol";
import {FeeParts, Split} from "../src/types/Fees.sol";
import {Test} from "./support/Test.sol";

/// @dev Holds the committed vectors to the Solidity side; the TypeScript twins are held to the same files.
/// With OPENLEDGER_WRITE_VECTORS=true it writes the expected values instead.
contract VectorsTest is Test {
    string private path;
    string private json;
    string private written;
    uint256 private writtenCase;
    bool private writing = vm.envOr("OPENLEDGER_WRITE_VECTORS", false);

    function test_feeSplit() public {
        _open("feeSplit");
        uint256 i;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            Split memory split = Split(_ppm(at, 0), _ppm(at, 1), _ppm(at, 2), _ppm(at, 3), _ppm(at, 4));
            FeeSplit.check(split);
            FeeParts memory parts = FeeSplit.cut(_uint(at, ".feeWei"), _uint(at, ".platformWei"), split);
            _expect(i, "platform", vm.toString(parts.platform));
            _expect(i, "contributors", vm.toString(parts.contributors));
            _expect(i, "owner", vm.toString(parts.owner));
            _expect(i, "node", vm.toString(parts.node));
            _expect(i, "stakers", vm.toString(parts.stakers));
            _expect(i, "treasury", vm.toString(parts.treasury));
        }
        _close(i, 11);
    }

    function test_ids() public {
        _open("ids");
        uint256 i;
        for (string memory at = _case(0); vm.keyExistsJson(json, at); at = _case(++i)) {
            address owner = vm.parseJsonAddress(json, string.concat(at, ".owner"));
            string memory name = vm.parseJsonString(json, string.concat(at, ".name"));
            bytes32 rowsRoot = vm.parseJsonBytes32(json, string.concat(at, ".rowsRoot"));
            bytes32 datanetId = Ids.datanet(owner, name);
            _expect(i, "datanetId", vm.toString(datanetId));
            _expect(i, "contributionId", vm.toString(Ids.contribution(datanetId, owner, rowsRoot)));
            _expect(i, "modelId", vm.toString(Ids.model(owner, name, uint32(_uint(at, ".version")))));
        }
        _close(i, 2);
    }

    function _open(string memory name) private {
        path = string.concat("test/vectors/", name, ".json");
        json = vm.readFile(path);
    }

    function _case(uint256 i) private pure returns (string memory) {
        return string.concat(".cases[", vm.toString(i), "]");
    }

    function _ppm(string memory at, uint256 i) private view returns (uint32) {
        return uint32(_uint(at, string.concat(".split[", vm.toString(i), "]")));
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
            string memory at = string.concat(".expected[", vm.toString(i), "].", key);
            vm.assertEq(vm.parseJsonString(json, at), value);
        }
    }

    function _close(uint256 count, uint256 expectedCount) private {
        vm.assertEq(count, expectedCount);
        if (writing) vm.writeJson(string.concat("[{", written, "}]"), path, ".expected");
    }
}
