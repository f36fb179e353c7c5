// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {ShareMath} from "../src/staking/ShareMath.sol";

/// @title ShareProof
/// @notice A share is worth at most a wei, for ever; who comes or leaves takes nothing from those who stay; a slash takes no more
/// of either part than there is: engine bmc. Pools keep wei and shares within 128 bits.
contract ShareProof {
    /// @dev What every pool that is not empty is like, and stays like by the proofs below.
    modifier pool(uint256 poolWei, uint256 poolShares) {
        require(poolWei != 0 && poolWei <= poolShares && poolShares <= type(uint128).max);
        _;
    }

    function comes(uint256 amountWei, uint256 poolWei, uint256 poolShares) external pure pool(poolWei, poolShares) {
        require(amountWei <= type(uint128).max);
        uint256 shares = ShareMath.toShares(amountWei, poolWei, poolShares);
        assert(shares >= amountWei);
        assert(poolWei + amountWei <= poolShares + shares);
        // The price for those who were there has not fallen: shares / amount ≤ poolShares / poolWei.
        assert(shares * poolWei <= amountWei * poolShares);
    }

    function leaves(uint256 shares, uint256 poolWei, uint256 poolShares) external pure pool(poolWei, poolShares) {
        require(shares <= poolShares);
        uint256 amountWei = ShareMath.toWei(shares, poolWei, poolShares);
        assert(amountWei <= poolWei);
        assert(poolWei - amountWei <= poolShares - shares);
        if (shares == poolShares) assert(amountWei == poolWei);
        // Who leaves gets no more than its part.
        assert(amountWei * poolShares <= shares * poolWei);
    }

    function isSlashed(uint256 amountWei, uint256 activeWei, uint256 unbondingWei) external pure {
        require(amountWei <= type(uint128).max && activeWei <= type(uint128).max && unbondingWei <= type(uint128).max);
        (uint256 fromActive, uint256 fromUnbonding) = ShareMath.slash(amountWei, activeWei, unbondingWei);
        assert(fromActive <= activeWei);
        assert(fromUnbonding <= unbondingWei);
        uint256 total = activeWei + unbondingWei;
        assert(fromActive + fromUnbonding == (amountWei < total ? amountWei : total));
    }
}
