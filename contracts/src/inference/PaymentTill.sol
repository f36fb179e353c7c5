// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IFeeVault} from "../interfaces/IFeeVault.sol";

/// @title PaymentTill
/// @notice The receiver of one model's payments, or of one node's channels and keys. All it ever does is to let its vault
/// take what it holds.
/// @dev It has no arguments, so that its address follows from the vault and a salt alone (CREATE2: the model id, or
/// keccak256(abi.encode("node", node))), and can be paid before it exists.
contract PaymentTill {
    constructor() {
        IFeeVault(msg.sender).token().approve(msg.sender, type(uint256).max);
    }
}
