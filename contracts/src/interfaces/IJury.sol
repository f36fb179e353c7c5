// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title IJury
/// @notice Random committees of staked jurors who vote by commit and reveal. A seat costs a fixed stake, so that many names
/// buy no more seats than one. Contracts ("courts") open cases, read the verdict and say, once no appeal can follow, what the
/// final outcome was: then jurors who stood against it lose, absent ones are charged, the others share fees and their part of
/// what was lost.
/// @dev The draw takes the hash of a block that comes drawBlocks after the opening. Who makes that block (a rollup's sequencer)
/// can try many and so choose among draws; nobody else can. Which seats may be drawn is settled before the hash is known:
/// who joins, or covers a bare seat, later is not drawn; who leaves only ever makes room for others.
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
        uint32 positions; // the draw is among the first so many
        uint32 newestSeat; // and among seats of this number and below
        uint64 commitEnds; // the first second in which votes are no longer committed but revealed
        uint64 revealEnds; // the first second in which votes are no longer revealed
        uint8 size; // seats asked for
        uint8 drawn; // seats found
        uint8 committed;
        uint8 revealed;
        uint8 choices; // 1 … choices may be voted; 0 means no verdict
        uint8 verdict;
        Phase phase; // as it is now
        uint256 feeWei; // shared by jurors who were right
    }

    struct Seat {
        uint96 stakeWei; // locked for it; 0: there is none
        uint32 openCases; // cases it was drawn for and that are not settled
        uint32 number; // seats of a role are numbered as they are taken, from 1
    }

    event SeatTaken(bytes32 indexed role, address indexed operator, uint256 stakeWei);
    event SeatRaised(bytes32 indexed role, address indexed operator, uint256 stakeWei);
    event SeatLeft(bytes32 indexed role, address indexed operator);
    event CaseOpened(
        uint256 indexed caseId,
        address indexed court,
        bytes32 indexed role,
        bytes32 subject,
        uint8 size,
        uint64 drawBlock
    );
    /// @notice The draw came too late for its block's hash and gets another.
    event DrawPutOff(uint256 indexed caseId, uint64 drawBlock);
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
    error NotDeployer(address sender, address deployer);
    error NotCourt(address sender);
    error AlreadyInitialised();
    error ZeroAccount(string field);
    error UnsafeParameters(string reason);
    error UnknownRole(bytes32 role);
    error SeatExists(bytes32 role, address operator);
    error NoSeat(bytes32 role, address operator);
    /// @notice A seat's stake is only raised; more than `stakeWei` would do.
    error SeatNotRaised(bytes32 role, address operator, uint256 stakeWei);
    error SeatInUse(bytes32 role, address operator, uint256 openCases);
    error InvalidSize(uint256 size, uint256 max);
    error InvalidChoices(uint8 choices, uint8 max);
    error FeeNotReceived(uint256 feeWei, uint256 receivedWei);
    error WrongPhase(uint256 caseId, Phase phase, Phase wanted);
    /// @param notBefore Block of a draw, second of a count.
    error TooEarly(uint256 caseId, uint256 notBefore);
    error TooLate(uint256 caseId, uint256 deadline);
    error NotJuror(uint256 caseId, address sender);
    error VoteExists(uint256 caseId, address juror);
    error ZeroCommitment();
    error VoteMismatch(uint256 caseId, address juror);
    error InvalidChoice(uint8 choice, uint8 choices);
    error NothingOwed(address account);

    /// @notice CURATOR judges contributions, VERIFIER runs, roots and answers.
    function CURATOR() external view returns (bytes32);
    function VERIFIER() external view returns (bytes32);
    /// @notice The most jurors of one case.
    function MAX_SIZE() external view returns (uint8);

    /// @notice Takes a seat for the sender; locks seatStakeWei of its pool. It can be drawn for cases that are opened later.
    function join(bytes32 role) external;

    /// @notice Raises the stake of the sender's seat to `stakeWei`, before or after seatStakeWei rises or charges have lowered it, in the middle of a
    /// case too. Draws that are pending pass the seat over, as if it were a new one.
    function raiseSeat(bytes32 role, uint256 stakeWei) external;

    /// @notice Leaves the seat and frees its stake; not while a case of it is open.
    function leave(bytes32 role) external;

    /// @notice Opens a case; courts only. The court has sent `feeWei` of OPEN before. Up to 3 accounts are kept out of the draw
    /// (zero: none).
    function open(
        bytes32 role,
        uint8 size,
        uint8 choices,
        bytes32 subject,
        address[3] calldata excluded,
        uint256 feeWei
    ) external returns (uint256 caseId);

    /// @notice Draws the jurors once the draw block is past; anybody. A draw that comes over 256 blocks late gets a new draw
    /// block. Not drawn: excluded accounts, seats that came after the opening, seats whose pool does not cover its locks (or did
    /// not by the draw block), seats left with less than half of what a seat costs now. Nobody found: counted at once, verdict 0.
    function draw(uint256 caseId) external;

    /// @notice Commits the sender's vote. Once all jurors have, the votes may be revealed at once.
    /// @param commitment keccak256(abi.encode(caseId, juror, choice, salt)).
    function commitVote(uint256 caseId, bytes32 commitment) external;
    function revealVote(uint256 caseId, uint8 choice, bytes32 salt) external;

    /// @notice Counts after the reveal time, or once all who committed have revealed; anybody. Verdict: what most of the revealed
    /// said; 0 for a tie, or where fewer than half of the drawn revealed.
    function count(uint256 caseId) external returns (uint8 verdict);

    /// @notice Pays and charges the jurors by the final outcome; the case's court only. 0: nobody was wrong, the absent are still
    /// charged, and those who voted share the fee. Nobody to be paid: the fee goes back to the court, what jurors lost is burnt
    /// (but for the treasury's part).
    /// @return refundWei Sent back to the court.
    function settle(uint256 caseId, uint8 finalOutcome) external returns (uint256 refundWei);

    /// @notice Pays out what an account is owed, to it, whoever calls.
    function withdraw(address account) external returns (uint256 amountWei);

    function initialise(address[] calldata courts) external;

    /// @notice Allows or forbids a court; governor only. A forbidden one may still settle its cases.
    function setCourt(address court, bool allowed) external;

    function isInitialised() external view returns (bool);
    function isCourt(address account) external view returns (bool);
    /// @notice How many cases there are; ids count from 1.
    function cases() external view returns (uint256);
    function getCase(uint256 caseId) external view returns (Case memory);
    function jurorsOf(uint256 caseId) external view returns (address[] memory);
    /// @return commitment Of the vote. @return choice 0 until revealed.
    function voteOf(uint256 caseId, address juror) external view returns (bytes32 commitment, uint8 choice);
    function seats(bytes32 role) external view returns (uint256);
    /// @notice How many positions there are, holes included; a draw is among them.
    function positions(bytes32 role) external view returns (uint256);
    /// @notice Who sits at a position; zero for a hole. Seats move only while no draw is pending; then too a seat that is left leaves a hole,
    /// and one that is taken may fill it.
    function seatAt(bytes32 role, uint256 position) external view returns (address);
    function hasSeat(bytes32 role, address operator) external view returns (bool);
    function getSeat(bytes32 role, address operator) external view returns (Seat memory);
    function owed(address account) external view returns (uint256);
    /// @notice Fees of open cases and what is owed; the contract's balance never falls below it.
    function totalHeld() external view returns (uint256);
    /// @notice Verdict of a counted case; reverts before.
    function verdictOf(uint256 caseId) external view returns (uint8);
}
