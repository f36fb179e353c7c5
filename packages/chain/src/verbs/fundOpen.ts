// Gives an account OPEN. It must not know what it is spent on.
import type { Address, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { openTokenAbi } from "../generated/index.js";
import { readBalance } from "../reads/readMoney.js";

/** Tops `to` up to `atLeastWei` of OPEN; sends nothing if it has that much. */
export async function fundOpen(
	ledger: Ledger,
	from: LocalAccount,
	{ to, atLeastWei }: { readonly to: Address; readonly atLeastWei: bigint },
): Promise<{ readonly sent?: Sent }> {
	const balance = await readBalance(ledger, to);
	if (balance >= atLeastWei) return {};
	return { sent: await transferOpen(ledger, from, { to, amountWei: atLeastWei - balance }) };
}

/** Transfers OPEN. Repeating it pays again. */
export function transferOpen(
	ledger: Ledger,
	from: LocalAccount,
	{ to, amountWei }: { readonly to: Address; readonly amountWei: bigint },
): Promise<Sent> {
	const { openToken: address } = ledger.addresses;
	return writeContract(ledger, from, { address, abi: openTokenAbi, functionName: "transfer", args: [to, amountWei] });
}
