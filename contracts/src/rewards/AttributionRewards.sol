// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Nonces} from "@openzeppelin/contracts/utils/Nonces.sol";
import {IAttributionRewards} from "../interfaces/IAttributionRewards.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IStakePool} from "../interfaces/IStakePool.sol";
import {EarningsLeaf} from "../libraries/EarningsLeaf.sol";
import {IndexedMerkle} from "../libraries/IndexedMerkle.sol";
import {ParameterKeys} from "../libraries/ParameterKeys.sol";
import {EarningsProof, RootClaim, RootProposal} from "../types/Rewards.sol";
import {EarningsTill} from "./EarningsTill.sol";

/// @title AttributionRewards
/// @notice See {IAttributionRewards}. It must not know of models, vaults, rows, nor of what makes a root wrong.
contract AttributionRewards is IAttributionRewards, EIP712, Nonces {
    using SafeERC20 for IOpenToken;
    using SafeCast for uint256;

    uint256 public constant MAX_PENDING = 31;
    uint256 public constant MAX_CLAIMS = 64;
    uint256 public constant MAX_CERTIFICATE = 16_384;
    uint256 private constant PLACES = MAX_PENDING + 1;
    bytes32 private constant CLAIM_TYPEHASH = keccak256(
        "Claim(address account,address recipient,uint256 cumulativeWei,uint256 relayerFeeWei,uint256 deadline,uint256 nonce)"
    );

    /// @dev Of the queue, in one word: OPEN's whole supply fits 96 bits.
    struct Queue {
        uint32 activeEpoch;
        uint32 proposedEpoch;
        uint96 collectedWei;
        uint96 proposedTotalWei;
    }

    IOpenToken public immutable token;
    IParameters public immutable parameters;
    IStakePool public immutable stakes;
    address public immutable deployer;
    /// @inheritdoc IAttributionRewards
    address public immutable till;

    /// @inheritdoc IAttributionRewards
    address public challenges;
    /// @inheritdoc IAttributionRewards
    bytes32 public activeRoot;
    /// @inheritdoc IAttributionRewards
    mapping(address account => uint256) public claimed;
    /// @inheritdoc IAttributionRewards
    mapping(bytes32 rootHash => uint256) public holds;
    mapping(address account => Proposer) private _proposers;
    Queue private _queue;
    /// @dev By epoch, round and round, since a place that was used before costs less than a fresh one: all that wait and the one that pays.
    bytes32[PLACES] private _hashes;

    /// @param deployer_ May call {initialise}, once.
    constructor(IOpenToken token_, IParameters parameters_, IStakePool stakes_, address deployer_)
        EIP712("OpenLedger Rewards", "1")
    {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(address(parameters_) != address(0), ZeroAccount("parameters"));
        require(address(stakes_) != address(0), ZeroAccount("stakes"));
        require(deployer_ != address(0), ZeroAccount("deployer"));
        token = token_;
        parameters = parameters_;
        stakes = stakes_;
        deployer = deployer_;
        till = address(new EarningsTill(token_));
    }

    modifier onlyChallenges() {
        require(msg.sender == challenges, NotChallenges(msg.sender, challenges));
        _;
    }

    /// @inheritdoc IAttributionRewards
    function initialise(address challenges_, address[] calldata proposers) external {
        require(msg.sender == deployer, NotDeployer(msg.sender, deployer));
        require(challenges == address(0), AlreadyInitialised());
        require(challenges_ != address(0), ZeroAccount("challenges"));
        challenges = challenges_;
        for (uint256 i; i < proposers.length; ++i) {
            _setProposer(proposers[i], true);
        }
    }

    /// @inheritdoc IAttributionRewards
    function setProposer(address proposer, bool allowed) external {
        address governor = parameters.governor();
        require(msg.sender == governor, NotGovernor(msg.sender, governor));
        _setProposer(proposer, allowed);
    }

    /// @inheritdoc IAttributionRewards
    function fund(uint256 amountWei) external {
        require(amountWei != 0, ZeroAmount());
        // Money first, count after: should the token ever call back, it finds less collected than there is.
        token.safeTransferFrom(msg.sender, till, amountWei);
        uint96 collectedWei = (_queue.collectedWei + amountWei).toUint96();
        _queue.collectedWei = collectedWei;
        emit Funded(msg.sender, amountWei, collectedWei);
    }

    /// @inheritdoc IAttributionRewards
    function propose(RootClaim calldata claim_, bytes calldata dataCertificate) external returns (bytes32 rootHash) {
        return _propose(claim_, dataCertificate);
    }

    /// @inheritdoc IAttributionRewards
    function activate(RootProposal calldata proposal) external {
        _activate(proposal);
    }

    /// @inheritdoc IAttributionRewards
    function advance(RootProposal calldata due, RootClaim calldata next, bytes calldata dataCertificate)
        external
        returns (bytes32 rootHash)
    {
        _activate(due);
        return _propose(next, dataCertificate);
    }

    /// @inheritdoc IAttributionRewards
    function drop(RootProposal calldata proposal) external {
        require(_proposers[proposal.proposer].bondWei == 0, StillBonded(proposal.proposer));
        _fall(proposal, address(0), "unbonded");
    }

    /// @inheritdoc IAttributionRewards
    function strike(RootProposal calldata proposal, address challenger, uint256 rewardedWei, bytes32 cause)
        external
        onlyChallenges
    {
        bytes32 rootHash = _fall(proposal, challenger, cause);
        if (challenger == address(0)) return;
        Proposer storage proposer = _proposers[proposal.proposer];
        uint256 bondWei = proposer.bondWei;
        proposer.bondWei = 0;
        if (rewardedWei > bondWei) rewardedWei = bondWei;
        if (rewardedWei != 0) stakes.slash(proposal.proposer, rewardedWei, challenger, rootHash);
        if (rewardedWei != bondWei) stakes.slash(proposal.proposer, bondWei - rewardedWei, address(0), rootHash);
    }

    /// @inheritdoc IAttributionRewards
    function hold(uint64 epoch, bytes32 rootHash) external onlyChallenges {
        require(rootHash != 0 && pendingHash(epoch) == rootHash, NotPending(epoch, rootHash));
        ++holds[rootHash];
    }

    /// @inheritdoc IAttributionRewards
    function letGo(bytes32 rootHash) external onlyChallenges {
        --holds[rootHash];
    }

    /// @inheritdoc IAttributionRewards
    function bond() external {
        _lockBond(_proposers[msg.sender].lastEpoch);
    }

    /// @inheritdoc IAttributionRewards
    function releaseBond(address account) external {
        Proposer storage proposer = _proposers[account];
        uint256 bondWei = proposer.bondWei;
        require(bondWei != 0, NotBonded(account));
        Queue memory queue = _queue;
        require(
            queue.activeEpoch >= proposer.lastEpoch || queue.activeEpoch == queue.proposedEpoch,
            BondInUse(account, proposer.lastEpoch)
        );
        proposer.bondWei = 0;
        emit BondReleased(account, bondWei);
        stakes.unlock(account, bondWei);
    }

    /// @inheritdoc IAttributionRewards
    function claim(
        address account,
        uint256 cumulativeWei,
        uint256 prefixWei,
        uint256 index,
        bytes32[] calldata siblings
    ) external {
        uint256 amountWei = _count(account, cumulativeWei, prefixWei, index, siblings);
        if (amountWei == 0) revert NothingToClaim(account, cumulativeWei, claimed[account]);
        token.safeTransfer(account, amountWei);
    }

    /// @inheritdoc IAttributionRewards
    function claimTo(EarningsProof calldata proof, address recipient) external returns (uint256 amountWei) {
        require(msg.sender == proof.account, NotAccount(msg.sender, proof.account));
        amountWei = _countOf(proof);
        require(amountWei != 0, NothingToClaim(proof.account, proof.cumulativeWei, claimed[proof.account]));
        token.safeTransfer(recipient, amountWei);
    }

    /// @inheritdoc IAttributionRewards
    function claimMany(EarningsProof[] calldata proofs) external returns (uint256 amountWei) {
        require(proofs.length != 0 && proofs.length <= MAX_CLAIMS, InvalidClaimCount(proofs.length, MAX_CLAIMS));
        for (uint256 i; i < proofs.length; ++i) {
            uint256 partWei = _countOf(proofs[i]);
            if (partWei == 0) continue;
            amountWei += partWei;
            token.safeTransfer(proofs[i].account, partWei);
        }
    }

    /// @inheritdoc IAttributionRewards
    function claimBySig(
        EarningsProof calldata proof,
        address recipient,
        uint256 relayerFeeWei,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 amountWei) {
        address account = proof.account;
        require(block.timestamp <= deadline, SignatureExpired(deadline));
        bytes32 structHash = keccak256(
            abi.encode(
                CLAIM_TYPEHASH, account, recipient, proof.cumulativeWei, relayerFeeWei, deadline, _useNonce(account)
            )
        );
        require(
            SignatureChecker.isValidSignatureNowCalldata(account, _hashTypedDataV4(structHash), signature),
            InvalidSignature(account)
        );
        amountWei = _countOf(proof);
        require(amountWei != 0, NothingToClaim(account, proof.cumulativeWei, claimed[account]));
        require(relayerFeeWei <= amountWei, FeeExceedsAmount(relayerFeeWei, amountWei));
        token.safeTransfer(recipient, amountWei - relayerFeeWei);
        if (relayerFeeWei != 0) token.safeTransfer(msg.sender, relayerFeeWei);
    }

    /// @inheritdoc IAttributionRewards
    function collected() external view returns (uint256) {
        return _queue.collectedWei;
    }

    /// @inheritdoc IAttributionRewards
    function totalClaimed() external view returns (uint256) {
        uint256 heldWei = token.balanceOf(address(this)) + token.balanceOf(till);
        return heldWei > _queue.collectedWei ? 0 : _queue.collectedWei - heldWei;
    }

    /// @inheritdoc IAttributionRewards
    function activeEpoch() external view returns (uint64) {
        return _queue.activeEpoch;
    }

    /// @inheritdoc IAttributionRewards
    function proposedEpoch() external view returns (uint64) {
        return _queue.proposedEpoch;
    }

    /// @inheritdoc IAttributionRewards
    function proposedTotalWei() external view returns (uint256) {
        return _queue.proposedTotalWei;
    }

    /// @inheritdoc IAttributionRewards
    function pendingHash(uint64 epoch) public view returns (bytes32) {
        Queue memory queue = _queue;
        return epoch > queue.activeEpoch && epoch <= queue.proposedEpoch ? _hashes[epoch % PLACES] : bytes32(0);
    }

    /// @inheritdoc IAttributionRewards
    function isProposer(address account) external view returns (bool) {
        return _proposers[account].allowed;
    }

    /// @inheritdoc IAttributionRewards
    function getProposer(address account) external view returns (Proposer memory) {
        return _proposers[account];
    }

    function _setProposer(address account, bool allowed) private {
        require(account != address(0), ZeroAccount("proposer"));
        _proposers[account].allowed = allowed;
        emit ProposerSet(account, allowed);
    }

    function _propose(RootClaim calldata claim_, bytes calldata dataCertificate) private returns (bytes32 rootHash) {
        Queue memory queue = _queue;
        _checkClaim(queue, claim_);
        require(
            dataCertificate.length != 0 && dataCertificate.length <= MAX_CERTIFICATE,
            InvalidCertificate(dataCertificate.length, MAX_CERTIFICATE)
        );
        _lockBond(uint32(claim_.epoch));
        RootProposal memory proposal = RootProposal({
            claim: claim_,
            previousHash: _hashes[queue.proposedEpoch % PLACES],
            previousTotalWei: queue.proposedTotalWei,
            proposer: msg.sender,
            challengeEnds: uint64(block.timestamp + parameters.get(ParameterKeys.CHALLENGE_SECONDS))
        });
        rootHash = keccak256(abi.encode(proposal));
        _hashes[claim_.epoch % PLACES] = rootHash;
        queue.proposedEpoch = uint32(claim_.epoch);
        queue.proposedTotalWei = uint96(claim_.totalCumulativeWei);
        _queue = queue;
        emit RootProposed(claim_.epoch, rootHash, proposal, dataCertificate);
    }

    function _activate(RootProposal calldata proposal) private {
        RootClaim calldata claim_ = proposal.claim;
        uint64 next = uint64(_queue.activeEpoch) + 1;
        require(claim_.epoch == next, InvalidEpoch(claim_.epoch, next));
        bytes32 rootHash = _checkPending(proposal);
        require(block.timestamp >= proposal.challengeEnds, StillOpen(claim_.epoch, proposal.challengeEnds));
        require(holds[rootHash] == 0, Held(claim_.epoch, holds[rootHash]));
        require(_proposers[proposal.proposer].bondWei != 0, NotBonded(proposal.proposer));
        _queue.activeEpoch = uint32(next);
        activeRoot = claim_.earningsRoot;
        emit RootActivated(next, rootHash, claim_.totalCumulativeWei);
        uint256 promisedWei = claim_.totalCumulativeWei - proposal.previousTotalWei;
        if (promisedWei != 0) token.safeTransferFrom(till, address(this), promisedWei);
    }

    function _checkClaim(Queue memory queue, RootClaim calldata claim_) private pure {
        uint64 expected = uint64(queue.proposedEpoch) + 1;
        require(claim_.epoch == expected, InvalidEpoch(claim_.epoch, expected));
        uint256 pending = queue.proposedEpoch - queue.activeEpoch;
        require(pending < MAX_PENDING, QueueFull(pending));
        uint256 totalWei = claim_.totalCumulativeWei;
        require(totalWei >= queue.proposedTotalWei, TotalShrinks(totalWei, queue.proposedTotalWei));
        require(totalWei <= queue.collectedWei, TotalExceedsCollected(totalWei, queue.collectedWei));
        require((claim_.earningsRoot == 0) == (totalWei == 0), RootDisagrees("earningsRoot"));
        require((claim_.accounts == 0) == (totalWei == 0), RootDisagrees("accounts"));
        require((claim_.receiptsRoot == 0) == (claim_.receipts == 0), RootDisagrees("receiptsRoot"));
        require(claim_.dataRoot != 0 && claim_.dataChunks != 0, DataMissing());
    }

    /// @dev The sender's bond for roots up to `lastEpoch`: locked up to today's rootBondWei, or found whole.
    function _lockBond(uint32 lastEpoch) private {
        Proposer memory proposer = _proposers[msg.sender];
        require(proposer.allowed, NotProposer(msg.sender));
        uint256 wantedWei = parameters.get(ParameterKeys.ROOT_BOND_WEI);
        uint256 lockedWei = proposer.bondWei;
        if (lockedWei < wantedWei) proposer.bondWei = wantedWei.toUint96();
        proposer.lastEpoch = lastEpoch;
        _proposers[msg.sender] = proposer;
        if (lockedWei < wantedWei) {
            emit BondLocked(msg.sender, wantedWei);
            stakes.lock(msg.sender, wantedWei - lockedWei);
        } else {
            require(stakes.isCovered(msg.sender), NotBonded(msg.sender));
        }
    }

    function _checkPending(RootProposal calldata proposal) private view returns (bytes32 rootHash) {
        rootHash = keccak256(abi.encode(proposal));
        require(pendingHash(proposal.claim.epoch) == rootHash, NotPending(proposal.claim.epoch, rootHash));
    }

    /// @dev Takes a root and all later ones out of the queue.
    function _fall(RootProposal calldata proposal, address challenger, bytes32 cause)
        private
        returns (bytes32 rootHash)
    {
        rootHash = _checkPending(proposal);
        _queue.proposedEpoch = uint32(proposal.claim.epoch - 1);
        _queue.proposedTotalWei = uint96(proposal.previousTotalWei);
        emit RootFallen(proposal.claim.epoch, rootHash, challenger, cause);
    }

    function _countOf(EarningsProof calldata proof) private returns (uint256) {
        return _count(proof.account, proof.cumulativeWei, proof.prefixWei, proof.index, proof.siblings);
    }

    /// @dev Checks a leaf and counts it as claimed; 0 if it was before. What stands where no leaf may, or deeper, is in no tree that can be built
    /// from published data, which is for challenges to show before activation.
    function _count(
        address account,
        uint256 cumulativeWei,
        uint256 prefixWei,
        uint256 index,
        bytes32[] calldata siblings
    ) private returns (uint256 amountWei) {
        if (IndexedMerkle.climb(EarningsLeaf.hash(account, cumulativeWei, prefixWei), index, siblings) != activeRoot) {
            revert InvalidProof(account, cumulativeWei);
        }
        // Where `claimed[account]` lies is hashed once for reading and writing, which every claim pays for.
        uint256 place;
        uint256 before;
        assembly ("memory-safe") {
            mstore(0x00, account)
            mstore(0x20, claimed.slot)
            place := keccak256(0x00, 0x40)
            before := sload(place)
        }
        if (cumulativeWei <= before) return 0;
        unchecked {
            amountWei = cumulativeWei - before;
        }
        bytes32 topic = Claimed.selector;
        assembly ("memory-safe") {
            sstore(place, cumulativeWei)
            mstore(0x00, cumulativeWei)
            log2(0x00, 0x20, topic, account)
        }
    }
}
