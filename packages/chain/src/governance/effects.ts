// Which value an action of governance changes, and how to read it before and after. A function that is not in the table has an effect
// that only its own words tell. It must not talk to a chain.
import { type Abi, type Address, decodeFunctionResult, encodeFunctionData, type Hex, hexToString } from "viem";
import { type ContractName, contractAbis } from "../contractAbis.js";
import type { Addresses } from "../contractAddresses.js";
import { type DecodedAction, showValue } from "./actions.js";

export type Effect = {
	/** Name of the value: a constant's key, or who is meant. */
	readonly what: string;
	readonly target: Address;
	readonly data: Hex;
	readonly getter: string;
	readonly abi: Abi;
	show(value: unknown): string;
};

type Reading = {
	readonly getter: string;
	readonly contract?: ContractName;
	args(action: DecodedAction): readonly unknown[];
	what(action: DecodedAction): string;
};

const first = (action: DecodedAction) => action.args[0]!;
const whose = (word: string): Omit<Reading, "getter"> => ({
	args: (action) => [first(action).value],
	what: (action) => `${first(action).shown} ${word}`,
});
const setting = (getter: string, what: string): Reading => ({ getter, args: () => [], what: () => what });

const READINGS: Readonly<Record<string, Reading>> = {
	"parameters.set": {
		getter: "get",
		args: (action) => [first(action).value],
		what: (action) => hexToString(first(action).value as Hex, { size: 32 }),
	},
	"openGovernor.setVotingDelay": setting("votingDelay", "votingDelaySeconds"),
	"openGovernor.setVotingPeriod": setting("votingPeriod", "votingPeriodSeconds"),
	"openGovernor.setProposalThreshold": setting("proposalThreshold", "proposalThresholdWei"),
	"openGovernor.updateQuorumNumerator": setting("quorumNumerator", "quorumPercent"),
	"openGovernor.setLateQuorumVoteExtension": setting("lateQuorumVoteExtension", "lateQuorumSeconds"),
	"openTimelock.updateDelay": setting("getMinDelay", "timelockSeconds"),
	"stakePool.setConsumer": { getter: "isConsumer", ...whose("may lock stake") },
	"jury.setCourt": { getter: "isCourt", ...whose("may open cases") },
	"attributionRewards.setProposer": { getter: "isProposer", ...whose("may propose roots") },
	"openToken.transfer": { getter: "balanceOf", ...whose("holds, in wei") },
};

/** What to read around an action; undefined if we know of nothing. */
export function effectOf(addresses: Addresses, action: DecodedAction): Effect | undefined {
	const reading = READINGS[`${action.contract}.${action.functionName}`];
	if (reading === undefined || action.contract === undefined) return undefined;
	const abi = contractAbis[action.contract];
	const { getter } = reading;
	if (!abi.some((entry) => entry.type === "function" && entry.name === getter)) return undefined;
	const what = reading.what(action);
	return {
		...{ what, abi, getter },
		target: addresses[action.contract],
		data: encodeFunctionData({ abi, functionName: getter, args: reading.args(action) }),
		show: (value) =>
			typeof value === "bigint" || typeof value === "number" ? showValue(what, BigInt(value)) : String(value),
	};
}

export function decodeEffect({ abi, getter }: Effect, returned: Hex): unknown {
	return decodeFunctionResult({ abi, functionName: getter, data: returned });
}
