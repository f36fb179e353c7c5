// Gives a channel's payer back what was not charged, at once and without gas of their own: what was charged is claimed first.
// It must not know HTTP.

import { refundChannel as refundOnChain } from "@openledger/chain";
import type { Address } from "@openledger/protocol";
import { encodePaymentResponseHeader } from "@x402/core/http";
import type { Turns } from "../../turns.js";
import type { Allowance } from "../allowance.js";
import { askFor } from "../offer.js";
import { answer, problem } from "../problems.js";
import type { PaymentAnswer, PaymentProblem } from "../types.js";
import { tooManyTransactions } from "./channelMethod.js";
import { findChannel, syncChannel } from "./channelRows.js";
import { channelOffer } from "./channelTerms.js";
import { type Claiming, claimChannels } from "./claimChannels.js";
import { checkTerms, isSignedVoucher, readChannelPayment } from "./readChannelPayment.js";

export type Refunding = Claiming & { readonly turns: Turns; readonly allowance: Allowance };

export type Refunded = { readonly status: 200; readonly headers: Record<string, string>; readonly body: object };

const MISMATCH = "invalid_batch_settlement_evm_cumulative_amount_mismatch";
const NOTHING_LEFT = "invalid_batch_settlement_evm_refund_no_balance";

/** Refunds by the voucher of a PAYMENT-SIGNATURE header: signed over exactly what was charged, it proves who asks. */
export async function refundChannel(
	refunding: Refunding,
	resource: string,
	header: string,
): Promise<Refunded | PaymentAnswer> {
	const { db, ledger, nodeAccount, terms, turns } = refunding;
	const voucher = readChannelPayment(header, terms);
	if (typeof voucher === "string") return answer(400, problem("malformed", voucher));
	const refuse = (wrong: PaymentProblem, error?: string, extra: object = {}) => {
		const offer = channelOffer(terms, 1n);
		return askFor([{ ...offer, extra: { ...offer.extra, ...extra } }], { resource }, wrong, error);
	};
	if (voucher.kind !== "refund") return answer(400, problem("malformed", "only refunds are asked for here"));
	const wrong = checkTerms(voucher, terms);
	if (wrong !== undefined) return refuse(wrong);
	if (!(await isSignedVoucher(voucher, terms)))
		return refuse(problem("forged", "the voucher is not signed by the channel's authoriser; sign it with that key"));
	const { channelId, config } = voucher;
	return await turns(`channel ${channelId}`, async () => {
		const known = (await findChannel(db, channelId)) ?? (await syncChannel(refunding, channelId, config));
		if (known === undefined) return refuse(problem("unknown-channel", "this channel holds nothing"), NOTHING_LEFT);
		if (known.heldBy !== null) {
			const message = "this channel is paying for an answer; ask for the refund when it is done";
			return answer(409, problem("channel-busy", message), { "Retry-After": "1" });
		}
		if (known.chargedWei !== voucher.maxClaimableWei) {
			const channelState = { chargedCumulativeAmount: String(known.chargedWei), balance: String(known.balanceWei) };
			const voucherState = { signedMaxClaimable: String(known.signedWei), signature: known.signature };
			const message = `the channel was charged ${known.chargedWei} wei; sign a refund voucher of exactly that total`;
			return refuse(problem("wrong-total", message), MISMATCH, { channelState, voucherState });
		}
		const granted = refunding.allowance.take(known.payer);
		if (!granted.granted) return tooManyTransactions(granted.retryAfter);
		const { failed } = await turns("claims", () => claimChannels(refunding, [channelId]));
		const row = await syncChannel(refunding, channelId, config);
		if (failed.length > 0) {
			const message = "what was charged could not be claimed yet; ask for the refund again";
			return answer(503, problem("claim-first", message), { "Retry-After": "5" });
		}
		const left = row === undefined ? 0n : row.balanceWei - row.chargedWei;
		if (left <= 0n)
			return refuse(
				problem("nothing-left", "all of this channel was charged; there is nothing to give back"),
				NOTHING_LEFT,
			);
		const asked = voucher.refundWei ?? left;
		const amountWei = asked < left ? asked : left;
		if (amountWei <= 0n) return answer(400, problem("malformed", "a refund must be of at least 1 wei"));
		const { sent } = await refundOnChain(ledger, nodeAccount, { config, amountWei });
		const after = await syncChannel(refunding, channelId, config);
		const transaction = sent?.hash ?? "";
		const payer = known.payer as Address;
		const settled = { success: true, transaction, network: terms.network, payer, amount: String(amountWei) };
		return {
			status: 200 as const,
			headers: { "PAYMENT-RESPONSE": encodePaymentResponseHeader(settled) },
			body: { channelId, returnedWei: String(amountWei), transaction, balanceWei: String(after?.balanceWei ?? 0n) },
		};
	});
}
