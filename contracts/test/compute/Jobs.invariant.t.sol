// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Disputes} from "../../src/compute/Disputes.sol";
import {TrainingJobs} from "../../src/compute/TrainingJobs.sol";
import {StakePool} from "../../src/staking/StakePool.sol";
import {OpenToken} from "../../src/token/OpenToken.sol";
import {Job, JobStatus} from "../../src/types/Jobs.sol";
import {JobsHandler} from "../support/JobsHandler.sol";
import {Test} from "../support/Test.sol";

/// @dev What holds after any sequence of acts of honest parties and cheats. One invariant calls all the checks, because Foundry would
/// run the same campaign anew for each.
contract JobsInvariants is Test {
    JobsHandler private handler;
    OpenToken private token;
    TrainingJobs private jobs;
    Disputes private disputes;
    StakePool private stakes;

    function setUp() public {
        handler = new JobsHandler();
        (address a, address b, address c, address d) = handler.contracts();
        (token, jobs, disputes, stakes) = (OpenToken(a), TrainingJobs(b), Disputes(c), StakePool(d));
    }

    /// @dev Read by Foundry: only the handler is called, and only its acts.
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        bytes4[] memory acts = new bytes4[](6);
        acts[0] = handler.submitRun.selector;
        acts[1] = handler.challenge.selector;
        acts[2] = handler.move.selector;
        acts[3] = handler.wait.selector;
        acts[4] = handler.waitForVotes.selector;
        acts[5] = handler.attack.selector;
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(address(handler), acts);
    }

    function invariant_jobs() external view {
        vm.assertEq(handler.overdue(), 0, "a dispute outlived its time");
        vm.assertEq(handler.attacksThatWorked(), 0, "what must not go through did");
    }

    /// @dev Everything comes to an end, without the cheats; and then nobody's money is left behind.
    function afterInvariant() external {
        _checkHonestNeverLose();
        _checkCheatsNeverProfit();
        _checkMoney();
        vm.assertTrue(handler.finishAll(), "a dispute did not end");
        _checkHonestNeverLose();
        _checkCheatsNeverProfit();
        _checkMoney();
        vm.assertEq(handler.overdue(), 0, "a dispute outlived its time");
    }

    function _checkHonestNeverLose() private view {
        uint256 riches = handler.RICHES();
        vm.assertLe(riches, handler.worth(handler.HONEST_TRAINER()), "the honest trainer lost");
        vm.assertLe(riches, handler.worth(handler.HONEST_CHALLENGER()), "the honest challenger lost");
        vm.assertLe(riches, handler.worth(handler.WATCHER()), "the second honest challenger lost");
    }

    /// @dev Together with its friend, who may be its challenger: what one of them gains the other lost, and more.
    function _checkCheatsNeverProfit() private view {
        uint256 both = handler.worth(handler.CHEATING_TRAINER()) + handler.worth(handler.FALSE_CHALLENGER());
        vm.assertLe(both, 2 * handler.RICHES(), "cheats profited");
    }

    function _checkMoney() private view {
        uint256 escrow;
        uint256 locked;
        for (uint256 i; i < handler.jobCount(); ++i) {
            Job memory job = jobs.getJob(handler.jobIds(i));
            if (job.status < JobStatus.Paid) escrow += job.payWei + job.feesWei;
            if (job.status == JobStatus.Claimed || job.status == JobStatus.Submitted) locked += job.stakeWei;
        }
        vm.assertEq(token.balanceOf(address(jobs)), escrow + _owedByJobs(), "jobs hold escrow and what they owe");
        uint256 lockedNow = stakes.lockedFor(handler.HONEST_TRAINER(), address(jobs))
            + stakes.lockedFor(handler.CHEATING_TRAINER(), address(jobs));
        vm.assertEq(lockedNow, locked, "stake is locked for running jobs, and for nothing else");

        uint256 deposits;
        uint256 open = handler.openCount();
        for (uint256 i; i < open; ++i) {
            deposits += disputes.getDispute(handler.openIds(i)).depositWei;
        }
        uint256 held = token.balanceOf(address(disputes));
        // A fallen run's slash waits in part for those who spent on jurors in the same cause, until they are done.
        vm.assertLe(deposits + _owedByDisputes(), held, "disputes hold deposits and what they owe");
        if (open == 0) vm.assertEq(_owedByDisputes(), held, "and nothing is left behind");
    }

    function _owedByJobs() private view returns (uint256 sum) {
        address[5] memory all = _all();
        for (uint256 i; i < 5; ++i) {
            sum += jobs.owed(all[i]);
        }
        return sum + jobs.owed(address(0x9057)) + jobs.owed(address(0xda7a));
    }

    function _owedByDisputes() private view returns (uint256 sum) {
        address[5] memory all = _all();
        for (uint256 i; i < 5; ++i) {
            sum += disputes.owed(all[i]);
        }
        return sum + disputes.owed(address(0x7ea5));
    }

    function _all() private view returns (address[5] memory) {
        return [
            handler.HONEST_TRAINER(),
            handler.CHEATING_TRAINER(),
            handler.HONEST_CHALLENGER(),
            handler.WATCHER(),
            handler.FALSE_CHALLENGER()
        ];
    }
}
