// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeVault} from "../../src/inference/FeeVault.sol";
import {Ids} from "../../src/libraries/Ids.sol";
import {ModelRegistry} from "../../src/model/ModelRegistry.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {RootChallenges} from "../../src/rewards/RootChallenges.sol";
import {Contribution, ContributionStage, CurationRule, DatanetTerms} from "../../src/types/Datanets.sol";
import {FeeRates, Payment, Split} from "../../src/types/Fees.sol";
import {ModelParams, SnapshotRef} from "../../src/types/Models.sol";
import {EarningsProof, RootClaim, RootProposal} from "../../src/types/Rewards.sol";
import {JobsHandler} from "./JobsHandler.sol";
import {IndexedTree} from "./IndexedTree.sol";
import {Book, RewardsTrees} from "./RewardsTrees.sol";

/// @dev All contracts on one token, one stake pool and one jury, and everybody at once: jobs with their disputes and juries (from
/// {JobsHandler}), paid answers, stakers and their rewards, contributions with stakes, and epochs whose roots are now and then false.
/// What cannot be done now is left out; nothing may revert. No act but the jobs' lets time pass.
contract WholeEconomyHandler is JobsHandler {
    address public constant SETTLER = address(0x5e771e);
    address public constant ROOT_WATCHER = address(0x3007);
    address public constant NODE = address(0x20de);
    address public constant MODEL_OWNER = address(0x03);
    address public constant CONTRIBUTOR = address(0xc017);
    uint256 public constant STAKERS = 3;
    uint256 public constant EARNERS = 3;
    uint256 private constant FEE = 0.001 ether;

    FeeVault public vault;
    ModelRegistry public models;
    AttributionRewards public rewards;
    RootChallenges public challenges;
    bytes32 public modelId;
    bytes32 private netId;

    bytes32[] public contributions;
    RootProposal[] private _proposals; // by epoch
    uint256[EARNERS][] private _books; // by epoch, what each has earned
    uint64 public activated;
    uint256 private _count;
    uint256 public theftsThatWorked;
    uint256 public strayAtRewards;

    constructor() {
        models = new ModelRegistry(datanets);
        rewards = new AttributionRewards(token, parameters, stakes, address(this));
        vault = new FeeVault(token, models, rewards, TREASURY);
        challenges = new RootChallenges(token, parameters, stakes, jury, models, rewards, address(vault));
        vm.startPrank(GOVERNOR);
        stakes.setConsumer(address(rewards), true);
        stakes.setConsumer(address(challenges), true);
        jury.setCourt(address(datanets), true);
        jury.setCourt(address(challenges), true);
        vm.stopPrank();
        address[] memory proposers = new address[](1);
        proposers[0] = SETTLER;
        rewards.initialise(address(challenges), proposers);
        delegateAs(SETTLER, 5_000_000 ether);
        give(NODE, 1_000_000 ether, address(vault));
        give(CONTRIBUTOR, 1_000_000 ether, address(datanets));
        for (uint256 i; i < STAKERS; ++i) {
            give(stakerAt(i), 1_000_000 ether, address(stakes));
        }
        _proposals.push();
        _books.push();
        netId = _createStaked();
        modelId = _publish();
    }

    function stakerAt(uint256 i) public pure returns (address) {
        return address(uint160(0x57a000 + i % STAKERS));
    }

    function earnerAt(uint256 i) public pure returns (address) {
        return address(uint160(0xea0000 + i % EARNERS));
    }

    /// @dev A trainer, who takes part in jobs, or a juror: what they lose the stakers lose with them.
    function operatorAt(uint256 i) public pure returns (address) {
        i %= 4;
        return i == 0 ? HONEST_TRAINER : i == 1 ? CHEATING_TRAINER : jurorAt(i);
    }

    function serve(uint256 amount) external {
        amount = bound(amount, FEE, 100 ether);
        bytes32 nonce = bytes32(++_count);
        address till = vault.payToNode(NODE);
        vm.startPrank(NODE);
        token.transfer(till, amount);
        Payment[] memory payments = new Payment[](1);
        payments[0] = Payment(keccak256(abi.encode("receipt", nonce)), address(1), nonce, amount);
        vault.collectFromNode(modelId, payments);
        vm.stopPrank();
    }

    function withdrawFees(uint256 who) external {
        address account = feeEarnerAt(who);
        if (vault.owed(account) != 0) vault.withdraw(account);
    }

    function feeEarnerAt(uint256 i) public view returns (address) {
        i %= 4;
        if (i == 0) return TREASURY;
        if (i == 1) return NODE;
        return i == 2 ? MODEL_OWNER : stakes.rewardsTill(HONEST_TRAINER);
    }

    function collectRewards() external {
        if (token.balanceOf(stakes.rewardsTill(HONEST_TRAINER)) != 0) stakes.collectRewards(HONEST_TRAINER);
    }

    function claimReward(uint256 who) external {
        if (stakes.earned(HONEST_TRAINER, stakerAt(who)) == 0) return;
        stakes.claimReward(HONEST_TRAINER, stakerAt(who));
    }

    function stake(uint256 who, uint256 behind, uint256 amount) external {
        uint256 has = token.balanceOf(stakerAt(who));
        if (has == 0) return;
        vm.prank(stakerAt(who));
        stakes.delegate(operatorAt(behind), bound(amount, 1, has));
    }

    function leave(uint256 who, uint256 behind, uint256 shares) external {
        uint256 held = stakes.sharesOf(operatorAt(behind), stakerAt(who));
        if (stakes.stakeOf(operatorAt(behind), stakerAt(who)) == 0) return;
        vm.prank(stakerAt(who));
        stakes.undelegate(operatorAt(behind), shares % 2 == 0 ? held : bound(shares, (held + 1) / 2, held));
    }

    function takeOut(uint256 who, uint256 behind, uint256 index) external {
        uint256 count = stakes.unbondings(operatorAt(behind), stakerAt(who));
        if (count == 0) return;
        index %= count;
        if (stakes.getUnbonding(operatorAt(behind), stakerAt(who), index).shares == 0) return;
        // Too early, or held for a lock: then it must fail, and nothing moves.
        try stakes.withdraw(operatorAt(behind), stakerAt(who), index) {} catch {}
    }

    /// @dev A contribution with its stake; the owner decides at once, one way or another.
    function contribute(uint32 rows, uint256 how) external {
        rows = uint32(bound(rows, 1, 100));
        bytes32 root = keccak256(abi.encode("root", ++_count));
        datanets.commitContribution(netId, Ids.contributionCommitment(netId, CONTRIBUTOR, root, rows, "salt"));
        vm.roll(block.number + 1);
        vm.prank(CONTRIBUTOR);
        bytes32 id = datanets.contribute(netId, root, rows, "salt");
        contributions.push(id);
        how %= 4;
        vm.startPrank(DATANET_OWNER);
        if (how == 0) datanets.accept(id, rows);
        else if (how == 1) datanets.reject(id, 7);
        else if (how == 2) datanets.rejectAsJunk(id, 7);
        vm.stopPrank();
    }

    function finaliseContribution(uint256 which) external {
        if (contributions.length == 0) return;
        bytes32 id = contributions[which % contributions.length];
        Contribution memory one = datanets.getContribution(id);
        if (block.timestamp <= one.deadline) return;
        if (one.stage == ContributionStage.Decided) datanets.finalise(id);
        if (one.stage != ContributionStage.Review) return;
        vm.prank(CONTRIBUTOR);
        datanets.takeBack(id);
    }

    function withdrawFrom(uint256 who) external {
        address account = [CONTRIBUTOR, DATANET_OWNER, TREASURY, HONEST_TRAINER, CHEATING_TRAINER, POSTER][who % 6];
        if (datanets.owed(account) != 0) datanets.withdraw(account);
        if (jobs.owed(account) != 0) jobs.withdraw(account);
        if (disputes.owed(account) != 0) disputes.withdraw(account);
        address juror = jurorAt(who % SEATS);
        if (jury.owed(juror) != 0) jury.withdraw(juror);
    }

    /// @dev The next root, right or with a leaf that promises more than the total; a false one is shown to be at once.
    function propose(uint256[EARNERS] memory more, bool falsely) external {
        if (rewards.proposedEpoch() - rewards.activeEpoch() >= 4 || !_canBond()) return;
        uint64 epoch = rewards.proposedEpoch() + 1;
        uint256[EARNERS] memory book = _books[epoch - 1];
        uint256 left = rewards.collected() - _sum(book);
        for (uint256 i; i < EARNERS; ++i) {
            more[i] = bound(more[i], 0, left);
            book[i] += more[i];
            left -= more[i];
        }
        Book memory it = _bookOf(book);
        if (it.accounts.length == 0) return;
        if (falsely) it.prefixes[0] += 1;
        RootProposal memory proposal = _proposalOf(epoch, it, _sum(book));
        _keep(epoch, proposal, book);
        vm.prank(SETTLER);
        rewards.propose(proposal.claim, "certificate");
        if (!falsely) return;
        // The proof of the first leaf; whoever shows it is paid out of the proposer's bond.
        vm.prank(ROOT_WATCHER);
        challenges.challengeLeaf(proposal, RewardsTrees.proofAt(it, 0));
        _proposals.pop();
        _books.pop();
    }

    function activate() external {
        uint64 next = rewards.activeEpoch() + 1;
        if (next > rewards.proposedEpoch() || block.timestamp < _proposals[next].challengeEnds) return;
        if (rewards.getProposer(SETTLER).bondWei == 0) {
            if (!_canBond()) return;
            vm.prank(SETTLER);
            rewards.bond();
        }
        rewards.activate(_proposals[next]);
        activated = next;
    }

    function claimRewards(uint256 who) external {
        EarningsProof memory proof = _proofOf(activated, who);
        if (proof.cumulativeWei == 0 || proof.cumulativeWei <= rewards.claimed(proof.account)) return;
        rewards.claim(proof.account, proof.cumulativeWei, proof.prefixWei, proof.index, proof.siblings);
    }

    /// @dev Out of a root that is not active; twice out of the one that is; more than a leaf; another's stake, fees, escrow, bonds.
    function steal(uint256 how, uint256 who, uint256 amount) external {
        how %= 6;
        EarningsProof memory proof = _proofOf(how == 0 ? uint64(_proposals.length - 1) : activated, who);
        bytes memory data;
        if (how == 0) {
            if (_proposals.length - 1 == activated || proof.cumulativeWei <= rewards.claimed(proof.account)) return;
            // Unless the new root happens to be the old one.
            if (_sameBook(uint64(_proposals.length - 1), activated)) return;
        } else if (how == 1) {
            if (proof.cumulativeWei == 0 || proof.cumulativeWei > rewards.claimed(proof.account)) return;
        } else if (how == 2) {
            proof.cumulativeWei += 1 + amount % 1e27;
        } else {
            address[3] memory targets = [address(stakes), address(jobs), address(disputes)];
            data = how == 3
                ? abi.encodeCall(stakes.slash, (operatorAt(who), 1 + amount % 1e27, address(0xbad), "x"))
                : how == 4
                    ? abi.encodeCall(jobs.refute, (jobIds[who % jobIds.length], address(0xbad), "x"))
                    : abi.encodeCall(disputes.withdraw, (address(0xbad)));
            return _steal(targets[how - 3], data);
        }
        data = abi.encodeCall(
            rewards.claim, (proof.account, proof.cumulativeWei, proof.prefixWei, proof.index, proof.siblings)
        );
        _steal(address(rewards), data);
    }

    /// @dev Everything a token may lie at; what is burnt is nowhere.
    function holders() external view returns (address[] memory all) {
        all = new address[](64);
        uint256 n;
        address[21] memory fixed_ = [
            HOLDER,
            TREASURY,
            POSTER,
            TRAINER,
            CHALLENGER,
            DATANET_OWNER,
            HONEST_TRAINER,
            CHEATING_TRAINER,
            HONEST_CHALLENGER,
            WATCHER,
            FALSE_CHALLENGER,
            SETTLER,
            ROOT_WATCHER,
            NODE,
            MODEL_OWNER,
            CONTRIBUTOR,
            address(this),
            vault.payToNode(NODE),
            vault.payTo(modelId),
            stakes.rewardsTill(HONEST_TRAINER),
            rewards.till()
        ];
        for (uint256 i; i < fixed_.length; ++i) {
            all[n++] = fixed_[i];
        }
        address[8] memory pots = [
            address(stakes),
            address(jury),
            address(datanets),
            address(jobs),
            address(disputes),
            address(vault),
            address(rewards),
            address(challenges)
        ];
        for (uint256 i; i < pots.length; ++i) {
            all[n++] = pots[i];
        }
        for (uint256 i; i < SEATS; ++i) {
            all[n++] = jurorAt(i);
        }
        for (uint256 i; i < 3; ++i) {
            (all[n++], all[n++]) = (stakerAt(i), earnerAt(i));
        }
    }

    /// @dev What the registry must hold: stakes of contributions that are not over, and what it owes.
    function heldByDatanets() external view returns (uint256 held) {
        for (uint256 i; i < contributions.length; ++i) {
            Contribution memory one = datanets.getContribution(contributions[i]);
            if (one.stage != ContributionStage.Final) held += one.stakeWei;
        }
        held += datanets.owed(CONTRIBUTOR) + datanets.owed(DATANET_OWNER) + datanets.owed(TREASURY);
    }

    function earned(uint256 who) external view returns (uint256) {
        return _books[activated][who];
    }

    function activeTotal() external view returns (uint256) {
        return _sum(_books[activated]);
    }

    function _steal(address target, bytes memory data) private {
        vm.prank(address(0xbad));
        (bool worked,) = target.call(data);
        if (worked) ++theftsThatWorked;
    }

    function _canBond() private view returns (bool) {
        uint256 bondWei = rewards.getProposer(SETTLER).bondWei;
        if (bondWei != 0) return stakes.isCovered(SETTLER);
        return stakes.freeOf(SETTLER) >= parameters.get("rootBondWei");
    }

    function _keep(uint64 epoch, RootProposal memory proposal, uint256[EARNERS] memory book) private {
        while (_proposals.length > epoch) {
            _proposals.pop();
            _books.pop();
        }
        _proposals.push(proposal);
        _books.push(book);
    }

    function _proposalOf(uint64 epoch, Book memory it, uint256 total) private view returns (RootProposal memory) {
        RootClaim memory claim_ = RootClaim({
            epoch: epoch,
            receiptsRoot: "receipts",
            receipts: 1,
            earningsRoot: IndexedTree.root(RewardsTrees.leavesOf(it)),
            accounts: uint32(it.accounts.length),
            totalCumulativeWei: total,
            dataRoot: "data",
            dataChunks: 1
        });
        return RootProposal({
            claim: claim_,
            previousHash: epoch == 1 ? bytes32(0) : keccak256(abi.encode(_proposals[epoch - 1])),
            previousTotalWei: _proposals[epoch - 1].claim.totalCumulativeWei,
            proposer: SETTLER,
            challengeEnds: uint64(block.timestamp + 1 days)
        });
    }

    function _bookOf(uint256[EARNERS] memory book) private pure returns (Book memory it) {
        uint256 n;
        for (uint256 i; i < EARNERS; ++i) {
            if (book[i] != 0) ++n;
        }
        (it.accounts, it.amounts, it.prefixes) = (new address[](n), new uint256[](n), new uint256[](n));
        uint256 at;
        uint256 prefix;
        for (uint256 i; i < EARNERS; ++i) {
            if (book[i] == 0) continue;
            prefix += book[i];
            (it.accounts[at], it.amounts[at], it.prefixes[at]) = (earnerAt(i), book[i], prefix);
            ++at;
        }
    }

    function _proofOf(uint64 epoch, uint256 who) private view returns (EarningsProof memory none) {
        Book memory it = _bookOf(_books[epoch]);
        for (uint256 i; i < it.accounts.length; ++i) {
            if (it.accounts[i] == earnerAt(who)) return RewardsTrees.proofAt(it, i);
        }
    }

    function _sameBook(uint64 one, uint64 other) private view returns (bool) {
        return keccak256(abi.encode(_books[one])) == keccak256(abi.encode(_books[other]));
    }

    function _sum(uint256[EARNERS] memory book) private pure returns (uint256 sum) {
        for (uint256 i; i < EARNERS; ++i) {
            sum += book[i];
        }
    }

    function _createStaked() private returns (bytes32) {
        vm.prank(DATANET_OWNER);
        return datanets.create(
            DatanetTerms("staked", "terms", "CC-BY-4.0", "text", 0, 1 ether, 0, CurationRule.Owner, 500_000)
        );
    }

    function _publish() private returns (bytes32) {
        SnapshotRef[] memory refs = new SnapshotRef[](1);
        refs[0] = SnapshotRef(datanetId, 1, "root");
        models.registerBase("base", "engine", "ember");
        vm.prank(MODEL_OWNER);
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
                featuresRoot: "features",
                rates: FeeRates(uint96(FEE), 0, 0),
                split: Split(500_000, 200_000, 200_000, 50_000, 50_000),
                node: NODE,
                stakers: stakes.rewardsTill(HONEST_TRAINER)
            })
        );
    }
}
