// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IBurnable
/// @notice The part of OPEN that lost money needs.
interface IBurnable {
    /// @notice Destroys so much of the caller's money.
    function burn(uint256 value) external;
}
