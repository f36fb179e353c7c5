// Paid requests on a real chain, over a real socket, by the unmodified x402 client; and every way of not paying.
import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import {
	connect,
	deployContracts,
	fundAccount,
	fundOpen,
	type Ledger,
	localFaucet,
	localSettings,
	openTxJournal,
	readBalance,
	recoverChain,
	startAnvil,
	type TxJournal,
} from "@openledger/chain";
import { type Hex, keccak256, TransientError, utf8 } from "@openledger/protocol";
import { x402Client } from "@x402/core/client";
import {
	decodePaymentRequiredHeader,
	decodePaymentResponseHeader,
	encodePaymentSignatureHeader,
} from "@x402/core/http";
import type { PaymentPayload } from "@x402/core/types";
import { resetAssetContractCache } from "@x402/evm";
import { ExactEvmScheme } from "@x402/evm/exact/client";
import { wrapFetchWithPayment } from "@x402/fetch";
import { Hono } from "hono";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createPayments, type Payments } from "./createPayments.js";
import { memoryPaymentStore } from "./memoryPaymentStore.js";
import type { PaymentStore } from "./types.js";

const CHAIN_ID = 612055;
const NETWORK = `eip155:${CHAIN_ID}` as const;
const COIN = 10n ** 18n;
const PRICE = COIN / 100n;
const TILL = "0x00000000000000000000000000000000000071e1" as const;
const account = (n: number) => privateKeyToAccount(`0x${String(n).padStart(64, "0")}`);
const [treasury, facilitator, payer, poor] = [account(11), account(12), account(13), account(14)] as const;

const home = mkdtempSync(join(tmpdir(), "openledger-payments-"));
let anvil: Awaited<ReturnType<typeof startAnvil>>;
let journal: TxJournal;
let ledger: Ledger;
let store: PaymentStore;
let payments: Payments;
/** Kills the chain between writing the next transaction down and sending it. */
let killBeforeSend = false;

async function start() {
	anvil = await startAnvil({ home, chainId: CHAIN_ID });
	const file = openTxJournal(join(home, "transactions.jsonl"));
	journal = {
		...file,
		append: (rawTx) => {
			const hash = file.append(rawTx);
			if (killBeforeSend) process.kill(anvil.pid, "SIGKILL");
			killBeforeSend = false;
			return hash;
		},
	};
	const client = await connect({ url: anvil.url, chainId: CHAIN_ID, journal });
	await recoverChain(client, journal);
	const roles = { ...localSettings, treasury: treasury.address, settler: treasury.address };
	const faucet = localFaucet();
	ledger = { client, addresses: await deployContracts(client, faucet, roles) };
	await fundAccount(client, faucet, { to: facilitator.address, atLeastWei: COIN });
	await fundAccount(client, faucet, { to: treasury.address, atLeastWei: COIN });
	await fundOpen(ledger, treasury, { to: payer.address, atLeastWei: 1000n * COIN });
}
async function stop() {
	await anvil.stop();
	journal.close();
}
const restart = async () => {
	await stop();
	await start();
};
const open = async (changes: Partial<PaymentStore> = {}) => {
	payments = await createPayments({ ledger, facilitatorAccount: facilitator, store: { ...store, ...changes } });
};

beforeAll(start);
afterAll(async () => {
	await stop();
	rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
	store = memoryPaymentStore();
	await open();
});

const hash = (text: string): Hex => keccak256(utf8(text));
const asked = (changes: object = {}) => ({ resource: "http://node/answer", amountWei: PRICE, payTo: TILL, ...changes });
const till = () => readBalance(ledger, TILL);

/** What a client that knows no spend limits signs for our offer; `spoil` changes it before or after signing. */
async function pay(options: { who?: typeof payer; offer?: object; spoil?: (p: PaymentPayload) => void } = {}) {
	const { headers } = payments.quote(asked());
	const offer = decodePaymentRequiredHeader(headers["PAYMENT-REQUIRED"]!);
	Object.assign(offer.accepts[0]!, options.offer);
	const client = new x402Client()
		.register("eip155:*", new ExactEvmScheme(options.who ?? payer))
		.setSpendControls(false);
	const payload = structuredClone(await client.createPaymentPayload(offer));
	options.spoil?.(payload);
	return { header: encodePaymentSignatureHeader(payload), payload };
}
const accept = (paymentHeader: string, request = "request", changes: object = {}) =>
	payments.accept({ ...asked(changes), paymentHeader, requestHash: hash(request) });

