// What brings a dispute to its end besides the parties' moves; most of it anybody may send. It must not know who is right.
import type { Address, Hex, LocalAccount } from "viem";
import { type Done, type Ledger, once, writeContract } from "../client/ledger.js";
import type { Sent } from "../client/sendTransaction.js";
import { disputesAbi } from "../generated/index.js";
import { type Dispute, readDispute, readDisputeOwed } from "../reads/readDispute.js";
import { approveOpen } from "./approveOpen.js";

type OfDispute = { readonly disputeId: Hex };

const isEnded = ({ phase }: Dispute) => phase === "ended";

/** Goes on with what the jury said: counts it where it has to be, and ends the dispute once nobody can appeal. One step a call. */
export async function resolveDispute(
	ledger: Ledger,
	sender: LocalAccount,
	{ disputeId }: OfDispute,
): Promise<Done<object>> {
	const before = await readDispute(ledger, disputeId);
	const isPast = (now: Dispute) => isEnded(now) || now.phase !== before?.phase || now.juries !== before.juries;
	return act(ledger, sender, disputeId, "resolve", isPast);
}

/** Ends a dispute whose mover let its time pass. */
export function timeOutDispute(ledger: Ledger, sender: LocalAccount, { disputeId }: OfDispute): Promise<Done<object>> {
	return act(ledger, sender, disputeId, "timeout", isEnded);
}

/** Ends a dispute whose run has fallen otherwise; the deposit is owed back. */
export function closeDispute(ledger: Ledger, sender: LocalAccount, { disputeId }: OfDispute): Promise<Done<object>> {
	return act(ledger, sender, disputeId, "close", isEnded);
}

/** Calls the larger jury; the side that the first verdict is against. A trainer pays for it, which is approved here. */
export async function appealVerdict(
	ledger: Ledger,
	loser: LocalAccount,
	{ disputeId }: OfDispute,
): Promise<Done<object>> {
	const dispute = await readDispute(ledger, disputeId);
	if (dispute?.phase === "verdict" && dispute.verdict === 2) {
		const amountWei = BigInt(dispute.appealJurySize) * dispute.jurorFeeWei;
		await approveOpen(ledger, loser, { spender: ledger.addresses.disputes, amountWei });
	}
	return act(ledger, loser, disputeId, "appeal", (now) => now.juries === 2);
}

/** Settles a jury that was counted only after the dispute's end. `which`: 1 the first, 2 the second. */
export async function settleDisputeCase(
	ledger: Ledger,
	sender: LocalAccount,
	{ disputeId, which }: OfDispute & { readonly which: 1 | 2 },
): Promise<Sent> {
	const { disputes: address } = ledger.addresses;
	const args = [disputeId, which] as const;
	return await writeContract(ledger, sender, { address, abi: disputesAbi, functionName: "settleCase", args });
}

/** Pays out what an account is owed by disputes; anybody may send it. Sends nothing if nothing is owed. */
export async function withdrawDisputeDeposit(
	ledger: Ledger,
	sender: LocalAccount,
	{ account }: { readonly account: Address },
): Promise<{ readonly paidWei: bigint; readonly sent?: Sent }> {
	const paidWei = await readDisputeOwed(ledger, account);
	const { disputes: address } = ledger.addresses;
	const call = { address, abi: disputesAbi, functionName: "withdraw", args: [account] } as const;
	const { sent } = await once(
		async () => ((await readDisputeOwed(ledger, account)) === 0n ? true : undefined),
		() => writeContract(ledger, sender, call),
	);
	return { paidWei: sent === undefined ? 0n : paidWei, sent };
}

async function act(
	ledger: Ledger,
	sender: LocalAccount,
	disputeId: Hex,
	functionName: "resolve" | "timeout" | "close" | "appeal",
	isPast: (now: Dispute) => boolean,
): Promise<Done<object>> {
	const { disputes: address } = ledger.addresses;
	const { sent } = await once(
		async () => {
			const now = await readDispute(ledger, disputeId);
			return now !== undefined && isPast(now) ? true : undefined;
		},
		() => writeContract(ledger, sender, { address, abi: disputesAbi, functionName, args: [disputeId] }),
	);
	return { sent };
}
