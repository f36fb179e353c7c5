// Prepaid keys on a real chain, over a real socket: bought by a transfer, held at the most, charged what it costs, never overdrawn.

import { sha256, utf8 } from "@openledger/protocol";
import { createKey, createPayingFetch, newKey, readKey, topUpKey } from "@openledger/sdk";
import { x402Client } from "@x402/core/client";
import { decodePaymentRequiredHeader, encodePaymentSignatureHeader } from "@x402/core/http";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { apiKeys, requests, topUps } from "../../database/schema.js";
import { CHAIN_ID, COIN, openShop, people, type Shop, saleOf, type Wish } from "../testing/openShop.js";

const MOST = COIN / 100n;
const COST = COIN / 250n;
let shop: Shop;
let pay: typeof fetch;
beforeAll(async () => {
	shop = await openShop();
	const token = shop.ledger.addresses.openToken;
	pay = createPayingFetch({ account: people.payer, chainId: CHAIN_ID, token, maxWeiPerRequest: 10n * COIN });
});
afterAll(() => shop.close());

const body = (changes: Partial<Wish> = {}) => JSON.stringify({ most: String(MOST), cost: String(COST), ...changes });
const ask = (key: string, changes: Partial<Wish> = {}, headers: Record<string, string> = {}) =>
	fetch(`${shop.url}/answer`, {
		method: "POST",
		body: body(changes),
		headers: { authorization: `Bearer ${key}`, ...headers },
	});
const codeOf = async (response: Response) =>
	[response.status, ((await response.json()) as { error?: { code?: string } }).error?.code] as const;
const buy = (amountWei: bigint) => createKey({ url: shop.url, fetch: pay, amountWei });

test("default: a key is bought, used, topped up; what is charged is what it cost, and the money is in the till", async () => {
	const before = await shop.till();
	const { key, id, balanceWei } = await buy(COIN);
	expect([balanceWei, id, (await shop.till()) - before]).toEqual([COIN, sha256(utf8(key)), COIN]);
	for (let i = 0; i < 3; i++) {
		const response = await ask(key, { say: String(i) });
		expect([response.status, response.headers.get("x-openledger-balance")]).toEqual([
			200,
			String(COIN - BigInt(i + 1) * COST),
		]);
	}
	expect(await readKey({ url: shop.url, key })).toMatchObject({
		balanceWei: COIN - 3n * COST,
		heldWei: 0n,
		spentWei: 3n * COST,
		payer: people.payer.address.toLowerCase(),
	});
	expect((await topUpKey({ url: shop.url, fetch: pay, key, amountWei: 2n * COIN })).balanceWei).toBe(
		3n * COIN - 3n * COST,
	);
	expect((await shop.till()) - before).toBe(3n * COIN);
});

test("behavior: the key itself is stored nowhere", async () => {
	const { key } = await buy(COIN);
	await ask(key);
	const all = JSON.stringify([await shop.db.select().from(apiKeys), await shop.db.select().from(topUps)], (_, value) =>
		typeof value === "bigint" ? String(value) : value,
	);
	expect(all).not.toContain(key);
	expect(all).not.toContain(key.slice(4));
});

test("behavior: many at once never spend more than the key has", async () => {
	const { key, id } = await buy(7n * MOST);
	const answers = await Promise.all(
		Array.from({ length: 20 }, (_, i) => ask(key, { say: String(i), cost: String(MOST), takes: 30 })),
	);
	const codes = await Promise.all(answers.map(codeOf));
	expect(codes.filter(([status]) => status === 200)).toHaveLength(7);
	expect(new Set(codes.filter(([status]) => status !== 200).map(([, code]) => code))).toEqual(
		new Set(["payment/balance-too-low"]),
	);
	const [row] = await shop.db.select().from(apiKeys).where(eq(apiKeys.id, id));
	expect([row!.balanceWei, row!.heldWei, row!.spentWei]).toEqual([0n, 0n, 7n * MOST]);
});

test("behavior: with the same Idempotency-Key it pays once; for another request it is refused", async () => {
	const { key } = await buy(COIN);
	const named = { "idempotency-key": "order 1".replace(" ", "-") };
	const both = await Promise.all([1, 2].map(() => ask(key, { takes: 30 }, named)));
	const payments = await Promise.all(both.map(async (it) => ((await it.json()) as { payment: string }).payment));
	expect(payments[0]).toBe(payments[1]);
	expect((await readKey({ url: shop.url, key })).spentWei).toBe(COST);
	expect(await codeOf(await ask(key, { say: "other" }, named))).toEqual([409, "payment/other-request"]);
	expect(await codeOf(await ask(key, {}, { "idempotency-key": "x".repeat(300) }))).toEqual([400, "payment/malformed"]);
});

