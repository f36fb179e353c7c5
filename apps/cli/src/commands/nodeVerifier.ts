// `openledger node verifier`: takes parts of submitted runs again, challenges what is wrong, judges disputes, until Ctrl-C.

import { Option } from "commander";
import type { Cli } from "../defineCommand.js";
import { daemonCommand } from "./daemonOptions.js";
import { whole } from "./samplingOptions.js";

type Options = {
	readonly segments: number;
	readonly full?: boolean;
	readonly judgeOnly?: boolean;
	readonly join?: boolean;
};

export function nodeVerifierCommand(cli: Cli) {
	return daemonCommand<Options>(cli, {
		role: "verifier",
		describe:
			"take stretches of submitted runs again, drawn by lot, challenge a run that differs and play the dispute to its end; " +
			"vote where the account's seat is drawn. It may be killed anywhere; started again it goes on where it was.",
		options: [
			new Option("--segments <n>", "stretches between checkpoints to take again of each run")
				.argParser(whole(1, 10_000))
				.default(2),
			new Option("--full", "take every run again from its start"),
			new Option("--join", "take a verifier's seat first, with the account's stake, unless it has one"),
			new Option("--judge-only", "only vote where the seat is drawn; inspect nothing"),
		],
		examples: ["node verifier", "node verifier --full --wallet verifier.json", "node verifier --join --judge-only"],
		run: (place, { pollMs, segments, full, judgeOnly, join }) =>
			place.node.runVerifier(place, {
				pollMs,
				segments: full ? "all" : segments,
				inspects: judgeOnly !== true,
				joins: join === true,
			}),
	});
}
