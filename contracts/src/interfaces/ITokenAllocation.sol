// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Grant} from "../types/Governance.sol";

/// @title ITokenAllocation
/// @notice Who gets which part of OPEN and when. The grants are constructor parameters: whoever reads them has read everything,
/// nobody can add, change, speed up, slow down or take back one. What is not released yet votes for nobody.
interface ITokenAllocation {
    event Funded(address indexed from, uint256 amountWei);
    event Released(uint256 indexed index, address indexed beneficiary, uint256 amountWei);

    error InvalidGrantCount(uint256 count, uint256 max);
    /// @notice A grant without beneficiary or amount, or whose cliff is longer than its duration.
    error InvalidGrant(uint256 index);
    error UnknownGrant(uint256 index, uint256 count);
    error ZeroAccount(string field);
    error AlreadyFunded();
    error NotFunded(uint256 neededWei);
    error NothingToRelease(uint256 index, uint256 releasedWei);

    /// @notice Brings the whole of all grants, once, from the sender; before that nothing is released.
    function fund() external;
    /// @notice Pays what is vested and unpaid of a grant to its beneficiary, whoever calls.
    function release(uint256 index) external returns (uint256 amountWei);
    /// @notice What of a grant is vested at `timestamp` (seconds), released or not.
    function vested(uint256 index, uint64 timestamp) external view returns (uint256);
    function released(uint256 index) external view returns (uint256);
    function grantAt(uint256 index) external view returns (Grant memory);
    function grantCount() external view returns (uint256);
    /// @notice Sum of all grants.
    function totalWei() external view returns (uint256);
    function isFunded() external view returns (bool);
}
