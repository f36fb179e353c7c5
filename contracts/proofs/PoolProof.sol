// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title PoolProof
/// @notice The money of StakePool, by induction: it begins whole, and every act keeps it whole. Whole is: what the contract holds is
/// what is staked and what is unclaimed of rewards, to the wei, and what came in is there, was paid out or was lost. Engine bmc.
/// @dev Acts have the order, the conditions of StakePool's; what the other pools hold is `others`.
contract PoolProof {
    struct Money {
        uint128 activeWei;
        uint128 unbondingWei;
        uint128 others;
        uint256 totalStaked;
        uint256 totalRewards;
        uint256 balance;
        uint256 paidIn;
        uint256 goneOut;
    }

    function begins() external pure {
        Money memory money;
        assert(_isWhole(money));
    }

    function delegate(Money memory money, uint128 amountWei) external pure {
        require(_isWhole(money));
        money.balance += amountWei;
        money.paidIn += amountWei;
        money.activeWei += amountWei;
        money.totalStaked += amountWei;
        assert(_isWhole(money));
    }

    function undelegate(Money memory money, uint128 amountWei) external pure {
        require(_isWhole(money));
        money.activeWei -= amountWei;
        money.unbondingWei += amountWei;
        assert(_isWhole(money));
    }

    function withdraw(Money memory money, uint128 amountWei) external pure {
        require(_isWhole(money));
        money.unbondingWei -= amountWei;
        money.totalStaked -= amountWei;
        money.balance -= amountWei;
        money.goneOut += amountWei;
        assert(_isWhole(money));
    }

    function reward(Money memory money, uint128 amountWei) external pure {
        require(_isWhole(money));
        money.balance += amountWei;
        money.paidIn += amountWei;
        money.totalRewards += amountWei;
        assert(_isWhole(money));
    }

    function claimReward(Money memory money, uint128 amountWei) external pure {
        require(_isWhole(money));
        money.totalRewards -= amountWei;
        money.balance -= amountWei;
        money.goneOut += amountWei;
        assert(_isWhole(money));
    }

    /// @dev What is taken of each part, and how it is split, is whatever ShareProof and ForfeitProof allow.
    function slash(
        Money memory money,
        uint128 fromActive,
        uint128 fromUnbonding,
        uint256 beneficiaryWei,
        uint256 treasuryWei,
        bool strikesActive,
        bool strikesUnbonding
    ) external pure {
        require(_isWhole(money));
        uint256 takenWei = uint256(fromActive) + fromUnbonding;
        money.activeWei -= fromActive;
        money.unbondingWei -= fromUnbonding;
        uint256 struckWei;
        if (strikesActive) (struckWei, money.activeWei) = (money.activeWei, 0);
        if (strikesUnbonding) (struckWei, money.unbondingWei) = (struckWei + money.unbondingWei, 0);
        money.totalStaked -= takenWei + struckWei;
        uint256 burntWei = takenWei - beneficiaryWei - treasuryWei;
        money.balance -= beneficiaryWei;
        money.balance -= treasuryWei;
        money.balance -= burntWei + struckWei;
        money.goneOut += takenWei + struckWei;
        assert(_isWhole(money));
    }

    function _isWhole(Money memory money) private pure returns (bool) {
        return money.totalStaked == uint256(money.activeWei) + money.unbondingWei + money.others
            && money.balance == money.totalStaked + money.totalRewards && money.paidIn == money.balance + money.goneOut;
    }
}
