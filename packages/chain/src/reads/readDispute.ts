// Disputes over trained runs as the chain knows them. Reads only.
import type { Address, Hex } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { disputesAbi } from "../generated/index.js";

const PHASES = [
	"none",
	"showLink",
	"answerLink",
	"showTrace",
	"showEntry",
	"answerEntry",
	"claimEntry",
	"jury",
	"verdict",
	"ended",
] as const;
const OUTCOMES = ["none", "trainerRight", "challengerRight", "undecided", "moot"] as const;

/** Whose move it is: show… the trainer's, answer… and claimEntry the challenger's. */
export type DisputePhase = Exclude<(typeof PHASES)[number], "none">;
/** "none" while it goes on. */
export type DisputeOutcome = (typeof OUTCOMES)[number];

/** Agreed at `low`, disputed at `high`; `midHash` is shown half-way, while it has to be answered. */
export type DisputeSpan = {
	readonly low: number;
	readonly high: number;
	readonly lowHash: Hex;
	readonly highHash: Hex;
	readonly midHash: Hex;
};

/** See contracts/src/types/Jobs.sol; times in seconds. */
export type Dispute = {
	readonly jobId: Hex;
	readonly trainer: Address;
	readonly attempt: number;
	readonly challenger: Address;
	readonly phase: DisputePhase;
	readonly outcome: DisputeOutcome;
	readonly deadline: number;
	readonly endsBy: number;
	readonly moveSeconds: number;
	readonly opCount: number;
	readonly jurySize: number;
	readonly appealJurySize: number;
	readonly juries: number;
	/** Of the first jury: 1 trainer right, 2 challenger right, 0 none yet. */
	readonly verdict: number;
	readonly trainerAppealed: boolean;
	readonly linksRoot: Hex;
	readonly leaves: number;
	readonly links: DisputeSpan;
	readonly traceRoot: Hex;
	readonly ops: DisputeSpan;
	readonly claimedEntry: Hex;
	readonly firstCase: bigint;
	readonly juryCase: bigint;
	readonly bondWei: bigint;
	readonly depositWei: bigint;
	readonly spentWei: bigint;
	readonly jurorFeeWei: bigint;
};

/** How many disputes were ever opened. */
export async function readDisputeCount(ledger: Ledger): Promise<number> {
	const disputes = { address: ledger.addresses.disputes, abi: disputesAbi } as const;
	return Number((await readContract(ledger, { ...disputes, functionName: "disputeCount", args: [] })) ?? 0n);
}

/** Ids of all disputes, in the order they were opened, from the one at `from` on. */
export async function readDisputeIds(ledger: Ledger, from = 0): Promise<Hex[]> {
	const disputes = { address: ledger.addresses.disputes, abi: disputesAbi } as const;
	const count = await readDisputeCount(ledger);
	const ids: Hex[] = [];
	for (let i = from; i < count; i++) {
		ids.push((await readContract(ledger, { ...disputes, functionName: "disputeAt", args: [BigInt(i)] }))!);
	}
	return ids;
}

/** Reads a dispute; undefined if there is none. */
export async function readDispute(ledger: Ledger, disputeId: Hex): Promise<Dispute | undefined> {
	const { disputes: address } = ledger.addresses;
	const call = { address, abi: disputesAbi, functionName: "getDispute", args: [disputeId] } as const;
	const dispute = await readContract(ledger, call, "UnknownDispute");
	if (dispute === undefined) return undefined;
	return {
		...dispute,
		phase: PHASES[dispute.phase] as DisputePhase,
		outcome: OUTCOMES[dispute.outcome]!,
		deadline: Number(dispute.deadline),
		endsBy: Number(dispute.endsBy),
	};
}

/** What opening a dispute takes now, wei: the bond, and two juries' fees, of which the unspent come back. */
export async function readDisputeDeposit(
	ledger: Ledger,
): Promise<{ readonly bondWei: bigint; readonly feesWei: bigint }> {
	const { disputes: address } = ledger.addresses;
	const call = { address, abi: disputesAbi, functionName: "depositFor", args: [] } as const;
	const [bondWei, feesWei] = (await readContract(ledger, call))!;
	return { bondWei, feesWei };
}

/** What the disputes' contract owes an account, wei: deposits back, parts of slashes and of lost bonds. */
export async function readDisputeOwed(ledger: Ledger, account: Address): Promise<bigint> {
	const { disputes: address } = ledger.addresses;
	const call = { address, abi: disputesAbi, functionName: "owed", args: [account] } as const;
	return (await readContract(ledger, call)) ?? 0n;
}
