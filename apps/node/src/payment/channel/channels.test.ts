// Channels on a real chain, over a real socket: the stock x402 client, ours, and every way of paying twice, too little or not at all.

import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finishWithdrawal, readBalance, readChannel, startWithdrawal } from "@openledger/chain";
import type { Hex } from "@openledger/protocol";
import {
	closeChannel,
	createPayingFetch,
	memoryChannelStore,
	openChannel,
	openFileChannelStore,
} from "@openledger/sdk";
import { x402Client } from "@x402/core/client";
import {
	decodePaymentRequiredHeader,
	decodePaymentResponseHeader,
	decodePaymentSignatureHeader,
	encodePaymentSignatureHeader,
} from "@x402/core/http";
import type { PaymentPayload } from "@x402/core/types";
import type { ChannelConfig } from "@x402/evm";
import { BatchSettlementEvmScheme, signVoucher } from "@x402/evm/batch-settlement/client";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment } from "@x402/fetch";
import { eq } from "drizzle-orm";
import { pad, toHex } from "viem";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { channels, deposits, requests } from "../../database/schema.js";
import { CHAIN_ID, COIN, NETWORK, openShop, people, type Shop, saleOf, type Wish } from "../testing/openShop.js";

const MOST = COIN / 100n;
const COST = COIN / 250n;
const { payer } = people;

let shop: Shop;
beforeAll(async () => {
	shop = await openShop({ allowance: { perPayer: 1000, perHour: 1000 } });
});
afterAll(() => shop.close());

let salts = 1000;
const freshSalt = (): Hex => pad(toHex(salts++), { size: 32 });
const wish = (changes: Partial<Wish> = {}) => ({
	method: "POST",
	body: JSON.stringify({ most: String(MOST), cost: String(COST), ...changes }),
});
const allowed = () => ({
	allowedAssets: [{ network: NETWORK, asset: shop.ledger.addresses.openToken, maxAmountPerPayment: String(COIN) }],
});
/** A stock client with a channel of its own, and everything that it sends. */
function stock(salt = freshSalt()) {
	const { publicClient } = shop.ledger.client;
	const signer = { ...payer, readContract: publicClient.readContract as never };
	const scheme = new BatchSettlementEvmScheme(signer, { salt });
	const client = new x402Client().register(NETWORK, scheme).setSpendControls(allowed());
	const sent: string[] = [];
	const carry: typeof fetch = async (input, init) => {
		const request = new Request(input, init);
		const header = request.headers.get("payment-signature");
		if (header !== null) sent.push(header);
		return await fetch(request);
	};
	return { scheme, client, sent, pay: wrapFetchWithPayment(carry, client) };
}
const ask = (header: string, body = wish()) =>
	fetch(`${shop.url}/answer`, { ...body, headers: { "payment-signature": header } });
const codeOf = async (response: Response) => {
	const { error } = (await response.json()) as { error?: { code?: string } };
	return [response.status, error?.code];
};
const payloadOf = (header: string) =>
	decodePaymentSignatureHeader(header).payload as { channelConfig: ChannelConfig; voucher: { channelId: Hex } };
const rowOf = async (header: string) => {
	const id = payloadOf(header).voucher.channelId.toLowerCase() as Hex;
	return (await shop.db.select().from(channels).where(eq(channels.id, id)))[0]!;
};
/** A header like one that was sent, changed and not signed again. */
function altered(header: string, change: (payload: PaymentPayload) => void): string {
	const payload = structuredClone(decodePaymentSignatureHeader(header));
	change(payload);
	return encodePaymentSignatureHeader(payload);
}
/** A voucher of a channel over a total, as its owner would sign it. */
async function voucher(header: string, total: bigint, network: string = NETWORK): Promise<string> {
	const { channelConfig, voucher } = payloadOf(header);
	const signed = await signVoucher(payer, voucher.channelId, String(total), network);
	return altered(header, (p) => {
		p.payload = { type: "voucher", channelConfig, voucher: signed };
	});
}
const ours = (options: Parameters<typeof createPayingFetch>[0]["channel"], carry: typeof fetch = fetch) =>
	createPayingFetch({
		account: payer,
		chainId: CHAIN_ID,
		token: shop.ledger.addresses.openToken,
		maxWeiPerRequest: COIN,
		fetch: carry,
		channel: options ?? {},
	});

