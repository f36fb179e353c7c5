// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ITokenAllocation} from "../../src/interfaces/ITokenAllocation.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {TokenAllocation} from "../../src/token/TokenAllocation.sol";
import {Grant} from "../../src/types/Governance.sol";
import {Test} from "../support/Test.sol";

contract TokenAllocationTest is Test {
    uint64 private constant START = 1_800_000_000;
    address private immutable treasury = address(0x7ea5);
    address private immutable team = address(0x7ea3);
    address private immutable community = address(0xC0);

    OpenToken private token;
    TokenAllocation private allocation;

    function setUp() public {
        vm.warp(START);
        token = new OpenToken(treasury);
        allocation = new TokenAllocation(token, grants());
        vm.prank(treasury);
        token.approve(address(allocation), type(uint256).max);
    }

    /// @dev The team: four years with a cliff of one. The community: all of it at once, half a year from the start.
    function grants() private view returns (Grant[] memory list) {
        list = new Grant[](2);
        list[0] = Grant(team, 150_000_000 ether, START, 360 days, 1440 days);
        list[1] = Grant(community, 50_000_000 ether, START + 180 days, 0, 0);
    }

    function test_default_isWhatTheParametersSay() public {
        vm.assertEq(allocation.grantCount(), 2);
        vm.assertEq(allocation.totalWei(), 200_000_000 ether);
        Grant memory grant = allocation.grantAt(0);
        vm.assertEq(grant.beneficiary, team);
        vm.assertEq(grant.amountWei, 150_000_000 ether);
        vm.assertEq(grant.start, START);
        vm.assertEq(grant.cliffSeconds, 360 days);
        vm.assertEq(grant.durationSeconds, 1440 days);
        vm.expectEmit(address(allocation));
        emit ITokenAllocation.Funded(treasury, 200_000_000 ether);
        vm.prank(treasury);
        allocation.fund();
        vm.assertTrue(allocation.isFunded());
        vm.assertEq(token.balanceOf(address(allocation)), 200_000_000 ether);
    }

    function test_release_cliffThenProportionThenAll() public {
        _fund();
        vm.warp(START + 360 days - 1);
        vm.assertEq(allocation.vested(0, uint64(block.timestamp)), 0);
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.NothingToRelease.selector, 0, 0));
        allocation.release(0);
        vm.warp(START + 360 days);
        vm.expectEmit(address(allocation));
        emit ITokenAllocation.Released(0, team, 37_500_000 ether);
        allocation.release(0);
        vm.assertEq(token.balanceOf(team), 37_500_000 ether);
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.NothingToRelease.selector, 0, 37_500_000 ether));
        allocation.release(0);
        vm.warp(START + 720 days);
        vm.assertEq(allocation.release(0), 37_500_000 ether);
        vm.warp(START + 1440 days);
        vm.assertEq(allocation.release(0), 75_000_000 ether);
        vm.assertEq(allocation.released(0), 150_000_000 ether);
        vm.warp(START + 5000 days);
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.NothingToRelease.selector, 0, 150_000_000 ether));
        allocation.release(0);
    }

    function test_release_atOnceWithoutDuration() public {
        _fund();
        vm.warp(START + 180 days - 1);
        vm.assertEq(allocation.vested(1, uint64(block.timestamp)), 0);
        vm.warp(START + 180 days);
        vm.assertEq(allocation.release(1), 50_000_000 ether);
        vm.assertEq(token.balanceOf(community), 50_000_000 ether);
    }

    function test_constructor_refuses() public {
        Grant[] memory list = grants();
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.ZeroAccount.selector, "token"));
        new TokenAllocation(IERC20(address(0)), list);
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.InvalidGrantCount.selector, 0, 64));
        new TokenAllocation(token, new Grant[](0));
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.InvalidGrantCount.selector, 65, 64));
        new TokenAllocation(token, new Grant[](65));
        list[1].beneficiary = address(0);
        _refusedGrant(list);
        list = grants();
        list[1].amountWei = 0;
        _refusedGrant(list);
        list = grants();
        list[1].cliffSeconds = 1;
        _refusedGrant(list);
    }

    function test_sixtyFourGrantsFit() public {
        Grant[] memory list = new Grant[](64);
        for (uint256 i; i < 64; ++i) {
            list[i] = Grant(address(uint160(i + 1)), 1 ether, START, 0, 1 days);
        }
        vm.assertEq(new TokenAllocation(token, list).totalWei(), 64 ether);
    }

    function test_unknownGrant() public {
        _fund();
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.UnknownGrant.selector, 2, 2));
        allocation.release(2);
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.UnknownGrant.selector, 2, 2));
        allocation.vested(2, START);
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.UnknownGrant.selector, 9, 2));
        allocation.grantAt(9);
    }

    /// @dev Whoever calls and whenever: never less than before, never more than the grant, and at the end all of it.
    function testFuzz_releaseFollowsTheSchedule(uint96 amount, uint64 cliff, uint64 duration, uint64[4] memory times)
        public
    {
        duration = uint64(bound(duration, 0, 20 * 365 days));
        cliff = uint64(bound(cliff, 0, duration));
        amount = uint96(bound(amount, 1, 1_000_000_000 ether));
        Grant[] memory list = new Grant[](1);
        list[0] = Grant(team, amount, START, cliff, duration);
        TokenAllocation one = new TokenAllocation(token, list);
        vm.startPrank(treasury);
        token.approve(address(one), amount);
        one.fund();
        vm.stopPrank();
        uint256 paid;
        for (uint256 i; i < 4; ++i) {
            vm.warp(block.timestamp + bound(times[i], 0, 10 * 365 days));
            uint256 vested = one.vested(0, uint64(block.timestamp));
            vm.assertLe(vested, amount);
            vm.assertLe(paid, vested);
            if (block.timestamp < START + cliff) vm.assertEq(vested, 0);
            if (vested > paid) paid += one.release(0);
            vm.assertEq(token.balanceOf(team), vested);
        }
        vm.warp(START + uint256(duration) + 1);
        if (paid < amount) one.release(0);
        vm.assertEq(token.balanceOf(team), amount);
        vm.assertEq(token.balanceOf(address(one)), 0);
    }

    function _fund() private {
        vm.prank(treasury);
        allocation.fund();
    }

    function _refusedGrant(Grant[] memory list) private {
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.InvalidGrant.selector, 1));
        new TokenAllocation(token, list);
    }
}