describe("over a socket, with the unmodified client", () => {
	let server: ServerType;
	let url: string;
	beforeEach(async () => {
		const app = new Hono();
		app.post("/answer", async (c) => {
			const text = await c.req.text();
			const terms = { resource: c.req.url, amountWei: PRICE, payTo: TILL, description: "An answer" };
			const paymentHeader = c.req.header("payment-signature");
			if (paymentHeader === undefined) {
				const { status, headers, body } = payments.quote(terms);
				return c.json(body, status as 402, headers);
			}
			const outcome = await payments.accept({ ...terms, paymentHeader, requestHash: hash(text) });
			if (outcome.kind === "rejected") return c.json(outcome.body, outcome.status as 402, outcome.headers);
			return c.json({ said: text, kind: outcome.kind, nonce: outcome.nonce }, 200, {
				"PAYMENT-RESPONSE": outcome.responseHeader,
			});
		});
		url = await new Promise<string>((ready) => {
			server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address: AddressInfo) =>
				ready(`http://127.0.0.1:${address.port}/answer`),
			);
		});
	});
	afterEach(() => new Promise((closed) => server.close(closed)));

	const paying = (maxWei: bigint) => {
		const client = new x402Client().register(NETWORK, new ExactEvmScheme(payer)).setSpendControls({
			allowedAssets: [{ network: NETWORK, asset: ledger.addresses.openToken, maxAmountPerPayment: String(maxWei) }],
		});
		return wrapFetchWithPayment(fetch, client);
	};

	test("default: pays, is answered, and can prove it", async () => {
		const before = await till();
		const response = await paying(PRICE)(url, { method: "POST", body: "hello" });
		expect(response.status).toBe(200);
		expect(await response.json()).toMatchObject({ said: "hello", kind: "settled" });
		const settlement = decodePaymentResponseHeader(response.headers.get("PAYMENT-RESPONSE")!);
		expect(settlement).toMatchObject({ success: true, network: NETWORK, payer: payer.address, amount: String(PRICE) });
		const receipt = await ledger.client.publicClient.getTransactionReceipt({ hash: settlement.transaction as Hex });
		expect(receipt.status).toBe("success");
		expect((await till()) - before).toBe(PRICE);
	});

	test("behavior: without a payment it is asked for one", async () => {
		const response = await fetch(url, { method: "POST", body: "hello" });
		expect(response.status).toBe(402);
		expect(await response.json()).toMatchObject({ error: { code: "payment/required" } });
		const offer = decodePaymentRequiredHeader(response.headers.get("PAYMENT-REQUIRED")!);
		expect(offer).toMatchObject({
			x402Version: 2,
			resource: { url, description: "An answer" },
			accepts: [
				{ scheme: "exact", network: NETWORK, amount: String(PRICE), extra: { name: "OpenLedger", version: "1" } },
			],
		});
	});

	test("behavior: a client with a lower cap does not pay", async () => {
		const before = await till();
		await expect(paying(PRICE - 1n)(url, { method: "POST", body: "hello" })).rejects.toThrow(/maxAmountPerPayment/);
		expect(await till()).toBe(before);
	});

	test("behavior: many at once are each paid and answered once", async () => {
		const before = await till();
		const fetchPaid = paying(PRICE);
		const count = 20;
		const started = performance.now();
		const answers = await Promise.all(
			Array.from({ length: count }, async (_, i) => {
				const response = await fetchPaid(url, { method: "POST", body: `question ${i}` });
				return (await response.json()) as { said: string; kind: string; nonce: string };
			}),
		);
		const each = (performance.now() - started) / count;
		expect(answers.map((a) => a.said)).toEqual(answers.map((_, i) => `question ${i}`));
		expect(answers.every((a) => a.kind === "settled")).toBe(true);
		expect(new Set(answers.map((a) => a.nonce)).size).toBe(count);
		expect((await till()) - before).toBe(BigInt(count) * PRICE);
		expect(each).toBeLessThan(1000);
	});
});

