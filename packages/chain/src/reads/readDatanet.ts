// One datanet as the chain knows it: terms, contributions and their disputes, snapshots. Reads only.
import { type Address, type Hex, zeroAddress, zeroHash } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { datanetRegistryAbi } from "../generated/index.js";

/** Who decides: the datanet's owner, a random committee of curators, or nobody unless somebody challenges. */
export type CurationRule = "owner" | "committee" | "open";

export const CURATION_RULES: readonly CurationRule[] = ["owner", "committee", "open"];

export type Datanet = {
	readonly owner: Address;
	readonly latestVersion: number;
	/** Finally accepted and not erased. */
	readonly acceptedRows: bigint;
	readonly termsHash: Hex;
	/** Of the JSON schema of a row; 32 zero bytes: none. */
	readonly schemaHash: Hex;
	readonly stakePerRowWei: bigint;
	/** What a training job pays for each row. */
	readonly accessPriceWei: bigint;
	readonly rule: CurationRule;
	readonly contributorsPpm: number;
	/** How many rows were erased so far. */
	readonly tombstones: bigint;
	readonly name: string;
	readonly licence: string;
	readonly contentType: string;
};

export type ContributionStatus = "pending" | "accepted" | "rejected" | "junk" | "taken-back";

/** review: to be decided, or challenged · challenged, appealed: waits for a defence · judged, appeal-judged: a jury votes · decided: may be appealed. */
export type ContributionStage = "review" | "challenged" | "judged" | "decided" | "appealed" | "appeal-judged" | "final";

export type Contribution = {
	readonly datanetId: Hex;
	readonly rowsRoot: Hex;
	readonly contributor: Address;
	readonly rowCount: number;
	readonly acceptedRows: number;
	readonly status: ContributionStatus;
	readonly stage: ContributionStage;
	/** 0 where it was accepted; 1 to 249 the owner's; 252 no verdict, 253 the committee's, 254 not defended, 255 superseded. */
	readonly reasonCode: number;
	readonly superseded: boolean;
	/** Seconds since 1970, of the present stage. */
	readonly deadline: number;
	readonly erasedRows: number;
	readonly stakeWei: bigint;
};

/** Seconds since 1970; `sequence` counts a datanet's commitments from 1. */
export type ContributionCommitment = {
	readonly sequence: number;
	readonly blockNumber: number;
	readonly revealEnds: number;
};

/** What is disputed, by whom, and who stands for it; `caseId` names the jury's case once there is one. */
export type ContributionDispute = {
	/** Absent for a review by committee, which has no sides. */
	readonly appellant?: Address;
	readonly defender?: Address;
	readonly against: ContributionStatus | "nothing";
	readonly byStake: boolean;
	readonly bondWei: bigint;
	readonly feesWei: bigint;
	readonly caseId?: bigint;
};

/** `timestamp` in seconds; `tombstones`: how many erased rows it has taken out. */
export type Snapshot = {
	readonly root: Hex;
	readonly rowCount: number;
	readonly timestamp: bigint;
	readonly tombstones: bigint;
};

const STATUSES: readonly ContributionStatus[] = ["pending", "accepted", "rejected", "junk", "taken-back"];
const STAGES: readonly ContributionStage[] = [
	"review",
	"challenged",
	"judged",
	"decided",
	"appealed",
	"appeal-judged",
	"final",
];

const registry = (ledger: Ledger) => ({ address: ledger.addresses.datanetRegistry, abi: datanetRegistryAbi }) as const;

/** Reads a datanet; undefined if there is none. */
export async function readDatanet(ledger: Ledger, datanetId: Hex): Promise<Datanet | undefined> {
	const call = { ...registry(ledger), functionName: "getDatanet", args: [datanetId] } as const;
	const found = await readContract(ledger, call, "UnknownDatanet");
	return found && { ...found, rule: CURATION_RULES[found.rule]! };
}

