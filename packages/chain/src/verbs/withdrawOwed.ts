// Pays out what the vault owes an owner, node, staker or the treasury. It must not know where it came from.
import type { Address, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { feeVaultAbi } from "../generated/index.js";
import { readOwed } from "../reads/readMoney.js";

/** Withdraws all that is owed to `account`, to `account`; anybody may send it. Sends nothing if nothing is owed. */
export async function withdrawOwed(
	ledger: Ledger,
	sender: LocalAccount,
	{ account }: { readonly account: Address },
): Promise<{ readonly amountWei: bigint; readonly sent?: Sent }> {
	const amountWei = await readOwed(ledger, account);
	if (amountWei === 0n) return { amountWei };
	const { feeVault: address } = ledger.addresses;
	const call = { address, abi: feeVaultAbi, functionName: "withdraw", args: [account] } as const;
	return { amountWei, sent: await writeContract(ledger, sender, call) };
}
