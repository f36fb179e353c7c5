// Reads a PAYMENT-SIGNATURE header of scheme batch-settlement into a checked voucher, alone or with a deposit or refund.
// Nothing in it is trusted; it must not know the chain's state or the database.

import { depositNonce } from "@openledger/chain";
import type { Address, Hex } from "@openledger/protocol";
import { decodePaymentSignatureHeader } from "@x402/core/http";
import { isPaymentPayloadV2 } from "@x402/core/schemas";
import type { PaymentPayload } from "@x402/core/types";
import { BATCH_SETTLEMENT_ADDRESS, BATCH_SETTLEMENT_DOMAIN, type ChannelConfig, voucherTypes } from "@x402/evm";
import { computeChannelId } from "@x402/evm/batch-settlement/client";
import { getAddress, isAddressEqual, recoverTypedDataAddress, zeroAddress } from "viem";
import { z } from "zod";
import { problem } from "../problems.js";
import type { PaymentProblem } from "../types.js";
import type { ChannelTerms } from "./channelTerms.js";

export type ChannelPayment = {
	readonly kind: "voucher" | "deposit" | "refund";
	readonly payload: PaymentPayload;
	readonly config: ChannelConfig;
	/** In lower case. */
	readonly channelId: Hex;
	readonly payer: Address;
	/** All that the channel may ever be charged, by this voucher. */
	readonly maxClaimableWei: bigint;
	readonly signature: Hex;
	readonly deposit?: Deposit;
	/** What a refund asks for; all that is left if it does not say. */
	readonly refundWei?: bigint;
};

export type Deposit = {
	readonly amountWei: bigint;
	readonly validBefore: bigint;
	/** Of the ERC-3009 authorisation: keccak256(abi.encode(channel id, salt)). */
	readonly nonce: Hex;
};

const MAX_HEADER = 8192;
const HALF_ORDER = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
const UINT128 = 1n << 128n;

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, "must be an address");
const digest = z.string().regex(/^0x[0-9a-fA-F]{64}$/, "must be 32 bytes of hex");
const amount = z.string().regex(/^(0|[1-9][0-9]{0,38})$/, "must be a decimal below 2^128");
const time = z.string().regex(/^(0|[1-9][0-9]{0,19})$/, "must be seconds as a decimal");
const signature = z.string().regex(/^0x(?:[0-9a-fA-F]{2}){1,1024}$/, "must be hex");

const shape = z.object({
	type: z.enum(["voucher", "deposit", "refund"]),
	channelConfig: z.object({
		...{ payer: address, payerAuthorizer: address, receiver: address, receiverAuthorizer: address, token: address },
		withdrawDelay: z.int().min(0).max(0xff_ffff_ffff),
		salt: digest,
	}),
	voucher: z.object({ channelId: digest, maxClaimableAmount: amount, signature }),
	amount: amount.optional(),
	deposit: z
		.object({
			amount,
			authorization: z.object({
				erc3009Authorization: z.object({ validAfter: time, validBefore: time, salt: digest, signature }).optional(),
			}),
		})
		.optional(),
});

