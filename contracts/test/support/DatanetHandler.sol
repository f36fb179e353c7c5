// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DatanetRegistry} from "../../src/datanet/DatanetRegistry.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {Ids} from "../../src/libraries/Ids.sol";
import {Jury} from "../../src/staking/Jury.sol";
import {Contribution, ContributionStage, ContributionStatus, Dispute} from "../../src/types/Datanets.sol";
import {Test} from "./Test.sol";

/// @dev Acts on datanets of all three rules at random: every act either goes through or is not tried, so that any revert is a finding.
/// It keeps its own account of the money, in another way than the registry.
contract DatanetHandler is Test {
    uint256 private constant PEOPLE = 4;

    DatanetRegistry private immutable datanets;
    Jury private immutable jury;
    address private immutable owner;
    bytes32[3] private nets; // by rule

    bytes32[] public ids;
    uint256 public time = 1_800_000_000;
    uint256 private blockNumber = 1000;
    uint256 private rounds;
    /// @notice Roots that a copy held after the reveal of whoever committed first.
    uint256 public broken;
    mapping(bytes32 id => ContributionStatus) private ended;

    constructor(DatanetRegistry datanets_, Jury jury_, address owner_, bytes32[3] memory nets_) {
        (datanets, jury, owner, nets) = (datanets_, jury_, owner_, nets_);
    }

    function person(uint256 i) public pure returns (address) {
        return address(uint160(0x9e0000 + (i % PEOPLE)));
    }

    function count() external view returns (uint256) {
        return ids.length;
    }

    /// @dev Commits and reveals; now and then another copies the root and is revealed first.
    function offer(uint8 rule, uint256 who, uint32 rows, bool copied) external {
        bytes32 net = nets[rule % 3];
        rows = uint32(bound(rows, 1, 200));
        bytes32 root = keccak256(abi.encode("root", ++rounds));
        (address first, address second) = (person(who), person((who % PEOPLE) + 1));
        _commit(net, first, root, rows);
        if (copied) _commit(net, second, root, rows);
        _step(0);
        if (copied) ids.push(_reveal(net, second, root, rows));
        ids.push(_reveal(net, first, root, rows));
        if (copied && datanets.holderOf(net, root) != Ids.contribution(net, first, root)) ++broken;
    }

    function decide(uint256 at, uint8 how, uint32 rows) external {
        (bytes32 id, Contribution memory c) = _pick(at);
        if (c.stage != ContributionStage.Review || c.datanetId != nets[0]) return;
        vm.startPrank(owner);
        if (how % 3 == 0 && !c.superseded) datanets.accept(id, uint32(bound(rows, 1, c.rowCount)));
        else if (how % 3 == 1) datanets.reject(id, 7);
        else datanets.rejectAsJunk(id, 7);
        vm.stopPrank();
    }

    function dispute(uint256 at, uint256 who) external {
        (bytes32 id, Contribution memory c) = _pick(at);
        if (c.superseded || time > c.deadline) return;
        address sender = person(who);
        if (c.stage == ContributionStage.Decided) {
            if ((sender == c.contributor) == (c.status == ContributionStatus.Accepted)) return;
            vm.prank(sender);
            datanets.appeal(id);
        } else if (c.stage == ContributionStage.Review && c.datanetId == nets[2] && sender != c.contributor) {
            vm.prank(sender);
            datanets.challenge(id);
        }
    }

    function defend(uint256 at, uint256 who) external {
        (bytes32 id, Contribution memory c) = _pick(at);
        if (time > c.deadline) return;
        if (c.stage != ContributionStage.Challenged && c.stage != ContributionStage.Appealed) return;
        vm.prank(person(who));
        datanets.defend(id);
    }

    /// @dev A case from draw to count: jurors vote by `votes`, two bits each, 0 stays away.
    function judge(uint256 at, uint256 votes) external {
        (bytes32 id, Contribution memory c) = _pick(at);
        if (c.stage != ContributionStage.Judged && c.stage != ContributionStage.AppealJudged) return;
        uint256 caseId = datanets.getDispute(id, c.stage == ContributionStage.Judged ? 0 : 1).caseId;
        if (jury.getCase(caseId).phase == IJury.Phase.Drawing) {
            blockNumber += 10;
            vm.roll(blockNumber);
            jury.draw(caseId);
        }
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < jurors.length; ++i) {
            uint8 choice = uint8(votes >> (2 * i)) & 3;
            if (choice == 0 || jury.getCase(caseId).phase != IJury.Phase.Committing) continue;
            (bytes32 made,) = jury.voteOf(caseId, jurors[i]);
            if (made != 0) continue;
            vm.prank(jurors[i]);
            jury.commitVote(caseId, keccak256(abi.encode(caseId, jurors[i], choice, bytes32("salt"))));
        }
        if (jury.getCase(caseId).phase == IJury.Phase.Committing) _step(1 days);
        for (uint256 i; i < jurors.length; ++i) {
            uint8 choice = uint8(votes >> (2 * i)) & 3;
            (bytes32 made, uint8 said) = jury.voteOf(caseId, jurors[i]);
            if (jury.getCase(caseId).phase != IJury.Phase.Revealing || said != 0 || choice == 0) continue;
            if (made != keccak256(abi.encode(caseId, jurors[i], choice, bytes32("salt")))) continue;
            if (time >= jury.getCase(caseId).revealEnds) continue;
            vm.prank(jurors[i]);
            jury.revealVote(caseId, choice, "salt");
        }
        _step(2 days);
        if (jury.getCase(caseId).phase == IJury.Phase.Revealing) jury.count(caseId);
        datanets.resolve(id);
        _note(id);
    }

    function goOn(uint256 at, uint32 seconds_) external {
        _step(bound(seconds_, 1, 4 days));
        if (ids.length == 0) return;
        (bytes32 id, Contribution memory c) = _pick(at);
        bool late = time > c.deadline;
        if (c.stage == ContributionStage.Challenged || c.stage == ContributionStage.Appealed) {
            if (late) datanets.resolve(id);
        } else if (c.stage == ContributionStage.Decided) {
            if (late || c.superseded) datanets.finalise(id);
        } else if (c.stage == ContributionStage.Review) {
            if (c.superseded || (late && c.datanetId == nets[2])) {
                datanets.finalise(id);
            } else if (late && c.datanetId == nets[0]) {
                vm.prank(c.contributor);
                datanets.takeBack(id);
            }
        }
        _note(id);
    }

    function withdraw(uint256 who) external {
        address account = person(who);
        if (datanets.owed(account) != 0) datanets.withdraw(account);
    }

    /// @dev What the registry must hold for contributions and disputes that are not over.
    function heldWei() external view returns (uint256 held) {
        for (uint256 i; i < ids.length; ++i) {
            Contribution memory c = datanets.getContribution(ids[i]);
            if (c.stage == ContributionStage.Final) continue;
            held += c.stakeWei;
            for (uint8 round; round < 2; ++round) {
                Dispute memory d = datanets.getDispute(ids[i], round);
                if (d.appellant == address(0)) continue;
                held += d.bondWei + d.feesWei;
                if (d.defender != address(0) && !d.byStake) held += d.feesWei;
                if (d.caseId != 0) held -= d.feesWei;
            }
        }
    }

    /// @dev Rows that must count, by datanet; and how often something final moved, or a root counts twice.
    function acceptedRows(uint256 rule) external view returns (uint256 rows, uint256 wrong) {
        for (uint256 i; i < ids.length; ++i) {
            Contribution memory c = datanets.getContribution(ids[i]);
            if (ended[ids[i]] != ContributionStatus.None && ended[ids[i]] != c.status) ++wrong;
            if (c.stage != ContributionStage.Final || c.status != ContributionStatus.Accepted) continue;
            if (c.superseded || datanets.acceptedFrom(c.datanetId, c.rowsRoot) != ids[i]) ++wrong;
            if (c.datanetId == nets[rule]) rows += c.acceptedRows;
        }
    }

    function _note(bytes32 id) private {
        Contribution memory c = datanets.getContribution(id);
        if (c.stage == ContributionStage.Final && ended[id] == ContributionStatus.None) ended[id] = c.status;
    }

    function _pick(uint256 at) private view returns (bytes32 id, Contribution memory c) {
        if (ids.length == 0) return (0, c);
        id = ids[at % ids.length];
        c = datanets.getContribution(id);
    }

    function _commit(bytes32 net, address who, bytes32 root, uint32 rows) private {
        datanets.commitContribution(net, Ids.contributionCommitment(net, who, root, rows, "salt"));
    }

    function _reveal(bytes32 net, address who, bytes32 root, uint32 rows) private returns (bytes32) {
        vm.prank(who);
        return datanets.contribute(net, root, rows, "salt");
    }

    function _step(uint256 seconds_) private {
        time += seconds_;
        ++blockNumber;
        vm.warp(time);
        vm.roll(blockNumber);
    }
}
