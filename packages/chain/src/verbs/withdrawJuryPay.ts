// Pays a juror what it earned. It must not know in which cases.
import type { Address, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { juryAbi } from "../generated/index.js";
import { readJuryPay } from "../reads/readCase.js";

/** Pays all that the jury owes `account`, to it; anybody may send it. Sends nothing where it owes nothing. */
export async function withdrawJuryPay(
	ledger: Ledger,
	sender: LocalAccount,
	{ account }: { readonly account: Address },
): Promise<{ readonly amountWei: bigint; readonly sent?: Sent }> {
	const amountWei = await readJuryPay(ledger, account);
	if (amountWei === 0n) return { amountWei };
	const { jury: address } = ledger.addresses;
	const call = { address, abi: juryAbi, functionName: "withdraw", args: [account] } as const;
	return { amountWei, sent: await writeContract(ledger, sender, call) };
}
