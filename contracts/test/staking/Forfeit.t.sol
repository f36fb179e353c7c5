// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Forfeit} from "../../src/libraries/Forfeit.sol";
import {JuryMath} from "../../src/staking/JuryMath.sol";
import {ShareMath} from "../../src/staking/ShareMath.sol";
import {Test} from "../support/Test.sol";

contract StakingMathTest is Test {
    uint256 private constant SUPPLY = 1e27;

    function testFuzz_forfeitLosesNothing(uint256 amount, uint256 first, uint256 second) public pure {
        amount = bound(amount, 0, SUPPLY);
        first = bound(first, 0, 1e6);
        second = bound(second, 0, 1e6 - first);
        (uint256 a, uint256 b, uint256 c) = Forfeit.split(amount, first, second);
        vm.assertEq(a + b + c, amount);
        vm.assertEq(a, amount * first / 1e6);
        vm.assertEq(b, amount * second / 1e6);
    }

    function test_forfeitRefusesPartsAboveTheWhole() public {
        vm.expectRevert();
        this.split(1e6, 600_000, 400_001);
    }

    function split(uint256 amount, uint256 first, uint256 second) external pure returns (uint256, uint256, uint256) {
        return Forfeit.split(amount, first, second);
    }

    /// @dev A pool with wei ≤ shares keeps it so, whatever comes and goes, and who comes loses at most a wei by it.
    function testFuzz_aShareNeverExceedsAWei(uint256 poolWei, uint256 poolShares, uint256 amount, uint256 out)
        public
        pure
    {
        poolWei = bound(poolWei, 1, SUPPLY);
        poolShares = bound(poolShares, poolWei, poolWei * 1e9);
        amount = bound(amount, 1, SUPPLY);
        uint256 shares = ShareMath.toShares(amount, poolWei, poolShares);
        vm.assertLe(amount, shares);
        (poolWei, poolShares) = (poolWei + amount, poolShares + shares);
        vm.assertLe(poolWei, poolShares);
        uint256 back = ShareMath.toWei(shares, poolWei, poolShares);
        vm.assertLe(back, amount);
        vm.assertLe(amount, back + 1);
        out = bound(out, 0, poolShares);
        uint256 paid = ShareMath.toWei(out, poolWei, poolShares);
        vm.assertLe(poolWei - paid, poolShares - out);
        if (out == poolShares) vm.assertEq(paid, poolWei);
    }

    function testFuzz_aSlashTakesInProportion(uint256 amount, uint256 active, uint256 unbonding) public pure {
        amount = bound(amount, 0, 2 * SUPPLY);
        active = bound(active, 0, SUPPLY);
        unbonding = bound(unbonding, 0, SUPPLY);
        (uint256 a, uint256 u) = ShareMath.slash(amount, active, unbonding);
        uint256 total = active + unbonding;
        vm.assertEq(a + u, amount < total ? amount : total);
        vm.assertLe(a, active);
        vm.assertLe(u, unbonding);
        // Within a wei of the exact part.
        if (total > 0) vm.assertLe(u * total, (a + u) * unbonding);
        if (total > 0) vm.assertLt((a + u) * unbonding, (u + 1) * total);
    }

    /// @dev Against a plain count by hand.
    function testFuzz_verdict(uint8[11] memory said, uint8 choices) public pure {
        choices = uint8(bound(choices, 1, 8));
        uint256[] memory votes = new uint256[](choices + 1);
        for (uint256 i; i < 11; ++i) {
            ++votes[said[i] % (choices + 1)];
        }
        uint8 expected;
        for (uint8 one = 1; one <= choices; ++one) {
            bool most = true;
            for (uint8 other = 1; other <= choices; ++other) {
                if (other != one && votes[other] >= votes[one]) most = false;
            }
            if (most && votes[one] > 0) expected = one;
        }
        if (votes[0] > 5) expected = 0;
        vm.assertEq(JuryMath.verdict(votes), expected);
    }
}
