// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {EarningsLeaf} from "../../src/libraries/EarningsLeaf.sol";
import {FeeSplit} from "../../src/libraries/FeeSplit.sol";
import {FeeParts, PaymentSum, Split} from "../../src/types/Fees.sol";
import {EarningsProof, RootClaim, RootProposal} from "../../src/types/Rewards.sol";
import {IndexedMerkle} from "../../src/libraries/IndexedMerkle.sol";
import {Book, RewardsTrees} from "../support/RewardsTrees.sol";
import {RewardsWorld} from "../support/RewardsWorld.sol";

/// @dev Gas of settlement, each call as a transaction of its own: base cost, calldata and cold storage are in it. Trees of 131,072 and 1,048,576
/// earners are known by one way to their root: nothing on chain depends on the rest of them.
/// forge-config: default.isolate = true
contract RewardsGasTest is RewardsWorld {
    string private constant GROUP = "rewards";
    uint256 private constant FEE = 1.001 ether;

    function test_epoch() public {
        bytes32 modelId = publishModel("snapshot", FEATURES);
        give(vault.payToNode(NODE), 1_000_000 * FEE);
        FeeParts memory one = FeeSplit.cut(FEE, 0.001 ether, Split(500_000, 200_000, 200_000, 50_000, 50_000));
        uint256 total;
        // As in production: an epoch is collected and proposed while the one before can still be challenged. The queue's places are used for the
        // first time by the first 32 epochs.
        for (uint256 epoch = 1; epoch <= 36; ++epoch) {
            total += 10_000 * one.contributors;
            vm.prank(NODE);
            vault.collectSumFromNode(modelId, PaymentSum(bytes32(epoch), 10_000, _times(one, 10_000)));
            if (epoch == 36) vm.snapshotGasLastCall(GROUP, "epoch of 10,000: collect as a sum");
            RootClaim memory claim_ = claimOf(keccak256(abi.encode("earnings", epoch)), 131_072, total);
            bytes memory certificate = abi.encodePacked(keccak256("certificate"), bytes2("01"));
            if (epoch == 36) {
                vm.warp(proposals[35].challengeEnds);
                proposals.push(proposalOf(PROPOSER, claim_));
                vm.prank(PROPOSER);
                rewards.advance(proposals[35], claim_, certificate);
                vm.snapshotGasLastCall(GROUP, "epoch of 10,000: activate the last and propose");
                return;
            }
            proposals.push(proposalOf(PROPOSER, claim_));
            vm.prank(PROPOSER);
            rewards.propose(claim_, certificate);
            if (epoch == 1) vm.snapshotGasLastCall(GROUP, "propose, the first (locks the bond)");
            if (epoch == 3) vm.snapshotGasLastCall(GROUP, "propose, a fresh place of the queue");
            if (epoch == 35) vm.snapshotGasLastCall(GROUP, "propose");
            if (epoch == 1) continue;
            vm.warp(proposals[epoch - 1].challengeEnds);
            rewards.activate(proposals[epoch - 1]);
            if (epoch == 2) vm.snapshotGasLastCall(GROUP, "activate, the first");
            if (epoch == 35) vm.snapshotGasLastCall(GROUP, "activate");
        }
    }

    function test_claims() public {
        _claims(10, "1,024");
        _claims(17, "131,072");
        _claims(20, "1,048,576");
    }

    function test_claimOthers() public {
        fund(1000 ether);
        Book memory it;
        it.accounts = new address[](64);
        it.amounts = new uint256[](64);
        for (uint256 i; i < 64; ++i) {
            (it.accounts[i], it.amounts[i]) = (address(uint160(0x10000 + i)), 1 ether);
        }
        sum(it);
        settle(it);
        EarningsProof[] memory proofs = new EarningsProof[](64);
        for (uint256 i; i < 64; ++i) {
            proofs[i] = RewardsTrees.proofAt(it, i);
        }
        rewards.claimMany(proofs);
        vm.snapshotGasLastCall(GROUP, "claim for 64 at once, all first");
    }

    function test_size() public {
        vm.snapshotValue("rewardsSize", "RootChallenges", address(challenges).code.length);
        vm.snapshotValue("rewardsSize", "AttributionRewards", address(rewards).code.length);
    }

    function _claims(uint256 depth, string memory many) private {
        address account = address(uint160(uint256(keccak256(abi.encode("earner", depth)))));
        fund(1000 ether);
        for (uint256 time = 1; time <= 2; ++time) {
            EarningsProof memory proof = EarningsProof({
                account: account,
                cumulativeWei: time * 1.234_567_891_234_567_891 ether,
                prefixWei: 20.234_567_891_234_567_891 ether,
                index: uint32((1 << depth) * 2 / 3),
                siblings: new bytes32[](depth)
            });
            for (uint256 k; k < depth; ++k) {
                proof.siblings[k] = keccak256(abi.encode(depth, k, time));
            }
            bytes32 root = this.rootOf(proof);
            RootProposal memory proposal = propose(claimOf(root, 1 << depth, rewards.proposedTotalWei() + 100 ether));
            activate(proposal);
            rewards.claim(account, proof.cumulativeWei, proof.prefixWei, proof.index, proof.siblings);
            vm.snapshotGasLastCall(
                GROUP, string.concat("claim of ", many, time == 1 ? " earners, first" : " earners, later")
            );
        }
    }

    function rootOf(EarningsProof calldata proof) external pure returns (bytes32) {
        return IndexedMerkle.climb(
            EarningsLeaf.hash(proof.account, proof.cumulativeWei, proof.prefixWei), proof.index, proof.siblings
        );
    }

    function _times(FeeParts memory one, uint256 count) private pure returns (FeeParts memory) {
        return FeeParts(
            count * one.platform,
            count * one.contributors,
            count * one.owner,
            count * one.node,
            count * one.stakers,
            count * one.treasury
        );
    }
}
