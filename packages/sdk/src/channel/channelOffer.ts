// What a server's 402 says of paying by a channel, read and held against what this payer allows. Nothing in it is trusted.
import { type Address, CallerError, type Hex } from "@openledger/protocol";
import { decodePaymentRequiredHeader } from "@x402/core/http";
import { isPaymentRequiredV2 as isPaymentRequired } from "@x402/core/schemas";
import type { PaymentRequired, PaymentRequirements } from "@x402/core/types";
import { BATCH_SETTLEMENT_ADDRESS, BATCH_SETTLEMENT_DOMAIN, type ChannelConfig, voucherTypes } from "@x402/evm";
import { computeChannelId } from "@x402/evm/batch-settlement/client";
import { getAddress, isAddress, isAddressEqual, pad, recoverTypedDataAddress, toHex } from "viem";

export type ChannelOffer = {
	readonly required: PaymentRequired;
	readonly requirements: PaymentRequirements;
	readonly amountWei: bigint;
	/** What the server would like to see deposited at once. */
	readonly minDepositWei: bigint;
};

/** Seconds: longer than a month no channel can be. */
const LONGEST_DELAY = 2_592_000;

/** The channel offer in a 402 for this chain and token; undefined if there is none that can be paid. */
export function readChannelOffer(
	header: string | null,
	{ network, token }: { readonly network: string; readonly token: Address },
): ChannelOffer | undefined {
	if (header === null) return undefined;
	let required: PaymentRequired;
	try {
		required = decodePaymentRequiredHeader(header);
	} catch {
		return undefined;
	}
	if (!isPaymentRequired(required)) return undefined;
	const requirements = required.accepts.find(
		(it) =>
			it.scheme === "batch-settlement" &&
			it.network === network &&
			isAddress(it.asset, { strict: false }) &&
			isAddressEqual(it.asset as Address, token),
	);
	if (requirements === undefined || !/^\d{1,38}$/.test(requirements.amount)) return undefined;
	const { receiverAuthorizer, withdrawDelay, minDeposit } = requirements.extra ?? {};
	const usable =
		isAddress(requirements.payTo, { strict: false }) &&
		typeof receiverAuthorizer === "string" &&
		isAddress(receiverAuthorizer, { strict: false }) &&
		typeof withdrawDelay === "number" &&
		withdrawDelay <= LONGEST_DELAY;
	if (!usable) return undefined;
	const hint = typeof minDeposit === "string" && /^\d{1,38}$/.test(minDeposit) ? BigInt(minDeposit) : 0n;
	return { required, requirements, amountWei: BigInt(requirements.amount), minDepositWei: hint };
}

/** The payer's channel of a number to who makes this offer: the same again in every process, so that nothing put in is lost. */
export function channelConfig(payer: Address, { requirements }: ChannelOffer, number: number): ChannelConfig {
	const { receiverAuthorizer, withdrawDelay } = requirements.extra as {
		receiverAuthorizer: Address;
		withdrawDelay: number;
	};
	return {
		payer: getAddress(payer),
		payerAuthorizer: getAddress(payer),
		receiver: getAddress(requirements.payTo),
		receiverAuthorizer: getAddress(receiverAuthorizer),
		token: getAddress(requirements.asset),
		withdrawDelay,
		salt: pad(toHex(number), { size: 32 }),
	};
}

export function channelIdOf(config: ChannelConfig, network: string): Hex {
	return computeChannelId(config, network).toLowerCase() as Hex;
}

/** How the server says a channel stands, believed only with a voucher of ours that allows it. */
export async function readProof(
	header: string | null,
	{ channelId, config, network }: { readonly channelId: Hex; readonly config: ChannelConfig; readonly network: string },
): Promise<{ readonly chargedWei: bigint; readonly signedWei: bigint; readonly balanceWei: bigint } | undefined> {
	const offer = readChannelOffer(header, { network, token: config.token });
	const { channelState, voucherState } = (offer?.requirements.extra ?? {}) as {
		channelState?: Record<string, unknown>;
		voucherState?: Record<string, unknown>;
	};
	const charged = wei(channelState?.chargedCumulativeAmount);
	const balance = wei(channelState?.balance);
	const signed = wei(voucherState?.signedMaxClaimable);
	const signature = voucherState?.signature;
	if (charged === undefined || balance === undefined) return undefined;
	if (charged === 0n) return { chargedWei: 0n, signedWei: signed ?? 0n, balanceWei: balance };
	if (signed === undefined || charged > signed || typeof signature !== "string") return undefined;
	const chainId = Number(network.split(":")[1]);
	try {
		const signer = await recoverTypedDataAddress({
			domain: { ...BATCH_SETTLEMENT_DOMAIN, chainId, verifyingContract: BATCH_SETTLEMENT_ADDRESS },
			types: voucherTypes,
			primaryType: "Voucher",
			message: { channelId, maxClaimableAmount: signed },
			signature: signature as Hex,
		});
		if (!isAddressEqual(signer, config.payerAuthorizer)) return undefined;
	} catch {
		return undefined;
	}
	return { chargedWei: charged, signedWei: signed, balanceWei: balance };
}

export function wei(value: unknown): bigint | undefined {
	return typeof value === "string" && /^\d{1,38}$/.test(value) ? BigInt(value) : undefined;
}

export function tooDear(amountWei: bigint, limit: bigint): CallerError {
	const message = `this costs at most ${amountWei} wei of OPEN, and the limit is ${limit}; raise maxWeiPerRequest or ask for less`;
	return new CallerError(message, { code: "sdk/over-limit" });
}
