// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IOpenToken} from "../interfaces/IOpenToken.sol";

/// @title EarningsTill
/// @notice Holds what was collected for contributors and is promised by no activated root yet. All it ever does is to let the rewards take it.
/// @dev So the rewards hold what activated roots promise and no more: leaves that sum to more than their total find nothing to take, and a
/// claim needs no counter of all claims, which would cost every one of them five thousand gas.
contract EarningsTill {
    constructor(IOpenToken token) {
        token.approve(msg.sender, type(uint256).max);
    }
}
