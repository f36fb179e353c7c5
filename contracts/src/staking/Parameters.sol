// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IParameters} from "../interfaces/IParameters.sol";

/// @title Parameters
/// @notice See {IParameters}. It must not know what any constant is for.
contract Parameters is IParameters {
    using SafeCast for uint256;

    /// @dev What `get` needs lies in one slot.
    struct Entry {
        uint96 value;
        uint96 min;
        bool known;
        uint96 max;
    }

    /// @inheritdoc IParameters
    address public immutable governor;

    mapping(bytes32 key => Entry) private _entries;
    bytes32[] private _keys;

    /// @param governor_ The timelock; changes values, for ever.
    /// @param list Every constant with its first value and its bounds.
    constructor(address governor_, Parameter[] memory list) {
        require(governor_ != address(0), ZeroGovernor());
        governor = governor_;
        for (uint256 i; i < list.length; ++i) {
            Parameter memory one = list[i];
            require(!_entries[one.key].known, ParameterExists(one.key));
            require(one.min <= one.value && one.value <= one.max, OutOfBounds(one.key, one.value, one.min, one.max));
            _entries[one.key] = Entry(one.value.toUint96(), one.min.toUint96(), true, one.max.toUint96());
            _keys.push(one.key);
            emit ParameterBounded(one.key, one.min, one.max);
            emit ParameterSet(one.key, one.value);
        }
    }

    /// @inheritdoc IParameters
    function get(bytes32 key) external view returns (uint256) {
        return _entry(key).value;
    }

    /// @inheritdoc IParameters
    function bounds(bytes32 key) external view returns (uint256 min, uint256 max) {
        Entry storage entry = _entry(key);
        return (entry.min, entry.max);
    }

    /// @inheritdoc IParameters
    function keys() external view returns (bytes32[] memory) {
        return _keys;
    }

    /// @inheritdoc IParameters
    function set(bytes32 key, uint256 value) external {
        require(msg.sender == governor, NotGovernor(msg.sender, governor));
        Entry storage entry = _entry(key);
        require(entry.min <= value && value <= entry.max, OutOfBounds(key, value, entry.min, entry.max));
        // Within bounds, so within 96 bits.
        entry.value = uint96(value);
        emit ParameterSet(key, value);
    }

    function _entry(bytes32 key) private view returns (Entry storage entry) {
        entry = _entries[key];
        require(entry.known, UnknownParameter(key));
    }
}
