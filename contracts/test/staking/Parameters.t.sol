// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IParameters} from "../../src/interfaces/IParameters.sol";
import {Parameters} from "../../src/staking/Parameters.sol";
import {ParameterList} from "../support/ParameterList.sol";
import {Test} from "../support/Test.sol";

contract ParametersTest is Test {
    address private constant GOVERNOR = address(0x60f);
    Parameters private parameters = new Parameters(GOVERNOR, ParameterList.production());

    function test_knowsAllItWasDeployedWith() public view {
        IParameters.Parameter[] memory list = ParameterList.production();
        bytes32[] memory keys = parameters.keys();
        vm.assertEq(keys.length, list.length);
        for (uint256 i; i < list.length; ++i) {
            vm.assertEq(keys[i], list[i].key);
            vm.assertEq(parameters.get(list[i].key), list[i].value);
            (uint256 min, uint256 max) = parameters.bounds(list[i].key);
            vm.assertEq(min, list[i].min);
            vm.assertEq(max, list[i].max);
        }
    }

    function testFuzz_staysWithinBounds(uint256 which, uint256 value) public {
        IParameters.Parameter[] memory list = ParameterList.production();
        IParameters.Parameter memory one = list[which % list.length];
        value = bound(value, 0, one.max * 2 + 10);
        bool allowed = value >= one.min && value <= one.max;
        vm.prank(GOVERNOR);
        if (allowed) {
            vm.expectEmit(address(parameters));
            emit IParameters.ParameterSet(one.key, value);
        } else {
            vm.expectRevert(abi.encodeWithSelector(IParameters.OutOfBounds.selector, one.key, value, one.min, one.max));
        }
        parameters.set(one.key, value);
        vm.assertEq(parameters.get(one.key), allowed ? value : one.value);
    }

    function test_refusesValuesBeyondTheirSlot() public {
        uint256 huge = (1 << 96) + 100_000;
        vm.prank(GOVERNOR);
        vm.expectRevert(
            abi.encodeWithSelector(IParameters.OutOfBounds.selector, bytes32("wrongVotePpm"), huge, 0, 500_000)
        );
        parameters.set("wrongVotePpm", huge);
        IParameters.Parameter[] memory list = new IParameters.Parameter[](1);
        list[0] = IParameters.Parameter("key", 1, 0, 1 << 96);
        vm.expectRevert();
        new Parameters(GOVERNOR, list);
    }

    function test_changesByTheGovernorAlone() public {
        vm.expectRevert(abi.encodeWithSelector(IParameters.NotGovernor.selector, address(this), GOVERNOR));
        parameters.set("jurySize", 7);
    }

    function test_refusesUnknownKeys() public {
        bytes memory unknown = abi.encodeWithSelector(IParameters.UnknownParameter.selector, bytes32("nothing"));
        vm.expectRevert(unknown);
        parameters.get("nothing");
        vm.expectRevert(unknown);
        parameters.bounds("nothing");
        vm.expectRevert(unknown);
        vm.prank(GOVERNOR);
        parameters.set("nothing", 1);
    }

    function test_refusesSenselessLists() public {
        IParameters.Parameter[] memory list = new IParameters.Parameter[](2);
        list[0] = IParameters.Parameter("one", 1, 1, 2);
        list[1] = IParameters.Parameter("one", 1, 1, 2);
        vm.expectRevert(abi.encodeWithSelector(IParameters.ParameterExists.selector, bytes32("one")));
        new Parameters(GOVERNOR, list);
        list[1] = IParameters.Parameter("two", 3, 1, 2);
        vm.expectRevert(abi.encodeWithSelector(IParameters.OutOfBounds.selector, bytes32("two"), 3, 1, 2));
        new Parameters(GOVERNOR, list);
        list[1] = IParameters.Parameter("two", 0, 1, 2);
        vm.expectRevert(abi.encodeWithSelector(IParameters.OutOfBounds.selector, bytes32("two"), 0, 1, 2));
        new Parameters(GOVERNOR, list);
        vm.expectRevert(IParameters.ZeroGovernor.selector);
        new Parameters(address(0), list);
    }
}
