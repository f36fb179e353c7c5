// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDatanetRegistry} from "../../src/interfaces/IDatanetRegistry.sol";
import {Contribution, ContributionStatus, Datanet, Snapshot} from "../../src/types/Datanets.sol";
import {World} from "../support/World.sol";

contract DatanetRegistryTest is World {
    address private constant ALICE = address(0xa11);
    address private constant MALLORY = address(0xbad);
    bytes32 private constant ROOT = keccak256("rows of alice");

    function test_create() public {
        bytes32 expected = keccak256(abi.encode(ALICE, "rivers"));
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DatanetCreated(expected, ALICE, "rivers", "terms", "CC0-1.0");
        vm.prank(ALICE);
        bytes32 id = datanets.create("rivers", "terms", "CC0-1.0");
        vm.assertEq(id, expected);
        Datanet memory datanet = datanets.getDatanet(id);
        vm.assertEq(datanet.owner, ALICE);
        vm.assertEq(datanet.name, "rivers");
        vm.assertEq(datanet.licence, "CC0-1.0");
        vm.assertEq(datanet.termsHash, "terms");
        vm.assertEq(datanet.latestVersion, 0);
        vm.assertEq(datanet.acceptedRows, 0);
    }

    function test_create_refusesTheSameNameTwice() public {
        vm.prank(curator);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.DatanetExists.selector, datanetId));
        datanets.create("capitals", "terms", "CC0-1.0");
    }

    function test_attack_nameCannotBeTakenFromAnother() public {
        vm.prank(MALLORY);
        vm.assertTrue(datanets.create("capitals", "terms", "CC0-1.0") != datanetId);
        vm.assertEq(datanets.getDatanet(datanetId).owner, curator);
    }

    function test_create_refusesBadTexts() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidText.selector, "name", 0, 64));
        datanets.create("", "terms", "CC0-1.0");
        string memory long = "12345678901234567890123456789012345678901234567890123456789012345";
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidText.selector, "name", 65, 64));
        datanets.create(long, "terms", "CC0-1.0");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidText.selector, "licence", 0, 64));
        datanets.create("rivers", "terms", "");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroDigest.selector, "termsHash"));
        datanets.create("rivers", 0, "CC0-1.0");
    }

    function test_contribute() public {
        bytes32 expected = keccak256(abi.encode(datanetId, ALICE, ROOT));
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.Contributed(datanetId, expected, ALICE, ROOT, 7);
        bytes32 id = _contribute(ALICE, 7);
        vm.assertEq(id, expected);
        Contribution memory contribution = datanets.getContribution(id);
        vm.assertEq(contribution.datanetId, datanetId);
        vm.assertEq(contribution.rowsRoot, ROOT);
        vm.assertEq(contribution.contributor, ALICE);
        vm.assertEq(contribution.rowCount, 7);
        vm.assertTrue(contribution.status == ContributionStatus.Pending);
    }

    function test_contribute_refusesTheSameRootTwice() public {
        bytes32 id = _contribute(ALICE, 7);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ContributionExists.selector, id));
        datanets.contribute(datanetId, ROOT, 7);
        vm.prank(curator);
        datanets.reject(id, 3);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ContributionExists.selector, id));
        datanets.contribute(datanetId, ROOT, 7);
    }

    function test_contribute_refusesNothing() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, bytes32("none")));
        datanets.contribute("none", ROOT, 7);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroDigest.selector, "rowsRoot"));
        datanets.contribute(datanetId, 0, 7);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 0, type(uint32).max));
        datanets.contribute(datanetId, ROOT, 0);
    }

    function test_accept() public {
        bytes32 id = _contribute(ALICE, 7);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionAccepted(datanetId, id, ALICE, 6);
        vm.prank(curator);
        datanets.accept(id, 6);
        Contribution memory contribution = datanets.getContribution(id);
        vm.assertTrue(contribution.status == ContributionStatus.Accepted);
        vm.assertEq(contribution.acceptedRows, 6);
        vm.assertEq(datanets.getDatanet(datanetId).acceptedRows, 16);
        vm.assertEq(datanets.acceptedFrom(datanetId, ROOT), id);
    }

    function test_accept_refusesMoreThanOfferedOrNone() public {
        bytes32 id = _contribute(ALICE, 7);
        vm.startPrank(curator);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 8, 7));
        datanets.accept(id, 8);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 0, 7));
        datanets.accept(id, 0);
    }

    function test_reject() public {
        bytes32 id = _contribute(ALICE, 7);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.ContributionRejected(datanetId, id, ALICE, 3);
        vm.prank(curator);
        datanets.reject(id, 3);
        Contribution memory contribution = datanets.getContribution(id);
        vm.assertTrue(contribution.status == ContributionStatus.Rejected);
        vm.assertEq(contribution.reasonCode, 3);
        vm.assertEq(datanets.acceptedFrom(datanetId, ROOT), 0);
    }

    function test_reject_wantsAReason() public {
        bytes32 id = _contribute(ALICE, 7);
        vm.prank(curator);
        vm.expectRevert(IDatanetRegistry.ReasonMissing.selector);
        datanets.reject(id, 0);
    }

    function test_decision_isFinal() public {
        bytes32 id = _contribute(ALICE, 7);
        vm.startPrank(curator);
        datanets.accept(id, 7);
        bytes memory decided =
            abi.encodeWithSelector(IDatanetRegistry.ContributionDecided.selector, id, ContributionStatus.Accepted);
        vm.expectRevert(decided);
        datanets.reject(id, 3);
        vm.expectRevert(decided);
        datanets.accept(id, 7);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownContribution.selector, bytes32("none")));
        datanets.accept("none", 1);
    }

    function test_attack_onlyTheOwnerDecides() public {
        bytes32 id = _contribute(ALICE, 7);
        bytes memory refused =
            abi.encodeWithSelector(IDatanetRegistry.NotDatanetOwner.selector, datanetId, ALICE, curator);
        vm.startPrank(ALICE);
        vm.expectRevert(refused);
        datanets.accept(id, 7);
        vm.expectRevert(refused);
        datanets.reject(id, 1);
        vm.expectRevert(refused);
        datanets.snapshot(datanetId, ROOT, 1, 2);
    }

    /// @dev Mallory sees Alice's root in flight and is mined first. Alice is not shut out, and once hers is accepted
    /// the copy never can be.
    function test_attack_frontRunContribution() public {
        bytes32 copied = _contribute(MALLORY, 7);
        bytes32 honest = _contribute(ALICE, 7);
        vm.startPrank(curator);
        datanets.accept(honest, 7);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.RootAlreadyAccepted.selector, datanetId, ROOT));
        datanets.accept(copied, 7);
        vm.assertEq(datanets.acceptedFrom(datanetId, ROOT), honest);
    }

    function test_snapshot() public {
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.SnapshotPublished(datanetId, 2, ROOT, 9);
        vm.prank(curator);
        datanets.snapshot(datanetId, ROOT, 9, 2);
        Snapshot memory frozen = datanets.getSnapshot(datanetId, 2);
        vm.assertEq(frozen.root, ROOT);
        vm.assertEq(frozen.rowCount, 9);
        vm.assertEq(frozen.timestamp, block.timestamp);
        vm.assertEq(datanets.getDatanet(datanetId).latestVersion, 2);
        vm.assertEq(datanets.getSnapshot(datanetId, 3).root, 0);
    }

    function test_snapshot_versionsAreConsecutive() public {
        vm.startPrank(curator);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidVersion.selector, 1, 2));
        datanets.snapshot(datanetId, ROOT, 9, 1);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidVersion.selector, 3, 2));
        datanets.snapshot(datanetId, ROOT, 9, 3);
    }

    function test_snapshot_refusesRowsNobodyGave() public {
        vm.startPrank(curator);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 11, 10));
        datanets.snapshot(datanetId, ROOT, 11, 2);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, 0, 10));
        datanets.snapshot(datanetId, ROOT, 0, 2);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.ZeroDigest.selector, "root"));
        datanets.snapshot(datanetId, 0, 9, 2);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, bytes32("none")));
        datanets.snapshot("none", ROOT, 9, 1);
    }

    function test_getters_refuseUnknownIds() public {
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownDatanet.selector, bytes32("none")));
        datanets.getDatanet("none");
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.UnknownContribution.selector, bytes32("none")));
        datanets.getContribution("none");
    }

    function testFuzz_acceptedRowsNeverExceedOffered(uint32 offered, uint32 accepted) public {
        offered = uint32(bound(offered, 1, type(uint32).max));
        bytes32 id = _contribute(ALICE, offered);
        vm.prank(curator);
        if (accepted == 0 || accepted > offered) {
            vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.InvalidRowCount.selector, accepted, offered));
            datanets.accept(id, accepted);
            return;
        }
        datanets.accept(id, accepted);
        vm.assertEq(datanets.getDatanet(datanetId).acceptedRows, 10 + uint256(accepted));
    }

    function _contribute(address contributor, uint32 rows) private returns (bytes32) {
        vm.prank(contributor);
        return datanets.contribute(datanetId, ROOT, rows);
    }
}
