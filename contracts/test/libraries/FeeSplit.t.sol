// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {FeeSplit} from "../../src/libraries/FeeSplit.sol";
import {FeeParts, Split} from "../../src/types/Fees.sol";
import {Test} from "../support/Test.sol";

/// @dev Libraries are inlined; this makes calls of them, so that reverts can be seen.
contract FeeSplitCaller {
    function cut(uint256 fee, uint256 platform, Split memory split) external pure returns (FeeParts memory) {
        return FeeSplit.cut(fee, platform, split);
    }

    function check(Split memory split) external pure {
        FeeSplit.check(split);
    }
}

contract FeeSplitTest is Test {
    FeeSplitCaller private fees = new FeeSplitCaller();

    function test_default() public view {
        FeeParts memory parts = fees.cut(1003, 3, Split(500_000, 200_000, 200_000, 50_000, 50_000));
        vm.assertEq(keccak256(abi.encode(parts)), keccak256(abi.encode(FeeParts(3, 500, 200, 200, 50, 50))));
    }

    function test_dust_goesToContributors() public view {
        // 7 wei net: 200,000 ppm of it is 1.4, 50,000 ppm is 0.35.
        FeeParts memory parts = fees.cut(7, 0, Split(500_000, 200_000, 200_000, 50_000, 50_000));
        vm.assertEq(keccak256(abi.encode(parts)), keccak256(abi.encode(FeeParts(0, 5, 1, 1, 0, 0))));
    }

    function test_platformOnly() public view {
        FeeParts memory parts = fees.cut(3, 3, Split(500_000, 200_000, 200_000, 50_000, 50_000));
        vm.assertEq(keccak256(abi.encode(parts)), keccak256(abi.encode(FeeParts(3, 0, 0, 0, 0, 0))));
    }

    function test_belowPlatform_isRefused() public {
        vm.expectRevert(abi.encodeWithSelector(FeeSplit.FeeBelowPlatform.selector, 2, 3));
        fees.cut(2, 3, Split(500_000, 200_000, 200_000, 50_000, 50_000));
    }

    function test_check_acceptsTheBounds() public view {
        fees.check(Split(1_000_000, 0, 0, 0, 0));
        fees.check(Split(200_000, 600_000, 200_000, 0, 0));
        fees.check(Split(200_000, 100_000, 600_000, 100_000, 0));
        fees.check(Split(500_000, 0, 0, 300_000, 200_000));
    }

    function test_check_refusesBeyondThem() public {
        _refused(Split(199_999, 600_000, 200_001, 0, 0), "contributors", 199_999, 200_000, 1_000_000);
        _refused(Split(200_000, 600_001, 199_999, 0, 0), "owner", 600_001, 0, 600_000);
        _refused(Split(200_000, 199_999, 600_001, 0, 0), "node", 600_001, 0, 600_000);
        _refused(Split(699_999, 0, 0, 300_001, 0), "stakers", 300_001, 0, 300_000);
        _refused(Split(799_999, 0, 0, 0, 200_001), "treasury", 200_001, 0, 200_000);
    }

    function test_check_refusesASumThatWrapsIn32Bits() public {
        // 2^32 too much: would pass if the sum were taken in 32 bits.
        vm.expectRevert(abi.encodeWithSelector(FeeSplit.SplitSum.selector, uint256(1_000_000) + 2 ** 32));
        fees.check(Split(1_000_000, type(uint32).max, 1, 0, 0));
    }

    function testFuzz_partsSumToTheFee(uint256 fee, uint256 platform, uint32[5] memory ppm) public view {
        fee = bound(fee, 0, type(uint128).max);
        platform = bound(platform, 0, fee);
        Split memory split = _split(ppm);
        FeeParts memory p = fees.cut(fee, platform, split);
        vm.assertEq(p.platform + p.contributors + p.owner + p.node + p.stakers + p.treasury, fee);
    }

    function testFuzz_roundingNeverTakesFromContributors(uint256 fee, uint32[5] memory ppm) public view {
        fee = bound(fee, 0, type(uint128).max);
        Split memory split = _split(ppm);
        FeeParts memory p = fees.cut(fee, 0, split);
        uint256 exact = fee * split.contributorsPpm / 1_000_000;
        vm.assertLe(exact, p.contributors);
        // Four floors lose less than one wei each.
        vm.assertLe(p.contributors, exact + 4);
    }

    function testFuzz_check(uint32[5] memory ppm) public view {
        Split memory s = _split(ppm);
        bool within = s.contributorsPpm >= 200_000 && s.ownerPpm <= 600_000 && s.nodePpm <= 600_000
            && s.stakersPpm <= 300_000 && s.treasuryPpm <= 200_000;
        try fees.check(s) {
            vm.assertTrue(within);
        } catch {
            vm.assertFalse(within);
        }
    }

    /// @dev Any five shares that sum to one million.
    function _split(uint32[5] memory ppm) private pure returns (Split memory) {
        uint256 left = 1_000_000;
        uint32[5] memory share;
        for (uint256 i; i < 4; ++i) {
            share[i] = uint32(bound(ppm[i], 0, left));
            left -= share[i];
        }
        share[4] = uint32(left);
        uint256 turn = ppm[4] % 5;
        return
            Split(
                share[turn], share[(turn + 1) % 5], share[(turn + 2) % 5], share[(turn + 3) % 5], share[(turn + 4) % 5]
            );
    }

    function _refused(Split memory split, string memory part, uint256 ppm, uint256 min, uint256 max) private {
        vm.expectRevert(abi.encodeWithSelector(FeeSplit.SplitOutOfBounds.selector, part, ppm, min, max));
        fees.check(split);
    }
}
