// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {RunHashes} from "../../src/libraries/RunHashes.sol";
import {Test} from "../support/Test.sol";

/// @dev Holds the committed vectors to the Solidity side; packages/protocol's job.ts and dispute.ts are held to the same file. With
/// OPENLEDGER_WRITE_VECTORS=true it writes the expected values instead.
contract ComputeVectorsTest is Test {
    string private constant PATH = "test/vectors/compute.json";
    string private json;
    string private written;

    function test_vectors() public {
        json = vm.readFile(PATH);
        bool writing = vm.envOr("OPENLEDGER_WRITE_VECTORS", false);
        uint256 i;
        for (string memory at = ".cases[0]"; vm.keyExistsJson(json, at); at = _at("cases", ++i)) {
            bytes32 jobId = RunHashes.job(vm.parseJsonAddress(json, string.concat(at, ".poster")), _digest(at, "salt"));
            bytes32[5] memory got = [
                jobId,
                RunHashes.dispute(
                    jobId, uint32(_uint(at, "attempt")), vm.parseJsonAddress(json, string.concat(at, ".poster"))
                ),
                this.startOf(
                    _digest(at, "baseDigest"),
                    _digest(at, "snapshotRoot"),
                    vm.parseJsonString(json, string.concat(at, ".recipe")),
                    _digest(at, "engineId")
                ),
                RunHashes.output(
                    _digest(at, "runCommitment"), _digest(at, "adapterDigest"), _digest(at, "featuresRoot")
                ),
                RunHashes.traceEnd(_digest(at, "entry"), uint32(_uint(at, "index")), _digest(at, "link"))
            ];
            string[5] memory names = ["jobId", "disputeId", "runStart", "outputLink", "traceEnd"];
            string memory one;
            for (uint256 k; k < 5; ++k) {
                if (writing) {
                    one = string.concat(one, k == 0 ? "" : ",", '"', names[k], '":"', vm.toString(got[k]), '"');
                } else {
                    vm.assertEq(got[k], _digest(_at("expected", i), names[k]), names[k]);
                }
            }
            written = string.concat(written, i == 0 ? "" : ",", "{", one, "}");
        }
        vm.assertEq(i, 4);
        if (writing) vm.writeJson(string.concat("[", written, "]"), PATH, ".expected");
    }

    function startOf(bytes32 base, bytes32 snapshot, string calldata recipe, bytes32 engine)
        external
        pure
        returns (bytes32)
    {
        return RunHashes.start(base, snapshot, recipe, engine);
    }

    function _at(string memory list, uint256 i) private pure returns (string memory) {
        return string.concat(".", list, "[", vm.toString(i), "]");
    }

    function _digest(string memory at, string memory key) private view returns (bytes32) {
        return vm.parseJsonBytes32(json, string.concat(at, ".", key));
    }

    function _uint(string memory at, string memory key) private view returns (uint256) {
        return vm.parseJsonUint(json, string.concat(at, ".", key));
    }
}
