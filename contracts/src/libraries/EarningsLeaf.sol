// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title EarningsLeaf
/// @notice The leaf of the cumulative earnings tree. Hashed twice, so that no inner node can pose as a leaf.
library EarningsLeaf {
    function hash(address account, uint256 cumulativeWei) internal pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(abi.encode(account, cumulativeWei))));
    }
}
