// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {DatanetRegistry} from "../../src/datanet/DatanetRegistry.sol";
import {IDatanetRegistry} from "../../src/interfaces/IDatanetRegistry.sol";
import {Ids} from "../../src/libraries/Ids.sol";
import {Contribution, ContributionStage, ContributionStatus, CurationRule} from "../../src/types/Datanets.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {DatanetWorld} from "../support/DatanetWorld.sol";
import {MerkleTree} from "../support/MerkleTree.sol";

/// @dev What a reader of the code would try. Each carries the attack out and counts what it brought.
contract DatanetAttacksTest is DatanetWorld {
    bytes32 private constant ROOT = keccak256("rows of alice");
    uint8 private constant REVIEW = 0;
    uint8 private constant APPEAL = 1;
    bytes32 private net;

    function setUp() public override {
        super.setUp();
        net = create(CurationRule.Owner, 1 ether);
    }

    /// @dev Mallory sees the reveal in flight: without a commitment of its own it is refused.
    function test_attack_frontRunAReveal() public {
        commit(ALICE, net, ROOT, 7);
        _roll(1);
        vm.prank(MALLORY);
        vm.expectRevert();
        datanets.contribute(net, ROOT, 7, "salt");
        reveal(ALICE, net, ROOT, 7);
        // Committed after seeing it, and revealed a block later: the root is taken.
        commit(MALLORY, net, ROOT, 7);
        _roll(1);
        vm.expectRevert(
            abi.encodeWithSelector(IDatanetRegistry.RootTaken.selector, net, ROOT, Ids.contribution(net, ALICE, ROOT))
        );
        reveal(MALLORY, net, ROOT, 7);
    }

    /// @dev Mallory also keeps Alice's reveal out for a while, is revealed and even accepted first: hers takes the root when it comes,
    /// and what was accepted never becomes final.
    function test_attack_holdBackARevealAndCopyIt() public {
        commit(ALICE, net, ROOT, 7);
        _roll(1);
        bytes32 copied = offer(MALLORY, net, ROOT, 7);
        acceptAs(OWNER, copied, 7);
        wait_(12 hours);
        vm.expectRevert();
        datanets.finalise(copied);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionSuperseded(copied, Ids.contribution(net, ALICE, ROOT));
        bytes32 honest = reveal(ALICE, net, ROOT, 7);
        vm.assertEq(datanets.holderOf(net, ROOT), honest);
        vm.assertEq(datanets.acceptedFrom(net, ROOT), 0);
        vm.prank(WATCHER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.Superseded.selector, copied));
        datanets.appeal(copied);
        acceptAs(OWNER, honest, 7);
        datanets.finalise(copied);
        settle(honest);
        Contribution memory made = datanets.getContribution(copied);
        vm.assertTrue(made.status == ContributionStatus.Rejected && made.stage == ContributionStage.Final);
        vm.assertEq(made.reasonCode, datanets.REASON_SUPERSEDED());
        vm.assertEq(datanets.acceptedFrom(net, ROOT), honest);
        vm.assertEq(datanets.getDatanet(net).acceptedRows, 7);
        assertEmpty();
    }

    /// @dev Until every earlier commitment is revealed or out of time, no copy can become final.
    function test_attack_copyCannotBecomeFinalBefore() public {
        parameters.set("revealSeconds", 7 days);
        commit(ALICE, net, ROOT, 7);
        _roll(1);
        bytes32 copied = offer(MALLORY, net, ROOT, 7);
        acceptAs(OWNER, copied, 7);
        wait_(3 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.EarlierCommitmentsOpen.selector, net, 2, 0));
        datanets.finalise(copied);
    }

    /// @dev The owner cannot accept a superseded copy either; its stake comes free at once.
    function test_attack_acceptASupersededCopy() public {
        commit(ALICE, net, ROOT, 7);
        _roll(1);
        bytes32 copied = offer(MALLORY, net, ROOT, 7);
        reveal(ALICE, net, ROOT, 7);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.Superseded.selector, copied));
        datanets.accept(copied, 7);
        datanets.finalise(copied);
        vm.assertEq(datanets.owed(MALLORY), 7 ether);
    }

    /// @dev The same under committee and open rule: jurors who took the copy are not punished for what they could not know.
    function test_attack_copyUnderACommittee() public {
        vm.prank(OWNER);
        bytes32 other = datanets.create(termsOf("other", CurationRule.Committee, 1 ether));
        commit(ALICE, other, ROOT, 7);
        _roll(1);
        bytes32 copied = offer(MALLORY, other, ROOT, 7);
        bytes32 honest = reveal(ALICE, other, ROOT, 7);
        uint256 caseId = caseOf(copied, REVIEW);
        vote(caseId, ACCEPT);
        datanets.resolve(copied);
        vm.assertTrue(datanets.getContribution(copied).stage == ContributionStage.Final);
        vm.assertTrue(datanets.getContribution(copied).status == ContributionStatus.Rejected);
        vm.assertEq(jury.owed(jury.jurorsOf(caseId)[0]), FEE);
        vote(caseOf(honest, REVIEW), ACCEPT);
        datanets.resolve(honest);
        settle(honest);
        vm.assertEq(datanets.getDatanet(other).acceptedRows, 7);
        assertEmpty();
    }

    function test_attack_copyUnderTheOpenRule() public {
        vm.prank(OWNER);
        bytes32 other = datanets.create(termsOf("other", CurationRule.Open, 1 ether));
        commit(ALICE, other, ROOT, 7);
        _roll(1);
        bytes32 copied = offer(MALLORY, other, ROOT, 7);
        bytes32 honest = reveal(ALICE, other, ROOT, 7);
        vm.prank(WATCHER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.Superseded.selector, copied));
        datanets.challenge(copied);
        wait_(3 days + 1);
        datanets.finalise(copied);
        datanets.finalise(honest);
        vm.assertEq(datanets.acceptedFrom(other, ROOT), honest);
        vm.assertEq(datanets.getDatanet(other).acceptedRows, 7);
        assertEmpty();
    }

    /// @dev Squatting on a commitment seen in flight only commits for its owner, earlier than it would have been.
    function test_attack_squatOnACommitment() public {
        bytes32 commitment = Ids.contributionCommitment(net, ALICE, ROOT, 7, "salt");
        vm.prank(MALLORY);
        datanets.commitContribution(net, commitment);
        commit(ALICE, net, ROOT, 7);
        _roll(1);
        vm.prank(MALLORY);
        vm.expectRevert();
        datanets.contribute(net, ROOT, 7, "salt");
        vm.assertEq(datanets.getContribution(reveal(ALICE, net, ROOT, 7)).sequence, 1);
    }

    /// @dev A commitment for one datanet opens nothing in another.
    function test_attack_replayACommitmentElsewhere() public {
        vm.prank(OWNER);
        bytes32 other = datanets.create(termsOf("other", CurationRule.Owner, 0));
        bytes32 commitment = Ids.contributionCommitment(net, ALICE, ROOT, 7, "salt");
        vm.prank(ALICE);
        datanets.commitContribution(other, commitment);
        _roll(1);
        vm.expectRevert();
        reveal(ALICE, other, ROOT, 7);
    }

    /// @dev A flood of commitments holds others up no longer than the time to reveal, and is paid for each.
    function test_attack_floodOfCommitments() public {
        for (uint256 i; i < 200; ++i) {
            vm.prank(MALLORY);
            datanets.commitContribution(net, keccak256(abi.encode(i)));
        }
        bytes32 id = offer(ALICE, net, ROOT, 7);
        acceptAs(OWNER, id, 7);
        wait_(3 days + 1);
        datanets.settleCommitments(net, 150);
        datanets.finalise(id);
        vm.assertEq(datanets.getDatanet(net).acceptedRows, 7);
    }

    /// @dev Splitting rows over names changes no stake, and the same root is nobody's twice.
    function testFuzz_attack_sybilSplit(uint32 rows, uint8 names) public {
        rows = uint32(bound(rows, 8, 10_000));
        names = uint8(bound(names, 2, 8));
        uint256 staked;
        for (uint256 i; i < names; ++i) {
            uint32 part = i == 0 ? rows - uint32(names - 1) : 1;
            address name = address(uint160(0x515b11 + i));
            give(name, uint256(part) * 1 ether);
            offer(name, net, keccak256(abi.encode(i)), part);
            staked += uint256(part) * 1 ether;
        }
        vm.assertEq(staked, uint256(rows) * 1 ether);
        vm.assertEq(token.balanceOf(address(datanets)), staked);
    }

    /// @dev An owner who cries junk takes nothing: its contributor's appeal wins all back, and without one it is burnt.
    function test_attack_ownerCriesJunk() public {
        uint256 owner = wealth(OWNER);
        bytes32 id = offer(ALICE, net, ROOT, 100);
        vm.prank(OWNER);
        datanets.rejectAsJunk(id, 1);
        settle(id);
        vm.assertEq(wealth(OWNER), owner);
    }

    /// @dev The stake cannot be drawn while anything may still be decided against it.
    function test_attack_drawTheStakeBeforeTheEnd() public {
        bytes32 id = offer(ALICE, net, ROOT, 7);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NothingOwed.selector, ALICE));
        datanets.withdraw(ALICE);
        vm.expectRevert();
        datanets.takeBack(id);
        vm.stopPrank();
        vm.prank(OWNER);
        datanets.rejectAsJunk(id, 1);
        wait_(8 days);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, id, ContributionStage.Decided));
        datanets.takeBack(id);
    }

    /// @dev Junk, challenged by a second name of its author before others do: it still loses the treasury's part and what burns,
    /// and pays the jurors.
    function test_attack_challengeOneself() public {
        vm.prank(OWNER);
        bytes32 other = datanets.create(termsOf("other", CurationRule.Open, 1 ether));
        uint256 before = wealth(ALICE) + wealth(MALLORY);
        bytes32 id = offer(MALLORY, other, ROOT, 1000);
        vm.prank(ALICE);
        datanets.challenge(id);
        vote(caseOf(id, REVIEW), JUNK);
        datanets.resolve(id);
        settle(id);
        uint256 lost = before - wealth(ALICE) - wealth(MALLORY);
        vm.assertEq(lost, REVIEW_FEES + (1000 ether - REVIEW_FEES) / 2);
    }

    /// @dev Appealing and defending oneself, so that nobody else can: the jury decides all the same, and it costs the fees.
    function test_attack_appealAndDefendOneself() public {
        bytes32 id = offer(MALLORY, net, ROOT, 10);
        vm.prank(OWNER);
        datanets.rejectAsJunk(id, 1);
        uint256 before = wealth(MALLORY) + wealth(ALICE);
        vm.prank(MALLORY);
        datanets.appeal(id);
        vm.prank(ALICE);
        datanets.defend(id);
        vote(caseOf(id, APPEAL), JUNK);
        datanets.resolve(id);
        vm.assertTrue(datanets.getContribution(id).status == ContributionStatus.Junk);
        vm.assertEq(before - wealth(MALLORY) - wealth(ALICE), APPEAL_FEES + 10 ether);
    }

    /// @dev A challenge of an honest, small contribution that nobody defends: it falls, but brings nothing and takes nothing.
    function testFuzz_attack_challengeTheAbsent(uint32 rows) public {
        rows = uint32(bound(rows, 1, 49));
        vm.prank(OWNER);
        bytes32 other = datanets.create(termsOf("other", CurationRule.Open, 1 ether));
        (uint256 alice, uint256 mallory) = (wealth(ALICE), wealth(MALLORY));
        bytes32 id = offer(ALICE, other, ROOT, rows);
        vm.prank(MALLORY);
        datanets.challenge(id);
        wait_(3 days + 1);
        datanets.resolve(id);
        settle(id);
        vm.assertEq(wealth(MALLORY), mallory);
        vm.assertEq(wealth(ALICE), alice);
    }

    /// @dev Three of five curators take junk for their friend; one honest stranger appeals. All who voted for it lose.
    function test_attack_colludingCurators() public {
        vm.prank(OWNER);
        bytes32 other = datanets.create(termsOf("other", CurationRule.Committee, 1 ether));
        bytes32 id = offer(MALLORY, other, ROOT, 200);
        uint256 first = caseOf(id, REVIEW);
        voteSplit(first, ACCEPT, 2, JUNK);
        datanets.resolve(id);
        address[] memory jurors = jury.jurorsOf(first);
        uint256 before;
        for (uint256 i = 2; i < 5; ++i) {
            before += stakes.getPool(jurors[i]).activeWei;
        }
        uint256 watcher = wealth(WATCHER);
        vm.prank(WATCHER);
        datanets.appeal(id);
        vote(caseOf(id, APPEAL), JUNK);
        datanets.resolve(id);
        uint256 after_;
        for (uint256 i = 2; i < 5; ++i) {
            after_ += stakes.getPool(jurors[i]).activeWei;
        }
        vm.assertEq(before - after_, 3 * SEAT / 100);
        vm.assertEq(datanets.owed(MALLORY), 0);
        vm.assertTrue(wealth(WATCHER) > watcher);
        assertEmpty();
    }

    /// @dev Wrong appeals cost more than they can hold up.
    function testFuzz_attack_griefByAppeals(uint32 rows) public {
        rows = uint32(bound(rows, 110, 5000));
        // A jury of eleven costs this test most of its time and shows no more.
        parameters.set("appealJurySize", 5);
        bytes32 id = offer(ALICE, net, ROOT, rows);
        acceptAs(OWNER, id, rows);
        (uint256 mallory, uint256 alice) = (wealth(MALLORY), wealth(ALICE));
        vm.prank(MALLORY);
        datanets.appeal(id);
        vote(caseOf(id, APPEAL), ACCEPT);
        datanets.resolve(id);
        vm.assertEq(mallory - wealth(MALLORY), APPEAL_FEES * 5 / 11 + uint256(rows) * 2 ether);
        // The whole stake, and half of the bond.
        vm.assertEq(wealth(ALICE) - alice, uint256(rows) * 2 ether);
        vm.assertEq(datanets.getDatanet(net).acceptedRows, rows);
        assertEmpty();
    }

    /// @dev Governance moves prices during a dispute: what was put down stays what is paid.
    function test_attack_movePricesDuringADispute() public {
        bytes32 id = offer(ALICE, net, ROOT, 10);
        acceptAs(OWNER, id, 10);
        vm.prank(MALLORY);
        datanets.appeal(id);
        parameters.set("jurorFeeWei", 1000 ether);
        parameters.set("appealJurySize", 5);
        uint256 owner = wealth(OWNER);
        vm.prank(OWNER);
        datanets.defend(id);
        vm.assertEq(owner - wealth(OWNER), APPEAL_FEES);
        vm.assertEq(jury.getCase(caseOf(id, APPEAL)).size, 11);
        vote(caseOf(id, APPEAL), ACCEPT);
        datanets.resolve(id);
        assertEmpty();
    }

    function test_attack_nameCannotBeTakenFromAnother() public {
        vm.prank(MALLORY);
        vm.assertTrue(datanets.create(termsOf("capitals", CurationRule.Owner, 0)) != net);
        vm.assertEq(datanets.getDatanet(net).owner, OWNER);
    }

    function test_attack_onlyTheOwnerDecides() public {
        bytes32 id = offer(ALICE, net, ROOT, 7);
        bytes memory refused = abi.encodeWithSelector(IDatanetRegistry.NotDatanetOwner.selector, net, ALICE, OWNER);
        vm.startPrank(ALICE);
        vm.expectRevert(refused);
        datanets.accept(id, 7);
        vm.expectRevert(refused);
        datanets.reject(id, 1);
        vm.expectRevert(refused);
        datanets.rejectAsJunk(id, 1);
        vm.expectRevert(refused);
        datanets.snapshot(net, ROOT, 1, 1, 0);
    }

    /// @dev Freeze disputed rows: they do not count before they are final.
    function test_attack_freezeDisputedRows() public {
        bytes32 id = offer(MALLORY, net, ROOT, 7);
        acceptAs(OWNER, id, 7);
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 7, 0));
        datanets.snapshot(net, "root", 7, 1, 0);
        vm.stopPrank();
        vm.prank(WATCHER);
        datanets.appeal(id);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 7, 0));
        datanets.snapshot(net, "root", 7, 1, 0);
    }

    /// @dev Make models look stale by erasing rows that nobody took, or nodes of the tree that are no rows.
    function test_attack_falseTombstones() public {
        bytes32[] memory leaves = new bytes32[](4);
        for (uint256 i; i < 4; ++i) {
            leaves[i] = Ids.rowLeaf(bytes32(i + 1));
        }
        bytes32 id = offer(MALLORY, net, MerkleTree.root(leaves), 4);
        bytes32[] memory proof = MerkleTree.proof(leaves, 0);
        vm.prank(MALLORY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, id, ContributionStage.Review));
        datanets.tombstone(id, bytes32(uint256(1)), proof);
        acceptAs(OWNER, id, 4);
        // An inner node with the rest of its path: rows are hashed twice, so it opens nothing.
        bytes32 inner = Hashes.commutativeKeccak256(leaves[0], leaves[1]);
        bytes32[] memory rest = new bytes32[](1);
        rest[0] = proof[1];
        vm.startPrank(MALLORY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidProof.selector, id, inner));
        datanets.tombstone(id, inner, rest);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidProof.selector, id, MerkleTree.root(leaves)));
        datanets.tombstone(id, MerkleTree.root(leaves), new bytes32[](0));
    }

    /// @dev A token that calls back, as OPEN never does: every way in is shut while money moves.
    function test_attack_reentrancy() public {
        HostileToken hostile = new HostileToken();
        DatanetRegistry other = new DatanetRegistry(IERC20(address(hostile)), parameters, jury, TREASURY);
        vm.prank(OWNER);
        bytes32 id = other.create(termsOf("capitals", CurationRule.Owner, 1 ether));
        hostile.mint(ALICE, 100 ether);
        bytes32 commitment = Ids.contributionCommitment(id, ALICE, ROOT, 7, "salt");
        vm.startPrank(ALICE);
        hostile.approve(address(other), type(uint256).max);
        other.commitContribution(id, commitment);
        _roll(1);
        hostile.arm(address(other), abi.encodeCall(other.contribute, (id, ROOT, 7, "salt")));
        bytes32 contribution = other.contribute(id, ROOT, 7, "salt");
        vm.stopPrank();
        _wasShut(hostile, 1);
        vm.prank(OWNER);
        other.reject(contribution, 1);
        wait_(3 days + 1);
        other.finalise(contribution);
        hostile.arm(address(other), abi.encodeCall(other.withdraw, (ALICE)));
        other.withdraw(ALICE);
        _wasShut(hostile, 2);
        vm.assertEq(hostile.balanceOf(ALICE), 100 ether);
        vm.assertEq(hostile.balanceOf(address(other)), 0);
    }

    function _wasShut(HostileToken hostile, uint256 attempts) private view {
        vm.assertEq(hostile.attempts(), attempts);
        vm.assertFalse(hostile.succeeded());
        vm.assertEq(bytes32(hostile.failure()), bytes32(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector));
    }
}
