// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IOpenToken} from "./IOpenToken.sol";

/// @title IStakePool
/// @notice OPEN staked behind operators: nodes, trainers, verifiers, curators, proposers of roots. One pool per operator,
/// held in shares, so that a slash and a reward reach every staker without a loop. What a pool is locked for is up to the
/// contracts that governance lets lock ("consumers"): jobs, juries, settlement.
/// @dev What holds of a lock: stake that was active when it was locked can be slashed for at least unbondingSeconds more,
/// and three times that while the lock stands, whatever the stakers do; after that it may be gone, so that no operator can hold
/// those who leave for ever. A consumer that needs it longer looks at `isCovered`. A slash hits whoever stands behind the
/// operator, or has not yet withdrawn, when it is carried out, for locks too that came after somebody began to leave. So who delegates
/// trusts the operator with all of it until it is withdrawn: an operator can always lose what it locks, also to a second name of its own.
/// Staked OPEN does not vote.
interface IStakePool {
    struct Pool {
        uint256 activeWei; // stands behind the operator and earns
        uint256 unbondingWei; // leaves, earns nothing, can still be slashed
        uint256 activeShares;
        uint256 unbondingShares;
        uint256 lockedWei; // promised to consumers; at most activeWei when it was locked
    }

    struct Unbonding {
        uint256 shares; // of the unbonding part; 0: withdrawn, or all lost
        uint64 readyAt;
    }

    event Delegated(address indexed operator, address indexed staker, uint256 amountWei, uint256 shares);
    event Undelegated(
        address indexed operator, address indexed staker, uint256 indexed index, uint256 amountWei, uint64 readyAt
    );
    event UnbondingWithdrawn(
        address indexed operator, address indexed staker, uint256 indexed index, uint256 amountWei
    );
    event Locked(address indexed operator, address indexed consumer, uint256 amountWei);
    event Unlocked(address indexed operator, address indexed consumer, uint256 amountWei);
    /// @param cause Named by the consumer: an id of the case, job, dispute or epoch.
    event Slashed(
        address indexed operator,
        address indexed consumer,
        bytes32 indexed cause,
        uint256 amountWei,
        address beneficiary,
        uint256 beneficiaryWei,
        uint256 treasuryWei,
        uint256 burntWei
    );
    /// @notice A part of the pool was slashed to (nearly) nothing: its shares are struck off and what they still held is burnt.
    event SharesStruckOff(address indexed operator, bool active, uint256 burntWei);
    event Rewarded(address indexed operator, address indexed from, uint256 amountWei, uint64 endsAt);
    event RewardClaimed(address indexed operator, address indexed staker, uint256 amountWei);
    event RewardTillOpened(address indexed operator, address till);
    event ConsumerSet(address indexed consumer, bool allowed);

    error NotGovernor(address sender, address governor);
    error NotDeployer(address sender, address deployer);
    error NotConsumer(address sender);
    error AlreadyInitialised();
    error ZeroAmount();
    error ZeroAccount(string field);
    error UnsafeParameters(string reason);
    error TooFewShares(address staker, uint256 asked, uint256 held);
    error NotYetReady(uint64 readyAt);
    error HeldForLocks(address operator, uint256 lockedWei, uint256 heldUntil);
    error NothingUnbonding(address operator, address staker, uint256 index);
    error StakeTooLow(address operator, uint256 freeWei, uint256 askedWei);
    error LockTooLow(address operator, address consumer, uint256 lockedWei, uint256 askedWei);
    error NothingToClaim(address operator, address staker);

    /// @notice Stakes the sender's OPEN behind an operator, oneself or another.
    function delegate(address operator, uint256 amountWei) external returns (uint256 shares);

    /// @notice Starts to leave with so many active shares; what they are worth can be slashed until it is withdrawn.
    /// @return index Names the unbonding among the sender's behind this operator.
    function undelegate(address operator, uint256 shares) external returns (uint256 index);

    /// @notice Pays out an unbonding after its time, to the staker, whoever calls. While the rest of the pool, active and unbonding,
    /// would not cover all locks it waits for them, at most two unbonding times more.
    /// @return amountWei 0 where slashes left nothing.
    function withdraw(address operator, address staker, uint256 index) external returns (uint256 amountWei);

    /// @notice Gives `amountWei` of the sender's OPEN to those who stand behind an operator, by their active shares, evenly over
    /// rewardSeconds: who comes for a payment and leaves gets no more of it than of the time. It waits while nobody stands there.
    /// @dev Added to a running stream, both share the mean of their remaining times, weighted by their money.
    function reward(address operator, uint256 amountWei) external;

    /// @notice Where a model's stakers' part is paid for this operator; a till whose money only `collectRewards` moves.
    function rewardsTill(address operator) external view returns (address);

    /// @notice Rewards the operator's stakers with what its till holds; anybody may call.
    function collectRewards(address operator) external returns (uint256 amountWei);

    /// @notice Pays what a staker earned behind an operator, to the staker, whoever calls.
    function claimReward(address operator, address staker) external returns (uint256 amountWei);

    /// @notice Locks free active stake for the calling consumer. Consumers only.
    function lock(address operator, uint256 amountWei) external;

    /// @notice Frees what the calling consumer locked.
    function unlock(address operator, uint256 amountWei) external;

    /// @notice Takes from what the calling consumer locked: from active and unbonding stake alike, in proportion. A part goes
    /// to `beneficiary`, a part to the treasury, the rest is burnt; without beneficiary its part is burnt too.
    /// @dev Takes at most what the pool holds. The lock falls by `amountWei`.
    /// @return takenWei What was taken. @return beneficiaryWei What the beneficiary got of it.
    function slash(address operator, uint256 amountWei, address beneficiary, bytes32 cause)
        external
        returns (uint256 takenWei, uint256 beneficiaryWei);

    /// @notice Names the first consumers; once, by the account that deployed. Later only the governor may change them.
    function initialise(address[] calldata consumers) external;

    /// @notice Allows or forbids a consumer. A forbidden one may still unlock and slash what it has locked.
    function setConsumer(address consumer, bool allowed) external;

    function token() external view returns (IOpenToken);
    function isInitialised() external view returns (bool);
    function getPool(address operator) external view returns (Pool memory);
    function sharesOf(address operator, address staker) external view returns (uint256);
    /// @notice What a staker's active shares are worth now.
    function stakeOf(address operator, address staker) external view returns (uint256 amountWei);
    function getUnbonding(address operator, address staker, uint256 index) external view returns (Unbonding memory);
    /// @notice How many unbondings a staker ever began behind an operator; their indices are below.
    function unbondings(address operator, address staker) external view returns (uint256);
    function lockedFor(address operator, address consumer) external view returns (uint256);
    function isConsumer(address account) external view returns (bool);
    /// @notice Active stake that nobody has locked.
    function freeOf(address operator) external view returns (uint256);
    /// @notice Whether active stake still covers all locks.
    function isCovered(address operator) external view returns (bool);
    /// @notice The block since which active stake covers all locks without a break; the greatest number where it does not.
    function coveredSince(address operator) external view returns (uint64 blockNumber);
    /// @notice What a staker could claim now.
    function earned(address operator, address staker) external view returns (uint256);
    /// @notice Rewards that are still to stream behind an operator, and when they end (if somebody stands there).
    function streamOf(address operator) external view returns (uint256 leftWei, uint64 endsAt);
    /// @notice All stake, active and unbonding; the contract holds this and `totalRewards`.
    function totalStaked() external view returns (uint256);
    /// @notice Rewards that came in and were not claimed yet.
    function totalRewards() external view returns (uint256);
}
