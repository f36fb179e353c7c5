// Whose pool a stake command means, and how a pool is shown. It must not know what the operator does.

import type { Stake, StakerPosition } from "@openledger/sdk/ledger";
import { Option } from "commander";
import { getAddress, isAddress } from "viem";
import { usage } from "../errors.js";
import { counted, open } from "../output/amounts.js";
import { time } from "../output/proposals.js";
import { facts } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";

export type OperatorOptions = { readonly operator?: string };

export const operatorOption = () =>
	new Option(
		"--operator <address>",
		"the node, trainer, verifier or curator that is stood behind (default: the wallet)",
	);

/** The address that was named, or one's own. */
export function operatorOf(asked: string | undefined, own: () => `0x${string}`): `0x${string}` {
	if (asked === undefined) return own();
	if (!isAddress(asked, { strict: false }))
		throw usage(`${JSON.stringify(asked)} is no address; it is 0x and 40 hex digits`);
	return getAddress(asked.toLowerCase());
}

export function showStake(terminal: Terminal, operator: string, stake: Stake, position: StakerPosition): string {
	const { dim, red } = terminal.style;
	const leaving = position.unbondings.map(
		({ amountWei, readyAt }) => `${open(amountWei)} OPEN from ${time(readyAt)} UTC`,
	);
	const covered = stake.isCovered ? "" : red("  its active stake no longer covers what is promised");
	return facts(terminal, [
		["Operator", operator],
		["Behind it", `${open(stake.activeWei)} OPEN${dim(`, ${open(stake.freeWei)} of it promised to nobody`)}${covered}`],
		["Leaving it", `${open(stake.unbondingWei)} OPEN`],
		["Of it yours", `${open(position.stakeWei)} OPEN`],
		["Earned", `${open(position.earnedWei)} OPEN${dim(" to be claimed")}`],
		["You leave with", leaving.length === 0 ? dim("nothing") : leaving.join(", ")],
	]);
}

/** What a command did not find to do, for several unbondings. */
export function waitingText(waiting: readonly { readonly readyAt: bigint }[]): string {
	if (waiting.length === 0) return "Nothing is leaving; start with: openledger stake undelegate OPEN";
	const [next] = waiting.map(({ readyAt }) => readyAt).sort((a, b) => (a < b ? -1 : 1));
	return `${counted(waiting.length, "part")} still waiting; the next is ready at ${time(next!)} UTC.`;
}
