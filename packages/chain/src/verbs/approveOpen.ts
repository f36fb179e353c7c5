// Lets a contract take OPEN from an account, as far as it may not yet. It must not know what for.
import type { Address, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";
import type { Sent } from "../client/sendTransaction.js";
import { openTokenAbi } from "../generated/index.js";

/** Approves exactly `amountWei` for the spender, unless so much is approved. */
export async function approveOpen(
	ledger: Ledger,
	owner: LocalAccount,
	{ spender, amountWei }: { readonly spender: Address; readonly amountWei: bigint },
): Promise<{ readonly sent?: Sent }> {
	const token = { address: ledger.addresses.openToken, abi: openTokenAbi } as const;
	const args = [owner.address, spender] as const;
	const approved = (await readContract(ledger, { ...token, functionName: "allowance", args })) ?? 0n;
	if (approved >= amountWei) return {};
	return {
		sent: await writeContract(ledger, owner, { ...token, functionName: "approve", args: [spender, amountWei] }),
	};
}
