// Channels as the chain knows them. Wei of OPEN throughout. Reads only; what vouchers promise beyond it is not here.
import type { Address, Hex } from "viem";
import { CANONICAL_ADDRESSES } from "../canonical/canonicalContracts.js";
import { batchSettlementAbi } from "../channels/batchSettlementAbi.js";
import type { Ledger } from "../client/ledger.js";
import { readContract } from "../client/readContract.js";

export type Channel = {
	/** Deposited and not returned; what was claimed is within it. */
	readonly balanceWei: bigint;
	/** What the receiver has claimed, ever. */
	readonly claimedWei: bigint;
	/** Number of the next signed refund. */
	readonly refundNonce: bigint;
	/** The payer's notice, if it has given one; `initiatedAt` in seconds. */
	readonly withdrawing?: { readonly amountWei: bigint; readonly initiatedAt: number };
};

const contract = { address: CANONICAL_ADDRESSES.batchSettlement, abi: batchSettlementAbi } as const;

/** Reads a channel; one that was never used reads as zeros. */
export async function readChannel(ledger: Pick<Ledger, "client">, channelId: Hex): Promise<Channel> {
	const args = [channelId] as const;
	const [channel, refundNonce, withdrawal] = await Promise.all([
		readContract(ledger, { ...contract, functionName: "channels", args }),
		readContract(ledger, { ...contract, functionName: "refundNonce", args }),
		readContract(ledger, { ...contract, functionName: "pendingWithdrawals", args }),
	]);
	const [balanceWei, claimedWei] = channel!;
	const [amountWei, initiatedAt] = withdrawal!;
	return {
		balanceWei,
		claimedWei,
		refundNonce: refundNonce!,
		...(initiatedAt === 0 ? {} : { withdrawing: { amountWei, initiatedAt } }),
	};
}

/** What a receiver has claimed over all its channels in OPEN, and how much of it was paid out to it. */
export async function readReceiver(
	ledger: Ledger,
	receiver: Address,
): Promise<{ readonly claimedWei: bigint; readonly settledWei: bigint }> {
	const args = [receiver, ledger.addresses.openToken] as const;
	const [claimedWei, settledWei] = (await readContract(ledger, { ...contract, functionName: "receivers", args }))!;
	return { claimedWei, settledWei };
}