describe("the same payment again", () => {
	test("default: for the same request it is answered again and charged once", async () => {
		const before = await till();
		const { header } = await pay();
		const first = await accept(header);
		const again = await accept(header);
		expect(first.kind).toBe("settled");
		expect(again).toEqual({ ...first, kind: "replayed" });
		expect((await till()) - before).toBe(PRICE);
	});

	test("behavior: though the price has changed meanwhile", async () => {
		const { header } = await pay();
		await accept(header);
		expect((await accept(header, "request", { amountWei: 2n * PRICE })).kind).toBe("replayed");
	});

	test("behavior: at the same moment it is charged once", async () => {
		const before = await till();
		const { header } = await pay();
		const outcomes = await Promise.all(Array.from({ length: 5 }, () => accept(header)));
		expect(outcomes.map((o) => o.kind).sort()).toEqual(["replayed", "replayed", "replayed", "replayed", "settled"]);
		expect((await till()) - before).toBe(PRICE);
	});

	test("behavior: for another request it is refused", async () => {
		const { header } = await pay();
		await accept(header);
		expect(await accept(header, "another")).toMatchObject({
			status: 409,
			body: { error: { code: "payment/other-request" } },
		});
	});

	test("behavior: by somebody who only saw its nonce it is refused", async () => {
		const { header, payload } = await pay();
		await accept(header);
		const copy = structuredClone(payload);
		copy.payload.signature = `0x${"11".repeat(64)}1b`;
		const outcome = await accept(encodePaymentSignatureHeader(copy));
		expect(outcome).toMatchObject({ status: 409, body: { error: { code: "payment/reused-nonce" } } });
	});

	test("behavior: settled elsewhere and unknown here it is refused", async () => {
		const { header } = await pay();
		await accept(header);
		store = memoryPaymentStore();
		await open();
		const outcome = await accept(header);
		expect(outcome).toMatchObject({ status: 409, body: { error: { code: "payment/already-used" } } });
		expect(await store.unsettled()).toEqual([]);
	});
});

describe("no payment, nothing changed", () => {
	const authorization = (p: PaymentPayload) => p.payload.authorization as Record<string, string>;
	const cases: Record<string, [code: string, status: number, make: () => Promise<{ header: string }>]> = {
		"a forged signature": [
			"forged",
			402,
			() => pay({ spoil: (p) => Object.assign(p.payload, { signature: `0x${"22".repeat(64)}1c` }) }),
		],
		"a payer who did not sign": [
			"forged",
			402,
			() => pay({ spoil: (p) => Object.assign(authorization(p), { from: treasury.address }) }),
		],
		"an amount raised after signing": [
			"forged",
			402,
			() => pay({ offer: { amount: "1" }, spoil: (p) => Object.assign(authorization(p), { value: String(PRICE) }) }),
		],
		"a signature for another chain": [
			"forged",
			402,
			() => pay({ offer: { network: "eip155:1" }, spoil: (p) => Object.assign(p.accepted, { network: NETWORK }) }),
		],
		"a signature for another token name": [
			"forged",
			402,
			() => pay({ offer: { extra: { name: "OPEN", version: "1" } } }),
		],
		"an expired one": ["expired", 402, () => pay({ offer: { maxTimeoutSeconds: 1 } })],
		"one for another chain": ["wrong-chain", 402, () => pay({ offer: { network: "eip155:1" } })],
		"too little": ["wrong-amount", 402, () => pay({ offer: { amount: String(PRICE - 1n) } })],
		"too much": ["wrong-amount", 402, () => pay({ offer: { amount: String(PRICE + 1n) } })],
		"another recipient": ["wrong-recipient", 402, () => pay({ offer: { payTo: treasury.address } })],
		"another token": ["wrong-token", 402, () => pay({ offer: { asset: TILL } })],
		"a payer without money": ["insufficient-balance", 402, () => pay({ who: poor })],
		"no base64": ["malformed", 400, async () => ({ header: "%%%" })],
		"no JSON": ["malformed", 400, async () => ({ header: btoa("hello") })],
		"an empty header": ["malformed", 400, async () => ({ header: "" })],
		"a huge header": ["malformed", 400, async () => ({ header: "A".repeat(100_000) })],
		"version 1": ["malformed", 400, () => pay({ spoil: (p) => Object.assign(p, { x402Version: 1 }) })],
		"no authorisation": ["malformed", 400, () => pay({ spoil: (p) => delete p.payload.authorization })],
		"a nonce too short": [
			"malformed",
			400,
			() => pay({ spoil: (p) => Object.assign(authorization(p), { nonce: "0x01" }) }),
		],
		"a negative amount": [
			"malformed",
			400,
			() => pay({ spoil: (p) => Object.assign(authorization(p), { value: "-1" }) }),
		],
	};
	for (const [name, [code, status, make]] of Object.entries(cases)) {
		test(`behavior: ${name}`, async () => {
			const { header } = await make();
			const before = [await till(), await ledger.client.publicClient.getBlockNumber()];
			const outcome = await accept(header);
			expect(outcome).toMatchObject({ kind: "rejected", status, body: { error: { code: `payment/${code}` } } });
			if (outcome.kind === "rejected" && status === 402) expect(outcome.headers).toHaveProperty("PAYMENT-REQUIRED");
			expect([await till(), await ledger.client.publicClient.getBlockNumber()]).toEqual(before);
			expect(await store.unsettled()).toEqual([]);
		});
	}

	test("behavior: a token that is none", async () => {
		const other = { ...ledger, addresses: { ...ledger.addresses, openToken: ledger.addresses.datanetRegistry } };
		const made = createPayments({ ledger: other, facilitatorAccount: facilitator, store });
		await expect(made).rejects.toMatchObject({ code: "payment/wrong-token" });
	});

	test("behavior: a facilitator without gas blames itself and keeps the payment good", async () => {
		payments = await createPayments({ ledger, facilitatorAccount: poor, store });
		const { header } = await pay();
		await expect(accept(header)).rejects.toMatchObject({ code: "payment/facilitator-empty" });
		await open();
		expect((await accept(header)).kind).toBe("settled");
	});
});