describe("the stock client", () => {
	test("default: one deposit, many answers, each charged what it cost, claimed once into the node's till", async () => {
		const { pay, sent } = stock();
		const before = await shop.ledger.client.publicClient.getBlockNumber();
		const [tillBefore, chargedBefore] = [await shop.till(), await shop.charged()];
		for (let i = 0; i < 6; i++) {
			const response = await pay(`${shop.url}/answer`, wish({ say: String(i) }));
			expect(response.status).toBe(200);
			const { extra, transaction } = decodePaymentResponseHeader(response.headers.get("PAYMENT-RESPONSE")!);
			expect(extra).toMatchObject({ chargedAmount: String(COST) });
			expect(extra?.channelState).toMatchObject({ chargedCumulativeAmount: String(COST * BigInt(i + 1)) });
			expect(transaction !== "").toBe(i === 0);
		}
		expect((await shop.ledger.client.publicClient.getBlockNumber()) - before).toBe(1n);
		expect((await shop.charged()) - chargedBefore).toBe(6n * COST);
		const { claimedWei, failed } = await shop.methods.claim();
		expect([claimedWei, failed]).toEqual([6n * COST, []]);
		expect((await shop.till()) - tillBefore).toBe(6n * COST);
		expect((await shop.methods.claim()).claimedWei).toBe(0n);
		expect((await shop.till()) - tillBefore).toBe(6n * COST);
		expect((await readChannel(shop.ledger, (await rowOf(sent[0]!)).id)).claimedWei).toBe(6n * COST);
	});

	test("default: a client that lost its memory is told how its channel stands, and goes on", async () => {
		const salt = freshSalt();
		await stock(salt).pay(`${shop.url}/answer`, wish());
		const again = stock(salt);
		expect((await again.pay(`${shop.url}/answer`, wish({ say: "again" }))).status).toBe(200);
		const row = await rowOf(again.sent.at(-1)!);
		expect(row.chargedWei).toBe(2n * COST);
		expect(await shop.db.select().from(deposits).where(eq(deposits.channelId, row.id))).toHaveLength(1);
	});

	test("default: the rest comes back at once when it is asked for, after the claim", async () => {
		const { pay, scheme, sent } = stock();
		await pay(`${shop.url}/answer`, wish());
		const before = await readBalance(shop.ledger, payer.address);
		const refunded = await scheme.refund(`${shop.url}/v1/openledger/channels`);
		expect(refunded.success).toBe(true);
		const { balanceWei, claimedWei } = await readChannel(shop.ledger, (await rowOf(sent[0]!)).id);
		expect([balanceWei, claimedWei]).toEqual([COST, COST]);
		expect((await readBalance(shop.ledger, payer.address)) - before).toBe(BigInt(refunded.amount!));
	});
});

test("behavior: a channel that was emptied pays for nothing, at once; what it owes no more is claimed no more", async () => {
	const store = memoryChannelStore();
	const manage = { url: shop.url, account: payer, chainId: CHAIN_ID, token: shop.ledger.addresses.openToken, store };
	const { channelId } = await openChannel({ ...manage, depositWei: COIN, number: 777 });
	expect((await closeChannel({ ...manage, channelId })).returnedWei).toBe(COIN);
	const { config } = (await store.get(channelId))!;
	const signed = await signVoucher(payer, channelId, String(MOST), NETWORK);
	const offer = decodePaymentRequiredHeader(
		(await fetch(`${shop.url}/answer`, wish())).headers.get("PAYMENT-REQUIRED")!,
	);
	const header = encodePaymentSignatureHeader({
		x402Version: 2,
		accepted: offer.accepts[0]!,
		payload: { type: "voucher", channelConfig: config, voucher: signed },
	} as unknown as PaymentPayload);
	expect(await codeOf(await ask(header))).toEqual([402, "payment/unknown-channel"]);
	expect((await shop.methods.claim()).failed).toEqual([]);
	// Filled again it is the same channel.
	await openChannel({ ...manage, depositWei: COIN, number: 777 });
	expect((await ask(header)).status).toBe(200);
});

