// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IBurnable} from "../interfaces/IBurnable.sol";
import {IOpenToken} from "../interfaces/IOpenToken.sol";
import {IParameters} from "../interfaces/IParameters.sol";
import {IStakePool} from "../interfaces/IStakePool.sol";
import {Forfeit} from "../libraries/Forfeit.sol";
import {ParameterKeys} from "../libraries/ParameterKeys.sol";
import {RewardTill} from "./RewardTill.sol";
import {ShareMath} from "./ShareMath.sol";

/// @title StakePool
/// @notice See {IStakePool}. It must not know what a lock is for.
contract StakePool is IStakePool {
    using SafeERC20 for IOpenToken;
    using SafeCast for uint256;

    /// @dev Rewards are counted in 1e-36 wei, so that the smallest payment over the most shares still counts.
    uint256 private constant SCALE = 1e36;
    uint256 private constant HOLD_TIMES = 2;

    struct State {
        uint128 activeWei;
        uint128 activeShares;
        uint128 unbondingWei;
        uint128 unbondingShares;
        uint128 lockedWei;
        uint64 coveredAt;
        // Counted up when all shares of a part are struck off: older ones are worth nothing then.
        uint32 activeRound;
        uint32 unbondingRound;
    }

    struct Stream {
        uint128 leftWei;
        uint64 updatedAt;
        uint64 endsAt;
        uint256 perShare; // what one share has earned so far, scaled
        uint256 carry; // what did not divide by the shares, scaled
    }

    struct Staker {
        uint128 shares;
        uint32 round;
        uint256 perShare; // up to where it is in `accrued`
        uint256 accrued; // scaled
    }

    struct Leaving {
        uint128 shares;
        uint64 readyAt;
        uint32 holdSeconds; // after readyAt, it may be held so long for locks
        uint32 round;
    }

    IOpenToken public immutable token;
    IParameters public immutable parameters;
    address public immutable treasury;
    address public immutable deployer;

    /// @inheritdoc IStakePool
    bool public isInitialised;
    /// @inheritdoc IStakePool
    uint256 public totalStaked;
    /// @inheritdoc IStakePool
    uint256 public totalRewards;
    /// @inheritdoc IStakePool
    mapping(address account => bool) public isConsumer;
    /// @inheritdoc IStakePool
    mapping(address operator => mapping(address consumer => uint256)) public lockedFor;

    mapping(address operator => State) private _pools;
    mapping(address operator => Stream) private _streams;
    mapping(address operator => mapping(uint32 round => uint256)) private _lastPerShare;
    mapping(address operator => mapping(address staker => Staker)) private _stakers;
    mapping(address operator => mapping(address staker => Leaving[])) private _leaving;

    /// @param token_ OPEN.
    /// @param parameters_ Where times and splits are read; its governor changes the consumers.
    /// @param treasury_ Gets its part of what is slashed.
    /// @param deployer_ Names the first consumers, once.
    constructor(IOpenToken token_, IParameters parameters_, address treasury_, address deployer_) {
        require(address(token_) != address(0), ZeroAccount("token"));
        require(treasury_ != address(0), ZeroAccount("treasury"));
        require(deployer_ != address(0), ZeroAccount("deployer"));
        // Checked once, because bounds never change: no vote can make a slash or a reward impossible.
        (, uint256 challengerMax) = parameters_.bounds(ParameterKeys.SLASH_CHALLENGER_PPM);
        (, uint256 treasuryMax) = parameters_.bounds(ParameterKeys.SLASH_TREASURY_PPM);
        require(challengerMax + treasuryMax <= Forfeit.PPM, UnsafeParameters("slash parts above a million"));
        (uint256 rewardMin,) = parameters_.bounds(ParameterKeys.REWARD_SECONDS);
        require(rewardMin != 0, UnsafeParameters("rewardSeconds may be 0"));
        (uint256 unbondingMin,) = parameters_.bounds(ParameterKeys.UNBONDING_SECONDS);
        require(unbondingMin != 0, UnsafeParameters("unbondingSeconds may be 0"));
        (token, parameters, treasury, deployer) = (token_, parameters_, treasury_, deployer_);
    }

    /// @inheritdoc IStakePool
    function delegate(address operator, uint256 amountWei) external returns (uint256 shares) {
        require(operator != address(0), ZeroAccount("operator"));
        require(amountWei != 0, ZeroAmount());
        // Money first, count after: should the token ever call back, it finds less staked than there is.
        token.safeTransferFrom(msg.sender, address(this), amountWei);
        _release(operator);
        State storage pool = _pools[operator];
        bool wasCovered = _isCovered(pool);
        shares = ShareMath.toShares(amountWei, pool.activeWei, pool.activeShares);
        _catchUp(operator, msg.sender).shares += shares.toUint128();
        pool.activeShares += shares.toUint128();
        pool.activeWei += amountWei.toUint128();
        totalStaked += amountWei;
        _noteCover(pool, wasCovered);
        emit Delegated(operator, msg.sender, amountWei, shares);
    }

    /// @inheritdoc IStakePool
    function undelegate(address operator, uint256 shares) external returns (uint256 index) {
        _release(operator);
        Staker storage staker = _catchUp(operator, msg.sender);
        require(shares <= staker.shares, TooFewShares(msg.sender, shares, staker.shares));
        State storage pool = _pools[operator];
        uint256 amountWei = ShareMath.toWei(shares, pool.activeWei, pool.activeShares);
        require(amountWei != 0, ZeroAmount());
        uint256 leaving = ShareMath.toShares(amountWei, pool.unbondingWei, pool.unbondingShares);
        staker.shares -= uint128(shares);
        pool.activeShares -= uint128(shares);
        pool.activeWei -= uint128(amountWei);
        pool.unbondingShares += leaving.toUint128();
        pool.unbondingWei += uint128(amountWei);
        uint256 unbondingSeconds = parameters.get(ParameterKeys.UNBONDING_SECONDS);
        uint64 readyAt = uint64(block.timestamp + unbondingSeconds);
        Leaving[] storage list = _leaving[operator][msg.sender];
        index = list.length;
        list.push(Leaving(uint128(leaving), readyAt, (HOLD_TIMES * unbondingSeconds).toUint32(), pool.unbondingRound));
        emit Undelegated(operator, msg.sender, index, amountWei, readyAt);
    }

    /// @inheritdoc IStakePool
    function withdraw(address operator, address staker, uint256 index) external returns (uint256 amountWei) {
        Leaving[] storage list = _leaving[operator][staker];
        require(index < list.length && list[index].shares != 0, NothingUnbonding(operator, staker, index));
        Leaving memory leaving = list[index];
        require(block.timestamp >= leaving.readyAt, NotYetReady(leaving.readyAt));
        list[index].shares = 0;
        State storage pool = _pools[operator];
        if (leaving.round == pool.unbondingRound) {
            amountWei = ShareMath.toWei(leaving.shares, pool.unbondingWei, pool.unbondingShares);
            uint256 heldUntil = uint256(leaving.readyAt) + leaving.holdSeconds;
            require(
                block.timestamp >= heldUntil
                    || uint256(pool.activeWei) + pool.unbondingWei - amountWei >= pool.lockedWei,
                HeldForLocks(operator, pool.lockedWei, heldUntil)
            );
            pool.unbondingShares -= leaving.shares;
            pool.unbondingWei -= uint128(amountWei);
            totalStaked -= amountWei;
        }
        emit UnbondingWithdrawn(operator, staker, index, amountWei);
        if (amountWei != 0) token.safeTransfer(staker, amountWei);
    }

    /// @inheritdoc IStakePool
    function reward(address operator, uint256 amountWei) external {
        require(operator != address(0), ZeroAccount("operator"));
        require(amountWei != 0, ZeroAmount());
        token.safeTransferFrom(msg.sender, address(this), amountWei);
        _addReward(operator, msg.sender, amountWei);
    }

    /// @inheritdoc IStakePool
    function collectRewards(address operator) external returns (uint256 amountWei) {
        address till = rewardsTill(operator);
        amountWei = token.balanceOf(till);
        require(amountWei != 0, ZeroAmount());
        if (till.code.length == 0) {
            new RewardTill{salt: _tillSalt(operator)}();
            emit RewardTillOpened(operator, till);
        }
        token.safeTransferFrom(till, address(this), amountWei);
        _addReward(operator, till, amountWei);
    }

    /// @inheritdoc IStakePool
    function claimReward(address operator, address staker) external returns (uint256 amountWei) {
        _release(operator);
        Staker storage claimant = _catchUp(operator, staker);
        amountWei = claimant.accrued / SCALE;
        require(amountWei != 0, NothingToClaim(operator, staker));
        claimant.accrued -= amountWei * SCALE;
        totalRewards -= amountWei;
        emit RewardClaimed(operator, staker, amountWei);
        token.safeTransfer(staker, amountWei);
    }

    /// @inheritdoc IStakePool
    function lock(address operator, uint256 amountWei) external {
        require(isConsumer[msg.sender], NotConsumer(msg.sender));
        uint256 freeWei = freeOf(operator);
        require(amountWei <= freeWei, StakeTooLow(operator, freeWei, amountWei));
        lockedFor[operator][msg.sender] += amountWei;
        _pools[operator].lockedWei += uint128(amountWei);
        emit Locked(operator, msg.sender, amountWei);
    }

    /// @inheritdoc IStakePool
    function unlock(address operator, uint256 amountWei) external {
        State storage pool = _pools[operator];
        bool wasCovered = _isCovered(pool);
        _lowerLock(pool, operator, amountWei);
        _noteCover(pool, wasCovered);
        emit Unlocked(operator, msg.sender, amountWei);
    }

    /// @inheritdoc IStakePool
    function slash(address operator, uint256 amountWei, address beneficiary, bytes32 cause)
        external
        returns (uint256 takenWei, uint256 beneficiaryWei)
    {
        require(amountWei != 0, ZeroAmount());
        _release(operator);
        State storage pool = _pools[operator];
        bool wasCovered = _isCovered(pool);
        _lowerLock(pool, operator, amountWei);
        (uint256 fromActive, uint256 fromUnbonding) = ShareMath.slash(amountWei, pool.activeWei, pool.unbondingWei);
        takenWei = fromActive + fromUnbonding;
        pool.activeWei -= uint128(fromActive);
        pool.unbondingWei -= uint128(fromUnbonding);
        uint256 struckWei = _strikeOff(pool, operator);
        totalStaked -= takenWei + struckWei;
        _noteCover(pool, wasCovered);

        uint256 treasuryWei;
        uint256 burntWei;
        (beneficiaryWei, treasuryWei, burntWei) = Forfeit.split(
            takenWei,
            beneficiary == address(0) ? 0 : parameters.get(ParameterKeys.SLASH_CHALLENGER_PPM),
            parameters.get(ParameterKeys.SLASH_TREASURY_PPM)
        );
        emit Slashed(operator, msg.sender, cause, takenWei, beneficiary, beneficiaryWei, treasuryWei, burntWei);
        if (beneficiaryWei != 0) token.safeTransfer(beneficiary, beneficiaryWei);
        if (treasuryWei != 0) token.safeTransfer(treasury, treasuryWei);
        if (burntWei + struckWei != 0) IBurnable(address(token)).burn(burntWei + struckWei);
    }

    /// @inheritdoc IStakePool
    function initialise(address[] calldata consumers) external {
        require(msg.sender == deployer, NotDeployer(msg.sender, deployer));
        require(!isInitialised, AlreadyInitialised());
        isInitialised = true;
        for (uint256 i; i < consumers.length; ++i) {
            _setConsumer(consumers[i], true);
        }
    }

    /// @inheritdoc IStakePool
    function setConsumer(address consumer, bool allowed) external {
        address governor = parameters.governor();
        require(msg.sender == governor, NotGovernor(msg.sender, governor));
        _setConsumer(consumer, allowed);
    }

    /// @inheritdoc IStakePool
    function getPool(address operator) external view returns (Pool memory) {
        State storage pool = _pools[operator];
        return Pool(pool.activeWei, pool.unbondingWei, pool.activeShares, pool.unbondingShares, pool.lockedWei);
    }

    /// @inheritdoc IStakePool
    function sharesOf(address operator, address staker) public view returns (uint256) {
        Staker storage one = _stakers[operator][staker];
        return one.round == _pools[operator].activeRound ? one.shares : 0;
    }

    /// @inheritdoc IStakePool
    function stakeOf(address operator, address staker) external view returns (uint256 amountWei) {
        State storage pool = _pools[operator];
        return ShareMath.toWei(sharesOf(operator, staker), pool.activeWei, pool.activeShares);
    }

    /// @inheritdoc IStakePool
    function getUnbonding(address operator, address staker, uint256 index) external view returns (Unbonding memory) {
        Leaving[] storage list = _leaving[operator][staker];
        require(index < list.length, NothingUnbonding(operator, staker, index));
        Leaving storage one = list[index];
        return Unbonding(one.round == _pools[operator].unbondingRound ? one.shares : 0, one.readyAt);
    }

    /// @inheritdoc IStakePool
    function unbondings(address operator, address staker) external view returns (uint256) {
        return _leaving[operator][staker].length;
    }

    /// @inheritdoc IStakePool
    function freeOf(address operator) public view returns (uint256) {
        State storage pool = _pools[operator];
        return _isCovered(pool) ? pool.activeWei - pool.lockedWei : 0;
    }

    /// @inheritdoc IStakePool
    function isCovered(address operator) external view returns (bool) {
        return _isCovered(_pools[operator]);
    }

    /// @inheritdoc IStakePool
    function coveredSince(address operator) external view returns (uint64 blockNumber) {
        State storage pool = _pools[operator];
        return _isCovered(pool) ? pool.coveredAt : type(uint64).max;
    }

    /// @inheritdoc IStakePool
    function earned(address operator, address staker) external view returns (uint256) {
        Staker storage one = _stakers[operator][staker];
        uint32 round = one.round;
        uint256 perShare;
        if (round == _pools[operator].activeRound) (perShare,,) = _flow(operator);
        else perShare = _lastPerShare[operator][round];
        return (one.accrued + one.shares * (perShare - one.perShare)) / SCALE;
    }

    /// @inheritdoc IStakePool
    function streamOf(address operator) external view returns (uint256 leftWei, uint64 endsAt) {
        Stream storage stream = _streams[operator];
        (,, uint256 releasedWei) = _flow(operator);
        return (stream.leftWei - releasedWei, stream.endsAt + _pause(operator));
    }

    /// @inheritdoc IStakePool
    function rewardsTill(address operator) public view returns (address) {
        require(operator != address(0), ZeroAccount("operator"));
        return Create2.computeAddress(_tillSalt(operator), keccak256(type(RewardTill).creationCode));
    }

    function _setConsumer(address consumer, bool allowed) private {
        require(consumer != address(0), ZeroAccount("consumer"));
        isConsumer[consumer] = allowed;
        emit ConsumerSet(consumer, allowed);
    }

    function _lowerLock(State storage pool, address operator, uint256 amountWei) private {
        uint256 lockedWei = lockedFor[operator][msg.sender];
        require(amountWei <= lockedWei, LockTooLow(operator, msg.sender, lockedWei, amountWei));
        lockedFor[operator][msg.sender] = lockedWei - amountWei;
        pool.lockedWei -= uint128(amountWei);
    }

    function _strikeOff(State storage pool, address operator) private returns (uint256 struckWei) {
        if (ShareMath.isWorthless(pool.activeWei, pool.activeShares)) {
            emit SharesStruckOff(operator, true, pool.activeWei);
            struckWei = pool.activeWei;
            _lastPerShare[operator][pool.activeRound] = _streams[operator].perShare;
            (pool.activeWei, pool.activeShares) = (0, 0);
            ++pool.activeRound;
        }
        if (ShareMath.isWorthless(pool.unbondingWei, pool.unbondingShares)) {
            emit SharesStruckOff(operator, false, pool.unbondingWei);
            struckWei += pool.unbondingWei;
            (pool.unbondingWei, pool.unbondingShares) = (0, 0);
            ++pool.unbondingRound;
        }
    }

    /// @dev Adds money to the stream. The mean is rounded to the nearest second, so that dust neither shortens nor stretches it.
    function _addReward(address operator, address from, uint256 amountWei) private {
        _release(operator);
        Stream storage stream = _streams[operator];
        uint256 leftWei = stream.leftWei;
        uint256 remaining = stream.endsAt > block.timestamp ? stream.endsAt - block.timestamp : 0;
        uint256 total = leftWei + amountWei;
        uint256 weighted = leftWei * remaining + amountWei * parameters.get(ParameterKeys.REWARD_SECONDS);
        stream.leftWei = total.toUint128();
        stream.endsAt = uint64(block.timestamp + (weighted + total / 2) / total);
        totalRewards += amountWei;
        emit Rewarded(operator, from, amountWei, stream.endsAt);
    }

    /// @dev Brings the stream up to now; before any change of shares.
    function _release(address operator) private {
        Stream storage stream = _streams[operator];
        if (stream.updatedAt == block.timestamp) return;
        uint64 pause = _pause(operator);
        uint256 releasedWei;
        (stream.perShare, stream.carry, releasedWei) = _flow(operator);
        stream.leftWei -= uint128(releasedWei);
        stream.endsAt += pause;
        stream.updatedAt = uint64(block.timestamp);
    }

    /// @dev What the stream would be brought up to now, without writing it down.
    function _flow(address operator) private view returns (uint256 perShare, uint256 carry, uint256 releasedWei) {
        Stream storage stream = _streams[operator];
        (perShare, carry) = (stream.perShare, stream.carry);
        uint256 shares = _pools[operator].activeShares;
        uint256 leftWei = stream.leftWei;
        if (shares == 0 || leftWei == 0) return (perShare, carry, 0);
        releasedWei = block.timestamp >= stream.endsAt
            ? leftWei
            : leftWei * (block.timestamp - stream.updatedAt) / (stream.endsAt - stream.updatedAt);
        uint256 scaled = releasedWei * SCALE + carry;
        perShare += scaled / shares;
        carry = scaled % shares;
    }

    /// @dev While nobody stands behind the operator, its stream stands still: the end moves on.
    function _pause(address operator) private view returns (uint64) {
        Stream storage stream = _streams[operator];
        if (stream.leftWei == 0 || _pools[operator].activeShares != 0) return 0;
        return uint64(block.timestamp) - stream.updatedAt;
    }

    /// @dev Writes down what a staker has earned; forgets shares that were struck off.
    function _catchUp(address operator, address account) private returns (Staker storage staker) {
        staker = _stakers[operator][account];
        uint256 perShare = _streams[operator].perShare;
        uint32 round = _pools[operator].activeRound;
        if (staker.round == round) {
            staker.accrued += staker.shares * (perShare - staker.perShare);
        } else {
            staker.accrued += staker.shares * (_lastPerShare[operator][staker.round] - staker.perShare);
            (staker.shares, staker.round) = (0, round);
        }
        staker.perShare = perShare;
    }

    function _noteCover(State storage pool, bool wasCovered) private {
        if (!wasCovered && _isCovered(pool)) pool.coveredAt = uint64(block.number);
    }

    function _isCovered(State storage pool) private view returns (bool) {
        return pool.activeWei >= pool.lockedWei;
    }

    function _tillSalt(address operator) private pure returns (bytes32) {
        return bytes32(uint256(uint160(operator)));
    }
}
