// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {IAttributionRewards} from "../interfaces/IAttributionRewards.sol";
import {IJury} from "../interfaces/IJury.sol";
import {IModelRegistry} from "../interfaces/IModelRegistry.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IRootChallenges} from "../interfaces/IRootChallenges.sol";
import {IStakePool} from "../interfaces/IStakePool.sol";
import {EarningsLeaf} from "../libraries/EarningsLeaf.sol";
import {IndexedMerkle} from "../libraries/IndexedMerkle.sol";
import {ParameterKeys} from "../libraries/ParameterKeys.sol";
import {ReceiptLeaves} from "../libraries/ReceiptLeaves.sol";
import {ModelParams} from "../types/Models.sol";
import {
    EarningsProof,
    FeatureProof,
    Receipt,
    ReceiptProof,
    RootProposal,
    ScoreLeaf,
    ScoreProof,
    SnapshotProof
} from "../types/Rewards.sol";

/// @title RootChallenges
/// @notice See {IRootChallenges}. It holds no money: bonds are locked stake, and what the jury gives back goes on to who paid it.
contract RootChallenges is IRootChallenges {
    using SafeERC20 for IOpenToken;

    uint256 public constant CHUNK_BYTES = 1024;
    uint256 public constant MAX_COUNTED = 64;
    uint256 public constant MAX_DEMANDS = 64;
    uint256 private constant COUNTED_LEVELS = 6;
    uint256 private constant PPM = 1_000_000;
    /// @dev So many times the challenger's bond is what it gets a part of, where a jury and no proof takes the proposer's: with the usual part,
    /// a half, as much as it would have lost.
    uint256 private constant REWARDED_BONDS = 2;
    uint8 private constant ROOT_RIGHT = 1;
    uint8 private constant ROOT_WRONG = 2;

    IOpenToken public immutable token;
    IParameters public immutable parameters;
    IStakePool public immutable stakes;
    IJury public immutable jury;
    IModelRegistry public immutable models;
    IAttributionRewards public immutable rewards;
    address public immutable vault;

    /// @inheritdoc IRootChallenges
    mapping(bytes32 rootHash => uint256) public openDemands;
    /// @inheritdoc IRootChallenges
    mapping(bytes32 rootHash => bool) public isJudged;
    mapping(bytes32 demandId => Demand) private _demands;
    mapping(bytes32 rootHash => Dispute) private _disputes;

    /// @param rewards_ Must name this contract as its challenges. @param vault_ Whose receipts count.
    constructor(
        IOpenToken token_,
        IParameters parameters_,
        IStakePool stakes_,
        IJury jury_,
        IModelRegistry models_,
        IAttributionRewards rewards_,
        address vault_
    ) {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(address(parameters_) != address(0), ZeroAccount("parameters"));
        require(address(stakes_) != address(0), ZeroAccount("stakes"));
        require(address(jury_) != address(0), ZeroAccount("jury"));
        require(address(models_) != address(0), ZeroAccount("models"));
        require(address(rewards_) != address(0), ZeroAccount("rewards"));
        require(vault_ != address(0), ZeroAccount("vault"));
        (token, parameters, stakes, jury) = (token_, parameters_, stakes_, jury_);
        (models, rewards, vault) = (models_, rewards_, vault_);
    }

    // What one to three openings show. Each function: open, find the fault or revert with NoFault, strike.

    /// @inheritdoc IRootChallenges
    function challengeLeaf(RootProposal calldata proposal, EarningsProof calldata leaf) external {
        _checkEarning(proposal, leaf);
        uint256 last = proposal.claim.accounts - 1;
        bool fault = leaf.index > last || leaf.cumulativeWei == 0
            || (leaf.index == 0 && leaf.prefixWei != leaf.cumulativeWei)
            || (leaf.index == last && leaf.prefixWei != proposal.claim.totalCumulativeWei);
        _strike(proposal, fault, "leaf");
    }

    /// @inheritdoc IRootChallenges
    function challengePair(RootProposal calldata proposal, EarningsProof calldata left, EarningsProof calldata right)
        external
    {
        _checkEarning(proposal, left);
        _checkEarning(proposal, right);
        require(uint256(left.index) + 1 == right.index, InvalidOpening("neighbours"));
        unchecked {
            uint256 sumWei = left.prefixWei + right.cumulativeWei;
            bool fault = left.account >= right.account || sumWei < left.prefixWei || right.prefixWei != sumWei;
            _strike(proposal, fault, "pair");
        }
    }

    /// @inheritdoc IRootChallenges
    function challengeShrunk(
        RootProposal calldata proposal,
        RootProposal calldata previous,
        EarningsProof calldata before,
        EarningsProof calldata now_
    ) external {
        _checkBefore(proposal, previous, before);
        _checkEarning(proposal, now_);
        require(before.account == now_.account, InvalidOpening("account"));
        _strike(proposal, now_.cumulativeWei < before.cumulativeWei, "shrunk");
    }

    /// @inheritdoc IRootChallenges
    function challengeMissing(
        RootProposal calldata proposal,
        RootProposal calldata previous,
        EarningsProof calldata before,
        EarningsProof[] calldata around
    ) external {
        _checkBefore(proposal, previous, before);
        address account = before.account;
        require(around.length == 1 || around.length == 2, InvalidOpening("neighbours"));
        EarningsProof calldata first = around[0];
        _checkEarning(proposal, first);
        bool fault;
        if (around.length == 1) {
            fault = (first.index == 0 && account < first.account)
                || (first.index == proposal.claim.accounts - 1 && account > first.account);
        } else {
            EarningsProof calldata second = around[1];
            _checkEarning(proposal, second);
            require(uint256(first.index) + 1 == second.index, InvalidOpening("neighbours"));
            fault = first.account < account && account < second.account;
        }
        _strike(proposal, fault, "missing");
    }

    /// @inheritdoc IRootChallenges
    function challengeModel(RootProposal calldata proposal, ReceiptProof calldata receipt) external {
        _checkReceipt(proposal, receipt);
        Receipt calldata record = receipt.receipt;
        bool fault = record.chainId != block.chainid || record.vault != vault || !_isOfItsModel(record);
        _strike(proposal, fault, "model");
    }

    /// @inheritdoc IRootChallenges
    function challengeTwice(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        uint32 otherIndex,
        bytes32[] calldata otherSiblings
    ) external {
        bytes32 leaf = ReceiptLeaves.receipt(_checkReceipt(proposal, receipt));
        require(
            IndexedMerkle.verify(leaf, otherIndex, proposal.claim.receipts, otherSiblings, proposal.claim.receiptsRoot),
            InvalidOpening("other receipt")
        );
        _strike(proposal, otherIndex != receipt.index, "twice");
    }

    /// @inheritdoc IRootChallenges
    function challengeScore(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        ScoreProof calldata score,
        bytes calldata query,
        FeatureProof calldata feature
    ) external {
        _checkReceipt(proposal, receipt);
        _checkScore(receipt.receipt, score);
        bool fault = score.siblings.length > COUNTED_LEVELS;
        if (!fault) {
            require(feature.row == score.leaf.row, InvalidOpening("row"));
            fault = _scored(receipt.receipt, query, feature) != score.leaf.score;
        }
        _strike(proposal, fault, "score");
    }

    /// @inheritdoc IRootChallenges
    function challengeContributor(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        ScoreProof calldata score,
        SnapshotProof calldata row
    ) external {
        _checkReceipt(proposal, receipt);
        _checkScore(receipt.receipt, score);
        _checkSnapshot(receipt.receipt, row);
        require(row.index == score.leaf.row, InvalidOpening("row"));
        _strike(proposal, row.contributor != score.leaf.contributor, "contributor");
    }

    /// @inheritdoc IRootChallenges
    function challengeShares(RootProposal calldata proposal, ReceiptProof calldata receipt, ScoreLeaf[] calldata scores)
        external
    {
        _checkReceipt(proposal, receipt);
        _checkScores(receipt.receipt, scores);
        uint256 sumPpm;
        bool fault;
        for (uint256 i; i < scores.length; ++i) {
            sumPpm += scores[i].sharePpm;
            if (i != 0 && scores[i - 1].row >= scores[i].row) fault = true;
        }
        fault = fault || sumPpm > PPM || ReceiptLeaves.sharesRoot(scores) != receipt.receipt.sharesRoot;
        _strike(proposal, fault, "shares");
    }

    // What must be answered in time.

    /// @inheritdoc IRootChallenges
    function demandChunk(RootProposal calldata proposal, uint32 index) external returns (bytes32 demandId) {
        bytes32 rootHash = _checkOpen(proposal);
        require(index < proposal.claim.dataChunks, NoSuchChunk(index, proposal.claim.dataChunks));
        demandId = chunkDemandId(rootHash, index);
        uint64 deadline = _demand(proposal.claim.epoch, rootHash, demandId);
        emit ChunkDemanded(rootHash, demandId, msg.sender, proposal.claim.epoch, index, deadline);
    }

    /// @inheritdoc IRootChallenges
    function answerChunk(
        RootProposal calldata proposal,
        uint32 index,
        bytes calldata chunk,
        bytes32[] calldata siblings
    ) external {
        bytes32 rootHash = _checkPending(proposal);
        uint32 chunks = proposal.claim.dataChunks;
        bool fits = index + 1 == chunks ? chunk.length != 0 && chunk.length <= CHUNK_BYTES : chunk.length == CHUNK_BYTES;
        require(fits, InvalidChunk(index, chunk.length, CHUNK_BYTES));
        bytes32 leaf = ReceiptLeaves.chunk(index, chunk);
        require(IndexedMerkle.verify(leaf, index, chunks, siblings, proposal.claim.dataRoot), InvalidOpening("chunk"));
        _answer(rootHash, chunkDemandId(rootHash, index));
    }

    /// @inheritdoc IRootChallenges
    function demandRow(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        ScoreLeaf[] calldata scores,
        bytes calldata query,
        FeatureProof calldata feature
    ) external returns (bytes32 demandId) {
        bytes32 rootHash = _checkOpen(proposal);
        bytes32 receiptId = _checkReceipt(proposal, receipt);
        _checkScores(receipt.receipt, scores);
        require(_isOmitted(scores, feature.row, _scored(receipt.receipt, query, feature)), NoFault());
        demandId = rowDemandId(rootHash, receiptId, feature.row);
        uint64 deadline = _demand(proposal.claim.epoch, rootHash, demandId);
        emit RowDemanded(rootHash, demandId, msg.sender, proposal.claim.epoch, receiptId, feature.row, deadline);
    }

    /// @inheritdoc IRootChallenges
    function answerRow(
        RootProposal calldata proposal,
        ReceiptProof calldata receipt,
        SnapshotProof calldata row,
        SnapshotProof calldata earlier,
        FeatureProof calldata learnt
    ) external {
        bytes32 rootHash = _checkPending(proposal);
        bytes32 receiptId = _checkReceipt(proposal, receipt);
        _checkSnapshot(receipt.receipt, row);
        _checkSnapshot(receipt.receipt, earlier);
        _checkFeature(receipt.receipt, learnt);
        require(earlier.cluster == row.cluster && earlier.index < row.index, InvalidOpening("cluster"));
        require(learnt.row == earlier.index && learnt.scale != 0, InvalidOpening("learnt"));
        _answer(rootHash, rowDemandId(rootHash, receiptId, uint32(row.index)));
    }

    /// @inheritdoc IRootChallenges
    function failDemand(RootProposal calldata proposal, bytes32 demandId) external {
        Demand memory demand = _take(demandId);
        require(demand.rootHash == _checkPending(proposal), NoSuchDemand(demandId));
        require(block.timestamp > demand.deadline, NotYetFailed(demandId, demand.deadline));
        emit DemandClosed(demand.rootHash, demandId, true);
        rewards.letGo(demand.rootHash);
        rewards.strike(proposal, demand.challenger, type(uint256).max, "silence");
        stakes.unlock(demand.challenger, demand.bondWei);
    }

    /// @inheritdoc IRootChallenges
    function closeDemand(bytes32 demandId) external {
        Demand memory demand = _take(demandId);
        require(rewards.pendingHash(demand.epoch) != demand.rootHash, StillPending(demand.epoch, demand.rootHash));
        emit DemandClosed(demand.rootHash, demandId, false);
        rewards.letGo(demand.rootHash);
        stakes.unlock(demand.challenger, demand.bondWei);
    }

    // What a jury must say.

    /// @inheritdoc IRootChallenges
    function dispute(RootProposal calldata proposal) external returns (uint256 caseId) {
        bytes32 rootHash = _checkOpen(proposal);
        require(!isJudged[rootHash], AlreadyJudged(rootHash));
        require(_disputes[rootHash].challenger == address(0), AlreadyOpen(rootHash));
        uint256 size = parameters.get(ParameterKeys.JURY_SIZE);
        bytes32 role = jury.VERIFIER();
        require(jury.seats(role) >= size, NoJury(jury.seats(role), size));
        uint256 bondWei = parameters.get(ParameterKeys.CHALLENGE_BOND_WEI);
        uint256 feeWei = size * parameters.get(ParameterKeys.JUROR_FEE_WEI);
        stakes.lock(msg.sender, bondWei);
        rewards.hold(proposal.claim.epoch, rootHash);
        token.safeTransferFrom(msg.sender, address(jury), feeWei);
        caseId = jury.open(role, uint8(size), 2, rootHash, [proposal.proposer, msg.sender, address(0)], feeWei);
        _disputes[rootHash] = Dispute(msg.sender, proposal.claim.epoch, bondWei, caseId);
        emit DisputeOpened(rootHash, caseId, msg.sender, proposal.claim.epoch);
    }

    /// @inheritdoc IRootChallenges
    function resolveDispute(RootProposal calldata proposal) external {
        bytes32 rootHash = keccak256(abi.encode(proposal));
        Dispute memory one = _disputes[rootHash];
        require(one.challenger != address(0), NoSuchDispute(rootHash));
        uint8 verdict = jury.verdictOf(one.caseId);
        IJury.Case memory case_ = jury.getCase(one.caseId);
        // A few of those who were asked say nothing: who empties the bench must not fell roots by it.
        bool few = 2 * uint256(case_.drawn) <= case_.size;
        if (few) verdict = 0;
        delete _disputes[rootHash];
        if (verdict == ROOT_RIGHT) isJudged[rootHash] = true;
        emit DisputeResolved(rootHash, one.caseId, verdict);
        rewards.letGo(rootHash);
        bool pending = rewards.pendingHash(one.epoch) == rootHash;
        if (pending && verdict != ROOT_RIGHT && !few) {
            // Whoever holds a part of the seats wins by chance now and then: what a verdict pays is no more than what the other one costs.
            address challenger = verdict == ROOT_WRONG ? one.challenger : address(0);
            rewards.strike(proposal, challenger, REWARDED_BONDS * one.bondWei, "jury");
        }
        if (pending && verdict == ROOT_RIGHT) {
            stakes.slash(one.challenger, one.bondWei, proposal.proposer, rootHash);
        } else {
            stakes.unlock(one.challenger, one.bondWei);
        }
        // Where no juror voted, the fee comes back.
        uint256 refundWei = jury.settle(one.caseId, verdict);
        if (refundWei != 0) token.safeTransfer(one.challenger, refundWei);
    }

    /// @inheritdoc IRootChallenges
    function getDemand(bytes32 demandId) external view returns (Demand memory) {
        return _demands[demandId];
    }

    /// @inheritdoc IRootChallenges
    function getDispute(bytes32 rootHash) external view returns (Dispute memory) {
        return _disputes[rootHash];
    }

    /// @inheritdoc IRootChallenges
    function chunkDemandId(bytes32 rootHash, uint32 index) public pure returns (bytes32) {
        return keccak256(abi.encode(rootHash, "chunk", index));
    }

    /// @inheritdoc IRootChallenges
    function rowDemandId(bytes32 rootHash, bytes32 receiptId, uint32 row) public pure returns (bytes32) {
        return keccak256(abi.encode(rootHash, "row", receiptId, row));
    }

    function _strike(RootProposal calldata proposal, bool fault, bytes32 cause) private {
        require(fault, NoFault());
        rewards.strike(proposal, msg.sender, type(uint256).max, cause);
    }

    function _checkPending(RootProposal calldata proposal) private view returns (bytes32 rootHash) {
        rootHash = keccak256(abi.encode(proposal));
        uint64 epoch = proposal.claim.epoch;
        require(rewards.pendingHash(epoch) == rootHash, NotPending(epoch, rootHash));
    }

    /// @dev Pending, and still open to what delays it.
    function _checkOpen(RootProposal calldata proposal) private view returns (bytes32 rootHash) {
        rootHash = _checkPending(proposal);
        uint64 challengeEnds = proposal.challengeEnds;
        require(block.timestamp < challengeEnds, TooLate(proposal.claim.epoch, challengeEnds));
    }

    function _checkEarning(RootProposal calldata proposal, EarningsProof calldata leaf) private pure {
        require(
            EarningsLeaf.isIn(leaf, proposal.claim.accounts, proposal.claim.earningsRoot), InvalidOpening("earning")
        );
    }

    function _checkBefore(RootProposal calldata proposal, RootProposal calldata previous, EarningsProof calldata before)
        private
        pure
    {
        require(keccak256(abi.encode(previous)) == proposal.previousHash, InvalidOpening("previous"));
        _checkEarning(previous, before);
    }

    function _checkReceipt(RootProposal calldata proposal, ReceiptProof calldata receipt)
        private
        pure
        returns (bytes32 receiptId)
    {
        receiptId = ReceiptLeaves.id(receipt.receipt);
        require(
            IndexedMerkle.verify(
                ReceiptLeaves.receipt(receiptId),
                receipt.index,
                proposal.claim.receipts,
                receipt.siblings,
                proposal.claim.receiptsRoot
            ),
            InvalidOpening("receipt")
        );
    }

    /// @dev Of whatever depth: leaves are hashed twice, so an inner node is none.
    function _checkScore(Receipt calldata receipt, ScoreProof calldata score) private pure {
        bytes32 leaf = ReceiptLeaves.score(score.leaf);
        require(IndexedMerkle.climb(leaf, score.index, score.siblings) == receipt.scoresRoot, InvalidOpening("score"));
    }

    function _checkScores(Receipt calldata receipt, ScoreLeaf[] calldata scores) private pure {
        require(scores.length <= MAX_COUNTED, TooManyScores(scores.length, MAX_COUNTED));
        require(ReceiptLeaves.scoresRoot(scores) == receipt.scoresRoot, InvalidOpening("scores"));
    }

    function _checkFeature(Receipt calldata receipt, FeatureProof calldata feature) private pure {
        require(
            MerkleProof.verifyCalldata(feature.siblings, receipt.featuresRoot, ReceiptLeaves.feature(feature)),
            InvalidOpening("feature")
        );
    }

    function _checkSnapshot(Receipt calldata receipt, SnapshotProof calldata row) private pure {
        require(
            MerkleProof.verifyCalldata(row.siblings, receipt.snapshotRoot, ReceiptLeaves.snapshot(row)),
            InvalidOpening("snapshot")
        );
    }

    /// @dev The score of a row, computed again from what the receipt commits to.
    function _scored(Receipt calldata receipt, bytes calldata query, FeatureProof calldata feature)
        private
        pure
        returns (int256)
    {
        require(keccak256(query) == receipt.queryDigest, InvalidOpening("query"));
        require(query.length == feature.numbers.length, InvalidOpening("width"));
        _checkFeature(receipt, feature);
        return ReceiptLeaves.scoreOf(query, feature.scale, feature.numbers);
    }

    /// @dev Whether a row stands not among those that count, though it scored higher than one of them: the bar is one for all, and what counts
    /// is what scored highest above it.
    function _isOmitted(ScoreLeaf[] calldata scores, uint32 row, int256 score) private pure returns (bool higher) {
        for (uint256 i; i < scores.length; ++i) {
            if (scores[i].row == row) return false;
            if (score > scores[i].score) higher = true;
        }
    }

    function _isOfItsModel(Receipt calldata record) private view returns (bool) {
        try models.getModel(record.modelId) returns (address, ModelParams memory model) {
            return record.adapterDigest == model.adapterDigest && record.baseDigest == model.baseDigest
                && record.engineId == model.engineId && record.featuresRoot == model.featuresRoot
                && record.snapshotRoot == model.snapshots[0].root;
        } catch (bytes memory reason) {
            // Nothing else that fails there, least of all a lack of gas, says that there is no such model.
            require(bytes4(reason) == IModelRegistry.UnknownModel.selector, InvalidOpening("model"));
            return false;
        }
    }

    function _demand(uint64 epoch, bytes32 rootHash, bytes32 demandId) private returns (uint64 deadline) {
        require(_demands[demandId].challenger == address(0), AlreadyOpen(demandId));
        uint256 open = openDemands[rootHash];
        require(open < MAX_DEMANDS, TooManyDemands(open));
        openDemands[rootHash] = open + 1;
        deadline = uint64(block.timestamp + parameters.get(ParameterKeys.DATA_SECONDS));
        uint256 bondWei = parameters.get(ParameterKeys.CHALLENGE_BOND_WEI);
        _demands[demandId] = Demand(msg.sender, epoch, deadline, bondWei, rootHash);
        rewards.hold(epoch, rootHash);
        stakes.lock(msg.sender, bondWei);
    }

    /// @dev Nobody gains by the bond: else an operator who answers its own demands could take round by round what others staked behind it.
    function _answer(bytes32 rootHash, bytes32 demandId) private {
        Demand memory demand = _take(demandId);
        require(block.timestamp <= demand.deadline, AnsweredTooLate(demandId, demand.deadline));
        emit DemandAnswered(rootHash, demandId, msg.sender);
        rewards.letGo(rootHash);
        stakes.slash(demand.challenger, demand.bondWei, address(0), demandId);
    }

    /// @dev Takes a demand out of the books.
    function _take(bytes32 demandId) private returns (Demand memory demand) {
        demand = _demands[demandId];
        require(demand.challenger != address(0), NoSuchDemand(demandId));
        delete _demands[demandId];
        --openDemands[demand.rootHash];
    }
}
