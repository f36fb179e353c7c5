// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeParts, Split} from "../types/Fees.sol";

/// @title FeeSplit
/// @notice Cuts a fee into its parts and says which splits are allowed. Pure; the TypeScript twin is `splitFee`.
library FeeSplit {
    uint256 internal constant PPM = 1_000_000;
    uint256 internal constant MIN_CONTRIBUTORS_PPM = 200_000;
    uint256 internal constant MAX_OWNER_PPM = 600_000;
    uint256 internal constant MAX_NODE_PPM = 600_000;
    uint256 internal constant MAX_STAKERS_PPM = 300_000;
    uint256 internal constant MAX_TREASURY_PPM = 200_000;

    /// @notice The fee does not even cover the platform part, so it cannot be a fee of this model.
    error FeeBelowPlatform(uint256 feeWei, uint256 platformWei);
    /// @notice The five shares must sum to 1,000,000.
    error SplitSum(uint256 sumPpm);
    /// @notice A share lies outside its hard bound; `minPpm` to `maxPpm` would be right.
    error SplitOutOfBounds(string part, uint256 ppm, uint256 minPpm, uint256 maxPpm);

    /// @notice Cuts `feeWei`: every part is floor(net·ppm/1e6), what rounding leaves goes to the contributors.
    /// @dev `split` must sum to `PPM` (see {check}); then nothing here can overflow below 2^236 wei.
    function cut(uint256 feeWei, uint256 platformWei, Split memory split)
        internal
        pure
        returns (FeeParts memory parts)
    {
        require(feeWei >= platformWei, FeeBelowPlatform(feeWei, platformWei));
        uint256 net = feeWei - platformWei;
        parts.platform = platformWei;
        parts.owner = (net * split.ownerPpm) / PPM;
        parts.node = (net * split.nodePpm) / PPM;
        parts.stakers = (net * split.stakersPpm) / PPM;
        parts.treasury = (net * split.treasuryPpm) / PPM;
        parts.contributors = net - parts.owner - parts.node - parts.stakers - parts.treasury;
    }

    /// @notice Reverts unless the split sums to one million and every share is within its hard bound.
    function check(Split memory split) internal pure {
        uint256 sum =
            uint256(split.contributorsPpm) + split.ownerPpm + split.nodePpm + split.stakersPpm + split.treasuryPpm;
        require(sum == PPM, SplitSum(sum));
        _within("contributors", split.contributorsPpm, MIN_CONTRIBUTORS_PPM, PPM);
        _within("owner", split.ownerPpm, 0, MAX_OWNER_PPM);
        _within("node", split.nodePpm, 0, MAX_NODE_PPM);
        _within("stakers", split.stakersPpm, 0, MAX_STAKERS_PPM);
        _within("treasury", split.treasuryPpm, 0, MAX_TREASURY_PPM);
    }

    function _within(string memory part, uint256 ppm, uint256 min, uint256 max) private pure {
        require(ppm >= min && ppm <= max, SplitOutOfBounds(part, ppm, min, max));
    }
}
