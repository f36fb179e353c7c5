// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IModelRegistry} from "../../src/interfaces/IModelRegistry.sol";
import {FeeVault} from "../../src/inference/FeeVault.sol";
import {AttributionRewards} from "../../src/rewards/AttributionRewards.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {FeeParts, FeeTerms, Payment, PaymentSum} from "../../src/types/Fees.sol";
import {FeeSplit} from "../../src/libraries/FeeSplit.sol";
import {EarningsProof, RootClaim, RootProposal} from "../../src/types/Rewards.sol";
import {IndexedTree} from "./IndexedTree.sol";
import {Book, RewardsTrees} from "./RewardsTrees.sol";
import {Test} from "./Test.sol";

/// @dev Payers, nodes, a settler, earners and an attacker, let loose in any order. Every act bounds its inputs to what
/// is allowed and must then succeed (fail_on_revert); every attack must fail. It keeps its own books beside.
contract EconomyHandler is Test {
    uint256 private constant FOREVER = type(uint256).max >> 1;
    uint256 public constant EARNERS = 5;
    bytes32 private constant TRANSFER_TYPEHASH = keccak256(
        "TransferWithAuthorization(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    OpenToken private immutable token;
    FeeVault private immutable vault;
    AttributionRewards private immutable rewards;
    address private immutable settler;
    uint256 private immutable leastFee;
    bytes32[2] public modelIds;
    address[2] public nodes;

    /// @dev Paid and not yet collected, per model; then the last payment collected, for replays.
    Payment[][2] private waiting;
    Payment[2] private last;
    bool[2] private hasLast;
    /// @dev Paid into the node's till by channels and keys, not yet collected; then the last collected, by way.
    Payment[][2] private reported;
    Payment[2] private lastReported;
    bool[2] private hasLastReported;
    PaymentSum[2] private lastSum;
    bool[2] private hasLastSum;
    uint256[5] public earned;
    uint256 public settledTotal;
    RootProposal private lastRoot;

    uint256 private nonces;
    uint256 public paid;
    uint256 public collected;
    uint256 public withdrawn;
    uint256 public gifts;
    uint256 public strayAtVault;
    uint256 public strayAtRewards;
    uint256[2] public strayAtTill;
    uint256[2] public strayAtNodeTill;
    uint256 public attacksTried;
    uint256 public attacksThatWorked;

    constructor(
        OpenToken token_,
        FeeVault vault_,
        AttributionRewards rewards_,
        address settler_,
        bytes32[2] memory modelIds_,
        address[2] memory nodes_,
        uint256 leastFee_
    ) {
        (token, vault, rewards, settler) = (token_, vault_, rewards_, settler_);
        (modelIds, nodes, leastFee) = (modelIds_, nodes_, leastFee_);
        token_.approve(address(rewards_), type(uint256).max);
    }

    function pay(uint256 key, uint256 model, uint256 amount) external {
        model %= 2;
        key = 1 + (key % 3);
        amount = bound(amount, leastFee, leastFee + 1 ether);
        address from = vm.addr(key);
        token.transfer(from, amount);
        bytes32 nonce = bytes32(++nonces);
        address till = vault.payTo(modelIds[model]);
        token.transferWithAuthorization(from, till, amount, 0, FOREVER, nonce, _sign(key, from, till, amount, nonce));
        waiting[model].push(Payment(keccak256(abi.encode("receipt", nonce)), from, nonce, amount));
        paid += amount;
    }

    function collect(uint256 model, uint256 count) external {
        model %= 2;
        count = bound(count, 0, waiting[model].length < 8 ? waiting[model].length : 8);
        if (count == 0) return;
        Payment[] memory payments = new Payment[](count);
        for (uint256 i; i < count; ++i) {
            payments[i] = waiting[model][waiting[model].length - 1];
            waiting[model].pop();
            collected += payments[i].amountWei;
        }
        (last[model], hasLast[model]) = (payments[0], true);
        vm.prank(nodes[model]);
        vault.collect(modelIds[model], payments);
    }

    /// @dev A channel or a key pays: plain money at the node's till, and a receipt that the node alone knows of.
    function payNode(uint256 key, uint256 model, uint256 amount) external {
        model %= 2;
        amount = bound(amount, leastFee, leastFee + 1 ether);
        bytes32 nonce = keccak256(abi.encode("request", ++nonces));
        token.transfer(vault.payToNode(nodes[model]), amount);
        reported[model].push(Payment(keccak256(abi.encode("receipt", nonce)), vm.addr(1 + (key % 3)), nonce, amount));
        paid += amount;
    }

    function collectFromNode(uint256 model, uint256 count) external {
        model %= 2;
        Payment[] memory payments = _takeReported(model, count);
        if (payments.length == 0) return;
        (lastReported[model], hasLastReported[model]) = (payments[0], true);
        vm.prank(nodes[model]);
        vault.collectFromNode(modelIds[model], payments);
    }

    function collectSumFromNode(uint256 model, uint256 count) external {
        model %= 2;
        Payment[] memory payments = _takeReported(model, count);
        if (payments.length == 0) return;
        PaymentSum memory sum = _sum(model, payments);
        (lastSum[model], hasLastSum[model]) = (sum, true);
        vm.prank(nodes[model]);
        vault.collectSumFromNode(modelIds[model], sum);
    }

    function withdraw(uint256 who) external {
        address account = accountOf(who);
        if (vault.owed(account) == 0) return;
        withdrawn += vault.withdraw(account);
    }

    function settle(uint256[5] memory more) external {
        uint256 left = rewards.collected() - totalEarned();
        for (uint256 i; i < EARNERS; ++i) {
            uint256 amount = bound(more[i], 0, left);
            earned[i] += amount;
            left -= amount;
        }
        Book memory it = _book();
        uint256 total = totalEarned();
        RootClaim memory claim_ = RootClaim({
            epoch: rewards.proposedEpoch() + 1,
            receiptsRoot: "receipts",
            receipts: 1,
            earningsRoot: IndexedTree.root(RewardsTrees.leavesOf(it)),
            accounts: uint32(it.accounts.length),
            totalCumulativeWei: total,
            dataRoot: "data",
            dataChunks: 1
        });
        RootProposal memory root = RootProposal({
            claim: claim_,
            previousHash: claim_.epoch == 1 ? bytes32(0) : keccak256(abi.encode(lastRoot)),
            previousTotalWei: settledTotal,
            proposer: settler,
            challengeEnds: uint64(block.timestamp + 1 days)
        });
        vm.prank(settler);
        rewards.propose(claim_, "certificate");
        vm.warp(root.challengeEnds);
        rewards.activate(root);
        (lastRoot, settledTotal) = (root, total);
    }

    function claim(uint256 who) external {
        who %= EARNERS;
        if (earned[who] <= rewards.claimed(earner(who))) return;
        EarningsProof memory proof = _proofOf(who);
        rewards.claim(proof.account, proof.cumulativeWei, proof.prefixWei, proof.index, proof.siblings);
    }

    function gift(uint256 amount) external {
        amount = bound(amount, 1, 1 ether);
        gifts += amount;
        rewards.fund(amount);
    }

    function stray(uint256 where, uint256 amount) external {
        amount = bound(amount, 0, 1 ether);
        where %= 6;
        if (where >= 4) {
            strayAtNodeTill[where - 4] += amount;
            token.transfer(vault.payToNode(nodes[where - 4]), amount);
        } else if (where == 0) {
            strayAtVault += amount;
            token.transfer(address(vault), amount);
        } else if (where == 1) {
            strayAtRewards += amount;
            token.transfer(address(rewards), amount);
        } else {
            strayAtTill[where - 2] += amount;
            token.transfer(vault.payTo(modelIds[where - 2]), amount);
        }
    }

    /// @dev The node itself collects again what it collected, or a waiting payment of the other model, or too much.
    function attackCollect(uint256 model, uint256 way, uint256 amount) external {
        model %= 2;
        way %= 4;
        Payment[] memory payments = new Payment[](1);
        if (way == 0 && hasLast[model]) {
            payments[0] = last[model];
        } else if (way == 1 && hasLast[model] && waiting[model].length > 0) {
            payments[0] = waiting[model][0];
            payments[0].receiptId = last[model].receiptId;
        } else if (way == 2 && waiting[1 - model].length > 0) {
            payments[0] = waiting[1 - model][0];
        } else if (way == 3 && waiting[model].length > 0) {
            payments[0] = waiting[model][0];
            vm.assume(amount != payments[0].amountWei);
            payments[0].amountWei = amount;
        } else {
            return;
        }
        _attack(nodes[model], address(vault), abi.encodeCall(vault.collect, (modelIds[model], payments)));
    }

    /// @dev The node collects again what it collected, in any of the three ways, or more than its till holds, or out of
    /// the other's; or it takes more than its share of a sum.
    function attackNodeTill(uint256 model, uint256 way, uint256 amount) external {
        model %= 2;
        way %= 7;
        Payment[] memory payments = new Payment[](1);
        payments[0] = Payment(keccak256(abi.encode("forged", amount)), address(1), bytes32(amount), leastFee);
        bytes memory data = abi.encodeCall(vault.collectFromNode, (modelIds[model], payments));
        if (way == 0 && hasLastReported[model]) {
            payments[0] = lastReported[model];
        } else if (way == 1 && hasLast[model]) {
            payments[0] = last[model];
        } else if (way == 2 && hasLastReported[model]) {
            payments[0].receiptId = lastReported[model].receiptId;
            give(model, leastFee);
        } else if (way == 3) {
            uint256 held = token.balanceOf(vault.payToNode(nodes[model]));
            payments[0].amountWei = bound(amount, held + 1 + leastFee, type(uint256).max);
        } else if (way == 4 && hasLastSum[model]) {
            give(model, 1000 ether);
            data = abi.encodeCall(vault.collectSumFromNode, (modelIds[model], lastSum[model]));
        } else if (way == 5) {
            payments[0].amountWei = leastFee + 1 ether;
            give(model, 2 ether);
            PaymentSum memory sum = _sum(model, payments);
            uint256 more = bound(amount, 1, sum.parts.contributors);
            (sum.parts.node, sum.parts.contributors) = (sum.parts.node + more, sum.parts.contributors - more);
            data = abi.encodeCall(vault.collectSumFromNode, (modelIds[model], sum));
        } else if (way == 6) {
            vm.assume(nodes[1 - model] != nodes[model]);
            give(1 - model, leastFee);
            _attack(
                nodes[1 - model], address(vault), abi.encodeCall(vault.collectFromNode, (modelIds[model], payments))
            );
            return;
        } else {
            return;
        }
        if (way < 4) data = abi.encodeCall(vault.collectFromNode, (modelIds[model], payments));
        _attack(nodes[model], address(vault), data);
    }

    function attackRoot(uint256 total, uint64 epoch, bytes32 root, bool asSettler) external {
        uint64 next = rewards.proposedEpoch() + 1;
        if (asSettler && epoch == next) total = bound(total, rewards.collected() + 1, type(uint256).max);
        if (root == 0) root = "root";
        RootClaim memory claim_ = RootClaim(epoch, root, 1, root, 1, total, root, 1);
        _attack(
            asSettler ? settler : address(0xbad),
            address(rewards),
            abi.encodeCall(rewards.propose, (claim_, "certificate"))
        );
    }

    /// @dev Strikes or activates what it may not, with a proposal of its own making.
    function attackQueue(RootProposal calldata made, bool strikes) external {
        _attack(
            address(0xbad),
            address(rewards),
            strikes
                ? abi.encodeCall(rewards.strike, (made, address(0xbad), type(uint256).max, "mine"))
                : abi.encodeCall(rewards.activate, (made))
        );
    }

    function attackClaim(uint256 who, uint256 amount) external {
        who %= EARNERS;
        uint256 floor = rewards.claimed(earner(who));
        // Either another amount than the leaf, or the leaf once it is paid.
        if (amount == earned[who] && amount > floor) ++amount;
        EarningsProof memory proof;
        if (earned[who] != 0) proof = _proofOf(who);
        _attack(
            address(0xbad),
            address(rewards),
            abi.encodeCall(rewards.claim, (earner(who), amount, proof.prefixWei, proof.index, proof.siblings))
        );
    }

    function _attack(address from, address target, bytes memory data) private {
        ++attacksTried;
        vm.prank(from);
        (bool worked,) = target.call(data);
        if (worked) ++attacksThatWorked;
    }

    /// @dev Money at a node's till that is nobody's, so that an attack does not fail for want of it alone.
    function give(uint256 model, uint256 amount) private {
        strayAtNodeTill[model] += amount;
        token.transfer(vault.payToNode(nodes[model]), amount);
    }

    function _takeReported(uint256 model, uint256 count) private returns (Payment[] memory payments) {
        count = bound(count, 0, reported[model].length < 8 ? reported[model].length : 8);
        payments = new Payment[](count);
        for (uint256 i; i < count; ++i) {
            payments[i] = reported[model][reported[model].length - 1];
            reported[model].pop();
            collected += payments[i].amountWei;
        }
    }

    function _sum(uint256 model, Payment[] memory payments) private view returns (PaymentSum memory sum) {
        FeeTerms memory terms = vault.models().feeTerms(modelIds[model]);
        sum.count = payments.length;
        for (uint256 i; i < payments.length; ++i) {
            FeeParts memory parts = FeeSplit.cut(payments[i].amountWei, terms.rates.platformWei, terms.split);
            sum.receiptsRoot = keccak256(abi.encode(sum.receiptsRoot, payments[i].receiptId));
            sum.parts.platform += parts.platform;
            sum.parts.contributors += parts.contributors;
            sum.parts.owner += parts.owner;
            sum.parts.node += parts.node;
            sum.parts.stakers += parts.stakers;
            sum.parts.treasury += parts.treasury;
        }
    }

    function reportedWei(uint256 model) external view returns (uint256 sum) {
        for (uint256 i; i < reported[model].length; ++i) {
            sum += reported[model][i].amountWei;
        }
    }

    function waitingWei(uint256 model) external view returns (uint256 sum) {
        for (uint256 i; i < waiting[model].length; ++i) {
            sum += waiting[model][i].amountWei;
        }
    }

    function totalEarned() public view returns (uint256 sum) {
        for (uint256 i; i < EARNERS; ++i) {
            sum += earned[i];
        }
    }

    /// @dev Everybody the vault may owe: treasury, stakers, two owners, two nodes.
    function accountOf(uint256 who) public view returns (address) {
        who %= 6;
        IModelRegistry models = vault.models();
        if (who == 0) return vault.treasury();
        if (who == 1) return models.feeTerms(modelIds[0]).stakers;
        if (who < 4) return models.feeTerms(modelIds[who - 2]).owner;
        return nodes[who - 4];
    }

    function earner(uint256 i) public pure returns (address) {
        return address(uint160(0xea0000 + i));
    }

    /// @dev All who earned anything, ascending.
    function _book() private view returns (Book memory it) {
        uint256 count;
        for (uint256 i; i < EARNERS; ++i) {
            if (earned[i] != 0) ++count;
        }
        (it.accounts, it.amounts, it.prefixes) = (new address[](count), new uint256[](count), new uint256[](count));
        uint256 prefix;
        for (uint256 i = EARNERS; i != 0; --i) {
            if (earned[i - 1] != 0) (it.accounts[--count], it.amounts[count]) = (earner(i - 1), earned[i - 1]);
        }
        for (uint256 i; i < it.amounts.length; ++i) {
            it.prefixes[i] = prefix += it.amounts[i];
        }
    }

    function _proofOf(uint256 who) private view returns (EarningsProof memory) {
        uint256 place;
        for (uint256 i; i < who; ++i) {
            if (earned[i] != 0) ++place;
        }
        return RewardsTrees.proofAt(_book(), place);
    }

    function _sign(uint256 key, address from, address to, uint256 value, bytes32 nonce)
        private
        view
        returns (bytes memory)
    {
        bytes32 structHash = keccak256(abi.encode(TRANSFER_TYPEHASH, from, to, value, uint256(0), FOREVER, nonce));
        (uint8 v, bytes32 r, bytes32 s) =
            vm.sign(key, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), structHash)));
        return abi.encodePacked(r, s, v);
    }
}
