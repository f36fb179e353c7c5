// Looks after channels while nobody asks: a payer who takes money back finds what was charged already claimed, and not too much
// is ever left unclaimed. It must not know requests.

import type { Hex } from "@openledger/protocol";
import type { ChannelConfig } from "@x402/evm";
import { asc, sql } from "drizzle-orm";
import { channels } from "../../database/schema.js";
import { errorText } from "../../errors.js";
import { claimableWei, hasUnclaimed, syncChannel } from "./channelRows.js";
import type { Claimed, Claiming } from "./claimChannels.js";

export type Watching = Claiming & {
	readonly claim: (only?: readonly Hex[]) => Promise<Claimed>;
	readonly claimAboveWei: bigint;
};

export function watchWithdrawals(watching: Watching, everyMs: number): { stop(): Promise<void> } {
	let looking: Promise<void> = Promise.resolve();
	let idle = true;
	const timer = setInterval(() => {
		if (!idle) return;
		idle = false;
		looking = lookOnce(watching)
			.catch((error) => watching.log(`channels could not be looked after: ${errorText(error)}`))
			.finally(() => {
				idle = true;
			});
	}, everyMs);
	timer.unref();
	return {
		async stop() {
			clearInterval(timer);
			await looking;
		},
	};
}

/** Channels that one look reads from the chain; the longest unread come first, so that all have their turn. */
const AT_ONCE = 200;

/** One look: reads channels with something unclaimed, and claims where it must be. */
export async function lookOnce(watching: Watching): Promise<void> {
	const { claim, claimAboveWei, db } = watching;
	const [all] = await db
		.select({ wei: sql<string>`coalesce(sum(${claimableWei} - ${channels.claimedWei}), 0)` })
		.from(channels)
		.where(hasUnclaimed);
	if (BigInt(all!.wei) >= claimAboveWei) {
		await claim();
		return;
	}
	const open = await db.select().from(channels).where(hasUnclaimed).orderBy(asc(channels.syncedAt)).limit(AT_ONCE);
	const leaving: Hex[] = [];
	for (const { config, id } of open) {
		const row = await syncChannel(watching, id, config as ChannelConfig);
		if (row !== undefined && row.withdrawRequestedAt !== 0) leaving.push(id);
	}
	if (leaving.length > 0) await claim(leaving);
}
