// `openledger receipt verify ID`: runs answer and attribution again from what the receipt commits to, and says what that shows.

import { keccak256, utf8 } from "@openledger/protocol";
import { InvalidArgumentError, Option } from "commander";
import { findReceipt } from "../client/findReceipt.js";
import type { Verification } from "../client/records.js";
import { type Cli, collect, nodeCommand } from "../defineCommand.js";
import { verificationText } from "../output/verification.js";
import { whole } from "./samplingOptions.js";

const MOST_ROWS = 4096;
const MOST_NAMED = 64;

type Options = {
	readonly mode: "full" | "spot";
	readonly rows?: number | "all";
	readonly row?: readonly string[];
	readonly seed?: string;
};

export function receiptVerifyCommand(cli: Cli) {
	const spec = {
		name: "verify",
		describe: "run an answer and its attribution again; says identical (exit 0) or the first difference (exit 1)",
		args: [["<id>", "the receipt's id, or the start of it"]],
		options: [
			new Option("--mode <mode>", "full reads every row; spot checks a few rows and all that are paid")
				.choices(["full", "spot"])
				.default("full"),
			new Option("--rows <k>", "rows drawn at random, whose features are made again; or all (default: 32)").argParser(
				rows,
			),
			new Option("--row <n>", "look at this row in any case; may be given several times").argParser(named),
			new Option("--seed <text>", "draw the rows that this text draws, instead of others each time"),
		],
		examples: [
			"receipt verify 0x1f3a",
			"receipt verify 0x1f3a --rows all",
			"receipt verify 0x1f3a --mode spot --rows 64 --row 17",
		],
	} as const;
	return nodeCommand<Options>(cli, spec, async ({ api, args, terminal, options }) => {
		const { mode, rows: drawn, row = [], seed } = options;
		const found = await api.post<Verification>(`/receipts/${await findReceipt(api, args[0]!)}/verify`, {
			mode,
			...(drawn !== undefined && { rows: drawn }),
			...(row.length > 0 && { named: row.map(Number) }),
			...(seed !== undefined && { nonce: keccak256(utf8(seed)) }),
		});
		return { json: found, text: verificationText(terminal, found), ok: found.identical };
	});
}

function rows(value: string): number | "all" {
	return value === "all" ? value : whole(0, MOST_ROWS)(value);
}

function named(value: string, before: readonly string[] | undefined): string[] {
	whole(0, 2 ** 31 - 1)(value);
	const all = collect(value, before);
	if (all.length > MOST_NAMED) throw new InvalidArgumentError(`At most ${MOST_NAMED} rows.`);
	return all;
}
