// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IJury} from "../interfaces/IJury.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IStakePool} from "../interfaces/IStakePool.sol";
import {ParameterKeys} from "../libraries/ParameterKeys.sol";
import {JuryMath} from "./JuryMath.sol";

/// @title Jury
/// @notice See {IJury}. It must not know what a case is about.
contract Jury is IJury {
    using SafeERC20 for IOpenToken;
    using SafeCast for uint256;

    bytes32 public constant CURATOR = "curator";
    bytes32 public constant VERIFIER = "verifier";
    uint8 public constant MAX_SIZE = 31;
    uint8 public constant MAX_CHOICES = 8;
    uint256 private constant HASHES_KEPT = 256;
    /// @dev So many holes at most are filled by a call that has another purpose.
    uint256 private constant MOVES = 4;

    struct Record {
        address court;
        uint64 drawBlock;
        uint8 size;
        uint8 choices;
        uint8 verdict;
        Phase phase; // Committing also stands for Revealing: the time says which
        bool curators; // the role
        uint8 committed;
        uint8 revealed;
        uint32 positions; // the first so many positions take part in the draw
        uint64 commitEnds;
        uint64 revealEnds;
        uint32 wrongPpm; // as they were at the opening
        uint32 absentPpm;
        uint96 feeWei;
        uint32 newestSeat; // later ones do not take part, wherever they sit
        address[3] excluded;
        bytes32 subject;
    }

    struct Juror {
        address account;
        uint8 choice;
        bool committed;
    }

    struct Bench {
        address[] seats; // zero: a hole
        uint256[] holes; // all of them, and positions that are none any more
        uint64 taken;
        uint64 pendingDraws;
        uint32 newestSeat; // seats are numbered from 1
    }

    struct Place {
        uint96 stakeWei;
        uint32 openCases;
        uint32 position;
        uint32 number;
    }

    IOpenToken public immutable token;
    IParameters public immutable parameters;
    IStakePool public immutable stakes;
    address public immutable deployer;

    /// @inheritdoc IJury
    bool public isInitialised;
    /// @inheritdoc IJury
    uint256 public cases;
    /// @inheritdoc IJury
    uint256 public totalHeld;
    /// @inheritdoc IJury
    mapping(address account => bool) public isCourt;
    /// @inheritdoc IJury
    mapping(address account => uint256) public owed;

    mapping(bytes32 role => Bench) private _benches;
    mapping(bytes32 role => mapping(address operator => Place)) private _places;
    mapping(uint256 caseId => Record) private _cases;
    mapping(uint256 caseId => Juror[]) private _jurors;
    mapping(uint256 caseId => mapping(address juror => bytes32)) private _commitments;

    /// @param token_ OPEN.
    /// @param parameters_ Where times and charges are read; its governor changes the courts.
    /// @param stakes_ Where seats' stakes lie; it must let this contract lock.
    /// @param deployer_ Names the first courts, once.
    constructor(IOpenToken token_, IParameters parameters_, IStakePool stakes_, address deployer_) {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(address(stakes_) != address(0), ZeroAccount("stakes"));
        require(deployer_ != address(0), ZeroAccount("deployer"));
        (, uint256 wrongMax) = parameters_.bounds(ParameterKeys.WRONG_VOTE_PPM);
        (, uint256 absentMax) = parameters_.bounds(ParameterKeys.ABSENT_VOTE_PPM);
        require(wrongMax <= JuryMath.PPM && absentMax <= JuryMath.PPM, UnsafeParameters("charge above a million"));
        (uint256 seatMin,) = parameters_.bounds(ParameterKeys.SEAT_STAKE_WEI);
        require(seatMin != 0, UnsafeParameters("seatStakeWei may be 0"));
        (, uint256 delayMax) = parameters_.bounds(ParameterKeys.DRAW_BLOCKS);
        require(delayMax < HASHES_KEPT, UnsafeParameters("drawBlocks may exceed 255"));
        (token, parameters, stakes, deployer) = (token_, parameters_, stakes_, deployer_);
    }

    /// @inheritdoc IJury
    function join(bytes32 role) external {
        Bench storage bench = _bench(role);
        Place storage place = _places[role][msg.sender];
        require(place.stakeWei == 0, SeatExists(role, msg.sender));
        uint256 stakeWei = parameters.get(ParameterKeys.SEAT_STAKE_WEI);
        (place.stakeWei, place.position) = (stakeWei.toUint96(), _takePosition(bench, msg.sender));
        place.number = ++bench.newestSeat;
        ++bench.taken;
        emit SeatTaken(role, msg.sender, stakeWei);
        stakes.lock(msg.sender, stakeWei);
    }

    /// @inheritdoc IJury
    function raiseSeat(bytes32 role, uint256 stakeWei) external {
        Bench storage bench = _bench(role);
        Place storage place = _places[role][msg.sender];
        uint256 heldWei = place.stakeWei;
        require(heldWei != 0, NoSeat(role, msg.sender));
        require(stakeWei > heldWei, SeatNotRaised(role, msg.sender, heldWei));
        place.stakeWei = stakeWei.toUint96();
        // A seat that was too low to be drawn must not become fit once the hash is known.
        place.number = ++bench.newestSeat;
        emit SeatRaised(role, msg.sender, stakeWei);
        stakes.lock(msg.sender, stakeWei - heldWei);
    }

    /// @inheritdoc IJury
    function leave(bytes32 role) external {
        Bench storage bench = _bench(role);
        Place memory place = _places[role][msg.sender];
        require(place.stakeWei != 0, NoSeat(role, msg.sender));
        require(place.openCases == 0, SeatInUse(role, msg.sender, place.openCases));
        delete _places[role][msg.sender];
        bench.seats[place.position] = address(0);
        bench.holes.push(place.position);
        --bench.taken;
        _fillHoles(role, bench);
        emit SeatLeft(role, msg.sender);
        stakes.unlock(msg.sender, place.stakeWei);
    }

    /// @inheritdoc IJury
    function open(
        bytes32 role,
        uint8 size,
        uint8 choices,
        bytes32 subject,
        address[3] calldata excluded,
        uint256 feeWei
    ) external returns (uint256 caseId) {
        require(isCourt[msg.sender], NotCourt(msg.sender));
        Bench storage bench = _bench(role);
        require(size != 0 && size <= MAX_SIZE, InvalidSize(size, MAX_SIZE));
        require(choices != 0 && choices <= MAX_CHOICES, InvalidChoices(choices, MAX_CHOICES));
        uint256 receivedWei = token.balanceOf(address(this)) - totalHeld;
        require(feeWei <= receivedWei, FeeNotReceived(feeWei, receivedWei));
        totalHeld += feeWei;
        caseId = ++cases;
        ++bench.pendingDraws;
        Record storage record = _cases[caseId];
        (record.court, record.size, record.choices, record.phase) = (msg.sender, size, choices, Phase.Drawing);
        (record.curators, record.subject, record.feeWei) = (role == CURATOR, subject, feeWei.toUint96());
        record.wrongPpm = uint32(parameters.get(ParameterKeys.WRONG_VOTE_PPM));
        record.absentPpm = uint32(parameters.get(ParameterKeys.ABSENT_VOTE_PPM));
        for (uint256 i; i < 3; ++i) {
            if (excluded[i] != address(0)) record.excluded[i] = excluded[i];
        }
        _setDrawBlock(record, bench);
        emit CaseOpened(caseId, msg.sender, role, subject, size, record.drawBlock);
    }

    /// @inheritdoc IJury
    function draw(uint256 caseId) external {
        Record storage record = _cases[caseId];
        require(record.phase == Phase.Drawing, WrongPhase(caseId, _phase(record), Phase.Drawing));
        uint64 drawBlock = record.drawBlock;
        require(block.number > drawBlock, TooEarly(caseId, drawBlock + 1));
        bytes32 role = _roleOf(record);
        Bench storage bench = _benches[role];
        if (block.number > drawBlock + HASHES_KEPT) {
            _setDrawBlock(record, bench);
            emit DrawPutOff(caseId, record.drawBlock);
            return;
        }
        --bench.pendingDraws;
        bytes32 seed = JuryMath.seed(blockhash(drawBlock), address(this), caseId);
        uint256 drawn = _drawJurors(caseId, record, role, seed);
        _fillHoles(role, bench);
        if (drawn == 0) {
            record.phase = Phase.Counted;
            emit CaseCounted(caseId, 0);
            return;
        }
        record.phase = Phase.Committing;
        uint256 commitEnds = block.timestamp + parameters.get(ParameterKeys.VOTE_COMMIT_SECONDS);
        record.commitEnds = uint64(commitEnds);
        record.revealEnds = uint64(commitEnds + parameters.get(ParameterKeys.VOTE_REVEAL_SECONDS));
    }

    /// @inheritdoc IJury
    function commitVote(uint256 caseId, bytes32 commitment) external {
        Record storage record = _inPhase(caseId, Phase.Committing);
        require(commitment != 0, ZeroCommitment());
        Juror[] storage list = _jurors[caseId];
        Juror storage juror = _juror(caseId, list);
        require(!juror.committed, VoteExists(caseId, msg.sender));
        juror.committed = true;
        _commitments[caseId][msg.sender] = commitment;
        if (++record.committed == list.length) {
            uint64 revealTime = record.revealEnds - record.commitEnds;
            (record.commitEnds, record.revealEnds) = (uint64(block.timestamp), uint64(block.timestamp) + revealTime);
        }
        emit VoteCommitted(caseId, msg.sender);
    }

    /// @inheritdoc IJury
    function revealVote(uint256 caseId, uint8 choice, bytes32 salt) external {
        Record storage record = _inPhase(caseId, Phase.Revealing);
        require(block.timestamp < record.revealEnds, TooLate(caseId, record.revealEnds));
        require(choice != 0 && choice <= record.choices, InvalidChoice(choice, record.choices));
        Juror storage juror = _juror(caseId, _jurors[caseId]);
        require(juror.choice == 0, VoteExists(caseId, msg.sender));
        require(
            JuryMath.commitment(caseId, msg.sender, choice, salt) == _commitments[caseId][msg.sender],
            VoteMismatch(caseId, msg.sender)
        );
        juror.choice = choice;
        ++record.revealed;
        emit VoteRevealed(caseId, msg.sender, choice);
    }

    /// @inheritdoc IJury
    function count(uint256 caseId) external returns (uint8 verdict) {
        Record storage record = _inPhase(caseId, Phase.Revealing);
        if (record.revealed != record.committed) {
            require(block.timestamp >= record.revealEnds, TooEarly(caseId, record.revealEnds));
        }
        Juror[] storage list = _jurors[caseId];
        uint256[] memory votes = new uint256[](record.choices + 1);
        for (uint256 i; i < list.length; ++i) {
            ++votes[list[i].choice];
        }
        verdict = JuryMath.verdict(votes);
        (record.verdict, record.phase) = (verdict, Phase.Counted);
        emit CaseCounted(caseId, verdict);
    }

    /// @inheritdoc IJury
    function settle(uint256 caseId, uint8 finalOutcome) external returns (uint256 refundWei) {
        Record storage record = _inPhase(caseId, Phase.Counted);
        require(msg.sender == record.court, NotCourt(msg.sender));
        require(finalOutcome <= record.choices, InvalidChoice(finalOutcome, record.choices));
        record.phase = Phase.Settled;
        emit CaseSettled(caseId, finalOutcome);
        Juror[] memory list = _jurors[caseId];
        uint256 winners;
        for (uint256 i; i < list.length; ++i) {
            if (JuryMath.isRight(list[i].choice, finalOutcome)) ++winners;
        }
        uint256 lostWei = _chargeJurors(caseId, record, list, finalOutcome, winners == 0 ? address(0) : address(this));
        totalHeld += lostWei;
        if (winners == 0) {
            refundWei = record.feeWei;
            totalHeld -= refundWei;
            if (refundWei != 0) token.safeTransfer(msg.sender, refundWei);
        } else {
            _payJurors(caseId, list, finalOutcome, record.feeWei + lostWei, winners);
        }
    }

    /// @inheritdoc IJury
    function withdraw(address account) external returns (uint256 amountWei) {
        amountWei = owed[account];
        require(amountWei != 0, NothingOwed(account));
        owed[account] = 0;
        totalHeld -= amountWei;
        emit Withdrawn(account, amountWei);
        token.safeTransfer(account, amountWei);
    }

    /// @inheritdoc IJury
    function initialise(address[] calldata courts) external {
        require(msg.sender == deployer, NotDeployer(msg.sender, deployer));
        require(!isInitialised, AlreadyInitialised());
        isInitialised = true;
        for (uint256 i; i < courts.length; ++i) {
            _setCourt(courts[i], true);
        }
    }

    /// @inheritdoc IJury
    function setCourt(address court, bool allowed) external {
        address governor = parameters.governor();
        require(msg.sender == governor, NotGovernor(msg.sender, governor));
        _setCourt(court, allowed);
    }

    /// @inheritdoc IJury
    function getCase(uint256 caseId) external view returns (Case memory) {
        Record storage record = _cases[caseId];
        return Case({
            court: record.court,
            role: record.court == address(0) ? bytes32(0) : _roleOf(record),
            subject: record.subject,
            drawBlock: record.drawBlock,
            positions: record.positions,
            newestSeat: record.newestSeat,
            commitEnds: record.commitEnds,
            revealEnds: record.revealEnds,
            size: record.size,
            drawn: uint8(_jurors[caseId].length),
            committed: record.committed,
            revealed: record.revealed,
            choices: record.choices,
            verdict: record.verdict,
            phase: _phase(record),
            feeWei: record.feeWei
        });
    }

    /// @inheritdoc IJury
    function jurorsOf(uint256 caseId) external view returns (address[] memory accounts) {
        Juror[] memory list = _jurors[caseId];
        accounts = new address[](list.length);
        for (uint256 i; i < list.length; ++i) {
            accounts[i] = list[i].account;
        }
    }

    /// @inheritdoc IJury
    function voteOf(uint256 caseId, address juror) external view returns (bytes32 commitment, uint8 choice) {
        commitment = _commitments[caseId][juror];
        Juror[] memory list = _jurors[caseId];
        for (uint256 i; i < list.length; ++i) {
            if (list[i].account == juror) choice = list[i].choice;
        }
    }

    /// @inheritdoc IJury
    function seats(bytes32 role) external view returns (uint256) {
        return _benches[role].taken;
    }

    /// @inheritdoc IJury
    function positions(bytes32 role) external view returns (uint256) {
        return _benches[role].seats.length;
    }

    /// @inheritdoc IJury
    function seatAt(bytes32 role, uint256 position) external view returns (address) {
        return position < _benches[role].seats.length ? _benches[role].seats[position] : address(0);
    }

    /// @inheritdoc IJury
    function hasSeat(bytes32 role, address operator) external view returns (bool) {
        return _places[role][operator].stakeWei != 0;
    }

    /// @inheritdoc IJury
    function getSeat(bytes32 role, address operator) external view returns (Seat memory) {
        Place storage place = _places[role][operator];
        return Seat(place.stakeWei, place.openCases, place.number);
    }

    /// @inheritdoc IJury
    function verdictOf(uint256 caseId) external view returns (uint8) {
        Record storage record = _cases[caseId];
        require(record.phase >= Phase.Counted, WrongPhase(caseId, _phase(record), Phase.Counted));
        return record.verdict;
    }

    function _setCourt(address court, bool allowed) private {
        require(court != address(0), ZeroAccount("court"));
        isCourt[court] = allowed;
        emit CourtSet(court, allowed);
    }

    /// @dev Fixes when the draw is made, and among which seats: later ones could be taken knowing the hash.
    function _setDrawBlock(Record storage record, Bench storage bench) private {
        record.drawBlock = uint64(block.number + parameters.get(ParameterKeys.DRAW_BLOCKS));
        (record.positions, record.newestSeat) = (bench.seats.length.toUint32(), bench.newestSeat);
    }

    function _drawJurors(uint256 caseId, Record storage record, bytes32 role, bytes32 seed)
        private
        returns (uint256 drawn)
    {
        uint256 span = record.positions;
        uint256 leastWei = parameters.get(ParameterKeys.SEAT_STAKE_WEI) / 2;
        address[] storage bench = _benches[role].seats;
        Juror[] storage list = _jurors[caseId];
        uint256 size = record.size;
        uint64 drawBlock = record.drawBlock;
        if (span == 0) return 0;
        for (uint256 slot; slot < size; ++slot) {
            for (uint256 attempt; attempt < JuryMath.ATTEMPTS; ++attempt) {
                address operator = bench[JuryMath.position(seed, slot, attempt, span)];
                if (operator == address(0) || _isTaken(list, operator) || _isExcluded(record, operator)) continue;
                Place storage place = _places[role][operator];
                if (place.number > record.newestSeat) continue;
                if (place.stakeWei < leastWei || stakes.coveredSince(operator) > drawBlock) continue;
                ++place.openCases;
                list.push(Juror(operator, 0, false));
                ++drawn;
                emit JurorDrawn(caseId, operator);
                break;
            }
        }
    }

    /// @dev Lets go of all jurors and charges those who were wrong or absent.
    /// @return lostWei What of that came here.
    function _chargeJurors(
        uint256 caseId,
        Record storage record,
        Juror[] memory list,
        uint8 finalOutcome,
        address beneficiary
    ) private returns (uint256 lostWei) {
        bytes32 role = _roleOf(record);
        for (uint256 i; i < list.length; ++i) {
            Place storage place = _places[role][list[i].account];
            --place.openCases;
            bool absent = list[i].choice == 0;
            if (JuryMath.isRight(list[i].choice, finalOutcome)) continue;
            uint256 chargeWei = place.stakeWei * uint256(absent ? record.absentPpm : record.wrongPpm) / JuryMath.PPM;
            if (chargeWei == 0) continue;
            place.stakeWei -= uint96(chargeWei);
            emit JurorCharged(caseId, list[i].account, chargeWei, absent);
            lostWei += _slash(caseId, list[i].account, chargeWei, beneficiary);
        }
    }

    function _slash(uint256 caseId, address account, uint256 amountWei, address beneficiary)
        private
        returns (uint256 beneficiaryWei)
    {
        (, beneficiaryWei) = stakes.slash(account, amountWei, beneficiary, bytes32(caseId));
    }

    /// @dev In equal parts; what does not divide goes to the first.
    function _payJurors(uint256 caseId, Juror[] memory list, uint8 finalOutcome, uint256 potWei, uint256 winners)
        private
    {
        uint256 part = potWei / winners;
        uint256 rest = potWei % winners;
        for (uint256 i; i < list.length; ++i) {
            if (!JuryMath.isRight(list[i].choice, finalOutcome)) continue;
            if (part + rest != 0) emit JurorPaid(caseId, list[i].account, part + rest);
            owed[list[i].account] += part + rest;
            rest = 0;
        }
    }

    /// @dev A hole if there is one, also while a draw is pending, which knows by the seat's number that it came later: so whoever takes and
    /// leaves seats in turns makes no more holes than it ever held seats at once.
    function _takePosition(Bench storage bench, address operator) private returns (uint32 position) {
        for (uint256 moves; moves < MOVES && bench.holes.length != 0; ++moves) {
            uint256 hole = bench.holes[bench.holes.length - 1];
            bench.holes.pop();
            if (!_isHole(bench, hole)) continue;
            bench.seats[hole] = operator;
            return uint32(hole);
        }
        position = bench.seats.length.toUint32();
        bench.seats.push(operator);
    }

    /// @dev Moves seats from the end into holes. Never while a draw is pending: it would change who is drawn.
    function _fillHoles(bytes32 role, Bench storage bench) private {
        if (bench.pendingDraws != 0) return;
        for (uint256 moves; moves < MOVES && bench.holes.length != 0; ++moves) {
            uint256 end = bench.seats.length;
            // A hole at the end goes with the end; where it is listed it is then no hole any more, and passed over.
            if (end != 0 && bench.seats[end - 1] == address(0)) {
                bench.seats.pop();
                continue;
            }
            uint256 hole = bench.holes[bench.holes.length - 1];
            bench.holes.pop();
            if (!_isHole(bench, hole)) continue;
            address last = bench.seats[end - 1];
            bench.seats.pop();
            bench.seats[hole] = last;
            _places[role][last].position = uint32(hole);
        }
    }

    /// @dev What is listed as a hole may have gone with the end since, and a seat may have been taken there.
    function _isHole(Bench storage bench, uint256 position) private view returns (bool) {
        return position < bench.seats.length && bench.seats[position] == address(0);
    }

    function _bench(bytes32 role) private view returns (Bench storage) {
        require(role == CURATOR || role == VERIFIER, UnknownRole(role));
        return _benches[role];
    }

    function _inPhase(uint256 caseId, Phase wanted) private view returns (Record storage record) {
        record = _cases[caseId];
        Phase phase = _phase(record);
        require(phase == wanted, WrongPhase(caseId, phase, wanted));
    }

    function _phase(Record storage record) private view returns (Phase phase) {
        phase = record.phase;
        if (phase == Phase.Committing && block.timestamp >= record.commitEnds) return Phase.Revealing;
    }

    function _juror(uint256 caseId, Juror[] storage list) private view returns (Juror storage) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i].account == msg.sender) return list[i];
        }
        revert NotJuror(caseId, msg.sender);
    }

    function _isTaken(Juror[] storage list, address operator) private view returns (bool) {
        for (uint256 i; i < list.length; ++i) {
            if (list[i].account == operator) return true;
        }
        return false;
    }

    function _isExcluded(Record storage record, address operator) private view returns (bool) {
        return operator == record.excluded[0] || operator == record.excluded[1] || operator == record.excluded[2];
    }

    function _roleOf(Record storage record) private view returns (bytes32) {
        return record.curators ? CURATOR : VERIFIER;
    }
}
