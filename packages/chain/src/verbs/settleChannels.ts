// Pays out to a receiver what it has claimed of all its channels, in one transfer. It must not know the channels.
import type { Address, LocalAccount } from "viem";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";
import { batchSettlementAbi } from "../channels/batchSettlementAbi.js";
import { type Ledger, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { readReceiver } from "../reads/readChannel.js";

/**
 * Another may settle between our look and our rehearsal, and a claim come before we are mined: rehearsed as nothing to do,
 * it would then run out of gas. A sweep takes 51,000 to 90,000, by what the receiver had before.
 */
const SWEEP_GAS = 150_000n;

/** Settles all that `receiver` has claimed; anybody may send it. Sends nothing if nothing is claimed and unpaid. */
export async function settleChannels(
	ledger: Ledger,
	sender: LocalAccount,
	{ receiver }: { readonly receiver: Address },
): Promise<{ readonly amountWei: bigint; readonly sent?: Sent }> {
	const { claimedWei, settledWei } = await readReceiver(ledger, receiver);
	const amountWei = claimedWei - settledWei;
	if (amountWei === 0n) return { amountWei };
	const sent = await writeContract(ledger, sender, {
		address: CANONICAL_ADDRESSES.batchSettlement,
		abi: batchSettlementAbi,
		functionName: "settle",
		args: [receiver, ledger.addresses.openToken],
		leastGas: SWEEP_GAS,
	});
	return { amountWei, sent };
}
