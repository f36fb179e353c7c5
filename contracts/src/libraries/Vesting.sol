// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Grant} from "../types/Governance.sol";

/// @title Vesting
/// @notice What of a grant is vested when; twin of packages/protocol/src/vesting.ts.
library Vesting {
    /// @param timestamp In seconds.
    function vestedWei(Grant memory grant, uint64 timestamp) internal pure returns (uint256) {
        // Not start + cliff in 64 bits: the sum may not fit.
        if (timestamp < uint256(grant.start) + grant.cliffSeconds) return 0;
        uint256 elapsed = timestamp - grant.start;
        if (elapsed >= grant.durationSeconds) return grant.amountWei;
        return (uint256(grant.amountWei) * elapsed) / grant.durationSeconds;
    }
}
