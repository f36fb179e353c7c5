// A payer with a channel at a node's till, and what it signs. Only tests and benchmarks import it.
import type { Hex, LocalAccount } from "viem";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";
import {
	type ChannelConfig,
	channelIdOf,
	depositNonce,
	type VoucherClaim,
	voucherTypedData,
} from "../channels/channel.js";
import type { Ledger } from "../client/ledger.js";
import { readNodeTill } from "../reads/readNodeTill.js";
import type { DepositAuthorization } from "../verbs/depositChannel.js";
import { digest } from "./walkTheWay.js";

export const FOREVER = 4_000_000_000n;

/** A channel from `payer` to the till of `node`. */
export async function channelTo(
	ledger: Ledger,
	{ payer, node, salt = digest("channel") }: { payer: LocalAccount; node: LocalAccount; salt?: Hex },
	changes: Partial<ChannelConfig> = {},
): Promise<ChannelConfig> {
	return {
		payer: payer.address,
		payerAuthorizer: payer.address,
		receiver: await readNodeTill(ledger, node.address),
		receiverAuthorizer: node.address,
		token: ledger.addresses.openToken,
		withdrawDelay: 900,
		salt,
		...changes,
	};
}

/** The payer's signature over a deposit into this channel. */
export async function authorizeDeposit(
	ledger: Ledger,
	payer: LocalAccount,
	{ config, amountWei, salt = 1n }: { config: ChannelConfig; amountWei: bigint; salt?: bigint },
): Promise<DepositAuthorization> {
	const { chainId } = ledger.client;
	const signature = await payer.signTypedData({
		domain: { name: "OpenLedger", version: "1", chainId, verifyingContract: ledger.addresses.openToken },
		types: {
			ReceiveWithAuthorization: [
				{ name: "from", type: "address" },
				{ name: "to", type: "address" },
				{ name: "value", type: "uint256" },
				{ name: "validAfter", type: "uint256" },
				{ name: "validBefore", type: "uint256" },
				{ name: "nonce", type: "bytes32" },
			],
		},
		primaryType: "ReceiveWithAuthorization",
		message: {
			from: payer.address,
			to: CANONICAL_ADDRESSES.erc3009DepositCollector,
			value: amountWei,
			validAfter: 0n,
			validBefore: FOREVER,
			nonce: depositNonce(channelIdOf(chainId, config), salt),
		},
	});
	return { validAfter: 0n, validBefore: FOREVER, salt, signature };
}

/** A voucher over `maxClaimableWei`, to be claimed up to `claimedWei`. */
export async function voucher(
	ledger: Ledger,
	signer: LocalAccount,
	{
		config,
		maxClaimableWei,
		claimedWei = maxClaimableWei,
	}: Omit<VoucherClaim, "signature" | "claimedWei"> & { claimedWei?: bigint },
): Promise<VoucherClaim> {
	const { chainId } = ledger.client;
	const channelId = channelIdOf(chainId, config);
	const signature = await signer.signTypedData(voucherTypedData(chainId, { channelId, maxClaimableWei }));
	return { config, maxClaimableWei, claimedWei, signature };
}
