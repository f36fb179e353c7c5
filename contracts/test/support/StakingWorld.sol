// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Jury} from "../../src/staking/Jury.sol";
import {Parameters} from "../../src/staking/Parameters.sol";
import {StakePool} from "../../src/staking/StakePool.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {ParameterList} from "./ParameterList.sol";
import {Test} from "./Test.sol";

/// @dev Token, constants, stakes and jury, with this contract as a consumer and a court.
abstract contract StakingWorld is Test {
    address internal constant HOLDER = address(0x401de5);
    address internal constant TREASURY = address(0x7ea5);
    address internal constant GOVERNOR = address(0x60f);
    uint256 internal constant SEAT = 10_000 ether;
    // What a wrong and an absent vote cost of a seat, as deployed.
    uint256 internal constant WRONG = 100 ether;
    uint256 internal constant ABSENT = 50 ether;

    OpenToken internal token;
    Parameters internal parameters;
    StakePool internal stakes;
    Jury internal jury;

    function setUp() public virtual {
        vm.warp(1_800_000_000);
        vm.roll(1000);
        token = new OpenToken(HOLDER);
        parameters = new Parameters(GOVERNOR, ParameterList.production());
        stakes = new StakePool(token, parameters, TREASURY, address(this));
        jury = new Jury(token, parameters, stakes, address(this));
        address[] memory consumers = new address[](2);
        (consumers[0], consumers[1]) = (address(jury), address(this));
        stakes.initialise(consumers);
        address[] memory courts = new address[](1);
        courts[0] = address(this);
        jury.initialise(courts);
    }

    function give(address account, uint256 amount) internal {
        vm.prank(HOLDER);
        token.transfer(account, amount);
    }

    /// @dev The staker gets the money and stakes it.
    function delegateAs(address staker, address operator, uint256 amount) internal returns (uint256 shares) {
        give(staker, amount);
        vm.startPrank(staker);
        token.approve(address(stakes), amount);
        shares = stakes.delegate(operator, amount);
        vm.stopPrank();
    }

    function setParameter(bytes32 key, uint256 value) internal {
        vm.prank(GOVERNOR);
        parameters.set(key, value);
    }

    function jurorAt(uint256 i) internal pure returns (address) {
        return address(uint160(0x10000 + i));
    }

    /// @dev A staked operator with a seat.
    function seat(bytes32 role, address operator) internal {
        delegateAs(operator, operator, SEAT);
        vm.prank(operator);
        jury.join(role);
    }

    function seatMany(bytes32 role, uint256 count) internal {
        for (uint256 i; i < count; ++i) {
            seat(role, jurorAt(i));
        }
    }

    function openCase(bytes32 role, uint8 size, uint256 feeWei) internal returns (uint256 caseId) {
        return openCase(role, size, feeWei, [address(0), address(0), address(0)]);
    }

    function openCase(bytes32 role, uint8 size, uint256 feeWei, address[3] memory excluded)
        internal
        returns (uint256 caseId)
    {
        if (feeWei != 0) give(address(jury), feeWei);
        return jury.open(role, size, 3, "subject", excluded, feeWei);
    }

    /// @dev Past the draw block, then drawn.
    function drawCase(uint256 caseId) internal returns (address[] memory) {
        vm.roll(jury.getCase(caseId).drawBlock + 1);
        jury.draw(caseId);
        return jury.jurorsOf(caseId);
    }

    function commitAs(uint256 caseId, address juror, uint8 choice) internal {
        vm.prank(juror);
        jury.commitVote(caseId, keccak256(abi.encode(caseId, juror, choice, bytes32(uint256(uint160(juror))))));
    }

    function revealAs(uint256 caseId, address juror, uint8 choice) internal {
        vm.prank(juror);
        jury.revealVote(caseId, choice, bytes32(uint256(uint160(juror))));
    }

    /// @dev All drawn jurors vote as told (0: absent), and the case is counted.
    function voteAll(uint256 caseId, uint8[] memory choices) internal returns (uint8 verdict) {
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < jurors.length; ++i) {
            if (choices[i] != 0) commitAs(caseId, jurors[i], choices[i]);
        }
        if (block.timestamp < jury.getCase(caseId).commitEnds) vm.warp(jury.getCase(caseId).commitEnds);
        for (uint256 i; i < jurors.length; ++i) {
            if (choices[i] != 0) revealAs(caseId, jurors[i], choices[i]);
        }
        return jury.count(caseId);
    }

    /// @dev As many sit on the bench as have seats, each with a seat of its own.
    function checkBench(bytes32 role) internal view {
        uint256 sitting;
        uint256 seen;
        uint256 positions = jury.positions(role);
        for (uint256 at; at < positions; ++at) {
            address operator = jury.seatAt(role, at);
            if (operator == address(0)) continue;
            ++sitting;
            vm.assertTrue(jury.hasSeat(role, operator));
            uint256 bit = 1 << (uint160(operator) - 0x10000) % 251;
            vm.assertEq(seen & bit, 0);
            seen |= bit;
        }
        vm.assertEq(sitting, jury.seats(role));
    }
}
