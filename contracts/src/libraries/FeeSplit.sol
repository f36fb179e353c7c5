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
    /// @notice The platform part of a sum must be the model's, once for each answer: `rightWei`.
    error PlatformSum(uint256 statedWei, uint256 rightWei);
    /// @notice A role's part of a sum lies outside what rounding answer by answer can give; `minWei` to `maxWei` would be right.
    error PartOutOfBounds(string part, uint256 statedWei, uint256 minWei, uint256 maxWei);
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

    /// @notice Sums parts that were cut answer by answer, and reverts unless they can have been.
    /// @dev The sum of `count` floors lies less than `count` below the floor of the sum, so nobody can shift more than a wei
    /// an answer, and that only to the contributors, who get what is left.
    function total(FeeParts memory parts, uint256 count, uint256 platformWei, Split memory split)
        internal
        pure
        returns (uint256 feeWei)
    {
        require(parts.platform == count * platformWei, PlatformSum(parts.platform, count * platformWei));
        uint256 net = parts.contributors + parts.owner + parts.node + parts.stakers + parts.treasury;
        _summed("owner", parts.owner, (net * split.ownerPpm) / PPM, count);
        _summed("node", parts.node, (net * split.nodePpm) / PPM, count);
        _summed("stakers", parts.stakers, (net * split.stakersPpm) / PPM, count);
        _summed("treasury", parts.treasury, (net * split.treasuryPpm) / PPM, count);
        return net + parts.platform;
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

    function _summed(string memory part, uint256 stated, uint256 max, uint256 count) private pure {
        uint256 min = max < count ? 0 : max - count + 1;
        require(stated >= min && stated <= max, PartOutOfBounds(part, stated, min, max));
    }

    function _within(string memory part, uint256 ppm, uint256 min, uint256 max) private pure {
        require(ppm >= min && ppm <= max, SplitOutOfBounds(part, ppm, min, max));
    }
}
