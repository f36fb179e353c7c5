// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IDatanetRegistry} from "../../src/interfaces/IDatanetRegistry.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {Contribution, ContributionStage, ContributionStatus, CurationRule, Dispute} from "../../src/types/Datanets.sol";
import {DatanetWorld} from "../support/DatanetWorld.sol";

/// @dev Reviews by committee, challenges, appeals: who decides, and who pays.
contract DatanetDisputesTest is DatanetWorld {
    bytes32 private constant ROOT = keccak256("rows of alice");
    uint8 private constant REVIEW = 0;
    uint8 private constant APPEAL = 1;

    // The committee's rule

    function test_committee_accepts() public {
        bytes32 id = _underReview(10);
        vm.assertEq(token.balanceOf(address(datanets)), 10 ether);
        uint256 caseId = caseOf(id, REVIEW);
        IJury.Case memory opened = jury.getCase(caseId);
        vm.assertEq(opened.court, address(datanets));
        vm.assertEq(opened.subject, id);
        vm.assertEq(opened.size, 5);
        vm.assertEq(opened.choices, 3);
        vm.assertEq(opened.feeWei, REVIEW_FEES);
        assertStage(id, ContributionStage.Judged);
        vote(caseId, ACCEPT);
        datanets.resolve(id);
        vm.assertEq(datanets.getContribution(id).acceptedRows, 10);
        _status(id, ContributionStage.Decided, ContributionStatus.Accepted);
        settle(id);
        vm.assertEq(datanets.owed(ALICE), 10 ether);
        vm.assertEq(_datanetOf(id), 10);
        vm.assertTrue(jury.getCase(caseId).phase == IJury.Phase.Settled);
        vm.assertEq(jury.owed(jury.jurorsOf(caseId)[0]), FEE);
        assertEmpty();
    }

    function test_committee_refusesHonestRows() public {
        bytes32 id = _underReview(10);
        vote(caseOf(id, REVIEW), REJECT);
        datanets.resolve(id);
        _status(id, ContributionStage.Decided, ContributionStatus.Rejected);
        vm.assertEq(datanets.getContribution(id).reasonCode, datanets.REASON_COMMITTEE());
        settle(id);
        vm.assertEq(datanets.owed(ALICE), 10 ether);
        assertEmpty();
    }

    function test_committee_findsJunk() public {
        bytes32 id = _underReview(10);
        vote(caseOf(id, REVIEW), JUNK);
        datanets.resolve(id);
        settle(id);
        _status(id, ContributionStage.Final, ContributionStatus.Junk);
        vm.assertEq(datanets.owed(ALICE), 0);
        vm.assertEq(datanets.owed(TREASURY), 2.5 ether);
        assertEmpty();
    }

    function test_committee_thatNeverVotes_givesStakeAndFeesBack() public {
        uint256 before = wealth(ALICE);
        bytes32 id = _underReview(10);
        vote(caseOf(id, REVIEW), 0);
        datanets.resolve(id);
        vm.assertEq(datanets.getContribution(id).reasonCode, datanets.REASON_NO_VERDICT());
        settle(id);
        _status(id, ContributionStage.Final, ContributionStatus.Rejected);
        vm.assertEq(wealth(ALICE), before);
        assertEmpty();
    }

    function test_committee_leavesOutContributorAndOwner() public {
        _curates(ALICE);
        _curates(OWNER);
        bytes32 id = _underReview(10);
        address[3] memory kept = [ALICE, OWNER, address(0)];
        uint256 caseId = caseOf(id, REVIEW);
        _roll(10);
        jury.draw(caseId);
        address[] memory jurors = jury.jurorsOf(caseId);
        vm.assertEq(jurors.length, 5);
        for (uint256 i; i < jurors.length; ++i) {
            vm.assertTrue(jurors[i] != kept[0] && jurors[i] != kept[1]);
        }
    }

    /// @dev Whoever put money on either side does not judge, whichever side it is.
    function test_cases_leaveOutBothSides() public {
        bytes32 id = _pending(CurationRule.Open, "open", 60);
        _expectCase(id, 5, WATCHER, REVIEW_FEES);
        vm.prank(WATCHER);
        datanets.challenge(id);
        vote(caseOf(id, REVIEW), REJECT);
        datanets.resolve(id);
        vm.prank(ALICE);
        datanets.appeal(id);
        _expectCase(id, 11, MALLORY, APPEAL_FEES);
        vm.prank(MALLORY);
        datanets.defend(id);
    }

    function _expectCase(bytes32 id, uint8 size, address other, uint256 feesWei) private {
        address[3] memory excluded = [ALICE, OWNER, other];
        vm.expectCall(address(jury), abi.encodeCall(jury.open, (jury.CURATOR(), size, 3, id, excluded, feesWei)));
    }

    function test_resolve_wantsAVerdict() public {
        bytes32 id = _underReview(10);
        vm.expectRevert(
            abi.encodeWithSelector(
                IJury.WrongPhase.selector, caseOf(id, REVIEW), IJury.Phase.Drawing, IJury.Phase.Counted
            )
        );
        datanets.resolve(id);
        bytes32 other = _pending(CurationRule.Open, "open", 10);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, other, ContributionStage.Review));
        datanets.resolve(other);
    }

    // The open rule

    function test_open_isAcceptedUnlessChallenged() public {
        bytes32 id = _pending(CurationRule.Open, "open", 10);
        uint256 deadline = time + 3 days;
        wait_(3 days);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TooEarly.selector, id, deadline));
        datanets.finalise(id);
        wait_(1);
        vm.prank(WATCHER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TooLate.selector, id, deadline));
        datanets.challenge(id);
        datanets.finalise(id);
        _status(id, ContributionStage.Final, ContributionStatus.Accepted);
        vm.assertEq(_datanetOf(id), 10);
        vm.assertEq(datanets.acceptedFrom(datanets.getContribution(id).datanetId, ROOT), id);
        vm.assertEq(datanets.owed(ALICE), 10 ether);
        assertEmpty();
    }

    function test_challenge_refuses() public {
        bytes32 id = _pending(CurationRule.Open, "open", 10);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotAppellant.selector, id, ALICE));
        datanets.challenge(id);
        bytes32 owners = _pending(CurationRule.Owner, "owners", 10);
        vm.prank(WATCHER);
        vm.expectRevert(
            abi.encodeWithSelector(
                IDatanetRegistry.WrongRule.selector,
                datanets.getContribution(owners).datanetId,
                CurationRule.Owner,
                CurationRule.Open
            )
        );
        datanets.challenge(owners);
    }

    function test_challenge_ofSmallStake_waitsForADefence() public {
        bytes32 id = _pending(CurationRule.Open, "open", 10);
        (uint256 fees, uint256 bond) = datanets.disputeCost(id);
        vm.assertEq(fees, REVIEW_FEES);
        vm.assertEq(bond, 20 ether);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DisputeOpened(id, REVIEW, WATCHER, ContributionStatus.Accepted, REVIEW_FEES, 20 ether);
        vm.prank(WATCHER);
        datanets.challenge(id);
        vm.assertEq(token.balanceOf(address(datanets)), 10 ether + REVIEW_FEES + 20 ether);
        assertStage(id, ContributionStage.Challenged);
        uint256 deadline = time + 3 days;
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TooEarly.selector, id, deadline));
        datanets.resolve(id);
        wait_(3 days + 1);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TooLate.selector, id, deadline));
        datanets.defend(id);
        datanets.resolve(id);
        vm.assertEq(datanets.getContribution(id).reasonCode, datanets.REASON_NOT_DEFENDED());
        settle(id);
        _status(id, ContributionStage.Final, ContributionStatus.Rejected);
        vm.assertEq(datanets.owed(ALICE), 10 ether);
        vm.assertEq(datanets.owed(WATCHER), REVIEW_FEES + 20 ether);
        assertEmpty();
    }

    function test_challenge_wrongAgainstADefender() public {
        bytes32 id = _pending(CurationRule.Open, "open", 10);
        (uint256 mallory, uint256 watcher) = (wealth(MALLORY), wealth(WATCHER));
        vm.prank(MALLORY);
        datanets.challenge(id);
        vm.expectEmit(address(datanets));
        emit IDatanetRegistry.DisputeDefended(id, REVIEW, WATCHER, false);
        vm.prank(WATCHER);
        datanets.defend(id);
        vote(caseOf(id, REVIEW), ACCEPT);
        datanets.resolve(id);
        settle(id);
        vm.assertEq(mallory - wealth(MALLORY), REVIEW_FEES + 20 ether);
        vm.assertEq(wealth(WATCHER) - watcher, 10 ether);
        vm.assertEq(datanets.owed(ALICE), 10 ether);
        vm.assertEq(datanets.owed(TREASURY), 5 ether);
        assertEmpty();
    }

    function test_challenge_rightAgainstADefender() public {
        bytes32 id = _pending(CurationRule.Open, "open", 10);
        (uint256 mallory, uint256 watcher) = (wealth(MALLORY), wealth(WATCHER));
        vm.prank(WATCHER);
        datanets.challenge(id);
        vm.prank(MALLORY);
        datanets.defend(id);
        vote(caseOf(id, REVIEW), JUNK);
        datanets.resolve(id);
        settle(id);
        vm.assertEq(mallory - wealth(MALLORY), REVIEW_FEES);
        vm.assertEq(wealth(WATCHER) - watcher, 5 ether);
        vm.assertEq(datanets.owed(ALICE), 0);
        vm.assertEq(datanets.owed(TREASURY), 2.5 ether);
        assertEmpty();
    }

    function test_challenge_stakeThatCoversTheFeesDefends() public {
        bytes32 id = _pending(CurationRule.Open, "open", 60);
        uint256 alice = wealth(ALICE);
        vm.prank(MALLORY);
        datanets.challenge(id);
        Dispute memory dispute = datanets.getDispute(id, REVIEW);
        vm.assertTrue(dispute.byStake);
        vm.assertEq(dispute.defender, ALICE);
        vm.assertEq(dispute.bondWei, 120 ether);
        vote(dispute.caseId, ACCEPT);
        datanets.resolve(id);
        settle(id);
        vm.assertEq(wealth(ALICE) - alice, 60 ether + 60 ether);
        assertEmpty();
    }

    function test_challenge_stakePaysTheJurorsWhenItLoses() public {
        uint256 alice = wealth(ALICE);
        bytes32 id = _pending(CurationRule.Open, "open", 60);
        uint256 watcher = wealth(WATCHER);
        vm.prank(WATCHER);
        datanets.challenge(id);
        vote(caseOf(id, REVIEW), REJECT);
        datanets.resolve(id);
        settle(id);
        vm.assertEq(alice - wealth(ALICE), REVIEW_FEES);
        vm.assertEq(wealth(WATCHER), watcher);
        assertEmpty();
    }

    function test_challenge_withoutVerdict_costsEachHalf() public {
        bytes32 id = _pending(CurationRule.Open, "open", 10);
        vm.prank(WATCHER);
        datanets.challenge(id);
        vm.prank(MALLORY);
        datanets.defend(id);
        (uint256 mallory, uint256 watcher) = (wealth(MALLORY), wealth(WATCHER));
        uint256 caseId = caseOf(id, REVIEW);
        // Two of five speak: no verdict, and the two share the fees.
        _voteFew(caseId, 2);
        datanets.resolve(id);
        _status(id, ContributionStage.Decided, ContributionStatus.Accepted);
        settle(id);
        vm.assertEq(wealth(WATCHER) - watcher, REVIEW_FEES / 2 + 20 ether);
        vm.assertEq(wealth(MALLORY) - mallory, REVIEW_FEES / 2);
        assertEmpty();
    }

    // Appeals

    function test_appeal_againstAnAcceptance() public {
        bytes32 id = _accepted("owners", 10);
        uint256 watcher = wealth(WATCHER);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotAppellant.selector, id, ALICE));
        datanets.appeal(id);
        (uint256 fees, uint256 bond) = datanets.disputeCost(id);
        vm.assertEq(fees, APPEAL_FEES);
        vm.assertEq(bond, 20 ether);
        vm.prank(WATCHER);
        datanets.appeal(id);
        vm.prank(MALLORY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, id, ContributionStage.Appealed));
        datanets.appeal(id);
        vm.prank(OWNER);
        datanets.defend(id);
        vm.prank(MALLORY);
        vm.expectRevert(
            abi.encodeWithSelector(IDatanetRegistry.WrongStage.selector, id, ContributionStage.AppealJudged)
        );
        datanets.defend(id);
        uint256 caseId = caseOf(id, APPEAL);
        vm.assertEq(jury.getCase(caseId).size, 11);
        vote(caseId, JUNK);
        datanets.resolve(id);
        _status(id, ContributionStage.Final, ContributionStatus.Junk);
        bytes32 net = datanets.getContribution(id).datanetId;
        vm.assertEq(datanets.acceptedFrom(net, ROOT), 0);
        vm.assertEq(_datanetOf(id), 0);
        vm.assertEq(wealth(WATCHER) - watcher, 5 ether);
        assertEmpty();
    }

    function test_appeal_ofTheContributor_againstARefusal() public {
        bytes32 id = _pending(CurationRule.Owner, "owners", 10);
        vm.prank(OWNER);
        datanets.rejectAsJunk(id, 7);
        vm.prank(MALLORY);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.NotAppellant.selector, id, MALLORY));
        datanets.appeal(id);
        (uint256 alice, uint256 owner) = (wealth(ALICE), wealth(OWNER));
        vm.prank(ALICE);
        datanets.appeal(id);
        vm.prank(OWNER);
        datanets.defend(id);
        vote(caseOf(id, APPEAL), ACCEPT);
        datanets.resolve(id);
        _status(id, ContributionStage.Final, ContributionStatus.Accepted);
        Contribution memory made = datanets.getContribution(id);
        vm.assertEq(made.acceptedRows, 10);
        vm.assertEq(made.reasonCode, 0);
        vm.assertEq(_datanetOf(id), 10);
        vm.assertEq(wealth(ALICE) - alice, 10 ether);
        vm.assertEq(owner - wealth(OWNER), APPEAL_FEES);
        assertEmpty();
    }

    function test_appeal_junkMayTurnOutAPlainRefusal() public {
        bytes32 id = _pending(CurationRule.Owner, "owners", 10);
        vm.prank(OWNER);
        datanets.rejectAsJunk(id, 7);
        uint256 alice = wealth(ALICE);
        vm.prank(ALICE);
        datanets.appeal(id);
        vm.prank(WATCHER);
        datanets.defend(id);
        vote(caseOf(id, APPEAL), REJECT);
        datanets.resolve(id);
        _status(id, ContributionStage.Final, ContributionStatus.Rejected);
        vm.assertEq(wealth(ALICE) - alice, 10 ether);
        assertEmpty();
    }

    function test_appeal_aRefusalMayTurnOutJunk() public {
        bytes32 id = _pending(CurationRule.Owner, "owners", 10);
        vm.prank(OWNER);
        datanets.reject(id, 7);
        (uint256 alice, uint256 watcher) = (wealth(ALICE), wealth(WATCHER));
        vm.prank(ALICE);
        datanets.appeal(id);
        vm.prank(WATCHER);
        datanets.defend(id);
        vote(caseOf(id, APPEAL), JUNK);
        datanets.resolve(id);
        _status(id, ContributionStage.Final, ContributionStatus.Junk);
        vm.assertEq(alice - wealth(ALICE), APPEAL_FEES + 20 ether);
        vm.assertEq(wealth(WATCHER) - watcher, 10 ether);
        assertEmpty();
    }

    function test_appeal_notDefended() public {
        bytes32[3] memory ids;
        ids[0] = _accepted("a", 10);
        ids[1] = _pending(CurationRule.Owner, "b", 10);
        ids[2] = _pending(CurationRule.Owner, "c", 10);
        vm.startPrank(OWNER);
        datanets.reject(ids[1], 7);
        datanets.rejectAsJunk(ids[2], 7);
        vm.stopPrank();
        (uint256 alice, uint256 watcher) = (wealth(ALICE), wealth(WATCHER));
        vm.prank(WATCHER);
        datanets.appeal(ids[0]);
        vm.startPrank(ALICE);
        datanets.appeal(ids[1]);
        datanets.appeal(ids[2]);
        vm.stopPrank();
        wait_(3 days + 1);
        for (uint256 i; i < 3; ++i) {
            datanets.resolve(ids[i]);
        }
        _status(ids[0], ContributionStage.Final, ContributionStatus.Rejected);
        _status(ids[1], ContributionStage.Final, ContributionStatus.Accepted);
        _status(ids[2], ContributionStage.Final, ContributionStatus.Rejected);
        vm.assertEq(datanets.getContribution(ids[2]).reasonCode, datanets.REASON_NOT_DEFENDED());
        // Nobody loses anything.
        vm.assertEq(wealth(ALICE) - alice, 30 ether);
        vm.assertEq(wealth(WATCHER), watcher);
        assertEmpty();
    }

    function test_appeal_inItsTime() public {
        bytes32 id = _accepted("owners", 10);
        uint256 deadline = time + 3 days;
        wait_(3 days + 1);
        vm.prank(WATCHER);
        vm.expectRevert(abi.encodeWithSelector(IDatanetRegistry.TooLate.selector, id, deadline));
        datanets.appeal(id);
    }

    function test_appeal_withoutVerdict_leavesTheDecision() public {
        bytes32 id = _accepted("owners", 10);
        (uint256 mallory, uint256 owner) = (wealth(MALLORY), wealth(OWNER));
        vm.prank(MALLORY);
        datanets.appeal(id);
        vm.prank(OWNER);
        datanets.defend(id);
        vote(caseOf(id, APPEAL), 0);
        datanets.resolve(id);
        _status(id, ContributionStage.Final, ContributionStatus.Accepted);
        // Nobody voted: the jury gave its fees back.
        vm.assertEq(wealth(MALLORY), mallory);
        vm.assertEq(wealth(OWNER), owner);
        assertEmpty();
    }

    /// @dev The stake stands for both rounds only if it covers both.
    function test_appeal_stakeDefendsTwiceOnlyIfItCoversBoth() public {
        bytes32 small = _pending(CurationRule.Open, "small", 159);
        bytes32 large = _pending(CurationRule.Open, "large", 160);
        bytes32[2] memory ids = [small, large];
        for (uint256 i; i < 2; ++i) {
            vm.prank(MALLORY);
            datanets.challenge(ids[i]);
            vote(caseOf(ids[i], REVIEW), ACCEPT);
            datanets.resolve(ids[i]);
            vm.prank(MALLORY);
            datanets.appeal(ids[i]);
        }
        assertStage(small, ContributionStage.Appealed);
        assertStage(large, ContributionStage.AppealJudged);
        uint256 alice = wealth(ALICE);
        vote(caseOf(large, APPEAL), JUNK);
        datanets.resolve(large);
        // Both rounds' jurors are paid out of the stake, and nothing is left of it.
        vm.assertEq(wealth(ALICE), alice);
        wait_(3 days + 1);
        datanets.resolve(small);
        vm.assertEq(datanets.getDispute(small, APPEAL).caseId, 0);
        assertEmpty();
    }

    /// @dev Overturned: jurors of the first round who stood for it lose, those who did not share.
    function test_appeal_jurorsAreSettledByTheFinalOutcome() public {
        bytes32 id = _underReview(10);
        uint256 first = caseOf(id, REVIEW);
        voteSplit(first, ACCEPT, 2, JUNK);
        datanets.resolve(id);
        _status(id, ContributionStage.Decided, ContributionStatus.Accepted);
        vm.prank(WATCHER);
        datanets.appeal(id);
        vm.prank(OWNER);
        datanets.defend(id);
        uint256 second = caseOf(id, APPEAL);
        vote(second, JUNK);
        datanets.resolve(id);
        address[] memory jurors = jury.jurorsOf(first);
        for (uint256 i; i < 5; ++i) {
            (, uint8 choice) = jury.voteOf(first, jurors[i]);
            vm.assertTrue((jury.owed(jurors[i]) > 0) == (choice == JUNK) || _sits(second, jurors[i]));
        }
        vm.assertTrue(jury.getCase(first).phase == IJury.Phase.Settled);
        vm.assertTrue(jury.getCase(second).phase == IJury.Phase.Settled);
        assertEmpty();
    }

    /// @dev A tie, then a silent jury of appeal: the refusal stands, but no jury said it, so no juror of the tie was wrong.
    function test_appeal_withoutVerdictAfterATie_leavesJurorsAlone() public {
        bytes32 id = _underReview(10);
        uint256 first = caseOf(id, REVIEW);
        voteTied(first);
        datanets.resolve(id);
        vm.assertEq(datanets.getContribution(id).reasonCode, datanets.REASON_NO_VERDICT());
        vm.prank(ALICE);
        datanets.appeal(id);
        vm.prank(WATCHER);
        datanets.defend(id);
        uint256 second = caseOf(id, APPEAL);
        vote(second, 0);
        datanets.resolve(id);
        _status(id, ContributionStage.Final, ContributionStatus.Rejected);
        address[] memory jurors = jury.jurorsOf(first);
        for (uint256 i; i < 4; ++i) {
            // The fee, and half of what the absent fifth lost.
            vm.assertEq(jury.owed(jurors[i]), (REVIEW_FEES + SEAT / 400) / 4, "who voted is paid");
            uint256 absent = _sits(second, jurors[i]) ? SEAT / 200 : 0;
            vm.assertEq(stakes.lockedFor(jurors[i], address(jury)), SEAT - absent, "and not charged for it");
        }
        assertEmpty();
    }

    /// @dev An appeal that nobody defends overturns, but jurors are not punished for what no jury said.
    function test_appeal_notDefended_leavesJurorsAlone() public {
        bytes32 id = _underReview(10);
        uint256 first = caseOf(id, REVIEW);
        voteSplit(first, ACCEPT, 1, JUNK);
        datanets.resolve(id);
        vm.prank(MALLORY);
        datanets.appeal(id);
        wait_(3 days + 1);
        datanets.resolve(id);
        _status(id, ContributionStage.Final, ContributionStatus.Rejected);
        address[] memory jurors = jury.jurorsOf(first);
        for (uint256 i; i < 5; ++i) {
            (, uint8 choice) = jury.voteOf(first, jurors[i]);
            vm.assertTrue((jury.owed(jurors[i]) > 0) == (choice == ACCEPT));
        }
    }

    function _underReview(uint32 rows) private returns (bytes32) {
        return _pending(CurationRule.Committee, "committee", rows);
    }

    function _pending(CurationRule rule, string memory name, uint32 rows) private returns (bytes32) {
        vm.prank(OWNER);
        bytes32 net = datanets.create(termsOf(name, rule, 1 ether));
        return offer(ALICE, net, ROOT, rows);
    }

    function _accepted(string memory name, uint32 rows) private returns (bytes32 id) {
        id = _pending(CurationRule.Owner, name, rows);
        acceptAs(OWNER, id, rows);
    }

    function _status(bytes32 id, ContributionStage stage, ContributionStatus status) private view {
        Contribution memory made = datanets.getContribution(id);
        vm.assertEq(uint256(made.stage), uint256(stage));
        vm.assertEq(uint256(made.status), uint256(status));
    }

    function _datanetOf(bytes32 id) private view returns (uint256) {
        return datanets.getDatanet(datanets.getContribution(id).datanetId).acceptedRows;
    }

    function _sits(uint256 caseId, address account) private view returns (bool) {
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < jurors.length; ++i) {
            if (jurors[i] == account) return true;
        }
        return false;
    }

    function _curates(address account) private {
        vm.prank(HOLDER);
        token.transfer(account, 10_000 ether);
        vm.startPrank(account);
        token.approve(address(stakes), type(uint256).max);
        stakes.delegate(account, 10_000 ether);
        jury.join(jury.CURATOR());
        vm.stopPrank();
    }

    function _voteFew(uint256 caseId, uint256 few) private {
        _roll(10);
        jury.draw(caseId);
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < few; ++i) {
            vm.prank(jurors[i]);
            jury.commitVote(caseId, keccak256(abi.encode(caseId, jurors[i], ACCEPT, bytes32("salt"))));
        }
        wait_(1 days);
        for (uint256 i; i < few; ++i) {
            vm.prank(jurors[i]);
            jury.revealVote(caseId, ACCEPT, "salt");
        }
        wait_(1 days);
        jury.count(caseId);
    }
}