/** Reads the header; a string says what is wrong with it and what would be right. */
export function readChannelPayment(header: string, { network }: ChannelTerms): ChannelPayment | string {
	if (header.length > MAX_HEADER)
		return `the payment header has ${header.length} characters; at most ${MAX_HEADER} are read`;
	let payload: PaymentPayload;
	try {
		payload = decodePaymentSignatureHeader(header);
	} catch {
		return "the payment header is not base64 of JSON; let an x402 v2 client make it";
	}
	if (!isPaymentPayloadV2(payload))
		return "the payment is not x402 version 2; use a v2 client and the offer of the 402";
	const parsed = shape.safeParse(payload.payload);
	if (!parsed.success) {
		const [issue] = parsed.error.issues;
		return `the payment's ${issue!.path.join(".")}: ${issue!.message}`;
	}
	const { channelConfig, deposit, type, voucher } = parsed.data;
	const config: ChannelConfig = {
		payer: getAddress(channelConfig.payer),
		payerAuthorizer: getAddress(channelConfig.payerAuthorizer),
		receiver: getAddress(channelConfig.receiver),
		receiverAuthorizer: getAddress(channelConfig.receiverAuthorizer),
		token: getAddress(channelConfig.token),
		withdrawDelay: channelConfig.withdrawDelay,
		salt: channelConfig.salt as Hex,
	};
	const channelId = computeChannelId(config, network).toLowerCase() as Hex;
	if (channelId !== voucher.channelId.toLowerCase())
		return "the voucher's channel id is not that of the channel's config on this chain";
	const maxClaimableWei = BigInt(voucher.maxClaimableAmount);
	if (maxClaimableWei >= UINT128) return "voucher.maxClaimableAmount must be below 2^128";
	const authorization = deposit?.authorization.erc3009Authorization;
	if (type === "deposit" && authorization === undefined)
		return "a deposit is made by an ERC-3009 authorisation; Permit2 is not taken here";
	return {
		...{ kind: type, payload, config, channelId, payer: config.payer, maxClaimableWei },
		signature: voucher.signature as Hex,
		...(type === "refund" && parsed.data.amount !== undefined && { refundWei: BigInt(parsed.data.amount) }),
		...(type === "deposit" && {
			deposit: {
				amountWei: BigInt(deposit!.amount),
				validBefore: BigInt(authorization!.validBefore),
				nonce: depositNonce(channelId, BigInt(authorization!.salt)),
			},
		}),
	};
}

/** What of a channel is not as this node's offer says; undefined if all is. */
export function checkTerms({ config, payload }: ChannelPayment, terms: ChannelTerms): PaymentProblem | undefined {
	const { accepted } = payload;
	const { market, network, receiver, receiverAuthorizer, withdrawDelay } = terms;
	const token = market.token.address;
	if (accepted.network !== network)
		return problem("wrong-chain", `the payment is for ${accepted.network}; pay on ${network}`);
	if (!isAddressEqual(config.token, token))
		return problem("wrong-token", `the channel is in ${config.token}; pay in OPEN, ${token}`);
	if (!isAddressEqual(config.receiver, receiver))
		return problem("wrong-recipient", `the channel pays ${config.receiver}; open one that pays ${receiver}`);
	if (!isAddressEqual(config.receiverAuthorizer, receiverAuthorizer)) {
		const message = `the channel is claimed by ${config.receiverAuthorizer}; open one that is claimed by ${receiverAuthorizer}`;
		return problem("wrong-authorizer", message);
	}
	if (config.withdrawDelay !== withdrawDelay) {
		const message = `the channel's withdraw delay is ${config.withdrawDelay} s; open one with ${withdrawDelay} s`;
		return problem("wrong-delay", message);
	}
	if (config.payerAuthorizer === zeroAddress) {
		const message = "vouchers signed by contract wallets are not taken; name an ordinary account as payerAuthorizer";
		return problem("contract-wallet", message);
	}
	return undefined;
}

/** Whether the voucher can be claimed: signed by the channel's authoriser, in the one form that the contract takes. */
export async function isSignedVoucher(payment: ChannelPayment, { chainId }: ChannelTerms): Promise<boolean> {
	const { channelId, config, maxClaimableWei } = payment;
	// A signature in another form would be good here and worth nothing on chain.
	const plain = /^0x[0-9a-fA-F]{128}(?:1b|1c)$/i.test(payment.signature);
	if (!plain || BigInt(`0x${payment.signature.slice(66, 130)}`) > HALF_ORDER) return false;
	try {
		const signer = await recoverTypedDataAddress({
			domain: { ...BATCH_SETTLEMENT_DOMAIN, chainId, verifyingContract: BATCH_SETTLEMENT_ADDRESS },
			types: voucherTypes,
			primaryType: "Voucher",
			message: { channelId, maxClaimableAmount: maxClaimableWei },
			signature: payment.signature,
		});
		return isAddressEqual(signer, config.payerAuthorizer);
	} catch {
		return false;
	}
}
