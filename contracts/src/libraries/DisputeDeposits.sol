// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title DisputeDeposits
/// @notice Who pays for a jury. Each side put down its fees, the appellant a bond besides; the loser pays.
/// @dev Twin: packages/protocol/src/contribution.ts.
library DisputeDeposits {
    uint256 internal constant PPM = 1_000_000;

    /// @notice Who was right in the end; Nobody where the jury said nothing.
    enum Right {
        Nobody,
        Appellant,
        Defender
    }

    /// @notice What an appellant puts down besides the fees.
    function bond(uint256 stakeWei, uint256 bondPpm) internal pure returns (uint256) {
        return stakeWei * bondPpm / PPM;
    }

    /// @param returnedWei Of the fees, by the jury: it had nobody to pay.
    /// @return appellantWei What the appellant gets back. @return defenderPaysWei What the defender loses. @return forfeitWei What
    /// of the bond is lost.
    function divide(uint256 feesWei, uint256 bondWei, uint256 returnedWei, Right right)
        internal
        pure
        returns (uint256 appellantWei, uint256 defenderPaysWei, uint256 forfeitWei)
    {
        uint256 paidWei = feesWei - returnedWei;
        uint256 appellantPaysWei;
        // Half each; the odd wei is the appellant's, who began.
        if (right == Right.Nobody) appellantPaysWei = paidWei - paidWei / 2;
        else if (right == Right.Defender) (appellantPaysWei, forfeitWei) = (paidWei, bondWei);
        appellantWei = feesWei - appellantPaysWei + bondWei - forfeitWei;
        defenderPaysWei = paidWei - appellantPaysWei;
    }
}
