// Signs what a channel's payer sends: a voucher alone, a voucher with a deposit, a voucher that asks for the rest back.
// It must not know HTTP.

import { encodePaymentSignatureHeader } from "@x402/core/http";
import type { PaymentPayload } from "@x402/core/types";
import type { ChannelConfig } from "@x402/evm";
import { createBatchSettlementEIP3009DepositPayload, signVoucher } from "@x402/evm/batch-settlement/client";
import type { PayingAccount } from "../payingAccount.js";
import { type ChannelOffer, channelIdOf } from "./channelOffer.js";

type Signing = { readonly account: PayingAccount; readonly config: ChannelConfig; readonly offer: ChannelOffer };

/** Value of the PAYMENT-SIGNATURE header: all that the channel may be charged in all, and a deposit if it needs one. */
export async function signPayment(
	{ account, config, offer }: Signing,
	{ totalWei, depositWei }: { readonly totalWei: bigint; readonly depositWei?: bigint | undefined },
): Promise<string> {
	const { requirements } = offer;
	if (depositWei !== undefined) {
		const made = await createBatchSettlementEIP3009DepositPayload(
			account,
			2,
			requirements,
			config,
			String(depositWei),
			String(totalWei),
		);
		return encode(offer, made.payload);
	}
	return encode(offer, {
		type: "voucher",
		channelConfig: config,
		voucher: await voucherOf({ account, config, offer }, totalWei),
	});
}

/** The header that asks for everything back that is above `chargedWei`. */
export async function signRefund(signing: Signing, chargedWei: bigint): Promise<string> {
	const voucher = await voucherOf(signing, chargedWei);
	return encode(signing.offer, { type: "refund", channelConfig: signing.config, voucher });
}

function voucherOf({ account, config, offer }: Signing, totalWei: bigint) {
	const { network } = offer.requirements;
	return signVoucher(account, channelIdOf(config, network), String(totalWei), network);
}

function encode({ required, requirements }: ChannelOffer, payload: object): string {
	const accepted = { ...requirements, extra: { ...requirements.extra } };
	// What the server said of the channel is its own to know; it makes the header long.
	delete accepted.extra.channelState;
	delete accepted.extra.voucherState;
	const whole: PaymentPayload = {
		x402Version: 2,
		accepted,
		payload: payload as Record<string, unknown>,
		...(required.resource && { resource: required.resource }),
	};
	return encodePaymentSignatureHeader(whole);
}
