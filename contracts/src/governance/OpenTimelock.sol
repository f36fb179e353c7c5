// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {Setting} from "../types/Governance.sol";
import {GovernanceBounds} from "./GovernanceBounds.sol";

/// @title OpenTimelock
/// @notice What governance has decided waits here before it happens; it is the governor of {IParameters} and of every registry.
/// Anybody executes. Its delay keeps to bounds. `admin` hands the roles to the governor after deployment and renounces.
contract OpenTimelock is GovernanceBounds, TimelockController {
    bytes32 private constant DELAY = "timelockSeconds";

    /// @param delay In seconds, with its bounds for ever.
    /// @param admin May grant roles until it renounces; the timelock itself may always.
    constructor(Setting memory delay, address admin)
        TimelockController(delay.value, new address[](0), new address[](1), admin)
    {
        _bind(DELAY, delay, type(uint32).max);
    }

    /// @inheritdoc TimelockController
    function updateDelay(uint256 newDelay) public override {
        _within(DELAY, newDelay);
        super.updateDelay(newDelay);
    }
}
