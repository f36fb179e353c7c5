// The token's allocation as the chain knows it: grants, what of them is vested by its clock, what was paid. Reads only.
import { type VestingSchedule, vestedWei } from "@openledger/protocol";
import type { Address } from "viem";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { tokenAllocationAbi } from "../generated/index.js";
import { readChainTime } from "./readChainTime.js";

/** Times in seconds, amounts in wei. `index` is its number in the contract, from 0. */
export type FoundGrant = VestingSchedule & {
	readonly index: number;
	readonly beneficiary: Address;
	readonly vestedWei: bigint;
	readonly releasedWei: bigint;
};

export type Allocation = {
	/** False as long as nobody brought the whole of all grants: nothing is paid until then. */
	readonly isFunded: boolean;
	readonly totalWei: bigint;
	/** The chain's clock, in seconds. */
	readonly now: bigint;
	readonly grants: readonly FoundGrant[];
};

export async function readAllocation(ledger: Ledger): Promise<Allocation> {
	const allocation = { address: ledger.addresses.tokenAllocation, abi: tokenAllocationAbi } as const;
	const [isFunded, totalWei, count, time] = await Promise.all([
		readContract(ledger, { ...allocation, functionName: "isFunded", args: [] }),
		readContract(ledger, { ...allocation, functionName: "totalWei", args: [] }),
		readContract(ledger, { ...allocation, functionName: "grantCount", args: [] }),
		readChainTime(ledger),
	]);
	const now = BigInt(time);
	const grants = await Promise.all(
		Array.from({ length: Number(count!) }, async (_, index): Promise<FoundGrant> => {
			const args = [BigInt(index)] as const;
			const [grant, releasedWei] = await Promise.all([
				readContract(ledger, { ...allocation, functionName: "grantAt", args }),
				readContract(ledger, { ...allocation, functionName: "released", args }),
			]);
			return { index, ...grant!, vestedWei: vestedWei(grant!, now), releasedWei: releasedWei! };
		}),
	);
	return { isFunded: isFunded!, totalWei: totalWei!, now, grants };
}
