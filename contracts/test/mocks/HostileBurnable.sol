// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {HostileToken} from "./HostileToken.sol";

/// @dev The token that calls back, with burning.
contract HostileBurnable is HostileToken {
    function burn(uint256 value) external {
        balanceOf[msg.sender] -= value;
    }
}
