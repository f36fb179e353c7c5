// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IJury
/// @notice Random committees of staked jurors who vote by commit and reveal. A seat costs a fixed stake, so that many names buy no more
/// seats than one. Contracts ("courts") open cases, read the verdict and say, once no appeal can follow, what the final outcome was: then
/// jurors who stood against it lose, absent ones are charged, the others share fees and their part of what was lost.
interface IJury {
    enum Phase {
        None,
        Drawing, // opened; the block whose randomness draws is still to come, or the draw to be called
        Committing,
        Revealing,
        Counted, // verdict is there, jurors are not settled yet
        Settled
    }

    struct Case {
        address court;
        bytes32 role;
        bytes32 subject; // what it is about, in the court's words
        uint64 drawBlock;
        uint64 commitEnds;
        uint64 revealEnds;
        uint8 size; // seats asked for
        uint8 drawn; // seats found
        uint8 choices; // 1 … choices may be voted; 0 means no verdict
        uint8 verdict;
        Phase phase;
        uint256 feeWei; // shared by jurors who were right
    }

    event SeatTaken(bytes32 indexed role, address indexed operator);
    event SeatLeft(bytes32 indexed role, address indexed operator);
    event CaseOpened(
        uint256 indexed caseId,
        address indexed court,
        bytes32 indexed role,
        bytes32 subject,
        uint8 size,
        uint64 drawBlock
    );
    event JurorDrawn(uint256 indexed caseId, address indexed juror);
    event VoteCommitted(uint256 indexed caseId, address indexed juror);
    event VoteRevealed(uint256 indexed caseId, address indexed juror, uint8 choice);
    event CaseCounted(uint256 indexed caseId, uint8 verdict);
    event CaseSettled(uint256 indexed caseId, uint8 finalOutcome);
    event JurorPaid(uint256 indexed caseId, address indexed juror, uint256 amountWei);
    event JurorCharged(uint256 indexed caseId, address indexed juror, uint256 amountWei, bool absent);
    event Withdrawn(address indexed account, uint256 amountWei);
    event CourtSet(address indexed court, bool allowed);

    error NotGovernor(address sender, address governor);
    error NotCourt(address sender);
    error AlreadyInitialised();
    error UnknownRole(bytes32 role);
    error SeatExists(bytes32 role, address operator);
    error NoSeat(bytes32 role, address operator);
    error SeatInUse(bytes32 role, address operator, uint256 openCases);
    error InvalidSize(uint256 size, uint256 max);
    error WrongPhase(uint256 caseId, Phase phase, Phase wanted);
    error TooEarly(uint256 caseId, uint256 notBefore);
    error TooLate(uint256 caseId, uint256 deadline);
    error NotJuror(uint256 caseId, address sender);
    error VoteExists(uint256 caseId, address juror);
    error VoteMismatch(uint256 caseId, address juror);
    error InvalidChoice(uint8 choice, uint8 choices);
    error NothingOwed(address account);

    /// @notice CURATOR judges contributions, VERIFIER runs, roots and answers.
    function CURATOR() external view returns (bytes32);
    function VERIFIER() external view returns (bytes32);

    /// @notice Takes a seat for the sender; locks seatStakeWei of its pool.
    function join(bytes32 role) external;
    /// @notice Leaves the seat and frees its stake; not while a case of it is open.
    function leave(bytes32 role) external;

    /// @notice Opens a case; courts only. The court has sent `feeWei` of OPEN before. Up to 3 accounts are kept out of the draw (zero: none).
    function open(
        bytes32 role,
        uint8 size,
        uint8 choices,
        bytes32 subject,
        address[3] calldata excluded,
        uint256 feeWei
    ) external returns (uint256 caseId);
    /// @notice Draws the jurors once the draw block is past; anybody. A draw that comes over 256 blocks late gets a new draw block.
    function draw(uint256 caseId) external;
    /// @param commitment keccak256(abi.encode(caseId, juror, choice, salt)).
    function commitVote(uint256 caseId, bytes32 commitment) external;
    function revealVote(uint256 caseId, uint8 choice, bytes32 salt) external;
    /// @notice Counts after the reveal time, or once all have revealed; anybody. Verdict: what most of the revealed said; 0 for a tie, or
    /// where fewer than half of the drawn revealed.
    function count(uint256 caseId) external returns (uint8 verdict);
    /// @notice Pays and charges the jurors by the final outcome; the case's court only. 0: nobody was wrong, the absent are still charged, and
    /// those who voted share the fee; nobody voted: the fee goes back to the court.
    function settle(uint256 caseId, uint8 finalOutcome) external;
    /// @notice Pays out what an account is owed, to it, whoever calls.
    function withdraw(address account) external returns (uint256 amountWei);

    function initialise(address[] calldata courts) external;
    function setCourt(address court, bool allowed) external;
    function getCase(uint256 caseId) external view returns (Case memory);
    function jurorsOf(uint256 caseId) external view returns (address[] memory);
    /// @return commitment Of the vote. @return choice 0 until revealed.
    function voteOf(uint256 caseId, address juror) external view returns (bytes32 commitment, uint8 choice);
    function seats(bytes32 role) external view returns (uint256);
    function hasSeat(bytes32 role, address operator) external view returns (bool);
    function owed(address account) external view returns (uint256);
    /// @notice Verdict of a counted case; reverts before.
    function verdictOf(uint256 caseId) external view returns (uint8);
}