describe("our client", () => {
	test("default: several at once by several channels; files remember them; without files the node proves them", async () => {
		const folder = mkdtempSync(join(tmpdir(), "openledger-channels-"));
		const chargedBefore = await shop.charged();
		const many = async (pay: typeof fetch, count: number, name: string) => {
			const all = Array.from({ length: count }, (_, i) =>
				pay(`${shop.url}/answer`, wish({ say: name + i, takes: 20 })),
			);
			expect((await Promise.all(all)).map(({ status }) => status)).toEqual(all.map(() => 200));
		};
		await many(ours({ store: openFileChannelStore(folder), channels: 3 }), 9, "a");
		const made = await shop.db.select().from(deposits);
		expect(readdirSync(folder)).toHaveLength(3);
		expect(statSync(join(folder, readdirSync(folder)[0]!)).mode & 0o077).toBe(0);
		await many(ours({ store: openFileChannelStore(folder), channels: 3 }), 6, "b");
		await many(ours({ store: memoryChannelStore(), channels: 3 }), 6, "c");
		expect(await shop.db.select().from(deposits)).toHaveLength(made.length);
		expect((await shop.charged()) - chargedBefore).toBe(21n * COST);
		rmSync(folder, { recursive: true });
	});

	test("behavior: paid and not delivered: the same request again is the same payment, also from another process", async () => {
		const folder = mkdtempSync(join(tmpdir(), "openledger-channels-"));
		const before = await shop.charged();
		const lossy = wish({ say: "lost", lose: 2 });
		expect((await ours({ store: openFileChannelStore(folder) })(`${shop.url}/answer`, lossy)).status).toBe(502);
		const pay = ours({ store: openFileChannelStore(folder) });
		expect((await pay(`${shop.url}/answer`, lossy)).status).toBe(502);
		expect((await pay(`${shop.url}/answer`, lossy)).status).toBe(200);
		expect((await shop.charged()) - before).toBe(COST);
		expect((await pay(`${shop.url}/answer`, wish({ say: "next" }))).status).toBe(200);
		expect((await shop.charged()) - before).toBe(2n * COST);
		rmSync(folder, { recursive: true });
	});

	test("behavior: two programs of one wallet, each with its own memory, both go on", async () => {
		const [one, two] = [memoryChannelStore(), memoryChannelStore()].map((store) => ours({ store, channels: 1 }));
		for (const [i, pay] of [one!, two!, one!, two!, two!, one!].entries())
			expect((await pay(`${shop.url}/answer`, wish({ say: `program ${i}` }))).status).toBe(200);
	});

	test("behavior: nothing above the limit is signed", async () => {
		const refused = await ours({})(`${shop.url}/answer`, wish({ most: String(COIN + 1n) }));
		expect(await codeOf(refused)).toEqual([402, "sdk/over-limit"]);
		const small = await ours({ maxDepositWei: MOST / 2n, store: memoryChannelStore() })(
			`${shop.url}/answer`,
			wish({ most: String(COIN) }),
		);
		expect(await codeOf(small)).toEqual([402, "sdk/over-limit"]);
	});
});

