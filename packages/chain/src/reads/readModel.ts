// Models and bases as the chain knows them. Reads only.
import type { FeeRates, Split } from "@openledger/protocol";
import { type Address, type Hex, zeroAddress } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { feeVaultAbi, modelRegistryAbi } from "../generated/index.js";

export type SnapshotRef = { readonly datanetId: Hex; readonly version: number; readonly root: Hex };

/** All that is published of a model version; see contracts/src/types/Models.sol. */
export type ModelParams = {
	readonly name: string;
	readonly version: number;
	readonly baseDigest: Hex;
	readonly engineId: Hex;
	readonly snapshots: readonly SnapshotRef[];
	readonly runCommitment: Hex;
	readonly runHistoryRoot: Hex;
	readonly adapterDigest: Hex;
	readonly featuresRoot: Hex;
	readonly rates: FeeRates;
	readonly split: Split;
	readonly node: Address;
	readonly stakers: Address;
};

export type Model = ModelParams & { readonly owner: Address };

/** Reads a model version; undefined if there is none. */
export async function readModel(ledger: Ledger, modelId: Hex): Promise<Model | undefined> {
	const found = await readContract(
		ledger,
		{ address: ledger.addresses.modelRegistry, abi: modelRegistryAbi, functionName: "getModel", args: [modelId] },
		"UnknownModel",
	);
	return found === undefined ? undefined : { owner: found[0], ...found[1] };
}

/** Latest version of an owner's model name; 0 if there is none. */
export async function readLatestVersion(ledger: Ledger, owner: Address, name: string): Promise<number> {
	const version = await readContract(ledger, {
		address: ledger.addresses.modelRegistry,
		abi: modelRegistryAbi,
		functionName: "latestVersion",
		args: [owner, name],
	});
	return version ?? 0;
}

/** Who registered a base for an engine, and under which name; undefined if nobody did. */
export async function readBase(
	ledger: Ledger,
	baseDigest: Hex,
	engineId: Hex,
): Promise<{ readonly registrant: Address; readonly name: string } | undefined> {
	const base = await readContract(ledger, {
		address: ledger.addresses.modelRegistry,
		abi: modelRegistryAbi,
		functionName: "getBase",
		args: [baseDigest, engineId],
	});
	return base === undefined || base.registrant === zeroAddress ? undefined : base;
}

/** Where payments for a model go (x402 `payTo`): its till, which only the vault can empty. Undefined if no such model. */
export function readTill(ledger: Ledger, modelId: Hex): Promise<Address | undefined> {
	return readContract(
		ledger,
		{ address: ledger.addresses.feeVault, abi: feeVaultAbi, functionName: "payTo", args: [modelId] },
		"UnknownModel",
	);
}
