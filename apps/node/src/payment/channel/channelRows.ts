// The rows of channels: what the chain says of them, taken over, and what was signed and charged here since.
// It must not know x402's messages.

import { type Ledger, readChannel } from "@openledger/chain";
import type { Address, Hex } from "@openledger/protocol";
import type { ChannelConfig } from "@x402/evm";
import { and, eq, isNull, sql } from "drizzle-orm";
import type { Database, Transaction } from "../../database/openDatabase.js";
import { channels } from "../../database/schema.js";

export type ChannelRow = typeof channels.$inferSelect;

export async function findChannel(db: Database, id: Hex): Promise<ChannelRow | undefined> {
	return (await db.select().from(channels).where(eq(channels.id, id)))[0];
}

/** Takes over what the chain says of a channel; undefined if nothing is in it and it is not known here. Throws `chain/unreachable`. */
export async function syncChannel(
	{ db, ledger }: { readonly db: Database; readonly ledger: Ledger },
	id: Hex,
	config: ChannelConfig,
): Promise<ChannelRow | undefined> {
	const state = await readChannel(ledger, id);
	const found = {
		balanceWei: state.balanceWei,
		claimedWei: state.claimedWei,
		withdrawRequestedAt: state.withdrawing?.initiatedAt ?? 0,
		refundNonce: Number(state.refundNonce),
		syncedAt: Date.now(),
	};
	if (state.balanceWei === 0n) {
		// Emptied, or never filled: a row that is kept must say so, and none is begun for what anybody may ask about.
		const [emptied] = await db.update(channels).set(found).where(eq(channels.id, id)).returning();
		return emptied;
	}
	// A database older than the chain must not let a voucher pay a second time: what was claimed was charged.
	const claimed = state.claimedWei.toString();
	const [row] = await db
		.insert(channels)
		.values({
			...{ id, payer: config.payer.toLowerCase() as Address, config, chargedWei: state.claimedWei },
			...{ signedWei: state.claimedWei, ...found },
		})
		.onConflictDoUpdate({
			target: channels.id,
			set: {
				...found,
				chargedWei: sql`greatest(${channels.chargedWei}, ${claimed}::numeric)`,
				signedWei: sql`greatest(${channels.signedWei}, ${claimed}::numeric)`,
			},
		})
		.returning();
	return row;
}

/** Holds what a payment may cost at most, with the voucher that allows it; false if another payment holds the channel. */
export async function holdChannel(
	tx: Transaction,
	held: {
		readonly id: Hex;
		readonly payment: Hex;
		readonly maxWei: bigint;
		readonly signedWei: bigint;
		readonly signature: Hex;
		readonly chargedWei: bigint;
	},
): Promise<boolean> {
	const signed = held.signedWei.toString();
	const free = and(eq(channels.id, held.id), isNull(channels.heldBy), eq(channels.chargedWei, held.chargedWei));
	const rows = await tx
		.update(channels)
		.set({
			heldWei: held.maxWei,
			heldBy: held.payment,
			// The highest voucher is kept: it claims all that lower ones do.
			signature: sql`case when ${signed}::numeric > ${channels.signedWei} or ${channels.signature} is null then ${held.signature} else ${channels.signature} end`,
			signedWei: sql`greatest(${channels.signedWei}, ${signed}::numeric)`,
		})
		.where(free)
		.returning();
	return rows.length === 1;
}

/** Charges what a held payment cost; gives the channel's new total. Undefined if the payment does not hold the channel. */
export async function chargeChannel(
	tx: Transaction,
	id: Hex,
	payment: string,
	amountWei: bigint,
): Promise<bigint | undefined> {
	const [row] = await tx
		.update(channels)
		.set({ chargedWei: sql`${channels.chargedWei} + ${amountWei.toString()}::numeric`, heldWei: 0n, heldBy: null })
		.where(and(eq(channels.id, id), eq(channels.heldBy, payment)))
		.returning();
	return row?.chargedWei;
}

/** What of a channel's charge is to be claimed: no more than it holds. */
export const claimableWei = sql<string>`least(${channels.chargedWei}, ${channels.balanceWei})`;

/** Rows with something to claim. */
export const hasUnclaimed = sql`${claimableWei} > ${channels.claimedWei}`;

export async function freeChannel(tx: Transaction, payment: string): Promise<void> {
	await tx.update(channels).set({ heldWei: 0n, heldBy: null }).where(eq(channels.heldBy, payment));
}