describe("twice", () => {
	test("behavior: the same voucher for the same request is one payment, together and one after the other", async () => {
		const { pay, sent } = stock();
		await pay(`${shop.url}/answer`, wish());
		const before = await shop.charged();
		const header = await voucher(sent[0]!, COST + MOST);
		const both = await Promise.all([1, 2, 3].map(() => ask(header, wish({ say: "once", takes: 50 }))));
		expect(both.map(({ status }) => status)).toEqual([200, 200, 200]);
		expect((await ask(header, wish({ say: "once", takes: 50 }))).status).toBe(200);
		expect((await shop.charged()) - before).toBe(COST);
	});

	test("behavior: an answer that cost nothing is given again for the same voucher", async () => {
		const { pay, sent } = stock();
		await pay(`${shop.url}/answer`, wish());
		const header = await voucher(sent[0]!, COST + MOST);
		for (let i = 0; i < 3; i++) expect((await ask(header, wish({ say: "gift", cost: "0" }))).status).toBe(200);
		expect((await rowOf(header)).chargedWei).toBe(COST);
	});

	test("behavior: the same voucher for another request is refused, and told the total", async () => {
		const { pay, sent } = stock();
		await pay(`${shop.url}/answer`, wish());
		const response = await ask(sent[0]!, wish({ say: "another" }));
		const offer = decodePaymentRequiredHeader(response.headers.get("PAYMENT-REQUIRED")!);
		expect(offer.error).toBe("invalid_batch_settlement_evm_cumulative_amount_mismatch");
		expect(offer.accepts[0]!.extra?.channelState).toMatchObject({ chargedCumulativeAmount: String(COST) });
		expect(await codeOf(response)).toEqual([402, "payment/wrong-total"]);
	});

	test("behavior: vouchers never go back: lower totals, and a database older than the chain", async () => {
		const { pay, sent } = stock();
		for (const say of ["1", "2", "3"]) await pay(`${shop.url}/answer`, wish({ say }));
		for (const total of [0n, MOST, 2n * COST, 3n * COST])
			expect(await codeOf(await ask(await voucher(sent[0]!, total), wish({ say: "low" })))).toEqual([
				402,
				"payment/wrong-total",
			]);
		await shop.methods.claim();
		const row = await rowOf(sent[0]!);
		await shop.db.delete(requests).where(eq(requests.account, row.id));
		await shop.db.delete(channels).where(eq(channels.id, row.id));
		const old = await ask(await voucher(sent[0]!, COST + MOST), wish({ say: "old" }));
		expect(await codeOf(old)).toEqual([402, "payment/wrong-total"]);
		expect((await rowOf(sent[0]!)).chargedWei).toBe(3n * COST);
	});

	test("behavior: a payment-identifier pays once, whatever is signed for it; for another request it is refused", async () => {
		const named = (id: string) => (payload: PaymentPayload) => {
			payload.extensions = { "payment-identifier": { info: { required: false, id } } };
		};
		const [one, two] = [stock(), stock()];
		for (const client of [one, two]) await client.pay(`${shop.url}/answer`, wish());
		const before = await shop.charged();
		const id = "order_number_0000001";
		const first = altered(await voucher(one.sent[0]!, COST + MOST), named(id));
		const second = altered(await voucher(two.sent[0]!, COST + MOST), named(id));
		const answers = await Promise.all([first, second].map((header) => ask(header, wish({ say: "named", takes: 30 }))));
		const said = (await Promise.all(answers.map((it) => it.json()))) as { payment: string }[];
		expect(said[1]!.payment).toBe(said[0]!.payment);
		expect((await shop.charged()) - before).toBe(COST);
		expect(await codeOf(await ask(second, wish({ say: "other", takes: 30 })))).toEqual([409, "payment/other-request"]);
		const bad = altered(second, named("short"));
		expect(await codeOf(await ask(bad, wish({ say: "x" })))).toEqual([400, "payment/malformed"]);
	});

	test("behavior: a transfer signed anew under the same payment-identifier moves no money", async () => {
		const offer = decodePaymentRequiredHeader(
			(await fetch(`${shop.url}/answer`, wish({ say: "exact" }))).headers.get("PAYMENT-REQUIRED")!,
		);
		const client = new x402Client().register(NETWORK, new ExactEvmScheme(payer)).setSpendControls(allowed());
		const sign = async () => {
			const payload = structuredClone(await client.createPaymentPayload(offer));
			payload.extensions = { "payment-identifier": { info: { required: false, id: "exact_number_0000001" } } };
			return encodePaymentSignatureHeader(payload);
		};
		const before = await readBalance(shop.ledger, payer.address);
		const said = [];
		for (let i = 0; i < 3; i++)
			said.push((await (await ask(await sign(), wish({ say: "exact" }))).json()) as { payment: string });
		expect(new Set(said.map(({ payment }) => payment)).size).toBe(1);
		expect(before - (await readBalance(shop.ledger, payer.address))).toBe(MOST);
		const forged = altered(await sign(), (p) => Object.assign(p.payload, { signature: `0x${"11".repeat(64)}1b` }));
		expect((await ask(forged, wish({ say: "exact" }))).status).toBe(402);
		expect(await codeOf(await ask(await sign(), wish({ say: "another" })))).toEqual([409, "payment/other-request"]);
	});

	test("behavior: a total that a claim made public buys nothing", async () => {
		const { pay, sent } = stock();
		await pay(`${shop.url}/answer`, wish());
		await shop.methods.claim();
		const left = MOST - COST;
		const stolen = await voucher(sent[0]!, MOST);
		const theft = wish({ most: String(left), cost: String(left), say: "stolen" });
		const priced = altered(stolen, (p) => Object.assign(p.accepted, { amount: String(left) }));
		expect(await codeOf(await ask(priced, theft))).toEqual([409, "payment/public-voucher"]);
		expect((await pay(`${shop.url}/answer`, wish({ say: "mine" }))).status).toBe(200);
	});
});

