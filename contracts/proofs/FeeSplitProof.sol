// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeSplit} from "../src/libraries/FeeSplit.sol";
import {FeeParts, Split} from "../src/types/Fees.sol";

/// @title FeeSplitProof
/// @notice A fee is cut into parts that sum to it, and cutting an allowed split never fails: engine bmc.
contract FeeSplitProof {
    function cutLosesNothing(uint256 feeWei, uint256 platformWei, Split memory split) external pure {
        require(feeWei <= type(uint128).max && platformWei <= feeWei);
        require(
            uint256(split.contributorsPpm) + split.ownerPpm + split.nodePpm + split.stakersPpm + split.treasuryPpm
                == FeeSplit.PPM
        );
        FeeParts memory parts = FeeSplit.cut(feeWei, platformWei, split);
        assert(
            parts.platform + parts.contributors + parts.owner + parts.node + parts.stakers + parts.treasury == feeWei
        );
    }
}
