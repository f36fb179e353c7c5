// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ShareMath
/// @notice Money in shares. A share is worth one wei at first and only a slash lowers that: rewards go past the price, so
/// `wei ≤ shares` holds for ever and nobody can lift the price to make another's money round to nothing.
/// @dev Pools keep their wei and shares within 128 bits, so no product overflows. Twin: packages/protocol/src/stakeShares.ts;
/// what is proved of it: proofs/ShareProof.sol.
library ShareMath {
    /// @dev Below a billionth of a wei a share counts as worthless; this also keeps shares within 128 bits.
    uint256 internal constant LEAST_PRICE_DIVISOR = 1e9;

    /// @notice Shares for money that comes in, rounded down; at least as many as the wei.
    function toShares(uint256 amountWei, uint256 poolWei, uint256 poolShares) internal pure returns (uint256) {
        return poolShares == 0 ? amountWei : amountWei * poolShares / poolWei;
    }

    /// @notice What shares are worth, rounded down; all of them are worth all there is.
    function toWei(uint256 shares, uint256 poolWei, uint256 poolShares) internal pure returns (uint256) {
        return poolShares == 0 ? 0 : shares * poolWei / poolShares;
    }

    /// @notice Whether shares are worth so little that they are struck off.
    function isWorthless(uint256 poolWei, uint256 poolShares) internal pure returns (bool) {
        return poolWei * LEAST_PRICE_DIVISOR < poolShares;
    }

    /// @notice What a slash takes of each part: in proportion, at most all.
    function slash(uint256 amountWei, uint256 activeWei, uint256 unbondingWei)
        internal
        pure
        returns (uint256 fromActive, uint256 fromUnbonding)
    {
        uint256 total = activeWei + unbondingWei;
        if (total == 0) return (0, 0);
        uint256 taken = amountWei < total ? amountWei : total;
        fromUnbonding = taken * unbondingWei / total;
        fromActive = taken - fromUnbonding;
    }
}
