// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {
    EarningsProof,
    FeatureProof,
    ReceiptProof,
    RootProposal,
    ScoreLeaf,
    ScoreProof,
    SnapshotProof
} from "../types/Rewards.sol";
import {IAttributionRewards} from "./IAttributionRewards.sol";
import {IJury} from "./IJury.sol";
import {IModelRegistry} from "./IModelRegistry.sol";
import {IOpenToken} from "./IOpenToken.sol";
import {IParameters} from "./IParameters.sol";
import {IStakePool} from "./IStakePool.sol";

/// @title IRootChallenges
/// @notice What shows that a proposed root is wrong. A fault that two or three openings prove is decided at once, by whoever brings them, without
/// a bond, for as long as the root is pending: the root falls, its proposer is slashed, the sender gets the challenger's part. What
/// must be answered is demanded with a bond and a deadline; what only a rebuild of the epoch shows goes to a jury of verifiers.
/// @dev No proof here can be made against a root that is honest in all its receipts, whose models' features and snapshots hold every row once.
/// Their trees are built by those who publish models and datanets, and nobody here can see a row that stands in one twice: such a
/// tree proves two things of one row, and one of them contradicts any receipt. So who settles takes receipts only of models whose
/// features and snapshots it has built again to the very same roots. Nothing here judges an activated root.
interface IRootChallenges {
    /// @param deadline Until when it may be answered.
    struct Demand {
        address challenger;
        uint64 epoch;
        uint64 deadline;
        uint256 bondWei;
        bytes32 rootHash;
    }

    struct Dispute {
        address challenger;
        uint64 epoch;
        uint256 bondWei;
        uint256 caseId;
    }

    event ChunkDemanded(
        bytes32 indexed rootHash,
        bytes32 indexed demandId,
        address indexed challenger,
        uint64 epoch,
        uint32 index,
        uint64 deadline
    );
    event RowDemanded(
        bytes32 indexed rootHash,
        bytes32 indexed demandId,
        address indexed challenger,
        uint64 epoch,
        bytes32 receiptId,
        uint32 row,
        uint64 deadline
    );
    event DemandAnswered(bytes32 indexed rootHash, bytes32 indexed demandId, address indexed by);
    /// @notice The root fell: by this demand, if `failed`, or by something else.
    event DemandClosed(bytes32 indexed rootHash, bytes32 indexed demandId, bool failed);
    event DisputeOpened(bytes32 indexed rootHash, uint256 indexed caseId, address indexed challenger, uint64 epoch);
    event DisputeResolved(bytes32 indexed rootHash, uint256 indexed caseId, uint8 verdict);

    /// @notice An account given to the constructor is zero.
    error ZeroAccount(string field);
    /// @notice This is not the proposal that is pending for its epoch.
    error NotPending(uint64 epoch, bytes32 rootHash);
    /// @notice The root is pending still: fail or answer the demand, or wait for the verdict.
    error StillPending(uint64 epoch, bytes32 rootHash);
    /// @notice Demands and disputes are opened until then; proofs that are decided at once may come later.
    error TooLate(uint64 epoch, uint64 challengeEnds);
    /// @notice An opening does not lead to the root it is of.
    error InvalidOpening(string what);
    /// @notice What was opened is as it should be.
    error NoFault();
    /// @notice There is no such chunk.
    error NoSuchChunk(uint32 index, uint32 chunks);
    /// @notice A chunk has `expected` bytes, the last 1 to that.
    error InvalidChunk(uint32 index, uint256 length, uint256 expected);
    /// @notice The very same is demanded or disputed already.
    error AlreadyOpen(bytes32 id);
    /// @notice So many demands over the root are open already.
    error TooManyDemands(uint256 open);
    error NoSuchDemand(bytes32 demandId);
    /// @notice The demand may be answered until then.
    error NotYetFailed(bytes32 demandId, uint64 deadline);
    /// @notice The time to answer is over.
    error AnsweredTooLate(bytes32 demandId, uint64 deadline);
    error NoSuchDispute(bytes32 rootHash);
    /// @notice A jury found the root right; that is final, but proofs still count.
    error AlreadyJudged(bytes32 rootHash);
    /// @notice There are not enough verifiers for a jury.
    error NoJury(uint256 seats, uint256 needed);
    /// @notice At most so many rows count in an answer.
    error TooManyScores(uint256 count, uint256 max);

    /// @notice One leaf is wrong by itself: the first's prefix is not its amount, the last's not the total, an amount is zero, or it
    /// stands beyond the number of accounts.
    function challengeLeaf(RootProposal calldata proposal, EarningsProof calldata leaf) external;

