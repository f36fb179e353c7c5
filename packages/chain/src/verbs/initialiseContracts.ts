// Tells contracts of those that were deployed after them, once; later only governance may change it. It must not know what they do.

import { type Abi, type Address, type LocalAccount, zeroAddress } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { attributionRewardsAbi, juryAbi, stakePoolAbi, trainingJobsAbi } from "../generated/index.js";

type Initialisation = {
	readonly address: Address;
	readonly abi: Abi;
	readonly args: readonly unknown[];
	/** The view that tells whether it was done: true, or an address that is set. */
	readonly told: string;
};

/** Calls every `initialise` that was not called yet; only the account that deployed may. `settler` is the first proposer of roots. */
export async function initialiseContracts(ledger: Ledger, deployer: LocalAccount, settler: Address): Promise<void> {
	const { stakePool, jury, datanetRegistry, attributionRewards, rootChallenges, trainingJobs, disputes } =
		ledger.addresses;
	const consumers = [jury, attributionRewards, rootChallenges, trainingJobs];
	const courts = [datanetRegistry, rootChallenges, disputes];
	const all: readonly Initialisation[] = [
		{ address: stakePool, abi: stakePoolAbi, args: [consumers], told: "isInitialised" },
		{ address: jury, abi: juryAbi, args: [courts], told: "isInitialised" },
		{ address: attributionRewards, abi: attributionRewardsAbi, args: [rootChallenges, [settler]], told: "challenges" },
		{ address: trainingJobs, abi: trainingJobsAbi, args: [disputes], told: "disputes" },
	];
	for (const { address, abi, args, told } of all) {
		const known = await readContract(ledger, { address, abi, functionName: told, args: [] });
		if (known !== false && known !== zeroAddress) continue;
		await writeContract(ledger, deployer, { address, abi, functionName: "initialise", args });
	}
}
