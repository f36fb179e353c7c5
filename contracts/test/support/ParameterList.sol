// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IParameters} from "../../src/interfaces/IParameters.sol";

/// @dev The production constants as packages/chain deploys them, for tests; packages/chain/src/parameters.test.ts holds them equal.
library ParameterList {
    uint256 internal constant OPEN = 1 ether;

    function production() internal pure returns (IParameters.Parameter[] memory list) {
        list = new IParameters.Parameter[](27);
        uint256 i;
        list[i++] = IParameters.Parameter("unbondingSeconds", 14 days, 7 days, 60 days);
        list[i++] = IParameters.Parameter("slashChallengerPpm", 500_000, 100_000, 600_000);
        list[i++] = IParameters.Parameter("slashTreasuryPpm", 250_000, 0, 400_000);
        list[i++] = IParameters.Parameter("rewardSeconds", 7 days, 1 days, 30 days);
        list[i++] = IParameters.Parameter("seatStakeWei", 10_000 * OPEN, 1000 * OPEN, 1_000_000 * OPEN);
        list[i++] = IParameters.Parameter("jurySize", 5, 3, 15);
        list[i++] = IParameters.Parameter("appealJurySize", 11, 5, 31);
        list[i++] = IParameters.Parameter("drawBlocks", 8, 1, 64);
        list[i++] = IParameters.Parameter("voteCommitSeconds", 1 days, 1 hours, 14 days);
        list[i++] = IParameters.Parameter("voteRevealSeconds", 1 days, 1 hours, 14 days);
        list[i++] = IParameters.Parameter("wrongVotePpm", 10_000, 0, 500_000);
        list[i++] = IParameters.Parameter("absentVotePpm", 5_000, 0, 200_000);
        list[i++] = IParameters.Parameter("jurorFeeWei", 10 * OPEN, OPEN / 10, 1000 * OPEN);
        list[i++] = IParameters.Parameter("revealSeconds", 1 days, 1 hours, 7 days);
        list[i++] = IParameters.Parameter("openReviewSeconds", 3 days, 1 days, 30 days);
        list[i++] = IParameters.Parameter("ownerReviewSeconds", 7 days, 1 days, 60 days);
        list[i++] = IParameters.Parameter("appealSeconds", 3 days, 1 days, 30 days);
        list[i++] = IParameters.Parameter("appealBondPpm", 2_000_000, 1_000_000, 10_000_000);
        list[i++] = IParameters.Parameter("jobChallengeSeconds", 1 days, 6 hours, 14 days);
        list[i++] = IParameters.Parameter("jobExpiryPpm", 50_000, 0, 1_000_000);
        list[i++] = IParameters.Parameter("leastSeats", 8, 0, 64);
        list[i++] = IParameters.Parameter("disputeMoveSeconds", 6 hours, 1 hours, 3 days);
        list[i++] = IParameters.Parameter("disputeBondWei", 1000 * OPEN, 10 * OPEN, 100_000 * OPEN);
        list[i++] = IParameters.Parameter("rootBondWei", 100_000 * OPEN, 10_000 * OPEN, 10_000_000 * OPEN);
        list[i++] = IParameters.Parameter("challengeSeconds", 1 days, 6 hours, 14 days);
        list[i++] = IParameters.Parameter("dataSeconds", 6 hours, 1 hours, 3 days);
        list[i++] = IParameters.Parameter("challengeBondWei", 1000 * OPEN, 10 * OPEN, 100_000 * OPEN);
    }
}
