// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IFeeVault} from "../interfaces/IFeeVault.sol";

/// @title PaymentTill
/// @notice The receiver of one model's payments. All it ever does is to let its vault take what it holds.
/// @dev It has no arguments, so that its address follows from vault and model id alone (CREATE2, salt = model id), and
/// can be paid before it exists.
contract PaymentTill {
    constructor() {
        IFeeVault(msg.sender).token().approve(msg.sender, type(uint256).max);
    }
}
