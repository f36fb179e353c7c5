// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {OpenGovernor} from "../../src/governance/OpenGovernor.sol";
import {OpenTimelock} from "../../src/governance/OpenTimelock.sol";
import {Parameters} from "../../src/staking/Parameters.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {GovernanceSettings, Setting} from "../../src/types/Governance.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {Test} from "./Test.sol";

/// @dev Token, timelock, parameters and governor, deployed and handed over as packages/chain does it, with three holders:
/// Ada 30 %, Grace 20 %, Alan 5 % of the supply; the treasury's rest votes for nobody.
abstract contract GovernanceWorld is Test {
    uint8 internal constant AGAINST = 0;
    uint8 internal constant FOR = 1;
    uint8 internal constant ABSTAIN = 2;

    uint256 internal constant ADA_KEY = 0xADA;
    address internal immutable ada = vm.addr(ADA_KEY);
    address internal immutable grace = address(0x64ACE);
    address internal immutable alan = address(0xA1A);
    address internal immutable nobody = address(0x404);
    address internal immutable treasury = address(0x7ea5);
    address internal immutable deployer = address(0xdeb);

    OpenToken internal token;
    OpenTimelock internal timelock;
    Parameters internal parameters;
    OpenGovernor internal governor;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        token = new OpenToken(treasury);
        timelock = new OpenTimelock(Setting(2 days, 1 days, 30 days), deployer);
        parameters = new Parameters(address(timelock), parameterList());
        governor = new OpenGovernor(token, timelock, settings());
        vm.startPrank(deployer);
        timelock.grantRole(timelock.PROPOSER_ROLE(), address(governor));
        timelock.grantRole(timelock.CANCELLER_ROLE(), address(governor));
        timelock.renounceRole(timelock.DEFAULT_ADMIN_ROLE(), deployer);
        vm.stopPrank();
        hold(ada, 300_000_000 ether);
        hold(grace, 200_000_000 ether);
        hold(alan, 50_000_000 ether);
        vm.warp(block.timestamp + 1);
    }

    function settings() internal pure returns (GovernanceSettings memory) {
        return GovernanceSettings({
            votingDelaySeconds: Setting(1 days, 1 hours, 7 days),
            votingPeriodSeconds: Setting(5 days, 3 days, 14 days),
            lateQuorumSeconds: Setting(2 days, 1 days, 3 days),
            proposalThresholdWei: Setting(100_000 ether, 1000 ether, 10_000_000 ether),
            quorumPercent: Setting(4, 2, 20)
        });
    }

    function parameterList() internal pure returns (IParameters.Parameter[] memory list) {
        list = new IParameters.Parameter[](2);
        list[0] = IParameters.Parameter("challengeSeconds", 1 days, 6 hours, 14 days);
        list[1] = IParameters.Parameter("jurySize", 5, 3, 15);
    }

    function hold(address account, uint256 amountWei) internal {
        vm.prank(treasury);
        token.transfer(account, amountWei);
        vm.prank(account);
        token.delegate(account);
    }

    struct Proposal {
        address[] targets;
        uint256[] values;
        bytes[] calldatas;
        string description;
    }

    function one(address target, bytes memory data, string memory description)
        internal
        pure
        returns (Proposal memory proposal)
    {
        proposal = Proposal(new address[](1), new uint256[](1), new bytes[](1), description);
        proposal.targets[0] = target;
        proposal.calldatas[0] = data;
    }

    function setParameter(bytes32 key, uint256 value) internal view returns (Proposal memory) {
        return one(address(parameters), abi.encodeCall(IParameters.set, (key, value)), "change it");
    }

    function proposeAs(address proposer, Proposal memory proposal) internal returns (uint256 id) {
        vm.prank(proposer);
        return governor.propose(proposal.targets, proposal.values, proposal.calldatas, proposal.description);
    }

    function voteAs(address voter, uint256 id, uint8 support) internal {
        vm.prank(voter);
        governor.castVote(id, support);
    }

    /// @dev To the first second in which votes count.
    function toVoting(uint256 id) internal {
        vm.warp(governor.proposalSnapshot(id) + 1);
    }

    function toVotesEnd(uint256 id) internal {
        vm.warp(governor.proposalDeadline(id) + 1);
    }

    /// @dev Proposed by Ada, carried by her votes, queued, and the timelock's delay is over.
    function carried(Proposal memory proposal) internal returns (uint256 id) {
        id = proposeAs(ada, proposal);
        toVoting(id);
        voteAs(ada, id, FOR);
        toVotesEnd(id);
        governor.queue(id);
        vm.warp(governor.proposalEta(id));
    }

    function expectState(uint256 id, IGovernor.ProposalState wanted) internal view {
        vm.assertEq(uint256(governor.state(id)), uint256(wanted));
    }

    function unexpected(uint256 id, IGovernor.ProposalState now_, uint256 allowed)
        internal
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IGovernor.GovernorUnexpectedProposalState.selector, id, now_, bytes32(allowed));
    }

    function ballotSignature(uint256 key, uint256 id, uint8 support, uint256 nonce, address verifier, uint256 chainId)
        internal
        view
        returns (bytes memory)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("OpenLedger"),
                keccak256("1"),
                chainId,
                verifier
            )
        );
        bytes32 ballot = keccak256(
            abi.encode(
                keccak256("Ballot(uint256 proposalId,uint8 support,address voter,uint256 nonce)"),
                id,
                support,
                vm.addr(key),
                nonce
            )
        );
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, keccak256(abi.encodePacked(hex"1901", domain, ballot)));
        return abi.encodePacked(r, s, v);
    }
}
