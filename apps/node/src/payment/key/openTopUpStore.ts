// Transfers that top keys up, remembered in the database: a key is credited in the very step that notes the transfer as settled.
// It must not know x402.

import { type Address, type Hex, TransientError } from "@openledger/protocol";
import { and, eq, sql } from "drizzle-orm";
import type { Database } from "../../database/openDatabase.js";
import { apiKeys, topUps } from "../../database/schema.js";
import type { PaymentKey, PaymentRecord, PaymentStore } from "../types.js";

export type TopUpStore = PaymentStore & {
	/** Runs `work` while a transfer for this request may be claimed for a key. */
	expecting<result>(requestHash: Hex, keyId: Hex, work: () => Promise<result>): Promise<result>;
};

export function openTopUpStore(db: Database): TopUpStore {
	const expected = new Map<Hex, { readonly keyId: Hex; users: number }>();
	const find = async (key: PaymentKey) => {
		const [found] = await db.select().from(topUps).where(at(key));
		return found === undefined ? undefined : recordOf(found);
	};
	return {
		async expecting(requestHash, keyId, work) {
			// The request's digest holds the key's id: whoever waits under it waits for the same key.
			const entry = expected.get(requestHash) ?? { keyId, users: 0 };
			entry.users++;
			expected.set(requestHash, entry);
			try {
				return await work();
			} finally {
				if (--entry.users === 0) expected.delete(requestHash);
			}
		},
		get: find,
		async claim({ state: _, txHash: __, ...record }) {
			const keyId = expected.get(record.requestHash)?.keyId;
			if (keyId === undefined)
				throw new TransientError("no request waits for this payment; send it again", { code: "payment/no-request" });
			const row = {
				...record,
				payer: lower(record.payer),
				nonce: lower(record.nonce),
				keyId,
				status: "claimed" as const,
			};
			const inserted = await db.insert(topUps).values(row).onConflictDoNothing().returning();
			return inserted.length > 0 ? undefined : await find(record);
		},
		async markBroadcast(key, txHash) {
			await db
				.update(topUps)
				.set({ txHash })
				.where(and(at(key), eq(topUps.status, "claimed")));
		},
		async markSettled(key, txHash) {
			await db.transaction(async (tx) => {
				const [row] = await tx
					.update(topUps)
					.set({ txHash, status: "settled" })
					.where(and(at(key), eq(topUps.status, "claimed")))
					.returning();
				if (row === undefined) return;
				const { amountWei, keyId, payer } = row;
				const createdAt = Math.floor(Date.now() / 1000);
				await tx
					.insert(apiKeys)
					.values({ id: keyId, payer, balanceWei: amountWei, createdAt })
					.onConflictDoUpdate({
						target: apiKeys.id,
						set: { balanceWei: sql`${apiKeys.balanceWei} + ${amountWei.toString()}::numeric` },
					});
			});
		},
		async release(key) {
			await db.delete(topUps).where(and(at(key), eq(topUps.status, "claimed")));
		},
		async unsettled() {
			return (await db.select().from(topUps).where(eq(topUps.status, "claimed"))).map(recordOf);
		},
	};
}

function at({ payer, nonce }: PaymentKey) {
	return and(eq(topUps.payer, lower(payer)), eq(topUps.nonce, lower(nonce)));
}

function lower<text extends Address | Hex>(value: text): text {
	return value.toLowerCase() as text;
}

function recordOf({ status, txHash, keyId: _, ...stored }: typeof topUps.$inferSelect): PaymentRecord {
	return { ...stored, state: status, ...(txHash === null ? {} : { txHash }) };
}
