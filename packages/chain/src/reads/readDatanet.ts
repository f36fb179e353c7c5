// One datanet as the chain knows it. Reads only.
import { type Address, type Hex, zeroHash } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { datanetRegistryAbi } from "../generated/index.js";

export type Datanet = {
	readonly owner: Address;
	readonly latestVersion: number;
	readonly acceptedRows: bigint;
	readonly termsHash: Hex;
	readonly name: string;
	readonly licence: string;
};

export type ContributionStatus = "pending" | "accepted" | "rejected";

export type Contribution = {
	readonly datanetId: Hex;
	readonly rowsRoot: Hex;
	readonly contributor: Address;
	readonly rowCount: number;
	readonly acceptedRows: number;
	readonly status: ContributionStatus;
	readonly reasonCode: number;
};

/** `timestamp` in seconds. */
export type Snapshot = { readonly root: Hex; readonly rowCount: number; readonly timestamp: bigint };

const STATUSES: readonly ContributionStatus[] = ["pending", "accepted", "rejected"];

/** Reads a datanet; undefined if there is none. */
export function readDatanet(ledger: Ledger, datanetId: Hex): Promise<Datanet | undefined> {
	return readContract(
		ledger,
		{
			address: ledger.addresses.datanetRegistry,
			abi: datanetRegistryAbi,
			functionName: "getDatanet",
			args: [datanetId],
		},
		"UnknownDatanet",
	);
}

/** Reads a contribution; undefined if there is none. */
export async function readContribution(ledger: Ledger, contributionId: Hex): Promise<Contribution | undefined> {
	const contribution = await readContract(
		ledger,
		{
			address: ledger.addresses.datanetRegistry,
			abi: datanetRegistryAbi,
			functionName: "getContribution",
			args: [contributionId],
		},
		"UnknownContribution",
	);
	if (contribution === undefined) return undefined;
	return { ...contribution, status: STATUSES[contribution.status - 1]! };
}

/** Reads a published snapshot; undefined if there is none of that version. */
export async function readSnapshot(ledger: Ledger, datanetId: Hex, version: number): Promise<Snapshot | undefined> {
	const snapshot = await readContract(ledger, {
		address: ledger.addresses.datanetRegistry,
		abi: datanetRegistryAbi,
		functionName: "getSnapshot",
		args: [datanetId, version],
	});
	return snapshot === undefined || snapshot.root === zeroHash ? undefined : snapshot;
}
