// What a channel to this node must be, and what a 402 offers of it. It must not know the chain's state or the database.

import type { Address } from "@openledger/protocol";
import type { Network, PaymentRequirements } from "@x402/core/types";
import type { Sale } from "../method.js";
import type { Market } from "../offer.js";

export type ChannelTerms = {
	readonly network: Network;
	readonly chainId: number;
	readonly market: Market;
	/** The node's till: one channel pays for all of its models. */
	readonly receiver: Address;
	/** The node's account: it alone claims and refunds. */
	readonly receiverAuthorizer: Address;
	/** Seconds from a payer's notice to the money's return; the node claims within it. */
	readonly withdrawDelay: number;
};

/** One day. */
export const WITHDRAW_DELAY = 86_400;
/** How many answers at the highest price a first deposit should be good for; clients cap it by their own limits. */
const DEPOSIT_ANSWERS = 100n;
/** Below this many, opening a channel would cost the node more gas than it is worth. */
const LEAST_ANSWERS = 3n;

/** The offer of paying by a channel: authorise the most it may cost, be charged what it does cost. */
export function channelOffer(terms: ChannelTerms, maxWei: bigint): PaymentRequirements {
	const { market, network, receiver, receiverAuthorizer, withdrawDelay } = terms;
	const { token, maxTimeoutSeconds } = market;
	return {
		scheme: "batch-settlement",
		network,
		asset: token.address,
		amount: String(maxWei),
		payTo: receiver,
		maxTimeoutSeconds,
		extra: {
			name: token.name,
			version: token.version,
			assetTransferMethod: "eip3009",
			receiverAuthorizer,
			withdrawDelay,
			minDeposit: String(maxWei * DEPOSIT_ANSWERS),
			charges: "actual",
		},
	};
}

/** What a deposit must bring at least. */
export function leastDeposit({ maxWei }: Pick<Sale, "maxWei">): bigint {
	return maxWei * LEAST_ANSWERS;
}
