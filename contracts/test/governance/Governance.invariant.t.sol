// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IGovernor} from "@openzeppelin/contracts/governance/IGovernor.sol";
import {OpenGovernor} from "../../src/governance/OpenGovernor.sol";
import {IParameters} from "../../src/interfaces/IParameters.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {GovernanceWorld} from "../support/GovernanceWorld.sol";
import {Test} from "../support/Test.sol";

/// @dev Acts at random as four holders would; each act is skipped where it is not its turn, so none may revert.
contract GovernanceHandler is Test {
    OpenGovernor private immutable governor;
    OpenToken private immutable token;
    IParameters private immutable parameters;
    address[4] public people;
    uint256[] public ids;
    mapping(uint256 id => uint256) public asked;
    uint256 public executed;
    uint256 public wanted = 1 days;

    constructor(OpenGovernor governor_, OpenToken token_, IParameters parameters_, address[4] memory people_) {
        (governor, token, parameters, people) = (governor_, token_, parameters_, people_);
    }

    function count() external view returns (uint256) {
        return ids.length;
    }

    function propose(uint256 who, uint256 value) external {
        if (ids.length == 8) return;
        address proposer = people[who % 4];
        if (token.getPastVotes(proposer, block.timestamp - 1) < governor.proposalThreshold()) return;
        value = bound(value, 1 hours, 20 days);
        (address[] memory targets, uint256[] memory values, bytes[] memory calldatas) =
            (new address[](1), new uint256[](1), new bytes[](1));
        targets[0] = address(parameters);
        calldatas[0] = abi.encodeCall(IParameters.set, ("challengeSeconds", value));
        vm.prank(proposer);
        uint256 id = governor.propose(targets, values, calldatas, vm.toString(ids.length));
        ids.push(id);
        asked[id] = value;
    }

    function vote(uint256 who, uint256 which, uint256 support) external {
        if (ids.length == 0) return;
        uint256 id = ids[which % ids.length];
        address voter = people[who % 4];
        if (governor.state(id) != IGovernor.ProposalState.Active || governor.hasVoted(id, voter)) return;
        vm.prank(voter);
        governor.castVote(id, uint8(support % 3));
    }

    function delegate(uint256 who, uint256 to) external {
        vm.prank(people[who % 4]);
        token.delegate(people[to % 4]);
    }

    function transfer(uint256 who, uint256 to, uint256 amount) external {
        address from = people[who % 4];
        uint256 held = token.balanceOf(from);
        vm.prank(from);
        token.transfer(people[to % 4], bound(amount, 0, held));
    }

    function burn(uint256 who, uint256 amount) external {
        address from = people[who % 4];
        uint256 held = token.balanceOf(from) / 10;
        vm.prank(from);
        token.burn(bound(amount, 0, held));
    }

    function pass(uint256 time) external {
        vm.warp(block.timestamp + bound(time, 1, 2 days));
    }

    /// @dev To the next edge in a proposal's life, which random steps of time would seldom meet.
    function passToNextEdge(uint256 which) external {
        if (ids.length == 0) return;
        uint256 id = ids[which % ids.length];
        uint256[3] memory edges =
            [governor.proposalSnapshot(id) + 1, governor.proposalDeadline(id) + 1, governor.proposalEta(id)];
        for (uint256 i; i < 3; ++i) {
            if (edges[i] > block.timestamp) {
                vm.warp(edges[i]);
                return;
            }
        }
    }

    function queueAndExecute(uint256 which) external {
        if (ids.length == 0) return;
        uint256 id = ids[which % ids.length];
        if (governor.state(id) == IGovernor.ProposalState.Succeeded) governor.queue(id);
        if (governor.state(id) != IGovernor.ProposalState.Queued || governor.proposalEta(id) > block.timestamp) return;
        (uint256 min, uint256 max) = parameters.bounds("challengeSeconds");
        bool fits = asked[id] >= min && asked[id] <= max;
        if (fits) (wanted, executed) = (asked[id], executed + 1);
        else vm.expectRevert(_outOfBounds(asked[id], min, max));
        governor.execute(id);
    }

    function _outOfBounds(uint256 value, uint256 min, uint256 max) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IParameters.OutOfBounds.selector, bytes32("challengeSeconds"), value, min, max);
    }
}

contract GovernanceInvariants is GovernanceWorld {
    GovernanceHandler private handler;

    function setUp() public override {
        super.setUp();
        handler = new GovernanceHandler(governor, token, parameters, [ada, grace, alan, treasury]);
    }

    /// @dev Read by Foundry: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function invariant_governance() external view {
        vm.assertEq(parameters.get("challengeSeconds"), handler.wanted(), "changed by an executed proposal alone");
        uint256 votes;
        for (uint256 i; i < 4; ++i) {
            votes += token.getVotes(handler.people(i));
        }
        vm.assertLe(votes, token.totalSupply(), "votes beyond the supply");
        for (uint256 i; i < handler.count(); ++i) {
            _checkProposal(handler.ids(i));
        }
    }

    /// @dev The handler's acts do reach the end: without this the campaign could pass by never voting anything through.
    function test_handlerCarriesAProposalThrough() external {
        handler.propose(0, 2 days);
        handler.passToNextEdge(0);
        handler.vote(0, 0, 1);
        handler.passToNextEdge(0);
        handler.queueAndExecute(0);
        handler.passToNextEdge(0);
        handler.queueAndExecute(0);
        vm.assertEq(handler.executed(), 1);
        vm.assertEq(parameters.get("challengeSeconds"), 2 days);
    }

    function _checkProposal(uint256 id) private view {
        IGovernor.ProposalState state = governor.state(id);
        uint256 snapshot = governor.proposalSnapshot(id);
        (uint256 against, uint256 for_, uint256 abstain) = governor.proposalVotes(id);
        if (state == IGovernor.ProposalState.Pending) {
            vm.assertEq(against + for_ + abstain, 0, "votes before their time");
            return;
        }
        vm.assertLe(against + for_ + abstain, token.getPastTotalSupply(snapshot), "votes beyond the past supply");
        bool carried_ = for_ > against && for_ + abstain >= governor.quorum(snapshot);
        bool advanced = state == IGovernor.ProposalState.Succeeded || state == IGovernor.ProposalState.Queued
            || state == IGovernor.ProposalState.Executed;
        if (advanced) vm.assertTrue(carried_, "went on without majority or quorum");
        if (state == IGovernor.ProposalState.Defeated) vm.assertTrue(!carried_, "defeated though carried");
    }
}
