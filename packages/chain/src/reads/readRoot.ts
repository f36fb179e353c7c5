// The queue of reward roots: what was proposed of an epoch, whether it pays, and what is demanded of it. Reads only.
import { CallerError, type RootProposal } from "@openledger/protocol";
import { type Address, type Hex, zeroHash } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { attributionRewardsAbi, rootChallengesAbi } from "../generated/index.js";
import { readEventsOf } from "./readEventsOf.js";

/** An epoch's root: proposed and still open to challenges, activated and paying, or fallen and not proposed again. */
export type Root = {
	readonly status: "pending" | "active" | "fallen";
	readonly rootHash: Hex;
	readonly proposal: RootProposal;
	/** What the data layer answers for. */
	readonly dataCertificate: Hex;
	/** Demands and disputes that keep a pending root from activation. */
	readonly holds: bigint;
	/** Block of the proposal. */
	readonly blockNumber: bigint;
};

/** An account that proposes roots; `bondWei` of its stake is locked behind what it proposed. */
export type Proposer = { readonly allowed: boolean; readonly bondWei: bigint; readonly lastEpoch: number };

/** Something that must be answered, or the root falls; `deadline` in Unix seconds. */
export type RootDemand = {
	readonly demandId: Hex;
	readonly challenger: Address;
	readonly epoch: bigint;
	readonly deadline: bigint;
	readonly bondWei: bigint;
	readonly asked:
		| { readonly kind: "chunk"; readonly index: number }
		| { readonly kind: "row"; readonly receiptId: Hex; readonly row: number };
};

/** The dispute over a root that a jury has not decided. */
export type RootDispute = { readonly challenger: Address; readonly bondWei: bigint; readonly caseId: bigint };

/** Number of the epoch that pays; 0 before the first. */
export async function readLatestEpoch(ledger: Ledger): Promise<bigint> {
	return (await readContract(ledger, { ...rewardsOf(ledger), functionName: "activeEpoch", args: [] })) ?? 0n;
}

/** Number of the latest epoch that pays or waits; 0 before the first. */
export async function readProposedEpoch(ledger: Ledger): Promise<bigint> {
	return (await readContract(ledger, { ...rewardsOf(ledger), functionName: "proposedEpoch", args: [] })) ?? 0n;
}

/** Hash of the proposal that waits for an epoch; undefined if none does. */
export async function readPendingHash(ledger: Ledger, epoch: bigint): Promise<Hex | undefined> {
	const found = await readContract(ledger, { ...rewardsOf(ledger), functionName: "pendingHash", args: [epoch] });
	return found === undefined || found === zeroHash ? undefined : found;
}

/** The latest root proposed for an epoch; undefined if none ever was. */
export async function readRoot(ledger: Ledger, epoch: bigint): Promise<Root | undefined> {
	const rewards = rewardsOf(ledger);
	const asked = { contract: "attributionRewards", abi: attributionRewardsAbi, args: { epoch } } as const;
	const [proposed, activated, pendingHash] = await Promise.all([
		readEventsOf(ledger, { ...asked, name: "RootProposed" }),
		readEventsOf(ledger, { ...asked, name: "RootActivated" }),
		readPendingHash(ledger, epoch),
	]);
	const standing = activated.at(-1)?.args.rootHash ?? pendingHash;
	const log = proposed.findLast(({ args }) => standing === undefined || args.rootHash === standing);
	if (log === undefined) return undefined;
	const { rootHash, proposal, dataCertificate } = log.args;
	const holds = (await readContract(ledger, { ...rewards, functionName: "holds", args: [rootHash] })) ?? 0n;
	const status = activated.length > 0 ? "active" : standing === undefined ? "fallen" : "pending";
	return { status, rootHash, proposal, dataCertificate, holds, blockNumber: log.blockNumber };
}

/** The same, of an epoch that waits; throws `chain/no-root`. */
export async function readPendingRoot(ledger: Ledger, epoch: bigint): Promise<Root> {
	const root = await readRoot(ledger, epoch);
	if (root?.status === "pending") return root;
	throw new CallerError(`no root waits for epoch ${epoch}; propose one, or name an epoch that is proposed`, {
		code: "chain/no-root",
		details: { epoch: String(epoch), status: root?.status ?? "none" },
	});
}

/** What is known of an account as a proposer. */
export async function readProposer(ledger: Ledger, account: Address): Promise<Proposer> {
	const call = { ...rewardsOf(ledger), functionName: "getProposer", args: [account] } as const;
	return (await readContract(ledger, call)) ?? { allowed: false, bondWei: 0n, lastEpoch: 0 };
}

/** The next nonce of an account's claims by signature. */
export async function readClaimNonce(ledger: Ledger, account: Address): Promise<bigint> {
	return (await readContract(ledger, { ...rewardsOf(ledger), functionName: "nonces", args: [account] })) ?? 0n;
}

/** What is demanded of a root and neither answered nor closed. */
export async function readRootDemands(ledger: Ledger, rootHash: Hex): Promise<RootDemand[]> {
	const challenges = challengesOf(ledger);
	const asked = { contract: "rootChallenges", abi: rootChallengesAbi, args: { rootHash } } as const;
	const [chunks, rows] = await Promise.all([
		readEventsOf(ledger, { ...asked, name: "ChunkDemanded" }),
		readEventsOf(ledger, { ...asked, name: "RowDemanded" }),
	]);
	const all = [
		...chunks.map(({ args }) => ({ demandId: args.demandId, asked: { kind: "chunk", index: args.index } as const })),
		...rows.map(({ args: { demandId, receiptId, row } }) => ({
			demandId,
			asked: { kind: "row", receiptId, row } as const,
		})),
	];
	const byId = new Map(all.map((one) => [one.demandId, one]));
	const open: RootDemand[] = [];
	for (const { demandId, asked } of byId.values()) {
		const found = await readContract(ledger, { ...challenges, functionName: "getDemand", args: [demandId] });
		if (found === undefined || BigInt(found.challenger) === 0n) continue;
		const { challenger, epoch, deadline, bondWei } = found;
		open.push({ demandId, challenger, epoch, deadline, bondWei, asked });
	}
	return open;
}

/** The undecided dispute over a root; undefined if there is none. */
export async function readRootDispute(ledger: Ledger, rootHash: Hex): Promise<RootDispute | undefined> {
	const call = { ...challengesOf(ledger), functionName: "getDispute", args: [rootHash] } as const;
	const found = await readContract(ledger, call);
	if (found === undefined || BigInt(found.challenger) === 0n) return undefined;
	return { challenger: found.challenger, bondWei: found.bondWei, caseId: found.caseId };
}

function rewardsOf({ addresses }: Ledger) {
	return { address: addresses.attributionRewards, abi: attributionRewardsAbi } as const;
}

function challengesOf({ addresses }: Ledger) {
	return { address: addresses.rootChallenges, abi: rootChallengesAbi } as const;
}
