// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGovernanceBounds} from "../interfaces/IGovernanceBounds.sol";
import {Setting} from "../types/Governance.sol";

/// @title GovernanceBounds
/// @notice Keeps the bounds of settings. It stands first among the parents, so that the bounds are there before any setting is.
abstract contract GovernanceBounds is IGovernanceBounds {
    struct Range {
        uint128 min;
        uint128 max;
    }

    mapping(bytes32 key => Range) private _bounds;

    /// @inheritdoc IGovernanceBounds
    function bounds(bytes32 key) external view returns (uint256 min, uint256 max) {
        return (_bounds[key].min, _bounds[key].max);
    }

    /// @dev `cap` is what the setting's type can hold; a greater bound would let a value be cut off.
    function _bind(bytes32 key, Setting memory setting, uint128 cap) internal {
        require(setting.min <= setting.max && setting.max <= cap, InvalidBounds(key, setting.min, setting.max));
        _bounds[key] = Range(uint128(setting.min), uint128(setting.max));
        _within(key, setting.value);
    }

    function _within(bytes32 key, uint256 value) internal view {
        Range memory range = _bounds[key];
        require(value >= range.min && value <= range.max, OutOfBounds(key, value, range.min, range.max));
    }
}
