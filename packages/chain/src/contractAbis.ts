// The interface of every deployed contract by the name of its address, for whoever reads all of them. It must not talk to a chain.
import type { Abi } from "viem";
import type { Addresses } from "./contractAddresses.js";
import {
	attributionRewardsAbi,
	datanetRegistryAbi,
	feeVaultAbi,
	modelRegistryAbi,
	openGovernorAbi,
	openTimelockAbi,
	openTokenAbi,
} from "./generated/index.js";

export type ContractName = keyof Addresses;

export const contractAbis: Readonly<Record<ContractName, Abi>> = {
	openToken: openTokenAbi,
	openTimelock: openTimelockAbi,
	openGovernor: openGovernorAbi,
	datanetRegistry: datanetRegistryAbi,
	modelRegistry: modelRegistryAbi,
	attributionRewards: attributionRewardsAbi,
	feeVault: feeVaultAbi,
};
