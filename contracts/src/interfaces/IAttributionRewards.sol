// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EarningsProof, RootClaim, RootProposal} from "../types/Rewards.sol";
import {IOpenToken} from "./IOpenToken.sol";
import {IParameters} from "./IParameters.sol";
import {IStakePool} from "./IStakePool.sol";

/// @title IAttributionRewards
/// @notice Holds the contributors' part of all fees and pays it by a cumulative earnings tree. Trees are proposed by bonded accounts, wait in a
/// queue while they can be challenged, and are activated in order; the latest activated one pays.
/// @dev Always: claimed ≤ total of the latest activated root ≤ collected. Proposers can misplace money among contributors only while nobody
/// shows it, and can never pay out more than came in. What shows it is the business of {IRootChallenges}, which alone may strike a root.
interface IAttributionRewards {
    /// @notice What is known of an account that proposes.
    /// @param allowed May propose.
    /// @param bondWei Of its stake, locked behind all its pending roots; gone when one of them is struck for a fault.
    /// @param lastEpoch The latest it proposed.
    struct Proposer {
        bool allowed;
        uint96 bondWei;
        uint32 lastEpoch;
    }

    event Funded(address indexed from, uint256 amountWei, uint256 collectedWei);
    /// @param dataCertificate What the data layer answers for: `GET /get/0x…`.
    event RootProposed(uint64 indexed epoch, bytes32 indexed rootHash, RootProposal proposal, bytes dataCertificate);
    event RootActivated(uint64 indexed epoch, bytes32 indexed rootHash, uint256 totalCumulativeWei);
    /// @notice This epoch and every later one that was pending are open again. `challenger` is zero where nobody was at fault.
    event RootFallen(uint64 indexed epoch, bytes32 indexed rootHash, address indexed challenger, bytes32 cause);
    /// @notice All that the account claimed so far; what was paid now is in the token's event, and the difference to the claim before.
    event Claimed(address indexed account, uint256 cumulativeWei);
    event ProposerSet(address indexed proposer, bool allowed);
    event BondLocked(address indexed proposer, uint256 bondWei);
    event BondReleased(address indexed proposer, uint256 bondWei);

    /// @notice An account given is zero.
    error ZeroAccount(string field);
    /// @notice Funding with nothing.
    error ZeroAmount();
    error NotDeployer(address sender, address deployer);
    error AlreadyInitialised();
    error NotGovernor(address sender, address governor);
    error NotChallenges(address sender, address challenges);
    /// @notice Only accounts that governance named propose roots.
    error NotProposer(address sender);
    /// @notice Epochs are consecutive; `expected` would be right.
    error InvalidEpoch(uint64 epoch, uint64 expected);
    /// @notice So many roots wait already; activate the first of them.
    error QueueFull(uint256 pending);
    /// @notice The cumulative total must not shrink.
    error TotalShrinks(uint256 totalWei, uint256 previousWei);
    /// @notice The tree promises more than was collected.
    error TotalExceedsCollected(uint256 totalWei, uint256 collectedWei);
    /// @notice A root is zero exactly if its count is; the earnings root exactly if the total is.
    error RootDisagrees(string field);
    /// @notice Data must be published: at least one chunk.
    error DataMissing();
    /// @notice A certificate has 1 to `max` bytes.
    error InvalidCertificate(uint256 length, uint256 max);
    /// @notice The proposer's stake no longer covers what is locked of it, or its bond is gone; `bond()` locks it again.
    error NotBonded(address proposer);
    /// @notice The bond stands behind roots up to this epoch, which is pending.
    error BondInUse(address proposer, uint64 lastEpoch);
    /// @notice The proposer has a bond, so its root can only be challenged.
    error StillBonded(address proposer);
    /// @notice This is not the proposal that is pending for its epoch.
    error NotPending(uint64 epoch, bytes32 rootHash);
    /// @notice The root may be challenged until then.
    error StillOpen(uint64 epoch, uint64 challengeEnds);
    /// @notice So many demands and disputes over the root are undecided.
    error Held(uint64 epoch, uint256 holds);
    /// @notice The proof does not lead to the activated root.
    error InvalidProof(address account, uint256 cumulativeWei);
    /// @notice The account has claimed all of it before.
    error NothingToClaim(address account, uint256 cumulativeWei, uint256 claimedWei);
    /// @notice Only the account itself names another recipient, or its signature does.
    error NotAccount(address sender, address account);
    /// @notice A call claims for 1 to `max` accounts.
    error InvalidClaimCount(uint256 count, uint256 max);
    /// @notice The signature was good until then.
    error SignatureExpired(uint256 deadline);
    /// @notice The account did not sign this claim, with its next nonce, for this contract and chain.
    error InvalidSignature(address account);
    /// @notice The relayer's fee is more than is paid.
    error FeeExceedsAmount(uint256 relayerFeeWei, uint256 amountWei);