    /// @notice Two neighbours do not ascend by account, or the right one's prefix is not the left one's plus its own amount.
    function challengePair(RootProposal calldata proposal, EarningsProof calldata left, EarningsProof calldata right)
        external;

    /// @notice An account has less than in the epoch before. `previous` is that epoch's proposal.
    function challengeShrunk(
        RootProposal calldata proposal,
        RootProposal calldata previous,
        EarningsProof calldata before,
        EarningsProof calldata now_
    ) external;

    /// @notice An account of the epoch before has no leaf: two neighbours enclose it, or the first or last leaf shows that it stands outside.
    /// @param around One leaf, the first or the last; or two neighbours.
    function challengeMissing(
        RootProposal calldata proposal,
        RootProposal calldata previous,
        EarningsProof calldata before,
        EarningsProof[] calldata around
    ) external;

    /// @notice A receipt is of another chain or vault, of no model, or names another adapter, base, engine, snapshot or features than its model.
    function challengeModel(RootProposal calldata proposal, ReceiptProof calldata receipt) external;

    /// @notice A receipt stands in the epoch twice.
    function challengeTwice(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        uint32 otherIndex,
        bytes32[] calldata otherSiblings
    ) external;

    /// @notice A counted row's score is not scale · Σ query·number; or more rows count than may.
    /// @param query The answer's own feature, of the receipt's queryDigest.
    function challengeScore(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        ScoreProof calldata score,
        bytes calldata query,
        FeatureProof calldata feature
    ) external;

    /// @notice A counted row is ascribed to another than its contributor in the snapshot.
    function challengeContributor(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        ScoreProof calldata score,
        SnapshotProof calldata row
    ) external;

    /// @notice A receipt's counted rows do not ascend, sum to over a million, or are not what its shares root says.
    /// @param scores All of them.
    function challengeShares(RootProposal calldata proposal, ReceiptProof calldata receipt, ScoreLeaf[] calldata scores)
        external;

    /// @notice Demands a chunk of the published data, with a bond of the sender's stake.
    function demandChunk(RootProposal calldata proposal, uint32 index) external returns (bytes32 demandId);

    /// @notice Shows a demanded chunk; anybody may. The challenger's bond goes to treasury and fire.
    function answerChunk(
        RootProposal calldata proposal,
        uint32 index,
        bytes calldata chunk,
        bytes32[] calldata siblings
    ) external;

    /// @notice Shows that a row which does not count scored higher than one that does, with a bond: it should count, unless it is a copy.
    /// @param scores All rows that count.
    function demandRow(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        ScoreLeaf[] calldata scores,
        bytes calldata query,
        FeatureProof calldata feature
    ) external returns (bytes32 demandId);

    /// @notice Answers that the row says the same as an earlier one that was learnt from, which counts for both.
    /// @param row The demanded one in the snapshot. @param earlier One of the same cluster before it. @param learnt Its feature, of a scale above zero.
    function answerRow(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        SnapshotProof calldata row,
        SnapshotProof calldata earlier,
        FeatureProof calldata learnt
    ) external;

    /// @notice The time to answer is over: the root falls.
    function failDemand(RootProposal calldata proposal, bytes32 demandId) external;

    /// @notice The root fell by something else: the demand's bond is free again.
    function closeDemand(bytes32 demandId) external;

    /// @notice Puts the root before a jury of verifiers, with a bond, and the jurors' fees from the sender, who approved them.
    function dispute(RootProposal calldata proposal) external returns (uint256 caseId);

    /// @notice Carries the jury's verdict out: 1 the root stands and the bond goes to its proposer; 2 it falls, and of the proposer's bond the
    /// challenger gets its part of twice its own bond, the rest goes to treasury and fire; 0, undecided, it falls and nobody is slashed;
    /// but where no more than half of the jury were found it stands, undecided, and the bond is free. If the root fell meanwhile, the bond is free again.
    function resolveDispute(RootProposal calldata proposal) external;

    function getDemand(bytes32 demandId) external view returns (Demand memory);
    function getDispute(bytes32 rootHash) external view returns (Dispute memory);
    function openDemands(bytes32 rootHash) external view returns (uint256);
    function isJudged(bytes32 rootHash) external view returns (bool);
    function chunkDemandId(bytes32 rootHash, uint32 index) external pure returns (bytes32);
    function rowDemandId(bytes32 rootHash, bytes32 receiptId, uint32 row) external pure returns (bytes32);
    function rewards() external view returns (IAttributionRewards);
    function models() external view returns (IModelRegistry);
    function jury() external view returns (IJury);
    function vault() external view returns (address);
}
