// The interface of every deployed contract by the name of its address, for whoever reads all of them. It must not talk to a chain.
import type { Abi } from "viem";
import type { Addresses } from "./contractAddresses.js";
import {
	attributionRewardsAbi,
	datanetRegistryAbi,
	disputesAbi,
	feeVaultAbi,
	juryAbi,
	modelRegistryAbi,
	openGovernorAbi,
	openTimelockAbi,
	openTokenAbi,
	parametersAbi,
	rootChallengesAbi,
	stakePoolAbi,
	tokenAllocationAbi,
	trainingJobsAbi,
} from "./generated/index.js";

export type ContractName = keyof Addresses;

export const contractAbis: Readonly<Record<ContractName, Abi>> = {
	openToken: openTokenAbi,
	openTimelock: openTimelockAbi,
	parameters: parametersAbi,
	openGovernor: openGovernorAbi,
	stakePool: stakePoolAbi,
	jury: juryAbi,
	datanetRegistry: datanetRegistryAbi,
	modelRegistry: modelRegistryAbi,
	attributionRewards: attributionRewardsAbi,
	feeVault: feeVaultAbi,
	rootChallenges: rootChallengesAbi,
	trainingJobs: trainingJobsAbi,
	disputes: disputesAbi,
	tokenAllocation: tokenAllocationAbi,
};
