// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IBurnable} from "../interfaces/IBurnable.sol";
import {DisputeDeposits} from "../libraries/DisputeDeposits.sol";
import {Forfeit} from "../libraries/Forfeit.sol";
import {ParameterKeys} from "../libraries/ParameterKeys.sol";
import {Contribution, ContributionStage, ContributionStatus, Dispute} from "../types/Datanets.sol";
import {DatanetState} from "./DatanetState.sol";

/// @title ContributionOutcomes
/// @notice How a contribution of {DatanetRegistry} is decided, and what the final decision does with stakes, deposits and jurors. It must not know
/// who may begin what.
abstract contract ContributionOutcomes is DatanetState {
    using SafeERC20 for IERC20;

    uint256 private constant SETTLE_STEPS = 64;

    // What a committee may say.
    uint8 private constant CHOICES = 3;
    uint8 private constant VERDICT_ACCEPT = 1;
    uint8 private constant VERDICT_REJECT = 2;
    uint8 private constant VERDICT_JUNK = 3;

    function _openCase(bytes32 contributionId, Contribution storage contribution, Dispute storage dispute, uint8 round)
        internal
    {
        contribution.stage = round == REVIEW ? ContributionStage.Judged : ContributionStage.AppealJudged;
        address contributor = contribution.contributor;
        address other = dispute.appellant == contributor ? dispute.defender : dispute.appellant;
        address[3] memory excluded = [contributor, _datanets[contribution.datanetId].owner, other];
        token.safeTransfer(address(jury), dispute.feesWei);
        uint256 caseId = jury.open(CURATOR, dispute.jurors, CHOICES, contributionId, excluded, dispute.feesWei);
        dispute.caseId = caseId;
        emit CaseOpened(contributionId, round, caseId);
    }

    /// @dev What the first committee said. Without a verdict a challenge has shown nothing, and a review ends without fault.
    function _resolveReview(bytes32 contributionId, Contribution storage contribution) internal {
        Dispute storage dispute = _disputes[contributionId][REVIEW];
        uint8 verdict = jury.verdictOf(dispute.caseId);
        ContributionStatus outcome =
            verdict == 0 && dispute.appellant != address(0) ? ContributionStatus.Accepted : _statusOf(verdict);
        uint8 reason = verdict == 0 ? REASON_NO_VERDICT : REASON_COMMITTEE;
        if (contribution.superseded) {
            _close(contributionId, contribution, outcome, reason);
        } else if (outcome == ContributionStatus.Accepted) {
            _decide(contributionId, contribution, outcome, contribution.rowCount, 0);
        } else {
            _decide(contributionId, contribution, outcome, 0, reason);
        }
    }

    /// @dev A decision that may still be appealed.
    function _decide(
        bytes32 contributionId,
        Contribution storage contribution,
        ContributionStatus status,
        uint32 acceptedRows,
        uint8 reasonCode
    ) internal {
        contribution.stage = ContributionStage.Decided;
        contribution.deadline = _after(ParameterKeys.APPEAL_SECONDS);
        _setStatus(contributionId, contribution, status, acceptedRows, reasonCode);
    }

    function _setStatus(
        bytes32 contributionId,
        Contribution storage contribution,
        ContributionStatus status,
        uint32 acceptedRows,
        uint8 reasonCode
    ) private {
        (bytes32 datanetId, address contributor) = (contribution.datanetId, contribution.contributor);
        bytes32 rowsRoot = contribution.rowsRoot;
        contribution.status = status;
        contribution.acceptedRows = acceptedRows;
        contribution.reasonCode = reasonCode;
        if (status == ContributionStatus.Accepted) {
            acceptedFrom[datanetId][rowsRoot] = contributionId;
            emit ContributionAccepted(datanetId, contributionId, contributor, acceptedRows);
            return;
        }
        if (acceptedFrom[datanetId][rowsRoot] == contributionId) delete acceptedFrom[datanetId][rowsRoot];
        if (status == ContributionStatus.Junk) {
            emit ContributionJunk(datanetId, contributionId, contributor, reasonCode);
        } else {
            emit ContributionRejected(datanetId, contributionId, contributor, reasonCode);
        }
    }

    /// @dev The final decision: counts the rows, settles the juries, and divides stakes and deposits.
    function _close(
        bytes32 contributionId,
        Contribution storage contribution,
        ContributionStatus outcome,
        uint8 reasonCode
    ) internal {
        bytes32 datanetId = contribution.datanetId;
        contribution.stage = ContributionStage.Final;
        bool superseded = contribution.superseded && outcome == ContributionStatus.Accepted;
        ContributionStatus status = superseded ? ContributionStatus.Rejected : outcome;
        if (status == ContributionStatus.Accepted) _checkFirst(datanetId, contribution.sequence);
        if (status != contribution.status) {
            uint8 reason = superseded ? REASON_SUPERSEDED : status == ContributionStatus.Accepted ? 0 : reasonCode;
            uint32 rows = status == ContributionStatus.Accepted ? contribution.rowCount : 0;
            _setStatus(contributionId, contribution, status, rows, reason);
        }
        if (status == ContributionStatus.Accepted) {
            _datanets[datanetId].acceptedRows += uint64(_liveRows(contribution));
        }
        emit ContributionFinal(datanetId, contributionId, status);

        Dispute storage appealed = _disputes[contributionId][APPEAL];
        // An appeal that nobody defended says nothing about who was right before.
        bool isUnheard = appealed.appellant != address(0) && appealed.caseId == 0;
        uint256 stakeWei = contribution.stakeWei;
        stakeWei = _endDispute(contributionId, contribution, REVIEW, isUnheard ? appealed.against : outcome, stakeWei);
        stakeWei = _endDispute(contributionId, contribution, APPEAL, outcome, stakeWei);
        if (outcome == ContributionStatus.Junk) {
            _forfeit(contributionId, _finderOfJunk(contributionId), stakeWei);
        } else {
            owed[contribution.contributor] += stakeWei;
        }
    }

    /// @dev Settles a round's case by the final outcome, and gives each side what is due to it.
    /// @return What is left of the contributor's stake.
    function _endDispute(
        bytes32 contributionId,
        Contribution storage contribution,
        uint8 round,
        ContributionStatus outcome,
        uint256 stakeWei
    ) private returns (uint256) {
        Dispute memory dispute = _disputes[contributionId][round];
        uint256 feesWei = dispute.feesWei;
        if (dispute.caseId == 0) {
            // Nobody defended, or there was no dispute at all.
            if (dispute.appellant != address(0)) owed[dispute.appellant] += feesWei + dispute.bondWei;
            return stakeWei;
        }
        uint8 verdict = jury.verdictOf(dispute.caseId);
        bool isUnsaid = verdict == 0 && (round == APPEAL || _isAppealSilent(contributionId));
        uint256 returnedWei = jury.settle(dispute.caseId, isUnsaid ? 0 : _verdictOf(outcome));
        if (dispute.appellant == address(0)) {
            owed[contribution.contributor] += returnedWei;
            return stakeWei;
        }
        DisputeDeposits.Right right = verdict == 0
            ? DisputeDeposits.Right.Nobody
            : _isRight(dispute.against, outcome) ? DisputeDeposits.Right.Appellant : DisputeDeposits.Right.Defender;
        (uint256 appellantWei, uint256 defenderPaysWei, uint256 forfeitWei) =
            DisputeDeposits.divide(feesWei, dispute.bondWei, returnedWei, right);
        owed[dispute.appellant] += appellantWei;
        if (dispute.byStake) stakeWei -= defenderPaysWei;
        else owed[dispute.defender] += feesWei - defenderPaysWei;
        _forfeit(contributionId, dispute.defender, forfeitWei);
        return stakeWei;
    }

    /// @dev Whether no jury of appeal said anything: then no juror was wrong where the one before said nothing either.
    function _isAppealSilent(bytes32 contributionId) private view returns (bool) {
        uint256 caseId = _disputes[contributionId][APPEAL].caseId;
        return caseId == 0 || jury.verdictOf(caseId) == 0;
    }

    function _forfeit(bytes32 contributionId, address beneficiary, uint256 amountWei) private {
        if (amountWei == 0) return;
        (uint256 beneficiaryWei, uint256 treasuryWei, uint256 burntWei) = Forfeit.split(
            amountWei,
            parameters.get(ParameterKeys.SLASH_CHALLENGER_PPM),
            parameters.get(ParameterKeys.SLASH_TREASURY_PPM)
        );
        if (beneficiary == address(0)) (beneficiaryWei, burntWei) = (0, burntWei + beneficiaryWei);
        else owed[beneficiary] += beneficiaryWei;
        owed[treasury] += treasuryWei;
        emit StakeForfeited(contributionId, beneficiary, beneficiaryWei, treasuryWei, burntWei);
        if (burntWei != 0) IBurnable(address(token)).burn(burntWei);
    }

    /// @dev Settles commitments in order; those before `sequence` must all be.
    function _checkFirst(bytes32 datanetId, uint48 sequence) private {
        uint256 settled = _settle(datanetId, sequence - 1, SETTLE_STEPS);
        require(settled >= sequence - 1, EarlierCommitmentsOpen(datanetId, sequence, settled));
    }

    function _settle(bytes32 datanetId, uint256 upTo, uint256 steps) internal returns (uint256 settled) {
        uint256 from = _queues[datanetId].settled;
        settled = from;
        for (uint256 i; i < steps && settled < upTo; ++i) {
            if (block.timestamp <= _openUntil[datanetId][settled + 1]) break;
            ++settled;
        }
        if (settled != from) _queues[datanetId].settled = uint48(settled);
    }

    /// @dev Who is rewarded for junk: whoever first said that it must not be accepted; none where owner or committee found it.
    function _finderOfJunk(bytes32 contributionId) private view returns (address) {
        address challenger = _disputes[contributionId][REVIEW].appellant;
        if (challenger != address(0)) return challenger;
        Dispute storage appealed = _disputes[contributionId][APPEAL];
        return appealed.against == ContributionStatus.Accepted ? appealed.appellant : address(0);
    }

    /// @dev Whether whoever disputed `against` was right to: others an acceptance, the contributor a refusal.
    function _isRight(ContributionStatus against, ContributionStatus outcome) private pure returns (bool) {
        return against == ContributionStatus.Accepted ? outcome != against : outcome < against;
    }

    function _statusOf(uint8 verdict) internal pure returns (ContributionStatus) {
        if (verdict == VERDICT_ACCEPT) return ContributionStatus.Accepted;
        return verdict == VERDICT_JUNK ? ContributionStatus.Junk : ContributionStatus.Rejected;
    }

    function _verdictOf(ContributionStatus status) private pure returns (uint8) {
        if (status == ContributionStatus.Accepted) return VERDICT_ACCEPT;
        return status == ContributionStatus.Junk ? VERDICT_JUNK : VERDICT_REJECT;
    }
}
