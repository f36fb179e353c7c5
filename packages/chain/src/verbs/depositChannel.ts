// Puts a payer's money into a channel, by its signed ERC-3009 authorisation. It must not know what is bought.
import { encodeAbiParameters, type Hex, type LocalAccount } from "viem";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";
import { batchSettlementAbi } from "../channels/batchSettlementAbi.js";
import { type ChannelConfig, channelIdOf, depositNonce } from "../channels/channel.js";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { readAuthorizedTransfer } from "../reads/readMoney.js";

/** The payer's signature over ReceiveWithAuthorization to the collector, with nonce `depositNonce(channelId, salt)`. */
export type DepositAuthorization = {
	readonly validAfter: bigint;
	readonly validBefore: bigint;
	readonly salt: bigint;
	readonly signature: Hex;
};

export type DepositChannel = {
	readonly config: ChannelConfig;
	readonly amountWei: bigint;
	readonly authorization: DepositAuthorization;
};

const COLLECTOR_DATA = [{ type: "uint256" }, { type: "uint256" }, { type: "uint256" }, { type: "bytes" }] as const;

/** Deposits; anybody may send it. Sends nothing if this authorisation was used already. */
export async function depositChannel(
	ledger: Ledger,
	sender: LocalAccount,
	{ config, amountWei, authorization }: DepositChannel,
): Promise<{ readonly channelId: Hex; readonly sent?: Sent }> {
	const { validAfter, validBefore, salt, signature } = authorization;
	const channelId = channelIdOf(ledger.client.chainId, config);
	const collectorData = encodeAbiParameters(COLLECTOR_DATA, [validAfter, validBefore, salt, signature]);
	const { sent } = await once(
		() => readAuthorizedTransfer(ledger, config.payer, depositNonce(channelId, salt)),
		() =>
			writeContract(ledger, sender, {
				address: CANONICAL_ADDRESSES.batchSettlement,
				abi: batchSettlementAbi,
				functionName: "deposit",
				args: [config, amountWei, CANONICAL_ADDRESSES.erc3009DepositCollector, collectorData],
			}),
	);
	return { channelId, sent };
}
