// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IParameters
/// @notice The governed constants, each inside bounds that nobody can change. Keys stand in libraries/ParameterKeys.sol.
interface IParameters {
    /// @notice One constant as it is deployed. All three numbers fit 96 bits.
    struct Parameter {
        bytes32 key;
        uint256 value;
        uint256 min;
        uint256 max;
    }

    /// @param key A name of up to 31 bytes, as text.
    event ParameterSet(bytes32 indexed key, uint256 value);
    /// @notice The bounds of a constant, told once, at deployment.
    event ParameterBounded(bytes32 indexed key, uint256 min, uint256 max);

    error NotGovernor(address sender, address governor);
    error ZeroGovernor();
    error UnknownParameter(bytes32 key);
    error ParameterExists(bytes32 key);
    error OutOfBounds(bytes32 key, uint256 value, uint256 min, uint256 max);

    /// @notice The only account that may change a value: the timelock.
    function governor() external view returns (address);

    /// @notice The present value; reverts for a key that was not there at deployment.
    function get(bytes32 key) external view returns (uint256);

    /// @notice The least and the greatest value that `key` may ever take.
    function bounds(bytes32 key) external view returns (uint256 min, uint256 max);

    /// @notice All keys, in the order of deployment.
    function keys() external view returns (bytes32[] memory);

    /// @notice Changes a value within its bounds; governor only.
    function set(bytes32 key, uint256 value) external;
}
