// Brings the allocation the whole of its grants, once. It must not know who is granted what.
import type { LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import { tokenAllocationAbi } from "../generated/index.js";
import { approveOpen } from "./approveOpen.js";

/** From the sender's OPEN; sends nothing where somebody did it. Throws what the token refuses if the sender has too little. */
export async function fundAllocation(ledger: Ledger, from: LocalAccount): Promise<Done<object>> {
	const { tokenAllocation: address } = ledger.addresses;
	const allocation = { address, abi: tokenAllocationAbi } as const;
	const { sent } = await once(
		async () => (await readContract(ledger, { ...allocation, functionName: "isFunded", args: [] })) || undefined,
		async () => {
			const totalWei = await readContract(ledger, { ...allocation, functionName: "totalWei", args: [] });
			await approveOpen(ledger, from, { spender: address, amountWei: totalWei! });
			return await writeContract(ledger, from, { ...allocation, functionName: "fund", args: [] });
		},
	);
	return { sent };
}
