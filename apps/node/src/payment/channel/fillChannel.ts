// Puts a deposit into a channel without selling anything: for payers who open channels before they ask. It must not know HTTP.

import { askFor } from "../offer.js";
import { answer, pending, problem } from "../problems.js";
import type { PaymentAnswer, PaymentProblem } from "../types.js";
import { type ChannelOptions, tooManyTransactions } from "./channelMethod.js";
import { type ChannelRow, syncChannel } from "./channelRows.js";
import { channelOffer } from "./channelTerms.js";
import { checkTerms, isSignedVoucher, readChannelPayment } from "./readChannelPayment.js";
import { sendDeposit } from "./sendDeposit.js";

/** 0.001 OPEN: less would cost the node more gas than it is worth. */
const LEAST_WEI = 10n ** 15n;

/** Sends the deposit of a PAYMENT-SIGNATURE header; the same header again sends nothing and gives the same channel. */
export async function fillChannel(
	options: Omit<ChannelOptions, "others" | "onWithdrawal">,
	resource: string,
	header: string,
): Promise<ChannelRow | PaymentAnswer> {
	const { allowance, db, facilitatorAccount, ledger, terms, turns } = options;
	const voucher = readChannelPayment(header, terms);
	if (typeof voucher === "string") return answer(400, problem("malformed", voucher));
	if (voucher.kind !== "deposit") return answer(400, problem("malformed", "only deposits are taken here"));
	const refuse = (wrong: PaymentProblem) => askFor([channelOffer(terms, 1n)], { resource }, wrong);
	const wrong = checkTerms(voucher, terms);
	if (wrong !== undefined) return refuse(wrong);
	if (voucher.deposit!.amountWei < LEAST_WEI)
		return refuse(problem("deposit-too-small", `deposit at least ${LEAST_WEI} wei of OPEN`));
	if (!(await isSignedVoucher(voucher, terms)))
		return refuse(problem("forged", "the voucher is not signed by the channel's authoriser; sign it with that key"));
	const { channelId, config } = voucher;
	return await turns(`channel ${channelId}`, async () => {
		const depositing = { db, ledger, account: facilitatorAccount, allowance };
		const outcome = await sendDeposit(depositing, voucher, channelOffer(terms, 1n));
		if (outcome.kind === "limited") return tooManyTransactions(outcome.retryAfter);
		if (outcome.kind === "unclear") return pending(outcome.txHash);
		if (outcome.kind === "refused") return refuse(outcome.problem);
		const row = await syncChannel(options, channelId, config);
		if (row !== undefined && row.balanceWei > 0n) return row;
		return refuse(problem("refused", "the authorisation was cancelled; sign another"));
	});
}
