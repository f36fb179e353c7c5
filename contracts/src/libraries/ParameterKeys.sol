// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title ParameterKeys
/// @notice Names of the governed constants: seconds, wei, parts per million, counts, by their last word.
library ParameterKeys {
    // Stakes
    bytes32 internal constant UNBONDING_SECONDS = "unbondingSeconds";
    bytes32 internal constant SLASH_CHALLENGER_PPM = "slashChallengerPpm";
    bytes32 internal constant SLASH_TREASURY_PPM = "slashTreasuryPpm";
    bytes32 internal constant REWARD_SECONDS = "rewardSeconds";

    // Juries: curators of datanets, verifiers of runs and roots
    bytes32 internal constant SEAT_STAKE_WEI = "seatStakeWei";
    bytes32 internal constant JURY_SIZE = "jurySize";
    bytes32 internal constant APPEAL_JURY_SIZE = "appealJurySize";
    bytes32 internal constant DRAW_BLOCKS = "drawBlocks";
    bytes32 internal constant VOTE_COMMIT_SECONDS = "voteCommitSeconds";
    bytes32 internal constant VOTE_REVEAL_SECONDS = "voteRevealSeconds";
    bytes32 internal constant WRONG_VOTE_PPM = "wrongVotePpm";
    bytes32 internal constant ABSENT_VOTE_PPM = "absentVotePpm";
    bytes32 internal constant JUROR_FEE_WEI = "jurorFeeWei";

    // Datanets
    bytes32 internal constant REVEAL_SECONDS = "revealSeconds";
    bytes32 internal constant OPEN_REVIEW_SECONDS = "openReviewSeconds";
    bytes32 internal constant OWNER_REVIEW_SECONDS = "ownerReviewSeconds";
    bytes32 internal constant APPEAL_SECONDS = "appealSeconds";
    bytes32 internal constant APPEAL_BOND_PPM = "appealBondPpm";

    // Training jobs and disputes
    bytes32 internal constant JOB_CHALLENGE_SECONDS = "jobChallengeSeconds";
    bytes32 internal constant DISPUTE_MOVE_SECONDS = "disputeMoveSeconds";
    bytes32 internal constant DISPUTE_BOND_WEI = "disputeBondWei";
    bytes32 internal constant JOB_EXPIRY_PPM = "jobExpiryPpm";
    bytes32 internal constant LEAST_SEATS = "leastSeats";

    // Settlement
    bytes32 internal constant ROOT_BOND_WEI = "rootBondWei";
    bytes32 internal constant CHALLENGE_SECONDS = "challengeSeconds";
    bytes32 internal constant DATA_SECONDS = "dataSeconds";
    bytes32 internal constant CHALLENGE_BOND_WEI = "challengeBondWei";
}