describe("replayed elsewhere", () => {
	test("behavior: a voucher for another chain, another contract or another channel is worth nothing", async () => {
		const [one, two] = [stock(), stock()];
		for (const client of [one, two]) await client.pay(`${shop.url}/answer`, wish());
		const before = await shop.charged();
		const foreign = await voucher(one.sent[0]!, COST + MOST, "eip155:1");
		expect(await codeOf(await ask(foreign, wish({ say: "x" })))).toEqual([402, "payment/forged"]);
		const contract = await payer.signTypedData({
			domain: {
				name: "x402 Batch Settlement",
				version: "1",
				chainId: CHAIN_ID,
				verifyingContract: shop.ledger.addresses.openToken,
			},
			types: {
				Voucher: [
					{ name: "channelId", type: "bytes32" },
					{ name: "maxClaimableAmount", type: "uint128" },
				],
			},
			primaryType: "Voucher",
			message: { channelId: payloadOf(one.sent[0]!).voucher.channelId, maxClaimableAmount: COST + MOST },
		});
		const good = await voucher(one.sent[0]!, COST + MOST);
		const otherContract = altered(good, (p) => Object.assign(p.payload.voucher as object, { signature: contract }));
		expect(await codeOf(await ask(otherContract, wish({ say: "x" })))).toEqual([402, "payment/forged"]);
		const moved = altered(good, (p) => {
			p.payload.channelConfig = payloadOf(two.sent[0]!).channelConfig;
		});
		expect(await codeOf(await ask(moved, wish({ say: "x" })))).toEqual([400, "payment/malformed"]);
		const renamed = altered(moved, (p) =>
			Object.assign(p.payload.voucher as object, { channelId: payloadOf(two.sent[0]!).voucher.channelId }),
		);
		expect(await codeOf(await ask(renamed, wish({ say: "x" })))).toEqual([402, "payment/forged"]);
		expect(await shop.charged()).toBe(before);
	});

	test("behavior: signatures that the contract would not take are refused: high s, v of 0, 64 bytes, rubbish", async () => {
		const { pay, sent } = stock();
		await pay(`${shop.url}/answer`, wish());
		const header = await voucher(sent[0]!, COST + MOST);
		const { signature } = (decodePaymentSignatureHeader(header).payload as { voucher: { signature: Hex } }).voucher;
		const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
		const high = (order - BigInt(`0x${signature.slice(66, 130)}`)).toString(16).padStart(64, "0");
		const [r, v] = [signature.slice(2, 66), signature.slice(130)];
		const forms = [
			`0x${r}${high}${v === "1b" ? "1c" : "1b"}`,
			`${signature.slice(0, 130)}${v === "1b" ? "00" : "01"}`,
			signature.slice(0, 130),
			`0x${"11".repeat(65)}`,
		];
		for (const form of forms) {
			const other = altered(header, (p) => Object.assign(p.payload.voucher as object, { signature: form }));
			expect(await codeOf(await ask(other, wish({ say: "x" })))).toEqual([402, "payment/forged"]);
		}
		expect((await ask(header, wish({ say: "x" }))).status).toBe(200);
	});

	test("behavior: what is no payment is said to be none, and what is too small is not sent", async () => {
		const { pay, sent } = stock();
		await pay(`${shop.url}/answer`, wish());
		const fresh = await stock().client.createPaymentPayload(
			decodePaymentRequiredHeader((await fetch(`${shop.url}/answer`, wish())).headers.get("PAYMENT-REQUIRED")!),
		);
		const header = encodePaymentSignatureHeader(fresh);
		const cases: Record<string, [string, number, (p: PaymentPayload) => void]> = {
			"a deposit below the least": [
				"deposit-too-small",
				402,
				(p) => Object.assign(p.payload.deposit as object, { amount: String(MOST) }),
			],
			"no deposit": ["malformed", 400, (p) => delete (p.payload as { deposit?: unknown }).deposit],
			"another amount": ["wrong-amount", 402, (p) => Object.assign(p.accepted, { amount: "1" })],
			"another chain": ["wrong-chain", 402, (p) => Object.assign(p.accepted, { network: "eip155:1" })],
			"an amount that is none": [
				"malformed",
				400,
				(p) => Object.assign(p.payload.voucher as object, { maxClaimableAmount: "-1" }),
			],
			"an amount beyond 2^128": [
				"malformed",
				400,
				(p) => Object.assign(p.payload.voucher as object, { maxClaimableAmount: String(2n ** 128n) }),
			],
			"a refund where answers are sold": ["refund-elsewhere", 400, (p) => Object.assign(p.payload, { type: "refund" })],
		};
		for (const [name, [code, status, change]] of Object.entries(cases))
			expect([name, ...(await codeOf(await ask(altered(header, change))))]).toEqual([name, status, `payment/${code}`]);
		expect(await codeOf(await ask("A".repeat(9000)))).toEqual([400, "payment/malformed"]);
		const tooMuch = await voucher(sent[0]!, COST + 1000n * COIN);
		const dear = altered(tooMuch, (p) => Object.assign(p.accepted, { amount: String(1000n * COIN) }));
		const low = await ask(dear, wish({ most: String(1000n * COIN) }));
		expect(await codeOf(low)).toEqual([402, "payment/channel-too-low"]);
	});
});

