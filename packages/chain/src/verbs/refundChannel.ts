// The receiver's side gives back to the payer what it has not claimed. It must not know what it has been promised beyond.
import type { LocalAccount } from "viem";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";
import { batchSettlementAbi } from "../channels/batchSettlementAbi.js";
import { type ChannelConfig, channelIdOf, refundTypedData } from "../channels/channel.js";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { readChannel } from "../reads/readChannel.js";

export type RefundChannel = {
	readonly config: ChannelConfig;
	/** At most this; all that is unclaimed by default. */
	readonly amountWei?: bigint;
	/** The receiver's authoriser, which signs if it is not the sender. */
	readonly authorizer?: LocalAccount;
};

/** Refunds what is unclaimed, up to `amountWei`. Sends nothing if there is nothing to refund. Claim first. */
export async function refundChannel(
	ledger: Ledger,
	sender: LocalAccount,
	{ config, amountWei: most, authorizer = sender }: RefundChannel,
): Promise<{ readonly amountWei: bigint; readonly sent?: Sent }> {
	const { chainId } = ledger.client;
	const channelId = channelIdOf(chainId, config);
	const { balanceWei, claimedWei, refundNonce: nonce } = await readChannel(ledger, channelId);
	const unclaimed = balanceWei - claimedWei;
	const amount = most === undefined || most > unclaimed ? unclaimed : most;
	if (amount === 0n) return { amountWei: 0n };
	const contract = { address: CANONICAL_ADDRESSES.batchSettlement, abi: batchSettlementAbi } as const;
	if (authorizer.address === sender.address) {
		const args = [config, amount] as const;
		return {
			amountWei: amount,
			sent: await writeContract(ledger, sender, { ...contract, functionName: "refund", args }),
		};
	}
	const signature = await authorizer.signTypedData(refundTypedData(chainId, { channelId, nonce, amount }));
	const args = [config, amount, nonce, signature] as const;
	const sent = await writeContract(ledger, sender, { ...contract, functionName: "refundWithSignature", args });
	return { amountWei: amount, sent };
}
