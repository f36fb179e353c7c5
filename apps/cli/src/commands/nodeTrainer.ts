// `openledger node trainer`: trains what jobs on chain ask for, until Ctrl-C.

import { Option } from "commander";
import type { Cli } from "../defineCommand.js";
import { parseOpen } from "../output/parseOpen.js";
import { daemonCommand } from "./daemonOptions.js";
import { whole } from "./samplingOptions.js";

export function nodeTrainerCommand(cli: Cli) {
	return daemonCommand<{ readonly jobs: number; readonly leastPay?: bigint }>(cli, {
		role: "trainer",
		describe:
			"claim training jobs with the account's stake, train, submit, answer whoever doubts the run, take the pay. " +
			"It may be killed anywhere; started again it goes on where it was.",
		options: [
			new Option("--jobs <n>", "jobs in training at most").argParser(whole(1, 64)).default(1),
			new Option("--least-pay <open>", "leave jobs that pay less to others").argParser(parseOpen),
		],
		examples: [
			"node trainer",
			"node trainer --least-pay 10 --wallet trainer.json",
			"node trainer --rpc http://127.0.0.1:8545 --contracts contracts.json --data /srv/openledger-data --key-file key",
		],
		run: (place, { pollMs, jobs, leastPay }) =>
			place.node.runTrainer(place, {
				pollMs,
				mostJobs: jobs,
				...(leastPay !== undefined && { leastPayWei: leastPay }),
			}),
	});
}
