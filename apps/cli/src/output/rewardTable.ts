// Earned and claimed by contributor, with the sum.

import type { Reward } from "../client/records.js";
import { open } from "./amounts.js";
import { table } from "./table.js";
import type { Terminal } from "./terminal.js";

const COLUMNS = [
	{ head: "Contributor" },
	{ head: "Earned, OPEN", align: "right" },
	{ head: "Claimed, OPEN", align: "right" },
	{ head: "Wallet" },
] as const;

export function rewardTable(terminal: Terminal, rewards: readonly Reward[]): string {
	const sum = (key: "earnedWei" | "claimedWei") => rewards.reduce((total, reward) => total + BigInt(reward[key]), 0n);
	const rows = rewards.map((r) => [r.contributor, open(r.earnedWei), open(r.claimedWei), r.account]);
	const { bold } = terminal.style;
	return table(terminal, COLUMNS, [
		...rows,
		[bold("all"), bold(open(sum("earnedWei"))), bold(open(sum("claimedWei"))), ""],
	]);
}
