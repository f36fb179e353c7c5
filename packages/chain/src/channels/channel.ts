// A payment channel of x402's batch settlement: its id, and what payer, receiver's authoriser and depositor sign.
// Computed here without a chain; the contract computes the same. It must not know prices or requests.
import { type Address, encodeAbiParameters, type Hex, hashTypedData, keccak256, type TypedDataDomain } from "viem";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";

/** What a channel is; its id is the EIP-712 hash of these, so another chain or contract gives another channel. */
export type ChannelConfig = {
	readonly payer: Address;
	/** Key that signs vouchers; zero if the payer itself does (ERC-1271 wallets). */
	readonly payerAuthorizer: Address;
	readonly receiver: Address;
	/** Key that may claim and refund. */
	readonly receiverAuthorizer: Address;
	readonly token: Address;
	/** Seconds between the payer's notice and its withdrawal: 900 to 2,592,000. */
	readonly withdrawDelay: number;
	readonly salt: Hex;
};

/** A voucher with the cumulative amount that the receiver takes of it. */
export type VoucherClaim = {
	readonly config: ChannelConfig;
	readonly maxClaimableWei: bigint;
	readonly signature: Hex;
	/** Cumulative, at most `maxClaimableWei`. */
	readonly claimedWei: bigint;
};

const TYPES = {
	ChannelConfig: [
		{ name: "payer", type: "address" },
		{ name: "payerAuthorizer", type: "address" },
		{ name: "receiver", type: "address" },
		{ name: "receiverAuthorizer", type: "address" },
		{ name: "token", type: "address" },
		{ name: "withdrawDelay", type: "uint40" },
		{ name: "salt", type: "bytes32" },
	],
	Voucher: [
		{ name: "channelId", type: "bytes32" },
		{ name: "maxClaimableAmount", type: "uint128" },
	],
	ClaimBatch: [{ name: "claims", type: "ClaimEntry[]" }],
	ClaimEntry: [
		{ name: "channelId", type: "bytes32" },
		{ name: "maxClaimableAmount", type: "uint128" },
		{ name: "totalClaimed", type: "uint128" },
	],
	Refund: [
		{ name: "channelId", type: "bytes32" },
		{ name: "nonce", type: "uint256" },
		{ name: "amount", type: "uint128" },
	],
} as const;

/** The domain of all of these. */
export function channelDomain(chainId: number): TypedDataDomain {
	const verifyingContract = CANONICAL_ADDRESSES.batchSettlement;
	return { name: "x402 Batch Settlement", version: "1", chainId, verifyingContract };
}

export function channelIdOf(chainId: number, config: ChannelConfig): Hex {
	const { ChannelConfig } = TYPES;
	return hashTypedData({
		domain: channelDomain(chainId),
		types: { ChannelConfig },
		primaryType: "ChannelConfig",
		message: config,
	});
}

/** What the payer (or its authoriser) signs: all that the receiver may ever have claimed of this channel. */
export function voucherTypedData(
	chainId: number,
	{ channelId, maxClaimableWei }: { readonly channelId: Hex; readonly maxClaimableWei: bigint },
) {
	const { Voucher } = TYPES;
	const message = { channelId, maxClaimableAmount: maxClaimableWei };
	return { domain: channelDomain(chainId), types: { Voucher }, primaryType: "Voucher", message } as const;
}

/** What the receiver's authoriser signs so that somebody else may send its claims. */
export function claimBatchTypedData(chainId: number, claims: readonly VoucherClaim[]) {
	const { ClaimBatch, ClaimEntry } = TYPES;
	const entries = claims.map(({ config, maxClaimableWei, claimedWei }) => ({
		channelId: channelIdOf(chainId, config),
		maxClaimableAmount: maxClaimableWei,
		totalClaimed: claimedWei,
	}));
	return {
		domain: channelDomain(chainId),
		types: { ClaimBatch, ClaimEntry },
		primaryType: "ClaimBatch",
		message: { claims: entries },
	} as const;
}

/** What the receiver's authoriser signs so that somebody else may send a refund; `nonce` is the channel's refund nonce. */
export function refundTypedData(
	chainId: number,
	message: { readonly channelId: Hex; readonly nonce: bigint; readonly amount: bigint },
) {
	const { Refund } = TYPES;
	return { domain: channelDomain(chainId), types: { Refund }, primaryType: "Refund", message } as const;
}

/** Nonce of the ERC-3009 authorisation that pays a deposit: it binds the money to the channel. */
export function depositNonce(channelId: Hex, salt: bigint): Hex {
	return keccak256(encodeAbiParameters([{ type: "bytes32" }, { type: "uint256" }], [channelId, salt]));
}

/** Claims in the contract's own words. */
export function claimArguments(claims: readonly VoucherClaim[]) {
	return claims.map(({ config, maxClaimableWei, signature, claimedWei }) => ({
		voucher: { channel: config, maxClaimableAmount: maxClaimableWei },
		signature,
		totalClaimed: claimedWei,
	}));
}
