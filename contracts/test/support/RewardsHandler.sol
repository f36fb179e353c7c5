// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IStakePool} from "../../src/interfaces/IStakePool.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {RootChallenges} from "../../src/rewards/RootChallenges.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {EarningsProof, RootClaim, RootProposal} from "../../src/types/Rewards.sol";
import {IndexedTree} from "./IndexedTree.sol";
import {Book, RewardsTrees} from "./RewardsTrees.sol";
import {Test} from "./Test.sol";

/// @dev An honest proposer and a cheating one, a watcher who brings every proof there is against a cheat while it waits, demands that are answered or
/// not, claims of all kinds, and attackers. Acts bound their inputs to what is allowed and must then succeed (fail_on_revert).
contract RewardsHandler is Test {
    bytes private constant CERTIFICATE = "certificate";
    uint256 private constant EARNERS = 4;
    address public immutable honest;
    address public immutable cheat;
    address public immutable watcher;
    address public immutable griefer;

    OpenToken private immutable token;
    AttributionRewards private immutable rewards;
    RootChallenges private immutable challenges;
    IStakePool private immutable stakes;

    /// @dev By epoch: what was proposed, what everybody has by it, and how it cheats (0: not at all).
    mapping(uint256 epoch => RootProposal) private roots;
    mapping(uint256 epoch => uint256[4]) private earned;
    mapping(uint256 epoch => uint256) private cheats;

    uint256 public funded;
    uint256 public claimedSum;
    uint256 public activatedTotal;
    uint256 public struck;
    uint256 public wrongActivated;
    uint256 public attacksThatWorked;

    constructor(
        OpenToken token_,
        AttributionRewards rewards_,
        RootChallenges challenges_,
        IStakePool stakes_,
        address[4] memory who
    ) {
        (token, rewards, challenges, stakes) = (token_, rewards_, challenges_, stakes_);
        (honest, cheat, watcher, griefer) = (who[0], who[1], who[2], who[3]);
        token_.approve(address(rewards_), type(uint256).max);
    }

    function fund(uint256 amount) external {
        amount = bound(amount, 1, 100 ether);
        funded += amount;
        rewards.fund(amount);
    }

    function propose(uint256[4] memory more, uint256 how) external {
        uint64 epoch = rewards.proposedEpoch() + 1;
        if (epoch - rewards.activeEpoch() > 31) return;
        how %= 6;
        if (how > 2 && !_bonded(cheat)) how = 0;
        uint256 left = rewards.collected() - rewards.proposedTotalWei();
        earned[epoch] = earned[epoch - 1];
        for (uint256 i; i < EARNERS; ++i) {
            uint256 amount = bound(more[i], 0, left);
            earned[epoch][i] += amount;
            left -= amount;
        }
        Book memory it = _book(epoch);
        // 3: a sum that is wrong; 4: an amount that is wrong; 5: data that nobody can show.
        if (how > 2 && it.accounts.length == 0) how = 0;
        if (how == 3) it.prefixes[0] += 1;
        if (how == 4) it.amounts[it.amounts.length - 1] += 1;
        cheats[epoch] = how > 2 ? how : 0;
        uint256 total = rewards.collected() - left;
        bytes32 data =
            how == 5 ? bytes32("nothing") : keccak256(abi.encode(keccak256(abi.encode(uint32(0), keccak256("d")))));
        RootClaim memory claim_ = RootClaim(
            epoch,
            "receipts",
            1,
            IndexedTree.root(RewardsTrees.leavesOf(it)),
            uint32(it.accounts.length),
            total,
            data,
            1
        );
        address by = how > 2 ? cheat : honest;
        RootProposal memory before = roots[epoch - 1];
        roots[epoch] = RootProposal(
            claim_,
            epoch == 1 ? bytes32(0) : keccak256(abi.encode(before)),
            before.claim.totalCumulativeWei,
            by,
            uint64(block.timestamp + 1 days)
        );
        vm.prank(by);
        rewards.propose(claim_, CERTIFICATE);
        // The watcher asks for what cannot be shown at once, as the real one does.
        if (how == 5) _demand(watcher, epoch);
    }

    /// @dev The watcher looks at all that waits, and strikes what it can show to be wrong.
    function watch() public {
        for (uint256 epoch = rewards.activeEpoch() + 1; epoch <= rewards.proposedEpoch(); ++epoch) {
            uint256 how = cheats[epoch];
            if (how == 0) continue;
            if (how == 5) {
                _failIfDue(epoch);
                continue;
            }
            Book memory it = _book(epoch);
            if (how == 3) it.prefixes[0] += 1;
            if (how == 4) it.amounts[it.amounts.length - 1] += 1;
            uint256 last = it.amounts.length - 1;
            vm.startPrank(watcher);
            if (how == 3) {
                challenges.challengeLeaf(roots[epoch], RewardsTrees.proofAt(it, 0));
            } else if (last == 0) {
                challenges.challengeLeaf(roots[epoch], RewardsTrees.proofAt(it, 0));
            } else {
                challenges.challengePair(
                    roots[epoch], RewardsTrees.proofAt(it, last - 1), RewardsTrees.proofAt(it, last)
                );
            }
            vm.stopPrank();
            ++struck;
        }
    }

    function pass(uint256 time) external {
        // The watcher looks in at least twice a window.
        watch();
        vm.warp(block.timestamp + bound(time, 1, 12 hours));
        watch();
    }

    function activate() external {
        uint256 epoch = rewards.activeEpoch() + 1;
        if (epoch > rewards.proposedEpoch()) return;
        RootProposal memory root = roots[epoch];
        if (block.timestamp < root.challengeEnds) return;
        if (rewards.holds(keccak256(abi.encode(root))) != 0) return;
        if (rewards.getProposer(root.proposer).bondWei == 0) {
            rewards.drop(root);
            return;
        }
        rewards.activate(root);
        activatedTotal = root.claim.totalCumulativeWei;
        if (cheats[epoch] != 0) ++wrongActivated;
    }

    function claim(uint256 who, bool many) external {
        uint256 epoch = rewards.activeEpoch();
        who %= EARNERS;
        uint256 amount = earned[epoch][who];
        if (amount <= rewards.claimed(_earner(who))) return;
        claimedSum += amount - rewards.claimed(_earner(who));
        EarningsProof memory proof = _proofOf(epoch, who);
        if (many) {
            EarningsProof[] memory proofs = new EarningsProof[](2);
            (proofs[0], proofs[1]) = (proof, proof);
            rewards.claimMany(proofs);
        } else {
            rewards.claim(proof.account, proof.cumulativeWei, proof.prefixWei, proof.index, proof.siblings);
        }
    }

    /// @dev The griefer demands what is there of an honest root, and its proposer shows it.
    function grief(uint256 which) external {
        uint256 pending = rewards.proposedEpoch() - rewards.activeEpoch();
        if (pending == 0 || stakes.freeOf(griefer) < 1000 ether) return;
        uint256 epoch = rewards.activeEpoch() + 1 + which % pending;
        RootProposal memory root = roots[epoch];
        if (cheats[epoch] != 0 || block.timestamp >= root.challengeEnds) return;
        _demand(griefer, epoch);
        vm.prank(honest);
        challenges.answerChunk(root, 0, "d", new bytes32[](0));
    }

    function release(bool ofHonest) external {
        address who = ofHonest ? honest : cheat;
        uint256 last = rewards.getProposer(who).lastEpoch;
        bool free = rewards.activeEpoch() >= last || rewards.activeEpoch() == rewards.proposedEpoch();
        if (rewards.getProposer(who).bondWei == 0) return;
        if (!free) {
            _attack(who, abi.encodeCall(rewards.releaseBond, (who)));
            return;
        }
        rewards.releaseBond(who);
    }

    /// @dev Claims by a root that is not activated, of more than a leaf, twice; strikes and activations by nobody.
    function attack(uint256 way, uint256 who, uint256 amount) external {
        who %= EARNERS;
        way %= 5;
        uint256 epoch = way == 0 ? rewards.proposedEpoch() : rewards.activeEpoch();
        if (way == 0 && (epoch == rewards.activeEpoch() || roots[epoch].claim.earningsRoot == rewards.activeRoot())) {
            return;
        }
        if (way < 3) {
            if (earned[epoch][who] == 0) return;
            EarningsProof memory proof = _proofOf(epoch, who);
            if (way == 1) proof.cumulativeWei += bound(amount, 1, 1 ether);
            if (way == 2 && rewards.claimed(proof.account) < proof.cumulativeWei) return;
            _attack(
                griefer,
                abi.encodeCall(
                    rewards.claim, (proof.account, proof.cumulativeWei, proof.prefixWei, proof.index, proof.siblings)
                )
            );
        } else if (way == 3) {
            _attack(
                griefer,
                abi.encodeCall(rewards.strike, (roots[rewards.proposedEpoch()], griefer, type(uint256).max, "mine"))
            );
        } else {
            RootProposal memory next = roots[rewards.activeEpoch() + 1];
            if (block.timestamp >= next.challengeEnds) return;
            _attack(griefer, abi.encodeCall(rewards.activate, (next)));
        }
    }

    function earnerBalance(uint256 i) external view returns (uint256) {
        return token.balanceOf(_earner(i));
    }

    function _demand(address who, uint256 epoch) private {
        vm.prank(who);
        challenges.demandChunk(roots[epoch], 0);
    }

    function _failIfDue(uint256 epoch) private {
        RootProposal memory root = roots[epoch];
        bytes32 id = challenges.chunkDemandId(keccak256(abi.encode(root)), 0);
        if (block.timestamp <= challenges.getDemand(id).deadline) return;
        challenges.failDemand(root, id);
        ++struck;
    }

    function _attack(address from, bytes memory data) private {
        vm.prank(from);
        (bool worked,) = address(rewards).call(data);
        if (worked) ++attacksThatWorked;
    }

    function _bonded(address who) private view returns (bool) {
        return rewards.getProposer(who).bondWei != 0 || stakes.freeOf(who) >= 100_000 ether;
    }

    function _proofOf(uint256 epoch, uint256 who) private view returns (EarningsProof memory) {
        uint256 place;
        for (uint256 i; i < who; ++i) {
            if (earned[epoch][i] != 0) ++place;
        }
        return RewardsTrees.proofAt(_book(epoch), place);
    }

    function _book(uint256 epoch) private view returns (Book memory it) {
        uint256 count;
        for (uint256 i; i < EARNERS; ++i) {
            if (earned[epoch][i] != 0) ++count;
        }
        (it.accounts, it.amounts, it.prefixes) = (new address[](count), new uint256[](count), new uint256[](count));
        for (uint256 i = EARNERS; i != 0; --i) {
            if (earned[epoch][i - 1] == 0) continue;
            (it.accounts[--count], it.amounts[count]) = (_earner(i - 1), earned[epoch][i - 1]);
        }
        uint256 prefix;
        for (uint256 i; i < it.amounts.length; ++i) {
            it.prefixes[i] = prefix += it.amounts[i];
        }
    }

    function _earner(uint256 i) private pure returns (address) {
        return address(uint160(0xea0000 + i));
    }
}
