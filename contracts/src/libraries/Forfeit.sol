// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Forfeit
/// @notice What becomes of lost money, stake or bond: a part to whom it is due, a part to the treasury, the rest burnt.
/// @dev Twin: packages/protocol/src/splitForfeit.ts.
library Forfeit {
    uint256 internal constant PPM = 1_000_000;

    /// @dev Both parts round down, so that the burn takes what is left and the three always sum up to the amount.
    /// @param beneficiaryPpm And treasuryPpm: parts per million, together at most a million; more panics.
    /// @return beneficiaryWei Due to who showed the fault. @return treasuryWei The treasury's. @return burntWei The rest.
    function split(uint256 amountWei, uint256 beneficiaryPpm, uint256 treasuryPpm)
        internal
        pure
        returns (uint256 beneficiaryWei, uint256 treasuryWei, uint256 burntWei)
    {
        beneficiaryWei = amountWei * beneficiaryPpm / PPM;
        treasuryWei = amountWei * treasuryPpm / PPM;
        burntWei = amountWei - beneficiaryWei - treasuryWei;
    }
}