    /// @notice Takes `amountWei` from the caller, who approved it, and counts it as collected for contributors.
    /// @dev Anybody may: more money than promised harms nobody. Indexers tell fees from gifts by `from`.
    function fund(uint256 amountWei) external;

    /// @notice Puts the next epoch in the queue. Locks the sender's bond, rootBondWei of its stake, if it does not stand yet.
    /// @dev One bond stands behind all pending roots of a proposer, since the first that is struck takes all later ones with it.
    /// @param dataCertificate What the data layer answers for, 1 to 4,096 bytes.
    /// @return rootHash keccak256(abi.encode(proposal)).
    function propose(RootClaim calldata claim_, bytes calldata dataCertificate) external returns (bytes32 rootHash);

    /// @notice Lets the first pending root pay, once its challenge time is over and nothing holds it; anybody may call.
    function activate(RootProposal calldata proposal) external;

    /// @notice {activate} and {propose} in one transaction, for less than two: what a proposer does from epoch to epoch.
    /// @param due The first pending root.
    function advance(RootProposal calldata due, RootClaim calldata next, bytes calldata dataCertificate)
        external
        returns (bytes32 rootHash);

    /// @notice Takes a root out of the queue whose proposer lost its bond and did not lock it again; anybody may call.
    function drop(RootProposal calldata proposal) external;

    /// @notice Locks the sender's bond up to rootBondWei of its stake.
    function bond() external;

    /// @notice Frees a proposer's bond; not before the queue is past its latest epoch, or empty. Anybody may call.
    function releaseBond(address proposer) external;

    /// @notice Pays an account what the activated root gives it beyond what it claimed; anybody may call.
    /// @param cumulativeWei The account's leaf: all it ever earned. @param prefixWei The sum of leaves up to and with it.
    /// @param index Its place. @param siblings From the leaf to the activated root.
    function claim(
        address account,
        uint256 cumulativeWei,
        uint256 prefixWei,
        uint256 index,
        bytes32[] calldata siblings
    ) external;

    /// @notice The same, to another recipient; only by the account itself.
    function claimTo(EarningsProof calldata proof, address recipient) external returns (uint256 amountWei);

    /// @notice The same for up to 64 accounts. One that has nothing to claim is passed over, so that nobody stops a batch by claiming for one of it.
    function claimMany(EarningsProof[] calldata proofs) external returns (uint256 amountWei);

    /// @notice The same to a recipient that the account signed for (EIP-712 `Claim`, or ERC-1271), less a fee for the sender.
    function claimBySig(
        EarningsProof calldata proof,
        address recipient,
        uint256 relayerFeeWei,
        uint256 deadline,
        bytes calldata signature
    ) external returns (uint256 amountWei);

    /// @notice Names the contract that may strike roots, for ever, and the first proposers; once, by the deployer.
    function initialise(address challenges_, address[] calldata proposers) external;

    /// @notice Allows or forbids an account to propose; governor only. What it proposed before stays.
    function setProposer(address proposer, bool allowed) external;

    /// @notice Strikes a pending root, and so every later one. The proposer's bond is slashed, unless `challenger` is zero: up to `rewardedWei` of
    /// it in favour of the challenger, the rest in nobody's. Challenges only.
    function strike(RootProposal calldata proposal, address challenger, uint256 rewardedWei, bytes32 cause) external;

    /// @notice Keeps a pending root from activation until it is let go as often. Challenges only.
    function hold(uint64 epoch, bytes32 rootHash) external;

    /// @notice Undoes one {hold}. Challenges only.
    function letGo(bytes32 rootHash) external;

    /// @notice All that was ever collected for contributors.
    function collected() external view returns (uint256);
    /// @notice All that was ever claimed, read from balances: OPEN sent here or to the till by plain transfer makes it read lower.
    function totalClaimed() external view returns (uint256);
    /// @notice What an account claimed so far.
    function claimed(address account) external view returns (uint256);
    /// @notice The epoch that pays; zero before the first.
    function activeEpoch() external view returns (uint64);
    /// @notice The earnings root of the epoch that pays; zero before the first.
    function activeRoot() external view returns (bytes32);
    /// @notice The latest epoch that pays or waits.
    function proposedEpoch() external view returns (uint64);
    /// @notice Total of the latest epoch that pays or waits.
    function proposedTotalWei() external view returns (uint256);
    /// @notice Hash of the proposal that waits for this epoch; zero if none does.
    function pendingHash(uint64 epoch) external view returns (bytes32);
    /// @notice How many demands and disputes keep a root from activation.
    function holds(bytes32 rootHash) external view returns (uint256);
    function isProposer(address account) external view returns (bool);
    function getProposer(address account) external view returns (Proposer memory);
    function till() external view returns (address);
    function challenges() external view returns (address);
    function token() external view returns (IOpenToken);
    function parameters() external view returns (IParameters);
    function stakes() external view returns (IStakePool);
}
