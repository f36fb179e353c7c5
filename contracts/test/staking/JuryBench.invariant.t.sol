// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Jury} from "../../src/staking/Jury.sol";
import {StakingWorld} from "../support/StakingWorld.sol";
import {Test} from "../support/Test.sol";

/// @dev Seats taken and left in any order, now and then while a case waits for its draw.
contract BenchHandler is Test {
    bytes32 private constant ROLE = "verifier";
    uint256 private constant TURNS = 2;
    Jury private immutable jury;
    address[] private people;
    uint256 private open;
    uint256 public seated;

    constructor(Jury jury_, address[] memory people_) {
        jury = jury_;
        people = people_;
        seated = jury_.seats(ROLE);
    }

    function takeAndLeave(uint256 order, bool opens) external {
        if (!opens) _finish();
        else if (open == 0) open = _openCase();
        for (uint256 k; k < TURNS; ++k) {
            _turn(people[uint256(keccak256(abi.encode(order, k))) % people.length]);
        }
    }

    /// @dev No case is left open.
    function finish() external {
        _finish();
    }

    function _openCase() private returns (uint256) {
        address[3] memory nobody;
        return jury.open(ROLE, 3, 3, "subject", nobody, 0);
    }

    function _finish() private {
        if (open == 0) return;
        vm.roll(jury.getCase(open).drawBlock + 1);
        jury.draw(open);
        if (jury.jurorsOf(open).length != 0) {
            vm.warp(jury.getCase(open).revealEnds);
            jury.count(open);
        }
        jury.settle(open, 0);
        open = 0;
    }

    function _turn(address operator) private {
        bool sits = jury.hasSeat(ROLE, operator);
        if (sits && jury.getSeat(ROLE, operator).openCases != 0) return;
        vm.prank(operator);
        if (sits) {
            jury.leave(ROLE);
            --seated;
        } else {
            jury.join(ROLE);
            ++seated;
        }
    }
}

/// @dev Seats left in an order that once left positions on the list of holes that were none any more: who sat there later was thrown off the
/// bench, or its stake could not be freed. Now everybody with a seat sits somewhere, once, and can leave.
contract JuryBenchInvariants is StakingWorld {
    bytes32 private constant ROLE = "verifier";
    uint256 private constant SEATS = 16;
    BenchHandler private handler;
    address[] private people;

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function setUp() public override {
        super.setUp();
        setParameter("absentVotePpm", 0);
        seatMany(ROLE, SEATS);
        for (uint256 i; i < SEATS; ++i) {
            people.push(jurorAt(i));
        }
        // New names, staked and ready to take seats.
        for (uint256 i = 1000; i < 1003; ++i) {
            delegateAs(jurorAt(i), jurorAt(i), SEAT);
            people.push(jurorAt(i));
        }
        handler = new BenchHandler(jury, people);
        vm.prank(GOVERNOR);
        jury.setCourt(address(handler), true);
    }

    /// @dev Read by Foundry: only the handler is called.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory acts = new bytes4[](1);
        acts[0] = handler.takeAndLeave.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), acts);
    }

    /// @dev After every call: what is cheap to look at.
    function invariant_seatsAreCounted() external view {
        vm.assertEq(jury.seats(ROLE), handler.seated());
        vm.assertLe(jury.seats(ROLE), jury.positions(ROLE));
    }

    /// @dev After every sequence: everybody with a seat sits somewhere, once, and leaves with all that was staked.
    function afterInvariant() external {
        checkBench(ROLE);
        handler.finish();
        checkBench(ROLE);
        for (uint256 i; i < people.length; ++i) {
            if (jury.hasSeat(ROLE, people[i])) {
                vm.prank(people[i]);
                jury.leave(ROLE);
            }
            vm.assertEq(stakes.freeOf(people[i]), SEAT);
        }
        vm.assertEq(jury.seats(ROLE), 0);
        checkBench(ROLE);
    }
}
