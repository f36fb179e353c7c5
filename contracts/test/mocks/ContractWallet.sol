// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @dev An ERC-1271 wallet that accepts one digest with any signature.
contract ContractWallet {
    bytes32 public approved;

    function approve(bytes32 digest) external {
        approved = digest;
    }

    function isValidSignature(bytes32 digest, bytes calldata) external view returns (bytes4) {
        return digest == approved ? this.isValidSignature.selector : bytes4(0);
    }
}
