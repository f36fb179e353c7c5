// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IStakePool} from "../interfaces/IStakePool.sol";

/// @title RewardTill
/// @notice Where the stakers' part for one operator is paid. All it ever does is to let its pool take what it holds.
/// @dev No arguments: its address follows from the pool and the operator alone (CREATE2), and can be paid before it exists.
contract RewardTill {
    constructor() {
        IStakePool(msg.sender).token().approve(msg.sender, type(uint256).max);
    }
}
