// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ITokenAllocation} from "../../src/interfaces/ITokenAllocation.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {TokenAllocation} from "../../src/token/TokenAllocation.sol";
import {Grant} from "../../src/types/Governance.sol";
import {HostileToken} from "../mocks/HostileToken.sol";
import {Test} from "../support/Test.sol";

/// @dev What a beneficiary in a hurry, or a stranger, would try.
contract TokenAllocationAttacks is Test {
    uint64 private constant START = 1_800_000_000;
    address private immutable early = address(0xea);
    address private immutable late = address(0x1a);

    function setUp() public {
        vm.warp(START);
    }

    function grants() private view returns (Grant[] memory list) {
        list = new Grant[](2);
        list[0] = Grant(early, 100 ether, START, 0, 100);
        list[1] = Grant(late, 100 ether, START, 50, 100);
    }

    /// @dev Half the money is there: the early one may not take the late one's half first.
    function test_attack_releaseBeforeAllIsThere() public {
        OpenToken token = new OpenToken(address(this));
        TokenAllocation allocation = new TokenAllocation(token, grants());
        token.transfer(address(allocation), 100 ether);
        vm.warp(START + 100);
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.NotFunded.selector, 200 ether));
        allocation.release(0);
    }

    function test_attack_fundTwiceToLockAnothersCoins() public {
        OpenToken token = new OpenToken(address(this));
        TokenAllocation allocation = new TokenAllocation(token, grants());
        token.approve(address(allocation), type(uint256).max);
        allocation.fund();
        vm.expectRevert(ITokenAllocation.AlreadyFunded.selector);
        allocation.fund();
    }

    /// @dev Coins sent besides raise nobody's grant.
    function test_attack_giftSpeedsNothingUp() public {
        OpenToken token = new OpenToken(address(this));
        TokenAllocation allocation = new TokenAllocation(token, grants());
        token.approve(address(allocation), type(uint256).max);
        allocation.fund();
        token.transfer(address(allocation), 1000 ether);
        vm.warp(START + 10);
        vm.assertEq(allocation.release(0), 10 ether);
        vm.expectRevert(abi.encodeWithSelector(ITokenAllocation.NothingToRelease.selector, 1, 0));
        allocation.release(1);
    }

    /// @dev What waits votes for nobody: the allocation delegates to none and nobody can make it.
    function test_attack_voteWithWhatIsNotVested() public {
        OpenToken token = new OpenToken(address(this));
        TokenAllocation allocation = new TokenAllocation(token, grants());
        token.approve(address(allocation), type(uint256).max);
        allocation.fund();
        vm.assertEq(token.delegates(address(allocation)), address(0));
        vm.assertEq(token.getVotes(early) + token.getVotes(address(allocation)), 0);
    }

    function test_reentrancy_release() public {
        HostileToken token = new HostileToken();
        TokenAllocation allocation = new TokenAllocation(IERC20(address(token)), grants());
        token.mint(address(this), 200 ether);
        token.approve(address(allocation), 200 ether);
        allocation.fund();
        vm.warp(START + 50);
        token.arm(address(allocation), abi.encodeCall(allocation.release, (0)));
        allocation.release(0);
        vm.assertEq(token.attempts(), 1);
        vm.assertFalse(token.succeeded());
        vm.assertEq(token.balanceOf(early), 50 ether);
    }

    function test_reentrancy_fund() public {
        HostileToken token = new HostileToken();
        TokenAllocation allocation = new TokenAllocation(IERC20(address(token)), grants());
        token.mint(address(this), 400 ether);
        token.approve(address(allocation), 400 ether);
        token.arm(address(allocation), abi.encodeCall(allocation.fund, ()));
        allocation.fund();
        vm.assertFalse(token.succeeded());
        vm.assertEq(token.balanceOf(address(allocation)), 200 ether);
    }
}
