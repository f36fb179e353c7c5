// The model's node collects paid fees into the vault, which splits them. It must not know what was answered.
import type { Address, Hex, LocalAccount } from "viem";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { differs } from "../errors.js";
import { feeVaultAbi } from "../generated/index.js";
import { readReceiptOf } from "../reads/readMoney.js";

/** One paid answer: the receipt, who paid by which authorisation, and how much. */
export type Payment = {
	readonly receiptId: Hex;
	readonly payer: Address;
	readonly nonce: Hex;
	readonly amountWei: bigint;
};

/** What one call of the vault takes. */
const MAX_PAYMENTS = 64;

/**
 * Collects a model's payments, 64 a transaction; those collected before under the same receipt are left out.
 * Throws `chain/differs` for one collected under another receipt.
 */
export async function collectFees(
	ledger: Ledger,
	node: LocalAccount,
	{ modelId, payments }: { readonly modelId: Hex; readonly payments: readonly Payment[] },
): Promise<{ readonly collected: number; readonly alreadyCollected: number; readonly sent: readonly Sent[] }> {
	const open: Payment[] = [];
	for (const payment of payments) {
		const receiptId = await readReceiptOf(ledger, payment.payer, payment.nonce);
		if (receiptId === undefined) open.push(payment);
		else if (receiptId !== payment.receiptId) {
			throw differs(`payment ${payment.nonce}`, "receiptId", receiptId, payment.receiptId);
		}
	}
	const sent: Sent[] = [];
	for (let from = 0; from < open.length; from += MAX_PAYMENTS) {
		const batch = open.slice(from, from + MAX_PAYMENTS);
		sent.push(
			await writeContract(ledger, node, {
				address: ledger.addresses.feeVault,
				abi: feeVaultAbi,
				functionName: "collect",
				args: [modelId, batch],
			}),
		);
	}
	return { collected: open.length, alreadyCollected: payments.length - open.length, sent };
}
