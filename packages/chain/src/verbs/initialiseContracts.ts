// Tells contracts of those that were deployed after them, once; later only governance may change it. It must not know what they do.

import type { Abi, Address, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { juryAbi, stakePoolAbi } from "../generated/index.js";

type Initialisation = { readonly address: Address; readonly abi: Abi; readonly args: readonly unknown[] };

/** Calls every `initialise` that was not called yet; only the account that deployed may. */
export async function initialiseContracts(ledger: Ledger, deployer: LocalAccount): Promise<void> {
	const { stakePool, jury, datanetRegistry } = ledger.addresses;
	const all: readonly Initialisation[] = [
		{ address: stakePool, abi: stakePoolAbi, args: [[jury]] },
		{ address: jury, abi: juryAbi, args: [[datanetRegistry]] },
	];
	for (const { address, abi, args } of all) {
		if (await readContract(ledger, { address, abi, functionName: "isInitialised", args: [] })) continue;
		await writeContract(ledger, deployer, { address, abi, functionName: "initialise", args });
	}
}
