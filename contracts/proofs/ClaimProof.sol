// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ClaimProof
/// @notice The money of AttributionRewards, by induction: it begins whole, and every act keeps it whole, whatever leaves a root
/// holds, right or wrong. Whole is: no claim without an activated root, none beyond what activated roots promise, none out of what
/// is only collected; and an account has received exactly what it claimed, so nothing is paid twice. Engine bmc.
/// @dev Acts have the order and the conditions of AttributionRewards'. A root is known by its total; `claim` may name any leaf.
contract ClaimProof {
    struct Money {
        uint256 collected;
        uint256 proposedTotal;
        uint256 activeTotal;
        uint256 till;
        uint256 balance;
        // Of one account, any, and of all others.
        uint256 claimed;
        uint256 received;
        uint256 othersReceived;
    }

    function begins() external pure {
        Money memory money;
        assert(_isWhole(money));
    }

    function fund(Money memory money, uint96 amountWei) external pure {
        require(_isWhole(money));
        money.till += amountWei;
        money.collected += amountWei;
        assert(_isWhole(money));
    }

    function propose(Money memory money, uint256 totalWei) external pure {
        require(_isWhole(money));
        require(totalWei >= money.proposedTotal);
        require(totalWei <= money.collected);
        money.proposedTotal = totalWei;
        assert(_isWhole(money));
    }

    /// @dev A root falls and all later ones with it: the total is again that of one that still waits, or of the one that pays.
    function fall(Money memory money, uint256 previousTotalWei) external pure {
        require(_isWhole(money));
        require(previousTotalWei >= money.activeTotal && previousTotalWei <= money.proposedTotal);
        money.proposedTotal = previousTotalWei;
        assert(_isWhole(money));
    }

    /// @dev In order: any total from the one that pays to the last proposed.
    function activate(Money memory money, uint256 totalWei) external pure {
        require(_isWhole(money));
        require(totalWei >= money.activeTotal && totalWei <= money.proposedTotal);
        uint256 promisedWei = totalWei - money.activeTotal;
        money.activeTotal = totalWei;
        money.till -= promisedWei;
        money.balance += promisedWei;
        assert(_isWhole(money));
    }

    /// @dev The token refuses what the contract does not hold.
    function claim(Money memory money, uint256 cumulativeWei) external pure {
        require(_isWhole(money));
        require(cumulativeWei > money.claimed);
        uint256 amountWei = cumulativeWei - money.claimed;
        money.claimed = cumulativeWei;
        money.balance -= amountWei;
        money.received += amountWei;
        assert(_isWhole(money));
        assert(money.received == cumulativeWei);
    }

    function othersClaim(Money memory money, uint256 amountWei) external pure {
        require(_isWhole(money));
        money.balance -= amountWei;
        money.othersReceived += amountWei;
        assert(_isWhole(money));
    }

    /// @dev What wholeness means for who asks.
    function meansNothingIsPaidTwice(Money memory money) external pure {
        require(_isWhole(money));
        assert(money.received == money.claimed);
        assert(money.received + money.othersReceived <= money.activeTotal);
        if (money.activeTotal == 0) assert(money.received == 0);
    }

    function _isWhole(Money memory money) private pure returns (bool) {
        return money.activeTotal <= money.proposedTotal && money.proposedTotal <= money.collected
            && money.till == money.collected - money.activeTotal && money.received == money.claimed
            && money.balance + money.received + money.othersReceived == money.activeTotal;
    }
}
