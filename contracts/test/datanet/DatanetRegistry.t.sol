// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {DatanetRegistry} from "../../src/datanet/DatanetRegistry.sol";
import {IDatanetRegistry} from "../../src/interfaces/IDatanetRegistry.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {Ids} from "../../src/libraries/Ids.sol";
import {
    Commitment,
    Contribution,
    ContributionStage,
    ContributionStatus,
    CurationRule,
    Datanet,
    DatanetTerms,
    Snapshot
} from "../../src/types/Datanets.sol";
import {DatanetWorld} from "../support/DatanetWorld.sol";
import {MerkleTree} from "../support/MerkleTree.sol";

/// @dev Terms, contributions and the owner's rule, snapshots and tombstones. Disputes stand in DatanetDisputes.t.sol.
contract DatanetRegistryTest is DatanetWorld {
    bytes32 private constant ROOT = keccak256("rows of alice");
    bytes32 private net;

    function setUp() public override {
        super.setUp();
        net = create(CurationRule.Owner, 1 ether);
    }

    function test_constructor_refusesNobody() public {
        (IERC20 t, IParameters p, IJury j) = (token, parameters, jury);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroAccount.selector, "token"));
        new DatanetRegistry(IERC20(address(0)), p, j, TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroAccount.selector, "parameters"));
        new DatanetRegistry(t, IParameters(address(0)), j, TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroAccount.selector, "jury"));
        new DatanetRegistry(t, p, IJury(address(0)), TREASURY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroAccount.selector, "treasury"));
        new DatanetRegistry(t, p, j, address(0));
    }

    function test_create() public {
        DatanetTerms memory terms = termsOf("rivers", CurationRule.Open, 7);
        bytes32 expected = keccak256(abi.encode(ALICE, "rivers"));
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetCreated(expected, ALICE, terms);
        vm.prank(ALICE);
        vm.assertEq(datanets.create(terms), expected);
        Datanet memory made = datanets.getDatanet(expected);
        vm.assertEq(made.owner, ALICE);
        vm.assertEq(made.name, "rivers");
        vm.assertEq(made.licence, "CC-BY-4.0");
        vm.assertEq(made.contentType, "application/jsonl");
        vm.assertEq(made.termsHash, "terms");
        vm.assertEq(made.schemaHash, "schema");
        vm.assertEq(made.stakePerRowWei, 7);
        vm.assertEq(made.accessPriceWei, 3);
        vm.assertEq(made.contributorsPpm, 500_000);
        vm.assertTrue(made.rule == CurationRule.Open);
        vm.assertEq(uint256(made.latestVersion) + made.acceptedRows + made.tombstones, 0);
    }

    function test_create_refusesTheSameNameTwice() public {
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.DatanetExists.selector, net));
        datanets.create(termsOf("capitals", CurationRule.Owner, 0));
    }

    function test_create_refusesBadTerms() public {
        DatanetTerms memory terms = termsOf("", CurationRule.Owner, 0);
        _refusesText(terms, "name", 0);
        terms = termsOf("x", CurationRule.Owner, 0);
        terms.name = "12345678901234567890123456789012345678901234567890123456789012345";
        _refusesText(terms, "name", 65);
        terms = termsOf("x", CurationRule.Owner, 0);
        terms.licence = "";
        _refusesText(terms, "licence", 0);
        terms = termsOf("x", CurationRule.Owner, 0);
        terms.contentType = "";
        _refusesText(terms, "contentType", 0);
        terms = termsOf("x", CurationRule.Owner, 0);
        terms.termsHash = 0;
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroDigest.selector, "termsHash"));
        datanets.create(terms);
        terms = termsOf("x", CurationRule.Owner, 1000 ether + 1);
        _refusesTerm(terms, "stakePerRowWei", 1000 ether + 1, 1000 ether);
        terms = termsOf("x", CurationRule.Owner, 0);
        terms.accessPriceWei = 1000 ether + 1;
        _refusesTerm(terms, "accessPriceWei", 1000 ether + 1, 1000 ether);
        terms = termsOf("x", CurationRule.Owner, 0);
        terms.contributorsPpm = 1_000_001;
        _refusesTerm(terms, "contributorsPpm", 1_000_001, 1_000_000);
        terms = termsOf("x", CurationRule.Owner, 1000 ether);
        terms.contributorsPpm = 1_000_000;
        terms.accessPriceWei = 1000 ether;
        terms.name = "1234567890123456789012345678901234567890123456789012345678901234";
        datanets.create(terms);
    }

    function test_commit() public {
        bytes32 commitment = Ids.contributionCommitment(net, ALICE, ROOT, 7, "salt");
        vm.assertEq(commitment, keccak256(abi.encode(net, ALICE, ROOT, uint32(7), bytes32("salt"))));
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionCommitted(net, ALICE, commitment, 1, time + 1 days);
        commit(ALICE, net, ROOT, 7);
        Commitment memory made = datanets.getCommitment(net, commitment);
        vm.assertEq(made.sequence, 1);
        vm.assertEq(made.blockNumber, blockNumber);
        vm.assertEq(made.revealEnds, time + 1 days);
        // Again, and by somebody else: nothing changes while it may be revealed.
        wait_(1 days);
        vm.prank(MALLORY);
        datanets.commitContribution(net, commitment);
        vm.assertEq(datanets.getCommitment(net, commitment).sequence, 1);
        (uint256 madeCount, uint256 settled) = datanets.commitments(net);
        vm.assertEq(madeCount * 10 + settled, 10);
        // Out of time: again it is a new one.
        wait_(1);
        datanets.commitContribution(net, commitment);
        vm.assertEq(datanets.getCommitment(net, commitment).sequence, 2);
    }

    function test_commit_refuses() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, bytes32("none")));
        datanets.commitContribution("none", "x");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroDigest.selector, "commitment"));
        datanets.commitContribution(net, 0);
    }

    function test_contribute() public {
        bytes32 expected = keccak256(abi.encode(net, ALICE, ROOT));
        commit(ALICE, net, ROOT, 7);
        _roll(1);
        uint256 before = token.balanceOf(ALICE);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.Contributed(net, expected, ALICE, ROOT, 7);
        vm.assertEq(reveal(ALICE, net, ROOT, 7), expected);
        vm.assertEq(before - token.balanceOf(ALICE), 7 ether);
        vm.assertEq(token.balanceOf(address(datanets)), 7 ether);
        Contribution memory made = datanets.getContribution(expected);
        vm.assertEq(made.datanetId, net);
        vm.assertEq(made.rowsRoot, ROOT);
        vm.assertEq(made.contributor, ALICE);
        vm.assertEq(made.rowCount, 7);
        vm.assertEq(made.stakeWei, 7 ether);
        vm.assertEq(made.sequence, 1);
        vm.assertEq(made.deadline, time + 7 days);
        vm.assertTrue(made.status == ContributionStatus.Pending && made.stage == ContributionStage.Review);
        vm.assertEq(datanets.holderOf(net, ROOT), expected);
        vm.assertEq(datanets.acceptedFrom(net, ROOT), 0);
    }

    function test_contribute_onlyWhatWasCommitted() public {
        commit(ALICE, net, ROOT, 7);
        _roll(1);
        bytes32 asked = Ids.contributionCommitment(net, ALICE, ROOT, 8, "salt");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownCommitment.selector, net, asked));
        reveal(ALICE, net, ROOT, 8);
        asked = Ids.contributionCommitment(net, MALLORY, ROOT, 7, "salt");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownCommitment.selector, net, asked));
        reveal(MALLORY, net, ROOT, 7);
    }

    function test_contribute_inItsTime() public {
        commit(ALICE, net, ROOT, 7);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.RevealTooEarly.selector, blockNumber));
        reveal(ALICE, net, ROOT, 7);
        uint256 ends = time + 1 days;
        wait_(1 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.RevealTooLate.selector, ends));
        reveal(ALICE, net, ROOT, 7);
        commit(ALICE, net, ROOT, 7);
        wait_(1 days);
        reveal(ALICE, net, ROOT, 7);
    }

    function test_contribute_refuses() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, bytes32("none")));
        datanets.contribute("none", ROOT, 7, "salt");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroDigest.selector, "rowsRoot"));
        datanets.contribute(net, 0, 7, "salt");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 0, type(uint32).max));
        datanets.contribute(net, ROOT, 0, "salt");
        bytes32 id = offer(ALICE, net, ROOT, 7);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ContributionExists.selector, id));
        reveal(ALICE, net, ROOT, 7);
    }

    function test_accept_countsWhenFinal() public {
        bytes32 id = offer(ALICE, net, ROOT, 7);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionAccepted(net, id, ALICE, 6);
        acceptAs(OWNER, id, 6);
        vm.assertEq(datanets.getDatanet(net).acceptedRows, 0);
        vm.assertEq(datanets.acceptedFrom(net, ROOT), id);
        uint256 deadline = time + 3 days;
        vm.assertEq(datanets.getContribution(id).deadline, deadline);
        wait_(3 days);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TooEarly.selector, id, deadline));
        datanets.finalise(id);
        wait_(1);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionFinal(net, id, ContributionStatus.Accepted);
        datanets.finalise(id);
        vm.assertEq(datanets.getDatanet(net).acceptedRows, 6);
        vm.assertEq(datanets.getContribution(id).acceptedRows, 6);
        assertStage(id, ContributionStage.Final);
        vm.assertEq(datanets.owed(ALICE), 7 ether);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, id, ContributionStage.Final));
        datanets.finalise(id);
        assertEmpty();
    }

    function test_accept_refuses() public {
        bytes32 id = offer(ALICE, net, ROOT, 7);
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 8, 7));
        datanets.accept(id, 8);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 0, 7));
        datanets.accept(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownContribution.selector, bytes32("none")));
        datanets.accept("none", 1);
        datanets.accept(id, 7);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, id, ContributionStage.Decided));
        datanets.reject(id, 1);
    }

    function test_decide_wantsTheOwnersRule() public {
        vm.startPrank(OWNER);
        bytes32 open = datanets.create(termsOf("open", CurationRule.Open, 0));
        vm.stopPrank();
        bytes32 id = offer(ALICE, open, ROOT, 7);
        vm.startPrank(OWNER);
        bytes memory refused =
            abi.encodeWithSelector(IDatanetRegistry.WrongRule.selector, open, CurationRule.Open, CurationRule.Owner);
        vm.expectRevert(refused);
        datanets.accept(id, 7);
        vm.expectRevert(refused);
        datanets.rejectAsJunk(id, 7);
        vm.stopPrank();
        wait_(30 days);
        vm.prank(ALICE);
        vm.expectRevert(refused);
        datanets.takeBack(id);
    }

    function test_reject_givesTheStakeBack() public {
        bytes32 id = offer(ALICE, net, ROOT, 7);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionRejected(net, id, ALICE, 3);
        vm.prank(OWNER);
        datanets.reject(id, 3);
        settle(id);
        Contribution memory made = datanets.getContribution(id);
        vm.assertTrue(made.status == ContributionStatus.Rejected);
        vm.assertEq(made.reasonCode, 3);
        vm.assertEq(datanets.owed(ALICE), 7 ether);
        vm.assertEq(datanets.getDatanet(net).acceptedRows, 0);
        assertEmpty();
    }

    function test_junk_losesTheStake_noneOfItToTheOwner() public {
        bytes32 id = offer(ALICE, net, ROOT, 8);
        uint256 supply = token.totalSupply();
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionJunk(net, id, ALICE, 9);
        vm.prank(OWNER);
        datanets.rejectAsJunk(id, 9);
        settle(id);
        vm.assertEq(datanets.owed(ALICE), 0);
        vm.assertEq(datanets.owed(OWNER), 0);
        vm.assertEq(datanets.owed(TREASURY), 2 ether);
        vm.assertEq(supply - token.totalSupply(), 6 ether);
        assertEmpty();
    }

    function test_reject_wantsAReason() public {
        bytes32 id = offer(ALICE, net, ROOT, 7);
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidReason.selector, 0));
        datanets.reject(id, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidReason.selector, 250));
        datanets.rejectAsJunk(id, 250);
        datanets.reject(id, 249);
    }

    function test_takeBack() public {
        bytes32 id = offer(ALICE, net, ROOT, 7);
        uint256 deadline = time + 7 days;
        wait_(7 days);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TooEarly.selector, id, deadline));
        datanets.takeBack(id);
        wait_(1);
        vm.prank(MALLORY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotContributor.selector, id, MALLORY, ALICE));
        datanets.takeBack(id);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionTakenBack(net, id, ALICE);
        vm.prank(ALICE);
        datanets.takeBack(id);
        vm.assertEq(datanets.owed(ALICE), 7 ether);
        vm.assertTrue(datanets.getContribution(id).status == ContributionStatus.TakenBack);
        vm.prank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, id, ContributionStage.Final));
        datanets.accept(id, 7);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, id, ContributionStage.Final));
        datanets.takeBack(id);
        assertEmpty();
    }

    function test_finalise_wantsADecision() public {
        bytes32 id = offer(ALICE, net, ROOT, 7);
        wait_(30 days);
        vm.expectRevert(
            abi.encodeWithSelector(IDatanetRegistry.WrongRule.selector, net, CurationRule.Owner, CurationRule.Open)
        );
        datanets.finalise(id);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownContribution.selector, bytes32("none")));
        datanets.finalise("none");
    }

    function test_withdraw_once() public {
        bytes32 id = offer(ALICE, net, ROOT, 7);
        acceptAs(OWNER, id, 7);
        settle(id);
        uint256 before = token.balanceOf(ALICE);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.Withdrawn(ALICE, 7 ether);
        vm.prank(MALLORY);
        vm.assertEq(datanets.withdraw(ALICE), 7 ether);
        vm.assertEq(token.balanceOf(ALICE) - before, 7 ether);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NothingOwed.selector, ALICE));
        datanets.withdraw(ALICE);
    }

    function test_finalise_waitsForEarlierCommitments() public {
        commit(MALLORY, net, "other", 1);
        bytes32 id = offer(ALICE, net, ROOT, 7);
        acceptAs(OWNER, id, 7);
        // Appeals are over, and the earlier commitment could still be opened, had it a longer time.
        parameters.set("revealSeconds", 7 days);
        commit(MALLORY, net, "third", 1);
        bytes32 late = offer(WATCHER, net, "late", 1);
        acceptAs(OWNER, late, 1);
        wait_(3 days + 1);
        datanets.finalise(id);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.EarlierCommitmentsOpen.selector, net, 4, 2));
        datanets.finalise(late);
        reveal(MALLORY, net, "third", 1);
        datanets.finalise(late);
        (uint256 made, uint256 settled) = datanets.commitments(net);
        vm.assertEq(made, 4);
        vm.assertEq(settled, 3);
    }

    function test_settleCommitments_inSteps() public {
        for (uint256 i; i < 70; ++i) {
            datanets.commitContribution(net, keccak256(abi.encode(i)));
        }
        bytes32 id = offer(ALICE, net, ROOT, 7);
        acceptAs(OWNER, id, 7);
        vm.assertEq(datanets.settleCommitments(net, 100), 0);
        wait_(3 days + 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.EarlierCommitmentsOpen.selector, net, 71, 64));
        datanets.finalise(id);
        vm.assertEq(datanets.settleCommitments(net, 5), 5);
        vm.assertEq(datanets.settleCommitments(net, 1), 6);
        datanets.finalise(id);
        vm.assertEq(datanets.settleCommitments(net, 9), 71);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, bytes32("none")));
        datanets.settleCommitments("none", 9);
    }

    function test_snapshot() public {
        _accepted(10);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.SnapshotPublished(net, 1, "root", 9, 0);
        vm.prank(OWNER);
        datanets.snapshot(net, "root", 9, 1, 0);
        Snapshot memory frozen = datanets.getSnapshot(net, 1);
        vm.assertEq(frozen.root, "root");
        vm.assertEq(frozen.rowCount, 9);
        vm.assertEq(frozen.timestamp, time);
        vm.assertEq(frozen.tombstones, 0);
        vm.assertEq(datanets.getDatanet(net).latestVersion, 1);
        vm.assertEq(datanets.getSnapshot(net, 2).root, 0);
    }

    function test_snapshot_refuses() public {
        _accepted(10);
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidVersion.selector, 2, 1));
        datanets.snapshot(net, "root", 9, 2, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 11, 10));
        datanets.snapshot(net, "root", 11, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 0, 10));
        datanets.snapshot(net, "root", 0, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroDigest.selector, "root"));
        datanets.snapshot(net, 0, 9, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TombstonesDiffer.selector, net, 1, 0));
        datanets.snapshot(net, "root", 9, 1, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, bytes32("none")));
        datanets.snapshot("none", "root", 9, 1, 0);
        datanets.snapshot(net, "root", 10, 1, 0);
    }

    function test_tombstone() public {
        (bytes32 id, bytes32[] memory rows, bytes32[] memory leaves) = _rows(4, 4);
        vm.prank(OWNER);
        datanets.snapshot(net, "root", 4, 1, 0);
        vm.assertFalse(datanets.isStale(net, 1));
        bytes32[] memory proof = MerkleTree.proof(leaves, 2);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.Tombstone(net, id, rows[2], ALICE, 1);
        vm.prank(ALICE);
        datanets.tombstone(id, rows[2], proof);
        vm.assertTrue(datanets.isErased(id, rows[2]));
        vm.assertFalse(datanets.isErased(id, rows[1]));
        vm.assertTrue(datanets.isStale(net, 1));
        vm.assertFalse(datanets.isStale(net, 2));
        vm.assertEq(datanets.getDatanet(net).acceptedRows, 3);
        vm.assertEq(datanets.getDatanet(net).tombstones, 1);
        vm.startPrank(OWNER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TombstonesDiffer.selector, net, 0, 1));
        datanets.snapshot(net, "next", 3, 2, 0);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 4, 3));
        datanets.snapshot(net, "next", 4, 2, 1);
        datanets.snapshot(net, "next", 3, 2, 1);
        vm.assertFalse(datanets.isStale(net, 2));
        vm.assertTrue(datanets.isStale(net, 1));
        // The owner may too: a legal order.
        datanets.tombstone(id, rows[0], MerkleTree.proof(leaves, 0));
        vm.assertTrue(datanets.isStale(net, 2));
    }

    function test_tombstone_refuses() public {
        (bytes32 id, bytes32[] memory rows, bytes32[] memory leaves) = _rows(4, 4);
        bytes32[] memory proof = MerkleTree.proof(leaves, 2);
        vm.prank(MALLORY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotEraser.selector, id, MALLORY));
        datanets.tombstone(id, rows[2], proof);
        vm.startPrank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidProof.selector, id, rows[1]));
        datanets.tombstone(id, rows[1], proof);
        datanets.tombstone(id, rows[2], proof);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TombstoneExists.selector, id, rows[2]));
        datanets.tombstone(id, rows[2], proof);
        vm.stopPrank();
        bytes32 pending = offer(WATCHER, net, MerkleTree.root(leaves) ^ bytes32(uint256(1)), 4);
        vm.prank(WATCHER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, pending, ContributionStage.Review));
        datanets.tombstone(pending, rows[2], proof);
    }

    /// @dev Of 4 offered 3 were taken: the first erased may be the one that was not, so the bound stays; then it falls.
    function test_tombstone_ofAPartlyAcceptedContribution() public {
        (bytes32 id, bytes32[] memory rows, bytes32[] memory leaves) = _rows(4, 3);
        uint64[4] memory left = [uint64(3), 2, 1, 0];
        for (uint256 i; i < 4; ++i) {
            vm.prank(ALICE);
            datanets.tombstone(id, rows[i], MerkleTree.proof(leaves, i));
            vm.assertEq(datanets.getDatanet(net).acceptedRows, left[i]);
        }
    }

    /// @dev Erased between decision and finality: counted once, when it becomes final.
    function test_tombstone_beforeFinal() public {
        (bytes32[] memory rows, bytes32[] memory leaves) = _tree(4);
        bytes32 id = offer(ALICE, net, MerkleTree.root(leaves), 4);
        acceptAs(OWNER, id, 4);
        vm.prank(ALICE);
        datanets.tombstone(id, rows[3], MerkleTree.proof(leaves, 3));
        vm.assertEq(datanets.getDatanet(net).acceptedRows, 0);
        settle(id);
        vm.assertEq(datanets.getDatanet(net).acceptedRows, 3);
    }

    function test_getters_refuseUnknownIds() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, bytes32("none")));
        datanets.getDatanet("none");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownContribution.selector, bytes32("none")));
        datanets.getContribution("none");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownContribution.selector, bytes32("none")));
        datanets.disputeCost("none");
    }

    function testFuzz_acceptedRowsNeverExceedOffered(uint32 offered, uint32 accepted) public {
        offered = uint32(bound(offered, 1, 1000));
        accepted = uint32(bound(accepted, 0, 2000));
        bytes32 id = offer(ALICE, net, ROOT, offered);
        vm.prank(OWNER);
        if (accepted == 0 || accepted > offered) {
            vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, accepted, offered));
            datanets.accept(id, accepted);
            return;
        }
        datanets.accept(id, accepted);
        settle(id);
        vm.assertEq(datanets.getDatanet(net).acceptedRows, accepted);
        vm.assertEq(datanets.owed(ALICE), uint256(offered) * 1 ether);
    }

    function _refusesText(DatanetTerms memory terms, string memory field, uint256 length) private {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidText.selector, field, length, 64));
        datanets.create(terms);
    }

    function _refusesTerm(DatanetTerms memory terms, string memory field, uint256 value, uint256 max) private {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TermTooHigh.selector, field, value, max));
        datanets.create(terms);
    }

    function _accepted(uint32 rows) private returns (bytes32 id) {
        id = offer(ALICE, net, ROOT, rows);
        acceptAs(OWNER, id, rows);
        settle(id);
    }

    function _tree(uint256 count) private pure returns (bytes32[] memory rows, bytes32[] memory leaves) {
        (rows, leaves) = (new bytes32[](count), new bytes32[](count));
        for (uint256 i; i < count; ++i) {
            rows[i] = keccak256(abi.encode("row", i));
            leaves[i] = Ids.rowLeaf(rows[i]);
        }
    }

    function _rows(uint32 count, uint32 taken)
        private
        returns (bytes32 id, bytes32[] memory rows, bytes32[] memory leaves)
    {
        (rows, leaves) = _tree(count);
        id = offer(ALICE, net, MerkleTree.root(leaves), count);
        acceptAs(OWNER, id, taken);
        settle(id);
    }
}
