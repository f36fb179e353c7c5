// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IJury} from "../../src/interfaces/IJury.sol";
import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {Jury} from "../../src/staking/Jury.sol";
import {StakePool} from "../../src/staking/StakePool.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {Test} from "./Test.sol";

/// @dev Stakers, operators, jurors, a consumer and a court, let loose in any order. Every act bounds its inputs to what is
/// allowed and must then succeed (fail_on_revert). It is itself the consumer and the court. Books of its own beside.
contract StakingHandler is Test {
    uint256 public constant STAKERS = 4;
    uint256 public constant OPERATORS = 6;
    bytes32 private constant ROLE = "verifier";

    OpenToken private immutable token;
    StakePool private immutable stakes;
    Jury private immutable jury;
    uint256 private immutable seatWei;

    uint256 public strayAtPool;
    uint256 public strayAtJury;
    uint256 public tillWei;
    uint256 public lostWei;
    uint256 public rewardsGiven;
    uint256 public rewardsClaimed;
    uint256 public attacksTried;
    uint256 public attacksThatWorked;

    constructor(OpenToken token_, StakePool stakes_, Jury jury_, uint256 seatWei_) {
        (token, stakes, jury, seatWei) = (token_, stakes_, jury_, seatWei_);
        token_.approve(address(stakes_), type(uint256).max);
    }

    /// @dev The first two operators are plain, the others take seats. The handler is a staker too.
    function operatorAt(uint256 i) public pure returns (address) {
        return address(uint160(0x0b0000 + i % 6));
    }

    function stakerAt(uint256 i) public pure returns (address) {
        return address(uint160(0x57a000 + i % 4));
    }

    function delegate(uint256 who, uint256 behind, uint256 amount) external {
        amount = bound(amount, 1, 100_000 ether);
        address staker = stakerAt(who);
        token.transfer(staker, amount);
        vm.startPrank(staker);
        token.approve(address(stakes), amount);
        stakes.delegate(operatorAt(behind), amount);
        vm.stopPrank();
    }

    function undelegate(uint256 who, uint256 behind, uint256 shares) external {
        (address staker, address operator) = (stakerAt(who), operatorAt(behind));
        uint256 held = stakes.sharesOf(operator, staker);
        if (held == 0) return;
        shares = shares % 4 == 0 ? held : bound(shares, 1, held);
        IStakePool.Pool memory pool = stakes.getPool(operator);
        if (shares * pool.activeWei < pool.activeShares) return;
        vm.prank(staker);
        stakes.undelegate(operator, shares);
    }

    function withdraw(uint256 who, uint256 behind, uint256 index) external {
        (address staker, address operator) = (stakerAt(who), operatorAt(behind));
        uint256 count = stakes.unbondings(operator, staker);
        if (count == 0) return;
        index %= count;
        IStakePool.Unbonding memory one = stakes.getUnbonding(operator, staker, index);
        if (one.shares == 0) return;
        // The longest that locks may hold it.
        if (block.timestamp < one.readyAt + 28 days) vm.warp(one.readyAt + 28 days);
        stakes.withdraw(operator, staker, index);
    }

    function reward(uint256 behind, uint256 amount) external {
        amount = bound(amount, 1, 1000 ether);
        rewardsGiven += amount;
        stakes.reward(operatorAt(behind), amount);
    }

    function payTill(uint256 behind, uint256 amount) external {
        amount = bound(amount, 0, 1000 ether);
        tillWei += amount;
        token.transfer(stakes.rewardsTill(operatorAt(behind)), amount);
    }

    function collectRewards(uint256 behind) external {
        if (token.balanceOf(stakes.rewardsTill(operatorAt(behind))) == 0) return;
        uint256 amount = stakes.collectRewards(operatorAt(behind));
        tillWei -= amount;
        rewardsGiven += amount;
    }

    function claimReward(uint256 who, uint256 behind) external {
        if (stakes.earned(operatorAt(behind), stakerAt(who)) == 0) return;
        rewardsClaimed += stakes.claimReward(operatorAt(behind), stakerAt(who));
    }

    function lock(uint256 behind, uint256 amount) external {
        stakes.lock(operatorAt(behind), bound(amount, 0, stakes.freeOf(operatorAt(behind))));
    }

    function unlock(uint256 behind, uint256 amount) external {
        uint256 locked = stakes.lockedFor(operatorAt(behind), address(this));
        stakes.unlock(operatorAt(behind), bound(amount, 0, locked));
    }

    function slash(uint256 behind, uint256 amount, bool rewarded) external {
        uint256 locked = stakes.lockedFor(operatorAt(behind), address(this));
        if (locked == 0) return;
        amount = amount % 3 == 0 ? locked : bound(amount, 1, locked);
        uint256 before = stakes.totalStaked();
        stakes.slash(operatorAt(behind), amount, rewarded ? address(this) : address(0), "cause");
        lostWei += before - stakes.totalStaked();
    }

    function pass(uint256 time, uint256 blocks) external {
        vm.warp(block.timestamp + bound(time, 0, 10 days));
        vm.roll(block.number + bound(blocks, 0, 300));
    }

    function stray(bool toPool, uint256 amount) external {
        amount = bound(amount, 0, 1 ether);
        if (toPool) strayAtPool += amount;
        else strayAtJury += amount;
        token.transfer(toPool ? address(stakes) : address(jury), amount);
    }

    function join(uint256 who) external {
        address operator = operatorAt(2 + who % 4);
        if (jury.hasSeat(ROLE, operator) || stakes.freeOf(operator) < seatWei) return;
        vm.prank(operator);
        jury.join(ROLE);
    }

    function leave(uint256 who) external {
        address operator = operatorAt(2 + who % 4);
        if (!jury.hasSeat(ROLE, operator) || jury.getSeat(ROLE, operator).openCases != 0) return;
        vm.prank(operator);
        jury.leave(ROLE);
    }

    function open(uint8 size, uint256 feeWei) external {
        feeWei = bound(feeWei, 0, 100 ether);
        // Stray money may pay a fee: it is then nobody's no more.
        token.transfer(address(jury), feeWei);
        address[3] memory excluded;
        jury.open(ROLE, uint8(bound(size, 1, 5)), 2, "subject", excluded, feeWei);
    }

    function draw(uint256 which) external {
        uint256 id = _case(which, IJury.Phase.Drawing);
        if (id == 0) return;
        uint256 drawBlock = jury.getCase(id).drawBlock;
        if (block.number <= drawBlock) vm.roll(drawBlock + 1);
        jury.draw(id);
    }

    function commitVote(uint256 which, uint256 who, uint8 choice) external {
        uint256 id = _case(which, IJury.Phase.Committing);
        if (id == 0) return;
        address[] memory jurors = jury.jurorsOf(id);
        address juror = jurors[who % jurors.length];
        (bytes32 commitment,) = jury.voteOf(id, juror);
        if (commitment != 0) return;
        choice = uint8(1 + choice % 2);
        vm.prank(juror);
        jury.commitVote(id, keccak256(abi.encode(id, juror, choice, bytes32(uint256(choice)))));
    }

    function revealVote(uint256 which, uint256 who) external {
        uint256 id = _case(which, IJury.Phase.Revealing);
        if (id == 0 || block.timestamp >= jury.getCase(id).revealEnds) return;
        address[] memory jurors = jury.jurorsOf(id);
        address juror = jurors[who % jurors.length];
        (bytes32 commitment, uint8 before) = jury.voteOf(id, juror);
        if (commitment == 0 || before != 0) return;
        bool first = commitment == keccak256(abi.encode(id, juror, uint8(1), bytes32(uint256(1))));
        vm.prank(juror);
        jury.revealVote(id, first ? 1 : 2, bytes32(uint256(first ? 1 : 2)));
    }

    function count(uint256 which) external {
        uint256 id = _case(which, IJury.Phase.Revealing);
        if (id == 0) return;
        IJury.Case memory one = jury.getCase(id);
        if (one.revealed != one.committed && block.timestamp < one.revealEnds) vm.warp(one.revealEnds);
        jury.count(id);
    }

    function settle(uint256 which, uint8 outcome) external {
        uint256 id = _case(which, IJury.Phase.Counted);
        if (id == 0) return;
        uint256 before = stakes.totalStaked();
        jury.settle(id, outcome % 3);
        lostWei += before - stakes.totalStaked();
    }

    function withdrawFromJury(uint256 who) external {
        if (jury.owed(operatorAt(who)) == 0) return;
        jury.withdraw(operatorAt(who));
    }

    /// @dev What must always fail, whoever tries and whenever.
    function attack(uint256 way, uint256 who, uint256 behind, uint256 amount) external {
        (address staker, address operator) = (stakerAt(who), operatorAt(behind));
        way %= 7;
        if (way == 0) {
            amount = bound(amount, stakes.sharesOf(operator, staker) + 1, type(uint128).max);
            _attack(staker, address(stakes), abi.encodeCall(stakes.undelegate, (operator, amount)));
        } else if (way == 1) {
            _attack(staker, address(stakes), abi.encodeCall(stakes.slash, (operator, 1 + amount % 1e27, staker, "x")));
        } else if (way == 2) {
            _attack(staker, address(stakes), abi.encodeCall(stakes.lock, (operator, 0)));
        } else if (way == 3) {
            uint256 locked = stakes.lockedFor(operator, address(this));
            _attack(address(this), address(stakes), abi.encodeCall(stakes.unlock, (operator, locked + 1)));
        } else if (way == 4) {
            uint256 free = stakes.freeOf(operator);
            _attack(address(this), address(stakes), abi.encodeCall(stakes.lock, (operator, free + 1)));
        } else if (way == 5) {
            address[3] memory excluded;
            uint256 held = token.balanceOf(address(jury)) - jury.totalHeld();
            _attack(address(this), address(jury), abi.encodeCall(jury.open, (ROLE, 3, 2, "x", excluded, held + 1)));
        } else {
            uint256 left = stakes.unbondings(operator, staker);
            _attack(staker, address(stakes), abi.encodeCall(stakes.withdraw, (operator, staker, left)));
        }
    }

    function _attack(address from, address target, bytes memory data) private {
        ++attacksTried;
        vm.prank(from);
        (bool worked,) = target.call(data);
        if (worked) ++attacksThatWorked;
    }

    /// @dev The first case in that phase, from a place on; 0 if there is none.
    function _case(uint256 from, IJury.Phase phase) private view returns (uint256) {
        uint256 cases = jury.cases();
        for (uint256 i; i < cases; ++i) {
            uint256 id = 1 + (from % cases + i) % cases;
            if (jury.getCase(id).phase == phase) return id;
        }
        return 0;
    }
}
