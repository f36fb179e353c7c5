// Payments remembered in the database, together with the orders they pay for: who can find the payment can answer it.
// It must not know x402.

import { type Address, type Hex, TransientError } from "@openledger/protocol";
import { and, asc, eq, sql } from "drizzle-orm";
import type { Database } from "../database/openDatabase.js";
import { requests } from "../database/schema.js";
import type { PaymentKey, PaymentRecord, PaymentStore } from "../payment/index.js";

/** An order about to be paid: all that answering it later takes. */
export type ExpectedOrder = {
	readonly order: unknown;
	readonly modelId: Hex;
	readonly tokensIn: number;
	/** The payer's own name for the payment. */
	readonly identifier?: string | undefined;
};

export type OrderedPaymentStore = PaymentStore & {
	/** Runs `work` while payments for this request may be claimed; the order is written down with the claim. */
	expecting<result>(requestHash: Hex, order: ExpectedOrder, work: () => Promise<result>): Promise<result>;
};

type Stored = typeof requests.$inferSelect;

export function openPaymentStore(db: Database): OrderedPaymentStore {
	const expected = new Map<Hex, { readonly order: ExpectedOrder; users: number }>();

	const find = async (key: PaymentKey): Promise<PaymentRecord | undefined> => {
		const [found] = await db.select().from(requests).where(at(key));
		return found === undefined ? undefined : recordOf(found);
	};

	return {
		async expecting(requestHash, order, work) {
			const entry = expected.get(requestHash) ?? { order, users: 0 };
			entry.users++;
			expected.set(requestHash, entry);
			try {
				return await work();
			} finally {
				if (--entry.users === 0) expected.delete(requestHash);
			}
		},
		get: find,
		async claim(record) {
			const known = expected.get(record.requestHash);
			if (known === undefined) {
				throw new TransientError("no request waits for this payment; send it again", { code: "payment/no-request" });
			}
			const { identifier = null, order, modelId, tokensIn } = known.order;
			const inserted = await db
				.insert(requests)
				.values({
					payer: lower(record.payer),
					nonce: lower(record.nonce),
					sequence: sql`(select coalesce(max(sequence), 0) + 1 from requests)`,
					modelId,
					order,
					tokensIn,
					requestHash: record.requestHash,
					authorizationHash: record.authorizationHash,
					resource: record.resource,
					payTo: record.payTo,
					feeWei: record.amountWei,
					validBefore: record.validBefore,
					status: "claimed",
					payment: `${record.payer}:${record.nonce}`.toLowerCase(),
					identifier,
				})
				.onConflictDoNothing({ target: [requests.payer, requests.nonce] })
				.returning();
			return inserted.length > 0 ? undefined : await find(record);
		},
		async markBroadcast(key, txHash) {
			await db
				.update(requests)
				.set({ txHash })
				.where(and(at(key), eq(requests.status, "claimed")));
		},
		async markSettled(key, txHash) {
			await db
				.update(requests)
				.set({ txHash, status: "settled" })
				.where(and(at(key), eq(requests.status, "claimed")));
		},
		async release(key) {
			await db.delete(requests).where(and(at(key), eq(requests.status, "claimed")));
		},
		async unsettled() {
			const open = await db
				.select()
				.from(requests)
				.where(and(eq(requests.status, "claimed"), eq(requests.method, "exact")))
				.orderBy(asc(requests.sequence));
			return open.map(recordOf);
		},
	};
}

function at({ payer, nonce }: PaymentKey) {
	return and(eq(requests.payer, lower(payer)), eq(requests.nonce, lower(nonce)));
}

function lower<text extends Address | Hex>(value: text): text {
	return value.toLowerCase() as text;
}

function recordOf(stored: Stored): PaymentRecord {
	const { payer, nonce, requestHash, authorizationHash, resource, payTo, feeWei, validBefore, txHash } = stored;
	const state = stored.status === "claimed" ? "claimed" : "settled";
	const terms = { requestHash, authorizationHash, resource, payTo, validBefore: validBefore ?? 0n };
	const record = { payer, nonce, state, ...terms } as const;
	return { ...record, amountWei: feeWei, ...(txHash === null ? {} : { txHash }) };
}
