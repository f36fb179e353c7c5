// The payer's way out of a channel without the receiver's help: notice, delay, withdrawal. What the receiver claims in
// between is its own. It must not know what the payer owes beyond the chain.
import type { LocalAccount } from "viem";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";
import { batchSettlementAbi } from "../channels/batchSettlementAbi.js";
import { type ChannelConfig, channelIdOf } from "../channels/channel.js";
import { type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { readChannel } from "../reads/readChannel.js";

const contract = { address: CANONICAL_ADDRESSES.batchSettlement, abi: batchSettlementAbi } as const;

/** Gives notice; `payer` is the channel's payer or its authoriser. Sends nothing if notice was given. */
export async function startWithdrawal(
	ledger: Ledger,
	payer: LocalAccount,
	{ config, amountWei }: { readonly config: ChannelConfig; readonly amountWei: bigint },
): Promise<{ readonly finishAfter: number; readonly sent?: Sent }> {
	const channelId = channelIdOf(ledger.client.chainId, config);
	const args = [config, amountWei] as const;
	const { sent } = await once(
		async () => (await readChannel(ledger, channelId)).withdrawing,
		() => writeContract(ledger, payer, { ...contract, functionName: "initiateWithdraw", args }),
	);
	const { withdrawing } = await readChannel(ledger, channelId);
	return { finishAfter: (withdrawing?.initiatedAt ?? 0) + config.withdrawDelay, sent };
}

/** Withdraws after the delay, at most what was not claimed by then. Throws `contract/WithdrawDelayNotElapsed` before. */
export async function finishWithdrawal(
	ledger: Ledger,
	payer: LocalAccount,
	{ config }: { readonly config: ChannelConfig },
): Promise<{ readonly amountWei: bigint; readonly sent: Sent }> {
	const channelId = channelIdOf(ledger.client.chainId, config);
	const before = await readChannel(ledger, channelId);
	const args = [config] as const;
	const sent = await writeContract(ledger, payer, { ...contract, functionName: "finalizeWithdraw", args });
	return { amountWei: before.balanceWei - (await readChannel(ledger, channelId)).balanceWei, sent };
}
