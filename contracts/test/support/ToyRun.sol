// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Job, Submission, TraceClaim} from "../../src/types/Jobs.sol";
import {IndexedTree} from "./IndexedTree.sol";

/// @dev A machine in the place of training: what follows from a state is a hash of it, so that truth can be had for the asking. A
/// `Run` is somebody's idea of it: false from a step on, and within that step from an operation on. Hashes are written out here
/// anew, from the text of the formats, so that they are a twin of the contracts' own.
library ToyRun {
    struct Run {
        bytes32 start;
        uint32 steps;
        uint32 falseStep; // first false link, 1 … steps + 1 (the output); 0: all true
        uint32 falseOp; // within the interval that leads to it
        bytes32 lie; // tells liars apart
    }

    uint32 internal constant OPS = 3;

    function truth(bytes32 start, uint32 steps) internal pure returns (Run memory) {
        return Run(start, steps, 0, 0, 0);
    }

    /// @dev All links, from the start to the output link.
    function links(Run memory run) internal pure returns (bytes32[] memory all) {
        all = new bytes32[](run.steps + 2);
        all[0] = run.start;
        for (uint32 j = 1; j <= run.steps; ++j) {
            all[j] = sha256(abi.encodePacked("step", all[j - 1], lieAt(run, j)));
        }
        (bytes32 adapter, bytes32 features) = output(run, all[run.steps]);
        all[run.steps + 1] = sha256(abi.encodePacked("openledger/run-output/v1", all[run.steps], adapter, features));
    }

    function output(Run memory run, bytes32 last) internal pure returns (bytes32 adapter, bytes32 features) {
        bytes32 lie = lieAt(run, run.steps + 1);
        adapter = sha256(abi.encodePacked("adapter", last, run.falseOp == 0 ? lie : bytes32(0)));
        features = sha256(abi.encodePacked("features", last, lie));
    }

    /// @dev Entries of the trace from link `j` to the next.
    function trace(Run memory run, uint32 j) internal pure returns (bytes32[] memory entries) {
        bytes32[] memory all = links(run);
        bool isOutput = j == run.steps;
        uint32 ops = isOutput ? 3 : OPS;
        entries = new bytes32[](ops + 1);
        entries[0] = all[j];
        (bytes32 adapter, bytes32 features) = output(run, all[run.steps]);
        for (uint32 i; i + 1 < ops; ++i) {
            bytes32 lie = j + 1 == run.falseStep && i >= run.falseOp ? run.lie : bytes32(0);
            bytes32 digest = sha256(abi.encodePacked("op", all[j], i, lie));
            if (isOutput) digest = i == 0 ? adapter : features;
            entries[i + 1] = sha256(abi.encodePacked("openledger/op/v1", entries[i], i, digest));
        }
        entries[ops] = sha256(abi.encodePacked("openledger/link/v1", entries[ops - 1], ops - 1, all[j + 1]));
    }

    function submission(Run memory run) internal pure returns (Submission memory) {
        bytes32[] memory all = links(run);
        (bytes32 adapter, bytes32 features) = output(run, all[run.steps]);
        return Submission(IndexedTree.root(all), all[run.steps], adapter, features, "data", "");
    }

    function traceClaim(Run memory run, uint32 j) internal pure returns (TraceClaim memory) {
        return claimOf(trace(run, j));
    }

    function claimOf(bytes32[] memory entries) internal pure returns (TraceClaim memory) {
        uint256 ops = entries.length - 1;
        return TraceClaim(
            uint32(ops),
            IndexedTree.root(entries),
            IndexedTree.proof(entries, 0),
            entries[ops - 1],
            IndexedTree.proof(entries, ops - 1),
            IndexedTree.proof(entries, ops)
        );
    }

    /// @dev A lie is told in one step; those after it compute truly from false states, as a cheater's would.
    function lieAt(Run memory run, uint32 j) internal pure returns (bytes32) {
        return j == run.falseStep ? run.lie : bytes32(0);
    }
}
