// What our contracts are called and what each is for.

import type { Address } from "viem";

export const CONTRACTS: Readonly<Record<string, { readonly title: string; readonly what: string }>> = {
	openToken: { title: "OPEN token", what: "The token that answers are paid in; its holders vote." },
	openTimelock: { title: "Timelock", what: "Keeps what was voted for, so that everybody sees it before it happens." },
	parameters: { title: "Parameters", what: "The governed constants, each within bounds that nobody can change." },
	openGovernor: { title: "Governor", what: "Proposals and votes." },
	stakePool: { title: "Stake pool", what: "Stake behind operators: locked, slashed, rewarded, withdrawn." },
	jury: { title: "Jury", what: "Draws jurors by chance, counts their hidden votes, pays and fines them." },
	datanetRegistry: { title: "Datanet registry", what: "Datanets, contributions, their review, snapshots, erasures." },
	modelRegistry: { title: "Model registry", what: "Bases and models: what each was trained on, and its terms." },
	attributionRewards: { title: "Attribution rewards", what: "What rows earned: roots of epochs, and claims by proof." },
	feeVault: { title: "Fee vault", what: "Collects the fees of answers and divides them." },
	rootChallenges: { title: "Root challenges", what: "Takes wrong roots down: by proof, by demand of data, by a jury." },
	trainingJobs: { title: "Training jobs", what: "Offers training, takes runs under a bond, pays them." },
	disputes: { title: "Disputes", what: "Finds the first wrong step of a disputed run, move by move." },
};

/** Of others, which we use as they are. */
export const DEPLOYMENT_PROXY = "0x4e59b44847b379578588920ca78fbf26c0b4956c";
export const CHANNELS = "0x4020074e9df2ce1dee5a9c1b5c3f541d02a10003";

const CANONICAL: Readonly<Record<string, string>> = {
	[DEPLOYMENT_PROXY]: "Deployment proxy",
	"0xca11bde05977b3631167028862be2a173976ca11": "Multicall",
	"0x000000000022d473030f116ddee9f6b43ac78ba3": "Permit2",
	[CHANNELS]: "x402 channels",
	"0x4020806089470a89826cb9fb1f4059150b550004": "x402 deposit collector (ERC-3009)",
	"0x4020425faf3b746c082c2f942b4e5159887b0005": "x402 deposit collector (Permit2)",
};

export const titleOf = (key: string): string => CONTRACTS[key]?.title ?? key;

/** The key of our contract at an address; undefined where none of ours lies. */
export function contractAt(addresses: Readonly<Record<string, Address>>, address: string): string | undefined {
	const wanted = address.toLowerCase();
	return Object.keys(addresses).find((key) => addresses[key]!.toLowerCase() === wanted);
}

/** What an address is called, ours or another's; undefined for plain accounts. */
export function nameAt(addresses: Readonly<Record<string, Address>>, address: string): string | undefined {
	const key = contractAt(addresses, address);
	return key === undefined ? CANONICAL[address.toLowerCase()] : titleOf(key);
}

/** "claimMany" → "claim many", "per1000" → "per 1000" */
export const inWords = (name: string): string =>
	name
		.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
		.replace(/(?<=[a-z])\d+$/, (digits) => ` ${digits}`);
