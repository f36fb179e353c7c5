// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Forfeit} from "../src/libraries/Forfeit.sol";

/// @title ForfeitProof
/// @notice Of lost money nothing appears and nothing vanishes, and splitting it never fails: engine bmc.
contract ForfeitProof {
    function losesNothing(uint256 amountWei, uint256 beneficiaryPpm, uint256 treasuryPpm) external pure {
        require(amountWei <= type(uint128).max);
        require(beneficiaryPpm <= Forfeit.PPM && treasuryPpm <= Forfeit.PPM - beneficiaryPpm);
        (uint256 beneficiaryWei, uint256 treasuryWei, uint256 burntWei) =
            Forfeit.split(amountWei, beneficiaryPpm, treasuryPpm);
        assert(beneficiaryWei + treasuryWei + burntWei == amountWei);
        assert(beneficiaryWei <= amountWei);
    }
}