describe("a crash", () => {
	/** What a process that dies in the middle of this call leaves: the change perhaps made, nothing after it. */
	const dying = (name: "claim" | "markBroadcast" | "markSettled", made: boolean): Partial<PaymentStore> => ({
		[name]: async (...args: never[]) => {
			if (made) await (store[name] as (...a: never[]) => Promise<unknown>)(...args);
			throw new Error("killed");
		},
	});

	for (const name of ["claim", "markBroadcast", "markSettled"] as const) {
		for (const made of [true, false]) {
			test(`behavior: ${made ? "after" : "before"} ${name}: the same payment is good, and charged once`, async () => {
				const before = await till();
				const { header } = await pay();
				await open(dying(name, made));
				const outcome = await accept(header).catch(() => undefined);
				expect(outcome?.kind === "rejected" && outcome.status === 402).toBe(false);

				await open();
				await payments.reconcile();
				const again = await accept(header);
				expect(["settled", "replayed"]).toContain(again.kind);
				expect((await accept(header)).kind).toBe("replayed");
				expect((await till()) - before).toBe(PRICE);
				expect(await store.unsettled()).toEqual([]);
			});
		}
	}

	test("behavior: of the chain between writing the transaction and sending it", async () => {
		const before = await till();
		const { header } = await pay();
		killBeforeSend = true;
		const outcome = await accept(header);
		expect(outcome).toMatchObject({ kind: "rejected", status: 503, body: { error: { code: "payment/pending" } } });
		expect(await store.unsettled()).toHaveLength(1);
		await restart();
		await open();
		expect(await payments.reconcile()).toEqual({ settled: 1, released: 0, open: 0 });
		expect((await accept(header)).kind).toBe("replayed");
		expect((await till()) - before).toBe(PRICE);
	});

	test("behavior: of the chain before the payment: the payer is not blamed, the payment stays good", async () => {
		const { header } = await pay();
		process.kill(anvil.pid, "SIGKILL");
		await anvil.exited;
		await expect(accept(header)).rejects.toMatchObject({ code: "chain/unreachable" });
		expect(await store.unsettled()).toEqual([]);
		await restart();
		await open();
		expect((await accept(header)).kind).toBe("settled");
	});

	test.each(["chain/restarting", "chain/ended"])(
		"behavior: of a chain that is %s: the payer is not blamed",
		async (code) => {
			const { header } = await pay();
			let isAway = false;
			const pass = async () => {
				if (isAway) throw new TransientError("not now", { code });
			};
			const none = () => {};
			const gate = { url: () => anvil.url, pass, hasEnded: async () => true, close: none, open: none, shut: none };
			const client = await connect({ url: anvil.url, chainId: CHAIN_ID, journal, gate });
			payments = await createPayments({ ledger: { ...ledger, client }, facilitatorAccount: facilitator, store });
			isAway = true;
			// Of a contract that it saw lately the library asks nothing.
			resetAssetContractCache();
			await expect(accept(header)).rejects.toMatchObject({ code: "chain/unreachable" });
			isAway = false;
			expect((await accept(header)).kind).toBe("settled");
		},
	);

	test("behavior: leaves nothing open that can no longer be paid", async () => {
		const { payload } = await pay();
		const nonce = (payload.payload.authorization as { nonce: Hex }).nonce;
		const record = { payer: payer.address, nonce, authorizationHash: hash("a"), requestHash: hash("r"), resource: "x" };
		await store.claim({ ...record, state: "claimed", payTo: TILL, amountWei: PRICE, validBefore: 1n });
		expect(await payments.reconcile()).toEqual({ settled: 0, released: 1, open: 0 });
		expect(await store.get(record)).toBeUndefined();
	});
});
