// Earned and claimed by contributor, with the sum.

import type { Reward } from "../client/records.js";
import { open } from "./amounts.js";
import { table } from "./table.js";
import type { Terminal } from "./terminal.js";

const COLUMNS = [
	{ head: "Contributor" },
	{ head: "Earned, OPEN", align: "right" },
	{ head: "Claimed, OPEN", align: "right" },
	{ head: "To claim", align: "right" },
	{ head: "In challenge", align: "right" },
	{ head: "Wallet" },
] as const;

export function rewardTable(terminal: Terminal, rewards: readonly Reward[]): string {
	type Amount = "earnedWei" | "claimedWei" | "claimableWei" | "challengedWei";
	const sum = (key: Amount) => rewards.reduce((total, reward) => total + BigInt(reward[key]), 0n);
	const amounts: readonly Amount[] = ["earnedWei", "claimedWei", "claimableWei", "challengedWei"];
	const rows = rewards.map((r) => [r.contributor, ...amounts.map((key) => open(r[key])), r.account]);
	const { bold } = terminal.style;
	return table(terminal, COLUMNS, [...rows, [bold("all"), ...amounts.map((key) => bold(open(sum(key)))), ""]]);
}