describe("trouble", () => {
	test("behavior: the chain dies between writing the deposit down and sending it: pending, never 402; then charged once", async () => {
		const client = stock();
		const offer = decodePaymentRequiredHeader(
			(await fetch(`${shop.url}/answer`, wish())).headers.get("PAYMENT-REQUIRED")!,
		);
		const header = encodePaymentSignatureHeader(await client.client.createPaymentPayload(offer));
		const before = await shop.charged();
		shop.killBeforeSend();
		const response = await ask(header);
		expect(response.headers.get("PAYMENT-REQUIRED")).toBeNull();
		expect(await codeOf(response)).toEqual([503, "payment/pending"]);
		await shop.restartChain();
		expect((await ask(header)).status).toBe(200);
		expect((await ask(header)).status).toBe(200);
		expect((await shop.charged()) - before).toBe(COST);
		const { id } = await rowOf(header);
		expect((await readChannel(shop.ledger, id)).balanceWei).toBe(
			BigInt((decodePaymentSignatureHeader(header).payload as { deposit: { amount: string } }).deposit.amount),
		);
	});

	test("behavior: a crash while answering: nothing was delivered, nothing is charged, the same voucher is good again", async () => {
		const { pay, sent } = stock();
		await pay(`${shop.url}/answer`, wish());
		const header = await voucher(sent[0]!, COST + MOST);
		const before = await shop.charged();
		const asked = wish({ say: "crash" });
		const sale = saleOf(`${shop.url}/answer`, asked.body, JSON.parse(asked.body));
		const taken = await shop.methods.take(sale, { paymentHeader: header, apiKey: null, requestKey: null });
		expect(taken!.kind).toBe("taken");
		expect((await rowOf(header)).heldWei).toBe(MOST);
		await shop.reopen();
		expect(await shop.methods.reconcile()).toMatchObject({ released: 1 });
		expect((await rowOf(header)).heldWei).toBe(0n);
		expect((await ask(header, asked)).status).toBe(200);
		expect((await shop.charged()) - before).toBe(COST);
	});

	test("behavior: claims and sweeps beside each other and beside answers count every wei once", async () => {
		const [till, charged] = [await shop.till(), await shop.charged()];
		const unclaimed = (await shop.methods.claim()).settledWei;
		const pay = ours({ channels: 3, store: memoryChannelStore() });
		const asking = Array.from({ length: 12 }, (_, i) =>
			pay(`${shop.url}/answer`, wish({ say: `race ${i}`, takes: 30 })),
		);
		const claiming = Array.from({ length: 5 }, async (_, i) => {
			await new Promise((resolve) => setTimeout(resolve, 60 * i));
			return await shop.methods.claim();
		});
		expect((await Promise.all(asking)).every(({ ok }) => ok)).toBe(true);
		expect((await Promise.all(claiming)).flatMap(({ failed }) => failed)).toEqual([]);
		await shop.methods.claim();
		expect((await shop.charged()) - charged).toBe(12n * COST);
		expect((await shop.till()) - till).toBe(12n * COST + unclaimed);
	});

	test("behavior: 16 deposits at once through one facilitator: all arrive, none collides", async () => {
		const clients = Array.from({ length: 16 }, () => stock());
		const begun = await shop.ledger.client.publicClient.getBlockNumber();
		const answers = await Promise.all(clients.map(({ pay }) => pay(`${shop.url}/answer`, wish())));
		expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
		expect((await shop.ledger.client.publicClient.getBlockNumber()) - begun).toBeGreaterThanOrEqual(16n);
		const open = await shop.db.select().from(deposits).where(eq(deposits.status, "claimed"));
		expect(open).toEqual([]);
	});

	test("behavior: a deposit that would not arrive costs nobody's allowance", async () => {
		await shop.reopen({ allowance: { perPayer: 1, perHour: 1 } });
		const offer = decodePaymentRequiredHeader(
			(await fetch(`${shop.url}/answer`, wish())).headers.get("PAYMENT-REQUIRED")!,
		);
		const poor = new x402Client()
			.register(NETWORK, new BatchSettlementEvmScheme(people.other, { salt: freshSalt() }))
			.setSpendControls(allowed());
		const empty = encodePaymentSignatureHeader(await poor.createPaymentPayload(offer));
		for (let i = 0; i < 3; i++) expect((await ask(empty)).status).toBe(402);
		expect((await stock().pay(`${shop.url}/answer`, wish())).status).toBe(200);
		await shop.reopen();
	});

	test("behavior: a facilitator pays gas for so many transactions and no more", async () => {
		await shop.reopen({ allowance: { perPayer: 2, perHour: 1000 } });
		const answers = [];
		for (const { pay } of [stock(), stock(), stock()]) answers.push(await pay(`${shop.url}/answer`, wish()));
		expect(answers.map(({ status }) => status)).toEqual([200, 200, 429]);
		expect(Number(answers[2]!.headers.get("Retry-After"))).toBeGreaterThan(0);
		await shop.reopen();
	});

	// The last: it turns the chain's clock.
	test("behavior: a payer who withdraws while being served leaves what was charged", async () => {
		const { pay, sent } = stock();
		await pay(`${shop.url}/answer`, wish());
		await shop.reopen({ freshMs: 0 });
		const { config, id, balanceWei } = await rowOf(sent[0]!);
		const slow = ask(await voucher(sent[0]!, COST + MOST), wish({ say: "slow", takes: 400 }));
		await new Promise((resolve) => setTimeout(resolve, 100));
		await startWithdrawal(shop.ledger, payer, { config: config as ChannelConfig, amountWei: balanceWei });
		expect((await slow).status).toBe(200);
		// Nobody asks any more: the node sees the notice by itself.
		const watching = shop.methods.watch(50);
		for (let i = 0; i < 100 && (await readChannel(shop.ledger, id)).claimedWei === 0n; i++)
			await new Promise((resolve) => setTimeout(resolve, 50));
		await watching.stop();
		expect((await readChannel(shop.ledger, id)).claimedWei).toBe(2n * COST);
		const refused = await ask(await voucher(sent[0]!, 2n * COST + MOST), wish({ say: "late" }));
		expect(await codeOf(refused)).toEqual([402, "payment/channel-withdrawing"]);
		const { publicClient } = shop.ledger.client;
		await publicClient.request({ method: "evm_increaseTime" as never, params: [86_401] as never });
		const { amountWei } = await finishWithdrawal(shop.ledger, payer, { config: config as ChannelConfig });
		expect(amountWei).toBe(balanceWei - 2n * COST);
		await shop.reopen();
	});
});
