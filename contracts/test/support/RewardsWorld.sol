// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeVault} from "../../src/inference/FeeVault.sol";
import {IDatanetRegistry} from "../../src/interfaces/IDatanetRegistry.sol";
import {ModelRegistry} from "../../src/model/ModelRegistry.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {RootChallenges} from "../../src/rewards/RootChallenges.sol";
import {Jury} from "../../src/staking/Jury.sol";
import {Parameters} from "../../src/staking/Parameters.sol";
import {StakePool} from "../../src/staking/StakePool.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {FeeRates, Split} from "../../src/types/Fees.sol";
import {ModelParams, SnapshotRef} from "../../src/types/Models.sol";
import {EarningsProof, RootClaim, RootProposal} from "../../src/types/Rewards.sol";
import {ParameterList} from "./ParameterList.sol";
import {IndexedTree} from "./IndexedTree.sol";
import {Book, RewardsTrees} from "./RewardsTrees.sol";
import {SnapshotBook} from "./SnapshotBook.sol";
import {Test} from "./Test.sol";

/// @dev All that settlement needs, deployed; a bonded proposer, a staked challenger, and the few acts most tests begin with.
abstract contract RewardsWorld is Test {
    address internal constant HOLDER = address(0x401de5);
    address internal constant TREASURY = address(0x7ea5);
    address internal constant GOVERNOR = address(0x60f);
    address internal constant NODE = address(0x20de);
    address internal constant PROPOSER = address(0x5e771e);
    address internal constant SECOND = address(0x5ec0);
    address internal constant CHALLENGER = address(0xc4a1);
    address internal constant ALICE = address(0xa11);
    address internal constant BOB = address(0xb0b);
    address internal constant CAROL = address(0xca401);
    uint256 internal constant BOND = 100_000 ether;
    uint256 internal constant SMALL_BOND = 1000 ether;
    uint256 internal constant WINDOW = 1 days;
    uint256 internal constant ANSWER_TIME = 6 hours;
    bytes32 internal constant FEATURES = "features";

    OpenToken internal token;
    Parameters internal parameters;
    StakePool internal stakes;
    Jury internal jury;
    SnapshotBook internal snapshots;
    ModelRegistry internal models;
    AttributionRewards internal rewards;
    FeeVault internal vault;
    RootChallenges internal challenges;
    bytes internal constant CERTIFICATE = hex"010203";

    RootProposal[] internal proposals;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        vm.roll(1000);
        token = new OpenToken(HOLDER);
        parameters = new Parameters(GOVERNOR, ParameterList.production());
        stakes = new StakePool(token, parameters, TREASURY, address(this));
        jury = new Jury(token, parameters, stakes, address(this));
        snapshots = new SnapshotBook();
        models = new ModelRegistry(IDatanetRegistry(address(snapshots)));
        rewards = new AttributionRewards(token, parameters, stakes, address(this));
        vault = new FeeVault(token, models, rewards, TREASURY);
        challenges = new RootChallenges(token, parameters, stakes, jury, models, rewards, address(vault));
        address[] memory consumers = new address[](3);
        (consumers[0], consumers[1], consumers[2]) = (address(jury), address(rewards), address(challenges));
        stakes.initialise(consumers);
        address[] memory courts = new address[](1);
        courts[0] = address(challenges);
        jury.initialise(courts);
        address[] memory proposers = new address[](2);
        (proposers[0], proposers[1]) = (PROPOSER, SECOND);
        rewards.initialise(address(challenges), proposers);
        delegate(PROPOSER, 2 * BOND);
        delegate(SECOND, BOND);
        delegate(CHALLENGER, 100 * SMALL_BOND);
        // Place 0 stands for what was before the first epoch.
        proposals.push();
    }

    function give(address account, uint256 amount) internal {
        vm.prank(HOLDER);
        token.transfer(account, amount);
    }

    function delegate(address operator, uint256 amount) internal {
        give(operator, amount);
        vm.startPrank(operator);
        token.approve(address(stakes), amount);
        stakes.delegate(operator, amount);
        vm.stopPrank();
    }

    function fund(uint256 amount) internal {
        give(address(this), amount);
        token.approve(address(rewards), amount);
        rewards.fund(amount);
    }

    /// @dev Alice, Carol and Bob by address, in this order.
    function book(uint256 alice, uint256 bob, uint256 carol) internal pure returns (Book memory it) {
        it.accounts = new address[](3);
        (it.accounts[0], it.accounts[1], it.accounts[2]) = (ALICE, BOB, CAROL);
        it.amounts = new uint256[](3);
        (it.amounts[0], it.amounts[1], it.amounts[2]) = (alice, bob, carol);
        sum(it);
    }

    function sum(Book memory it) internal pure {
        it.prefixes = new uint256[](it.amounts.length);
        uint256 prefix;
        for (uint256 i; i < it.amounts.length; ++i) {
            it.prefixes[i] = prefix += it.amounts[i];
        }
    }

    function claimOf(Book memory it) internal view returns (RootClaim memory) {
        return claimOf(IndexedTree.root(RewardsTrees.leavesOf(it)), it.accounts.length, RewardsTrees.totalOf(it));
    }

    function claimOf(bytes32 root, uint256 accounts, uint256 total) internal view returns (RootClaim memory) {
        return RootClaim({
            epoch: rewards.proposedEpoch() + 1,
            receiptsRoot: "receipts",
            receipts: 10_000,
            earningsRoot: root,
            accounts: uint32(accounts),
            totalCumulativeWei: total,
            dataRoot: "data",
            dataChunks: 4000
        });
    }

    /// @dev What `propose` will hash, as its caller can know before.
    function proposalOf(address proposer, RootClaim memory claim_) internal view returns (RootProposal memory) {
        RootProposal memory before = proposals[claim_.epoch - 1];
        return RootProposal({
            claim: claim_,
            previousHash: claim_.epoch == 1 ? bytes32(0) : keccak256(abi.encode(before)),
            previousTotalWei: before.claim.totalCumulativeWei,
            proposer: proposer,
            challengeEnds: uint64(block.timestamp + WINDOW)
        });
    }

    function propose(RootClaim memory claim_) internal returns (RootProposal memory) {
        return proposeAs(PROPOSER, claim_);
    }

    function propose(Book memory it) internal returns (RootProposal memory) {
        return proposeAs(PROPOSER, claimOf(it));
    }

    function proposeAs(address proposer, RootClaim memory claim_) internal returns (RootProposal memory proposal) {
        proposal = proposalOf(proposer, claim_);
        while (proposals.length > claim_.epoch) proposals.pop();
        proposals.push(proposal);
        vm.prank(proposer);
        vm.assertEq(rewards.propose(claim_, CERTIFICATE), keccak256(abi.encode(proposal)));
    }

    function activate(RootProposal memory proposal) internal {
        if (block.timestamp < proposal.challengeEnds) vm.warp(proposal.challengeEnds);
        rewards.activate(proposal);
    }

    function settle(Book memory it) internal returns (RootProposal memory proposal) {
        proposal = propose(it);
        activate(proposal);
    }

    function hashOf(RootProposal memory proposal) internal pure returns (bytes32) {
        return keccak256(abi.encode(proposal));
    }

    function assertFell(RootProposal memory proposal) internal view {
        vm.assertEq(rewards.pendingHash(proposal.claim.epoch), bytes32(0));
        vm.assertEq(rewards.proposedEpoch(), proposal.claim.epoch - 1);
        vm.assertEq(rewards.proposedTotalWei(), proposal.previousTotalWei);
    }

    function assertPending(RootProposal memory proposal) internal view {
        vm.assertEq(rewards.pendingHash(proposal.claim.epoch), hashOf(proposal));
    }

    function publishModel(bytes32 snapshotRoot, bytes32 featuresRoot) internal returns (bytes32) {
        snapshots.set(snapshotRoot);
        SnapshotRef[] memory refs = new SnapshotRef[](1);
        refs[0] = SnapshotRef("datanet", 1, snapshotRoot);
        models.registerBase("base", "engine", "ember");
        return models.publish(
            ModelParams({
                name: "atlas",
                version: 1,
                baseDigest: "base",
                engineId: "engine",
                snapshots: refs,
                runCommitment: "run",
                runHistoryRoot: "history",
                adapterDigest: "adapter",
                featuresRoot: featuresRoot,
                rates: FeeRates(0.001 ether, 0.01 ether, 0.02 ether),
                split: Split(500_000, 200_000, 200_000, 50_000, 50_000),
                node: NODE,
                stakers: address(0x57a4e)
            })
        );
    }
}
