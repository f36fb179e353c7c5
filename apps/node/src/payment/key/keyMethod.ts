// Paying from a prepaid key's balance: the most it may cost is held, what it does cost is charged. For people without a wallet
// at hand. Keys are known by their hash alone, and never logged. It must not know how answers are made.

import { type Address, bytesToHex, type Hex, sha256, utf8 } from "@openledger/protocol";
import { and, eq, sql } from "drizzle-orm";
import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import type { Database } from "../../database/openDatabase.js";
import { apiKeys, requests } from "../../database/schema.js";
import type { Turns } from "../../turns.js";
import type { PaymentMethod, Sale, Taken } from "../method.js";
import { answer, problem } from "../problems.js";
import { countHeld, insertHeld, readPayment } from "../requestRows.js";

export type KeyOptions = { readonly db: Database; readonly turns: Turns; readonly payTo: Address };

/** `olk_` and 32 bytes in base64url or hex: enough that it cannot be guessed. */
const KEY = /^olk_[A-Za-z0-9_-]{43,64}$/;
const REQUEST_KEY = /^[\x21-\x7e]{1,256}$/;
/** Answers that one key may have under way. */
const MOST_AT_ONCE = 64;
const PAYMENT = parseAbiParameters("bytes32 keyId, bytes32 request");

export function isApiKey(text: string): boolean {
	return text.startsWith("olk_");
}

/** What a key is known by: the SHA-256 of its text; undefined for a text that is no key. */
export function keyIdOf(key: string): Hex | undefined {
	return KEY.test(key) ? sha256(utf8(key)) : undefined;
}

export function keyMethod({ db, turns, payTo }: KeyOptions): PaymentMethod {
	async function take(sale: Sale, key: string, requestKey: string | null): Promise<Taken> {
		const id = keyIdOf(key);
		const [row] = id === undefined ? [] : await db.select().from(apiKeys).where(eq(apiKeys.id, id));
		if (id === undefined || row === undefined)
			return refused(401, "unknown-key", "this API key is not known here; create it with POST /v1/openledger/keys");
		if (requestKey !== null && !REQUEST_KEY.test(requestKey))
			return refused(400, "malformed", "an Idempotency-Key has 1 to 256 visible ASCII characters");
		const request =
			requestKey === null ? bytesToHex(crypto.getRandomValues(new Uint8Array(32))) : sha256(utf8(requestKey));
		const payment = keccak256(encodeAbiParameters(PAYMENT, [id, request]));
		const tenant = `key:${id.slice(2, 18)}`;
		return await turns(`payment ${payment}`, async () => {
			const [before] = await readPayment(db, payment);
			if (before !== undefined) {
				if (before.requestHash === sale.requestHash)
					return { kind: "taken", method: "key", payment, tenant, headers: {} };
				return refused(409, "other-request", "this Idempotency-Key was used for another request; choose a fresh one");
			}
			const held = await db.transaction(async (tx) => {
				// Who pays by one key may not fill the queue that all share.
				if ((await countHeld(tx, id)) + sale.lines.length > MOST_AT_ONCE) return "many" as const;
				const most = sale.maxWei.toString();
				const [found] = await tx
					.update(apiKeys)
					.set({ heldWei: sql`${apiKeys.heldWei} + ${most}::numeric` })
					.where(and(eq(apiKeys.id, id), sql`${apiKeys.balanceWei} - ${apiKeys.heldWei} >= ${most}::numeric`))
					.returning();
				if (found === undefined) return false;
				await insertHeld(tx, sale, { method: "key", payment, payer: found.payer, account: id, payTo });
				return true;
			});
			if (held === "many") {
				const message = `this key has ${MOST_AT_ONCE} answers under way, the most; wait for one of them`;
				return refused(429, "too-many-at-once", message);
			}
			if (held) return { kind: "taken", method: "key", payment, tenant, headers: {} };
			const free = row.balanceWei - row.heldWei;
			const message = `this may cost ${sale.maxWei} wei, and the key has ${free} wei free; top it up, or ask for less`;
			return refused(402, "balance-too-low", message);
		});
	}

	return {
		name: "key",
		offer: () => undefined,
		reads: ({ apiKey, paymentHeader }) => apiKey !== null && isApiKey(apiKey) && paymentHeader === null,
		take: (sale, { apiKey, requestKey }) => take(sale, apiKey ?? "", requestKey),
		async charge(tx, payment, answers) {
			const { account } = answers[0]!.request;
			const cost = answers.reduce((sum, { amountWei }) => sum + amountWei, 0n).toString();
			const held = answers.reduce((sum, { request }) => sum + request.feeWei, 0n).toString();
			const rows = await tx
				.update(apiKeys)
				.set({
					balanceWei: sql`${apiKeys.balanceWei} - ${cost}::numeric`,
					heldWei: sql`${apiKeys.heldWei} - ${held}::numeric`,
					spentWei: sql`${apiKeys.spentWei} + ${cost}::numeric`,
				})
				.where(eq(apiKeys.id, account!))
				.returning();
			if (rows.length !== 1) throw new Error(`payment ${payment} is of no key`);
			return answers.map(() => undefined);
		},
		charged: () => {},
		async headers(answered) {
			const id = answered[0]?.account;
			const [row] = id ? await db.select().from(apiKeys).where(eq(apiKeys.id, id)) : [];
			const headers: Record<string, string> = {};
			if (row !== undefined) headers["x-openledger-balance"] = String(row.balanceWei - row.heldWei);
			return headers;
		},
		release: (payment) => release(db, payment),
		async reconcile() {
			const held = and(eq(requests.method, "key"), eq(requests.status, "settled"));
			const open = new Set((await db.select().from(requests).where(held)).map(({ payment }) => payment));
			for (const payment of open) await release(db, payment);
			return { settled: 0, released: open.size, open: 0 };
		},
	};
}

async function release(db: Database, payment: string): Promise<void> {
	await db.transaction(async (tx) => {
		const rows = await tx
			.delete(requests)
			.where(and(eq(requests.payment, payment), eq(requests.status, "settled"), eq(requests.method, "key")))
			.returning();
		const [first] = rows;
		if (first === undefined) return;
		const held = rows.reduce((sum, { feeWei }) => sum + feeWei, 0n).toString();
		await tx
			.update(apiKeys)
			.set({ heldWei: sql`${apiKeys.heldWei} - ${held}::numeric` })
			.where(eq(apiKeys.id, first.account!));
	});
}

function refused(status: number, code: string, message: string): Taken {
	const body = { error: problem(code, message) };
	const headers: Record<string, string> =
		status === 401 ? { "WWW-Authenticate": "Bearer" } : status === 429 ? { "Retry-After": "1" } : {};
	return { kind: "rejected", ...answer(status, body.error, headers) };
}