/** Reads a contribution; undefined if there is none. */
export async function readContribution(ledger: Ledger, contributionId: Hex): Promise<Contribution | undefined> {
	const call = { ...registry(ledger), functionName: "getContribution", args: [contributionId] } as const;
	const found = await readContract(ledger, call, "UnknownContribution");
	if (found === undefined) return undefined;
	const { sequence: _, ...rest } = found;
	return { ...rest, status: STATUSES[found.status - 1]!, stage: STAGES[found.stage - 1]! };
}

/** Reads a commitment; undefined if there is none. */
export async function readCommitment(
	ledger: Ledger,
	datanetId: Hex,
	commitment: Hex,
): Promise<ContributionCommitment | undefined> {
	const call = { ...registry(ledger), functionName: "getCommitment", args: [datanetId, commitment] } as const;
	const found = await readContract(ledger, call);
	return found === undefined || found.sequence === 0 ? undefined : found;
}

/** Reads a dispute; undefined if there is none. Round 0: review by committee, or challenge; 1: appeal. */
export async function readContributionDispute(
	ledger: Ledger,
	contributionId: Hex,
	round: 0 | 1,
): Promise<ContributionDispute | undefined> {
	const call = { ...registry(ledger), functionName: "getDispute", args: [contributionId, round] } as const;
	const found = await readContract(ledger, call);
	if (found === undefined || found.jurors === 0) return undefined;
	const { appellant, defender, against, byStake, bondWei, feesWei, caseId } = found;
	return {
		...(appellant !== zeroAddress && { appellant }),
		...(defender !== zeroAddress && { defender }),
		against: against === 0 ? "nothing" : STATUSES[against - 1]!,
		byStake,
		bondWei,
		feesWei,
		...(caseId !== 0n && { caseId }),
	};
}

/** What an appeal, or a challenge, of this contribution would put down now; the fees come back to whoever is right. */
export async function readDisputeCost(
	ledger: Ledger,
	contributionId: Hex,
): Promise<{ readonly feesWei: bigint; readonly bondWei: bigint }> {
	const call = { ...registry(ledger), functionName: "disputeCost", args: [contributionId] } as const;
	const [feesWei, bondWei] = (await readContract(ledger, call))!;
	return { feesWei, bondWei };
}

/** Which contribution this root is accepted from; undefined if from none. */
export async function readAcceptedFrom(ledger: Ledger, datanetId: Hex, rowsRoot: Hex): Promise<Hex | undefined> {
	const call = { ...registry(ledger), functionName: "acceptedFrom", args: [datanetId, rowsRoot] } as const;
	const found = await readContract(ledger, call);
	return found === zeroHash ? undefined : found;
}

/** What an account can draw from the registry: stakes and deposits that came free. */
export async function readDatanetOwed(ledger: Ledger, account: Address): Promise<bigint> {
	const call = { ...registry(ledger), functionName: "owed", args: [account] } as const;
	return (await readContract(ledger, call)) ?? 0n;
}

/** Reads a published snapshot; undefined if there is none of that version. */
export async function readSnapshot(ledger: Ledger, datanetId: Hex, version: number): Promise<Snapshot | undefined> {
	const call = { ...registry(ledger), functionName: "getSnapshot", args: [datanetId, version] } as const;
	const snapshot = await readContract(ledger, call);
	return snapshot === undefined || snapshot.root === zeroHash ? undefined : snapshot;
}

/** Whether rows were erased after this version was frozen: models trained on it hold withdrawn data. */
export async function readIsStale(ledger: Ledger, datanetId: Hex, version: number): Promise<boolean> {
	const call = { ...registry(ledger), functionName: "isStale", args: [datanetId, version] } as const;
	return (await readContract(ledger, call)) ?? false;
}

/** Whether this row of a contribution was erased. */
export async function readIsErased(ledger: Ledger, contributionId: Hex, rowCommitment: Hex): Promise<boolean> {
	const call = { ...registry(ledger), functionName: "isErased", args: [contributionId, rowCommitment] } as const;
	return (await readContract(ledger, call)) ?? false;
}
