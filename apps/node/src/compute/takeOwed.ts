// What an account is owed once a dispute is over: deposits, parts of slashes and of lost bonds, a juror's pay. Nothing is sent where nothing is owed.

import { withdrawDisputeDeposit, withdrawJuryPay } from "@openledger/chain";
import type { SeenDispute } from "./lookOut.js";
import type { Workplace } from "./workplace.js";

const DECIMALS = 18;

export async function takeOwed(
	{ ledger, account, log }: Workplace,
	{ disputeId, outcome }: SeenDispute,
): Promise<void> {
	const of = { account: account.address };
	const { paidWei } = await withdrawDisputeDeposit(ledger, account, of);
	const { amountWei } = await withdrawJuryPay(ledger, account, of);
	if (paidWei + amountWei === 0n) return;
	const open = (wei: bigint) => Number(wei / 10n ** BigInt(DECIMALS - 6)) / 1e6;
	log(
		`dispute ${disputeId.slice(0, 10)} ended: ${outcome}; taken ${open(paidWei)} OPEN of disputes, ${open(amountWei)} of juries`,
	);
}
