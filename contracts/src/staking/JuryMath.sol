// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title JuryMath
/// @notice How a draw follows from its seed, a vote's commitment, and a verdict from votes.
/// @dev Twin: packages/protocol/src/jury.ts.
library JuryMath {
    uint256 internal constant PPM = 1_000_000;
    /// @dev So often each of a case's places is tried. With half of the positions unfit it stays empty once in 4 billion.
    uint256 internal constant ATTEMPTS = 32;

    /// @notice What a draw follows from: the hash of its block, and whose case it is.
    function seed(bytes32 blockHash, address jury, uint256 caseId) internal pure returns (bytes32) {
        return keccak256(abi.encode(blockHash, jury, caseId));
    }

    /// @notice Where a place of the jury looks for its juror. Each place has a row of its own, so that a seat that is left only
    /// makes room for the next in that row.
    function position(bytes32 seed_, uint256 slot, uint256 attempt, uint256 positions) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed_, slot, attempt))) % positions;
    }

    /// @notice What a juror commits to. Its own address is in it: another's commitment is of no use.
    function commitment(uint256 caseId, address juror, uint8 choice, bytes32 salt) internal pure returns (bytes32) {
        return keccak256(abi.encode(caseId, juror, choice, salt));
    }

    /// @notice What most said, if no other was said as often and at least half spoke; else 0.
    /// @param votes By choice; votes[0] are those who did not speak.
    function verdict(uint256[] memory votes) internal pure returns (uint8 best) {
        uint256 spoken;
        uint256 most;
        for (uint256 choice = 1; choice < votes.length; ++choice) {
            spoken += votes[choice];
            if (votes[choice] > most) (best, most) = (uint8(choice), votes[choice]);
            else if (votes[choice] == most) best = 0;
        }
        if (spoken < votes[0]) best = 0;
    }

    /// @notice Whether a juror is paid: a vote, and either for the outcome or where there was none.
    function isRight(uint8 choice, uint8 finalOutcome) internal pure returns (bool) {
        return choice != 0 && (finalOutcome == 0 || choice == finalOutcome);
    }
}
