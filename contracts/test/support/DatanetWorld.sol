// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {DatanetRegistry} from "../../src/datanet/DatanetRegistry.sol";
import {IJury} from "../../src/interfaces/IJury.sol";
import {Ids} from "../../src/libraries/Ids.sol";
import {Jury} from "../../src/staking/Jury.sol";
import {Parameters} from "../../src/staking/Parameters.sol";
import {StakePool} from "../../src/staking/StakePool.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {Contribution, ContributionStage, CurationRule, DatanetTerms} from "../../src/types/Datanets.sol";
import {ParameterList} from "./ParameterList.sol";
import {Test} from "./Test.sol";

/// @dev What datanets need and nothing else: token, parameters at their production values, stakes, a jury with curators.
abstract contract DatanetWorld is Test {
    uint8 internal constant ACCEPT = 1;
    uint8 internal constant REJECT = 2;
    uint8 internal constant JUNK = 3;
    uint256 internal constant CURATORS = 24;
    uint256 internal constant SEAT = 10_000 ether;
    uint256 internal constant FEE = 10 ether;
    uint256 internal constant REVIEW_FEES = 5 * FEE;
    uint256 internal constant APPEAL_FEES = 11 * FEE;

    address internal constant HOLDER = address(0x401de5);
    address internal constant TREASURY = address(0x7ea5);
    address internal constant OWNER = address(0x0e7);
    address internal constant ALICE = address(0xa11ce);
    address internal constant MALLORY = address(0xbad);
    address internal constant WATCHER = address(0x3a7c);

    OpenToken internal token;
    Parameters internal parameters;
    StakePool internal stakes;
    Jury internal jury;
    DatanetRegistry internal datanets;

    uint256 internal time = 1_800_000_000;
    uint256 internal blockNumber = 1000;

    function setUp() public virtual {
        vm.warp(time);
        _roll(0);
        token = new OpenToken(HOLDER);
        parameters = new Parameters(address(this), ParameterList.production());
        stakes = new StakePool(token, parameters, TREASURY, address(this));
        jury = new Jury(token, parameters, stakes, address(this));
        datanets = new DatanetRegistry(token, parameters, jury, TREASURY);
        address[] memory one = new address[](1);
        one[0] = address(jury);
        stakes.initialise(one);
        one[0] = address(datanets);
        jury.initialise(one);
        for (uint256 i; i < CURATORS; ++i) {
            _join(curatorAt(i));
        }
        give(OWNER, 1_000_000 ether);
        give(ALICE, 1_000_000 ether);
        give(MALLORY, 1_000_000 ether);
        give(WATCHER, 1_000_000 ether);
    }

    function curatorAt(uint256 i) internal pure returns (address) {
        return address(uint160(0xc0000 + i));
    }

    /// @dev Gives money and lets the registry take it.
    function give(address account, uint256 amountWei) internal {
        vm.prank(HOLDER);
        token.transfer(account, amountWei);
        vm.prank(account);
        token.approve(address(datanets), type(uint256).max);
    }

    function wait_(uint256 seconds_) internal {
        time += seconds_;
        vm.warp(time);
        _roll(1);
    }

    function _roll(uint256 blocks) internal {
        blockNumber += blocks;
        vm.roll(blockNumber);
    }

    function termsOf(string memory name, CurationRule rule, uint256 stakePerRowWei)
        internal
        pure
        returns (DatanetTerms memory)
    {
        return DatanetTerms({
            name: name,
            termsHash: "terms",
            licence: "CC-BY-4.0",
            contentType: "application/jsonl",
            schemaHash: "schema",
            stakePerRowWei: uint128(stakePerRowWei),
            accessPriceWei: 3,
            rule: rule,
            contributorsPpm: 500_000
        });
    }

    function create(CurationRule rule, uint256 stakePerRowWei) internal returns (bytes32) {
        vm.prank(OWNER);
        return datanets.create(termsOf("capitals", rule, stakePerRowWei));
    }

    function commit(address contributor, bytes32 datanetId, bytes32 rowsRoot, uint32 rows) internal {
        bytes32 commitment = Ids.contributionCommitment(datanetId, contributor, rowsRoot, rows, "salt");
        vm.prank(contributor);
        datanets.commitContribution(datanetId, commitment);
    }

    function reveal(address contributor, bytes32 datanetId, bytes32 rowsRoot, uint32 rows)
        internal
        returns (bytes32 id)
    {
        vm.prank(contributor);
        return datanets.contribute(datanetId, rowsRoot, rows, "salt");
    }

    /// @dev Commits and, a block later, reveals.
    function offer(address contributor, bytes32 datanetId, bytes32 rowsRoot, uint32 rows)
        internal
        returns (bytes32 id)
    {
        commit(contributor, datanetId, rowsRoot, rows);
        _roll(1);
        return reveal(contributor, datanetId, rowsRoot, rows);
    }

    function acceptAs(address owner, bytes32 id, uint32 rows) internal {
        vm.prank(owner);
        datanets.accept(id, rows);
    }

    /// @dev After the time for appeals.
    function settle(bytes32 id) internal {
        wait_(3 days + 1);
        datanets.finalise(id);
    }

    function caseOf(bytes32 id, uint8 round) internal view returns (uint256) {
        return datanets.getDispute(id, round).caseId;
    }

    /// @dev Draws the jurors of a case; all vote the same, or nobody votes at all.
    function vote(uint256 caseId, uint8 choice) internal {
        _vote(caseId, choice, type(uint256).max, choice);
        if (choice == 0) wait_(2 days + 1);
        if (_drawn(caseId) != 0) jury.count(caseId);
    }

    /// @dev The first `few` of the jurors vote otherwise.
    function voteSplit(uint256 caseId, uint8 choice, uint256 few, uint8 otherwise) internal {
        _vote(caseId, choice, few, otherwise);
        jury.count(caseId);
    }

    /// @dev Two to accept, two to refuse, the fifth away.
    function voteTied(uint256 caseId) internal {
        _roll(10);
        jury.draw(caseId);
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < 4; ++i) {
            vm.prank(jurors[i]);
            jury.commitVote(caseId, keccak256(abi.encode(caseId, jurors[i], i < 2 ? ACCEPT : REJECT, bytes32("salt"))));
        }
        wait_(1 days);
        for (uint256 i; i < 4; ++i) {
            vm.prank(jurors[i]);
            jury.revealVote(caseId, i < 2 ? ACCEPT : REJECT, "salt");
        }
        jury.count(caseId);
    }

    function _vote(uint256 caseId, uint8 choice, uint256 few, uint8 otherwise) private {
        _roll(10);
        jury.draw(caseId);
        address[] memory jurors = jury.jurorsOf(caseId);
        for (uint256 i; i < jurors.length; ++i) {
            uint8 mine = i < few && few != type(uint256).max ? otherwise : choice;
            if (mine == 0) continue;
            vm.prank(jurors[i]);
            jury.commitVote(caseId, keccak256(abi.encode(caseId, jurors[i], mine, bytes32("salt"))));
        }
        // Once all have committed, revealing begins.
        wait_(1);
        for (uint256 i; i < jurors.length; ++i) {
            uint8 mine = i < few && few != type(uint256).max ? otherwise : choice;
            if (mine == 0) continue;
            vm.prank(jurors[i]);
            jury.revealVote(caseId, mine, "salt");
        }
    }

    function _drawn(uint256 caseId) private view returns (uint256) {
        return jury.getCase(caseId).drawn;
    }

    /// @dev What an account has and may draw.
    function wealth(address account) internal view returns (uint256) {
        return token.balanceOf(account) + datanets.owed(account);
    }

    function assertStage(bytes32 id, ContributionStage stage) internal view {
        vm.assertEq(uint256(datanets.getContribution(id).stage), uint256(stage));
    }

    function assertEmpty() internal {
        address[5] memory all = [OWNER, ALICE, MALLORY, WATCHER, TREASURY];
        for (uint256 i; i < all.length; ++i) {
            if (datanets.owed(all[i]) != 0) datanets.withdraw(all[i]);
        }
        vm.assertEq(token.balanceOf(address(datanets)), 0, "the registry keeps nothing");
    }

    function _join(address curator) private {
        vm.prank(HOLDER);
        token.transfer(curator, 20_000 ether);
        vm.startPrank(curator);
        token.approve(address(stakes), type(uint256).max);
        stakes.delegate(curator, SEAT);
        jury.join(jury.CURATOR());
        vm.stopPrank();
    }
}
