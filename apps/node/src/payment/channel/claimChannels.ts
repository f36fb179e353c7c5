// Turns what channels were charged into the node's money: claimed on chain, then swept into the till. What is done is looked up
// first, so a crash between any two steps counts nothing twice. It must not know epochs.

import { claimChannels as claimOnChain, type Ledger, settleChannels } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import type { ChannelConfig } from "@x402/evm";
import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { LocalAccount } from "viem";
import type { Database } from "../../database/openDatabase.js";
import { channels } from "../../database/schema.js";
import { errorText } from "../../errors.js";
import { type ChannelRow, hasUnclaimed, syncChannel } from "./channelRows.js";
import type { ChannelTerms } from "./channelTerms.js";

export type Claiming = {
	readonly db: Database;
	readonly ledger: Ledger;
	readonly terms: ChannelTerms;
	/** The receiver's authoriser. */
	readonly nodeAccount: LocalAccount;
	readonly log: (line: string) => void;
};

export type Claimed = {
	readonly channels: number;
	readonly claimedWei: bigint;
	/** What went into the till. */
	readonly settledWei: bigint;
	/** Channels whose claim the chain refused; what they were charged since the last claim is not there. */
	readonly failed: readonly Hex[];
};

/** Channels of one transaction. */
const AT_ONCE = 25;

/** Claims all that was charged and not claimed, or that of some channels only. One call at a time, by the caller's care. */
export async function claimChannels(claiming: Claiming, only?: readonly Hex[]): Promise<Claimed> {
	const { db, ledger, terms, nodeAccount } = claiming;
	const rows = await db
		.select()
		.from(channels)
		.where(only === undefined ? hasUnclaimed : and(hasUnclaimed, inArray(channels.id, [...only])))
		.orderBy(asc(channels.id));
	const failed: Hex[] = [];
	let [claimedWei, count] = [0n, 0];
	for (let from = 0; from < rows.length; from += AT_ONCE) {
		const part = rows.slice(from, from + AT_ONCE);
		const done = await claimPart(claiming, part);
		failed.push(...done.failed);
		count += done.rows.length;
		for (const row of done.rows) claimedWei += claimOf(row) - row.claimedWei;
	}
	// Also when nothing was claimed now: a crash may have come between an earlier claim and its sweep.
	const { amountWei } = await settleChannels(ledger, nodeAccount, { receiver: terms.receiver });
	return { channels: count, claimedWei, settledWei: amountWei, failed };
}

async function claimPart(
	claiming: Claiming,
	part: readonly ChannelRow[],
): Promise<{ readonly rows: readonly ChannelRow[]; readonly failed: readonly Hex[] }> {
	try {
		await claimRows(claiming, part);
		return { rows: part, failed: [] };
	} catch (error) {
		const [alone] = part;
		if (part.length > 1) {
			// One that cannot be claimed must not keep the others from it.
			const each = await inOrder(part, (row) => claimPart(claiming, [row]));
			return { rows: each.flatMap(({ rows }) => rows), failed: each.flatMap(({ failed }) => failed) };
		}
		// What is known of it may be old; how it stands now decides whether it is tried again.
		await syncChannel(claiming, alone!.id, alone!.config as ChannelConfig).catch(() => {});
		claiming.log(`channel ${alone!.id} could not be claimed: ${errorText(error)}`);
		return { rows: [], failed: [alone!.id] };
	}
}

async function claimRows({ db, ledger, nodeAccount }: Claiming, rows: readonly ChannelRow[]): Promise<void> {
	for (const { id, chargedWei, published, signedWei } of rows) {
		const known = [...published.filter((total) => BigInt(total) > chargedWei), String(signedWei)];
		await db
			.update(channels)
			.set({ published: [...new Set(known)] })
			.where(eq(channels.id, id));
	}
	const claims = rows.map((row) => ({
		config: row.config as ChannelConfig,
		maxClaimableWei: row.signedWei,
		signature: row.signature!,
		claimedWei: claimOf(row),
	}));
	await claimOnChain(ledger, nodeAccount, { claims });
	for (const row of rows) {
		await db
			.update(channels)
			.set({ claimedWei: sql`greatest(${channels.claimedWei}, ${claimOf(row).toString()}::numeric)` })
			.where(eq(channels.id, row.id));
	}
}

/** All that was charged, but no more than the channel holds: more the chain would refuse. */
function claimOf({ balanceWei, chargedWei }: ChannelRow): bigint {
	return chargedWei < balanceWei ? chargedWei : balanceWei;
}

async function inOrder<item, result>(items: readonly item[], act: (item: item) => Promise<result>): Promise<result[]> {
	const results: result[] = [];
	for (const item of items) results.push(await act(item));
	return results;
}
