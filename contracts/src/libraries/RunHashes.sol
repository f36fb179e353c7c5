// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Strings} from "@openzeppelin/contracts/utils/Strings.sol";

/// @title RunHashes
/// @notice How a run and the trace of one of its steps are committed to, and the ids of jobs and disputes. The TypeScript twins are
/// packages/protocol's job.ts and dispute.ts.
library RunHashes {
    function job(address poster, bytes32 salt) internal pure returns (bytes32) {
        return keccak256(abi.encode(poster, salt));
    }

    function dispute(bytes32 jobId, uint32 attempt, address challenger) internal pure returns (bytes32) {
        return keccak256(abi.encode(jobId, attempt, challenger));
    }

    /// @notice The first link: what the run is a pure function of, as text of hex digests, line by line.
    function start(bytes32 baseDigest, bytes32 snapshotRoot, string calldata recipe, bytes32 engineId)
        internal
        pure
        returns (bytes32)
    {
        return sha256(
            abi.encodePacked(
                "openledger-run\n", _hex(baseDigest), "\n", _hex(snapshotRoot), "\n", recipe, "\n", _hex(engineId)
            )
        );
    }

    /// @notice The link after the last: what the run gives. So a false adapter over a true run is found like a false step.
    function output(bytes32 runCommitment, bytes32 adapterDigest, bytes32 featuresRoot)
        internal
        pure
        returns (bytes32)
    {
        return sha256(abi.encodePacked("openledger/run-output/v1", runCommitment, adapterDigest, featuresRoot));
    }

    /// @notice The last entry of an interval's trace. Its tag is its own: else a trainer could name an operation's digest as its
    /// link, end the trace there, and every entry would be true.
    function traceEnd(bytes32 entry, uint32 index, bytes32 link) internal pure returns (bytes32) {
        return sha256(abi.encodePacked("openledger/link/v1", entry, index, link));
    }

    function _hex(bytes32 digest) private pure returns (string memory) {
        return Strings.toHexString(uint256(digest), 32);
    }
}
