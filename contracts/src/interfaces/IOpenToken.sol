// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC3009} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";

/// @title IOpenToken
/// @notice OPEN: fixed supply, transfers by signed authorisation with random nonces, and a record of where each
/// authorisation went. The whole token also has ERC-2612, ERC-5805 votes on a timestamp clock, and burning.
interface IOpenToken is IERC20, IERC3009 {
    /// @notice Where a used authorisation sent how much.
    /// @dev (0, 0) if the authorisation is unused or was cancelled, so a cancelled one never passes for a payment.
    /// @return to Receiver of the transfer.
    /// @return value Amount in wei.
    function authorizedTransfer(address authorizer, bytes32 nonce) external view returns (address to, uint256 value);

    /// @notice ERC-3009 transfer with a packed signature; contract wallets (ERC-1271) may sign too.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice ERC-3009 receive with a packed signature; only the receiver may call.
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Cancels an unused authorisation with a packed signature.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;
}
