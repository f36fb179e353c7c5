// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Ids
/// @notice How ids follow from what they name. Each holds its author's address, so nobody can take another's id first.
library Ids {
    function datanet(address owner, string memory name) internal pure returns (bytes32) {
        return keccak256(abi.encode(owner, name));
    }

    function contribution(bytes32 datanetId, address contributor, bytes32 rowsRoot) internal pure returns (bytes32) {
        return keccak256(abi.encode(datanetId, contributor, rowsRoot));
    }

    /// @dev What a contributor commits to before showing the root; only that contributor can reveal it.
    function contributionCommitment(
        bytes32 datanetId,
        address contributor,
        bytes32 rowsRoot,
        uint32 rowCount,
        bytes32 salt
    ) internal pure returns (bytes32) {
        return keccak256(abi.encode(datanetId, contributor, rowsRoot, rowCount, salt));
    }

    /// @dev The leaf of a row under the root of its contribution.
    function rowLeaf(bytes32 rowCommitment) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(rowCommitment))));
    }

    function model(address owner, string memory name, uint32 version) internal pure returns (bytes32) {
        return keccak256(abi.encode(owner, name, version));
    }

    function base(bytes32 baseDigest, bytes32 engineId) internal pure returns (bytes32) {
        return keccak256(abi.encode(baseDigest, engineId));
    }
}