test("behavior: the same transfer credits once, also after a crash between the chain and the credit", async () => {
	const keyHash = sha256(utf8(newKey()));
	const text = JSON.stringify({ keyHash, amountWei: String(COIN) });
	const post = (header?: string) =>
		fetch(`${shop.url}/v1/openledger/keys`, {
			method: "POST",
			body: text,
			headers: header ? { "payment-signature": header } : {},
		});
	const offer = decodePaymentRequiredHeader((await post()).headers.get("PAYMENT-REQUIRED")!);
	const client = new x402Client().register("eip155:*", new ExactEvmScheme(people.payer)).setSpendControls(false);
	const header = encodePaymentSignatureHeader(await client.createPaymentPayload(offer));
	const answers = await Promise.all([post(header), post(header)]);
	expect(answers.map(({ status }) => status)).toEqual([200, 200]);
	expect((await shop.methods.key(keyHash))!.balanceWei).toBe(String(COIN));
	// As a crash would have left it: sent and on chain, not credited.
	await shop.db.update(topUps).set({ status: "claimed", txHash: null }).where(eq(topUps.keyId, keyHash));
	await shop.db.delete(apiKeys).where(eq(apiKeys.id, keyHash));
	await shop.reopen();
	expect(await shop.methods.reconcile()).toMatchObject({ settled: 1 });
	expect((await shop.methods.key(keyHash))!.balanceWei).toBe(String(COIN));
	expect((await post(header)).status).toBe(200);
	expect((await shop.methods.key(keyHash))!.balanceWei).toBe(String(COIN));
});

test("behavior: what a crash left held is free again, and was not charged", async () => {
	const { key, id } = await buy(COIN);
	const sale = saleOf(`${shop.url}/answer`, body(), JSON.parse(body()));
	expect((await shop.methods.take(sale, { paymentHeader: null, apiKey: key, requestKey: null }))!.kind).toBe("taken");
	expect((await shop.methods.key(id))!.heldWei).toBe(String(MOST));
	await shop.reopen();
	await shop.methods.reconcile();
	expect(await shop.methods.key(id)).toMatchObject({ heldWei: "0", balanceWei: String(COIN), spentWei: "0" });
	expect(await shop.db.select().from(requests).where(eq(requests.account, id))).toEqual([]);
});

test("behavior: keys that nobody paid for, and bodies that are none", async () => {
	expect(await codeOf(await ask(newKey()))).toEqual([401, "payment/unknown-key"]);
	expect(await codeOf(await ask("olk_short"))).toEqual([401, "payment/unknown-key"]);
	await expect(readKey({ url: shop.url, key: newKey() })).rejects.toMatchObject({ code: "payment/unknown-key" });
	const keyHash = `0x${"ab".repeat(32)}`;
	for (const bad of [
		"{",
		"[]",
		JSON.stringify({ keyHash }),
		JSON.stringify({ keyHash: "olk_x", amountWei: "1" }),
		JSON.stringify({ keyHash, amountWei: "1" }),
		JSON.stringify({ keyHash, amountWei: "-1" }),
		JSON.stringify({ keyHash, amountWei: String(10n ** 25n) }),
		JSON.stringify({ keyHash, amountWei: String(COIN), key: "x" }),
	]) {
		const answer = await fetch(`${shop.url}/v1/openledger/keys`, { method: "POST", body: bad });
		expect([bad, ...(await codeOf(answer))]).toEqual([bad, 400, "payment/malformed"]);
	}
	const huge = await fetch(`${shop.url}/v1/openledger/keys`, { method: "POST", body: "x".repeat(5000) });
	expect(await codeOf(huge)).toEqual([413, "payment/body-too-large"]);
	expect((await fetch(`${shop.url}/v1/openledger/channels/0x1`)).status).toBe(404);
});

test("behavior: one key has so many answers under way and no more, whatever it could pay", async () => {
	const { key, id } = await buy(COIN);
	const take = (say: string) => {
		const text = body({ say });
		const sale = saleOf(`${shop.url}/answer`, text, JSON.parse(text));
		return shop.methods.take(sale, { paymentHeader: null, apiKey: key, requestKey: null })!;
	};
	const taken = [];
	for (let i = 0; i < 64; i++) taken.push(await take(String(i)));
	expect(taken.every(({ kind }) => kind === "taken")).toBe(true);
	expect(await take("one more")).toMatchObject({ status: 429, body: { error: { code: "payment/too-many-at-once" } } });
	const [first] = taken;
	if (first?.kind === "taken") await shop.methods.method("key").release(first.payment);
	expect((await take("one more")).kind).toBe("taken");
	expect((await shop.methods.key(id))!.heldWei).toBe(String(64n * MOST));
});
