// The paying fetch under the official openai client, against a small server that asks for payment; receipts, true and forged.
// What settles a payment is tested in apps/node; here it counts whose signatures arrive, and how often.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { type Hex, type Receipt, receiptId, signReceipt } from "@openledger/protocol";
import { decodePaymentSignatureHeader, encodePaymentRequiredHeader } from "@x402/core/http";
import OpenAI from "openai";
import { createWalletClient, custom, recoverTypedDataAddress } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createPayingFetch, fetchReceipt, offeredWei, verifyReceiptSignature, walletAccount } from "./index.js";

const CHAIN_ID = 612055;
const TOKEN = "0x00000000000000000000000000000000000000aa" as const;
const TILL = "0x00000000000000000000000000000000000000BB" as const;
const PRICE = 1234n;
const account = privateKeyToAccount(`0x${"07".repeat(32)}`);
const node = privateKeyToAccount(`0x${"08".repeat(32)}`);

let server: Server;
let url: string;
let offer: { network: string; asset: string; amount: string };
/** Statuses to give to paid requests, in turn; then 200. `0` breaks the connection, `1` breaks it after the first byte of an answer. */
let script: number[];
let paid: { nonce: Hex; payer: string; body: string }[];
let answers: Record<string, unknown>;

beforeEach(async () => {
	offer = { network: `eip155:${CHAIN_ID}`, asset: TOKEN, amount: String(PRICE) };
	[script, paid, answers] = [[], [], {}];
	server = createServer(async (request, response) => {
		let body = "";
		for await (const chunk of request) body += chunk;
		const send = (status: number, value: unknown, headers: Record<string, string> = {}) =>
			response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
		if (request.method === "GET") {
			const answer = answers[request.url ?? ""];
			return send(answer === undefined ? 404 : 200, answer ?? {});
		}
		const header = request.headers["payment-signature"];
		if (typeof header !== "string") {
			if (offer.amount === "nonsense") return send(402, {}, { "PAYMENT-REQUIRED": "%%%" });
			const required = {
				x402Version: 2,
				resource: { url },
				accepts: [
					{
						scheme: "exact",
						payTo: TILL,
						maxTimeoutSeconds: 60,
						extra: { name: "OpenLedger", version: "1" },
						...offer,
					},
				],
			};
			return send(402, {}, { "PAYMENT-REQUIRED": encodePaymentRequiredHeader(required as never) });
		}
		paid.push({ ...(await signerOf(header)), body });
		const status = script.shift() ?? 200;
		if (status === 0) return response.destroy();
		if (status === 1) {
			response.writeHead(200, { "content-type": "application/json", "content-length": 100 }).write("{");
			return setTimeout(() => response.destroy(), 20);
		}
		if (status === 503) return send(503, { error: { code: "payment/pending" } }, { "Retry-After": "0.01" });
		if (status !== 200) return send(status, { error: { message: "no" } });
		const { messages } = JSON.parse(body);
		send(200, {
			id: "1",
			object: "chat.completion",
			created: 1,
			model: "atlas",
			choices: [
				{ index: 0, finish_reason: "stop", message: { role: "assistant", content: `re: ${messages[0].content}` } },
			],
		});
	});
	await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
	server.closeAllConnections();
	server.close();
});

async function signerOf(header: string): Promise<{ nonce: Hex; payer: string }> {
	const { payload } = decodePaymentSignatureHeader(header);
	const { authorization, signature } = payload as { authorization: Record<string, string>; signature: Hex };
	const { from, to, value, validAfter, validBefore, nonce } = authorization as Record<string, Hex>;
	const uint = (name: string) => ({ name, type: "uint256" });
	const payer = await recoverTypedDataAddress({
		domain: { name: "OpenLedger", version: "1", chainId: CHAIN_ID, verifyingContract: TOKEN },
		types: {
			TransferWithAuthorization: [
				{ name: "from", type: "address" },
				{ name: "to", type: "address" },
				uint("value"),
				uint("validAfter"),
				uint("validBefore"),
				{ name: "nonce", type: "bytes32" },
			],
		},
		primaryType: "TransferWithAuthorization",
		message: {
			from,
			to,
			value: BigInt(value!),
			validAfter: BigInt(validAfter!),
			validBefore: BigInt(validBefore!),
			nonce,
		},
		signature,
	} as never);
	return { nonce: nonce!, payer };
}

const openai = (maxWeiPerRequest = PRICE) =>
	new OpenAI({
		baseURL: `${url}/v1`,
		apiKey: "none",
		maxRetries: 2,
		fetch: createPayingFetch({ account, maxWeiPerRequest, chainId: CHAIN_ID, token: TOKEN }),
	});
const ask = (client: OpenAI, content = "hello") =>
	client.chat.completions.create({ model: "atlas", messages: [{ role: "user", content }] });
const nonces = () => new Set(paid.map((payment) => payment.nonce)).size;

test("behavior: an answer that broke off midway is asked for again with the same payment; a whole one is paid anew", async () => {
	script = [1, 200, 200];
	const pay = createPayingFetch({ account, chainId: CHAIN_ID, token: TOKEN, maxWeiPerRequest: PRICE });
	const ask = async () =>
		await (await pay(url, { method: "POST", body: JSON.stringify({ messages: [{ content: "hello" }] }) })).text();
	await expect(ask()).rejects.toThrow();
	await ask();
	await ask();
	expect(new Set(paid.slice(0, 2).map(({ nonce }) => nonce)).size).toBe(1);
	expect(paid[2]!.nonce).not.toBe(paid[1]!.nonce);
});

test("behavior: the price is known before anything is signed", async () => {
	const asked = await fetch(url, { method: "POST", body: "{}" });
	expect(offeredWei(asked, { chainId: CHAIN_ID, token: TOKEN })).toBe(PRICE);
	expect(() => offeredWei(asked, { chainId: 1, token: TOKEN })).toThrow(
		expect.objectContaining({ code: "sdk/foreign-payment" }),
	);
	expect(paid).toEqual([]);
});

describe("a wallet that asks its owner", () => {
	/** A wallet as browsers have them: it keeps the key, and may say no. */
	function wallet(answer: "signs" | "refuses") {
		const request = async ({ method, params }: { method: string; params?: unknown }) => {
			if (method !== "eth_signTypedData_v4") throw new Error(`${method} was not to be asked`);
			if (answer === "refuses") throw Object.assign(new Error("the owner said no"), { code: 4001 });
			const [, data] = params as [string, string];
			return await account.signTypedData(JSON.parse(data));
		};
		return walletAccount(createWalletClient({ account: account.address, transport: custom({ request }) }));
	}
	const ask = (pay: typeof fetch) =>
		pay(url, { method: "POST", body: JSON.stringify({ messages: [{ content: "hello" }] }) });

	test("behavior: pays as a key of one's own does", async () => {
		const pay = createPayingFetch({
			account: wallet("signs"),
			chainId: CHAIN_ID,
			token: TOKEN,
			maxWeiPerRequest: PRICE,
		});
		expect((await ask(pay)).status).toBe(200);
		expect(paid.map(({ payer }) => payer)).toEqual([account.address]);
	});

	test("behavior: what it does not sign is not sent, and every request that wanted it says so", async () => {
		const pay = createPayingFetch({
			...{ account: wallet("refuses"), chainId: CHAIN_ID, token: TOKEN, maxWeiPerRequest: PRICE },
		});
		for (const outcome of await Promise.allSettled([ask(pay), ask(pay)]))
			expect(outcome).toMatchObject({ reason: { code: "sdk/not-signed", cause: { code: 4001 } } });
		expect(paid).toEqual([]);
	});

	test("behavior: one that is not connected is told so", () => {
		const client = createWalletClient({ transport: custom({ request: async () => null }) });
		expect(() => walletAccount(client)).toThrow(expect.objectContaining({ code: "sdk/no-account" }));
	});
});

describe("the openai client with a paying fetch", () => {
	test("default: pays by signature and is answered", async () => {
		const answer = await ask(openai());
		expect(answer.choices[0]?.message.content).toBe("re: hello");
		expect(paid).toMatchObject([{ payer: account.address }]);
	});

	test("behavior: each request is paid by itself, also the same one twice", async () => {
		const client = openai();
		await Promise.all([ask(client, "a"), ask(client, "b"), ask(client, "a")]);
		await ask(client, "a");
		expect(nonces()).toBe(4);
	});

	test("behavior: over the limit nothing is signed, and the error says how much it would be", async () => {
		const error = await ask(openai(PRICE - 1n)).catch((e: unknown) => e);
		expect(error).toBeInstanceOf(OpenAI.APIError);
		expect(error).toMatchObject({ status: 402, code: "sdk/over-limit", message: expect.stringContaining("1234 wei") });
		expect(paid).toEqual([]);
	});

	test("behavior: another token or another chain is not paid", async () => {
		offer = { ...offer, asset: TILL };
		await expect(ask(openai())).rejects.toMatchObject({ status: 402, code: "sdk/foreign-payment" });
		offer = { ...offer, asset: TOKEN, network: "eip155:1" };
		await expect(ask(openai())).rejects.toMatchObject({ status: 402, code: "sdk/foreign-payment" });
		offer = { ...offer, amount: "nonsense" };
		await expect(ask(openai())).rejects.toMatchObject({ status: 402, code: "sdk/foreign-payment" });
		expect(paid).toEqual([]);
	});

	test("behavior: while the payment is pending it asks again with the same one", async () => {
		script = [503, 503];
		await ask(openai());
		expect(paid).toHaveLength(3);
		expect(nonces()).toBe(1);
	});

	for (const status of [0, 500, 502]) {
		test(`behavior: after ${status || "a broken connection"} the client's own retry is not charged again`, async () => {
			script = [status];
			const answer = await ask(openai());
			expect(answer.choices[0]?.message.content).toBe("re: hello");
			expect(paid).toHaveLength(2);
			expect(nonces()).toBe(1);
		});
	}

	test("behavior: a payment that has become void is replaced by a new one", async () => {
		script = [500, 402];
		await ask(openai());
		expect(paid).toHaveLength(3);
		expect(nonces()).toBe(2);
	});

	test("behavior: a limit of nothing is refused", () => {
		const options = { account, maxWeiPerRequest: 0n, chainId: CHAIN_ID, token: TOKEN };
		expect(() => createPayingFetch(options)).toThrowError(expect.objectContaining({ code: "sdk/bad-limit" }));
	});
});

describe("receipts", () => {
	const digest = (n: number): Hex => `0x${n.toString(16).padStart(64, "0")}`;
	const receipt: Receipt = {
		chainId: BigInt(CHAIN_ID),
		vault: TOKEN,
		paymentNonce: digest(1),
		payer: "0x00000000000000000000000000000000000000cc",
		modelId: digest(2),
		adapterDigest: digest(3),
		baseDigest: digest(4),
		snapshotRoot: digest(5),
		featuresRoot: digest(6),
		engineId: digest(7),
		promptHash: digest(8),
		responseHash: digest(9),
		tokensIn: 10,
		tokensOut: 11,
		feeWei: 12n * 10n ** 18n,
		method: digest(13),
		sharesRoot: digest(14),
		timestamp: 1_795_000_000n,
		queryDigest: digest(15),
		scoresRoot: digest(16),
	};
	const id = receiptId(receipt);
	const json = (changes: object = {}) =>
		JSON.parse(
			JSON.stringify({ ...receipt, ...changes }, (_key, value) => (typeof value === "bigint" ? String(value) : value)),
		);
	const path = `/api/receipts/${id}`;

	test("default: a node's receipt arrives whole and is signed by it", async () => {
		const signature = await signReceipt(node, receipt);
		answers[path] = { id, receipt: json(), signature, response: "Bern." };
		const signed = await fetchReceipt({ url, receiptId: id });
		expect(signed).toEqual({ id, receipt, signature });
		expect(await verifyReceiptSignature(signed, node.address)).toBe(node.address);
	});

	test("behavior: signed by somebody else, or over something else, is refused", async () => {
		const signature = await signReceipt(account, receipt);
		const wrong = expect.objectContaining({ code: "sdk/wrong-signer" });
		await expect(verifyReceiptSignature({ receipt, signature }, node.address)).rejects.toEqual(wrong);
		const changed = { ...receipt, feeWei: 1n };
		const own = await signReceipt(node, receipt);
		await expect(verifyReceiptSignature({ receipt: changed, signature: own }, node.address)).rejects.toEqual(wrong);
		const none = verifyReceiptSignature({ receipt, signature: "0x12" }, node.address);
		await expect(none).rejects.toMatchObject({ code: "protocol/bad-signature" });
	});

	test("behavior: another receipt under this id, or none, is refused", async () => {
		const signature = await signReceipt(node, receipt);
		for (const body of [
			{ receipt: json({ feeWei: 1n }), signature },
			{ receipt: {}, signature },
			{ receipt: json() },
			// Genuine, but drowned in five million bytes.
			{ receipt: json(), signature, padding: "x".repeat(5_000_000) },
			1,
			null,
		]) {
			answers[path] = body;
			await expect(fetchReceipt({ url, receiptId: id })).rejects.toMatchObject({ code: "sdk/other-receipt" });
		}
		delete answers[path];
		await expect(fetchReceipt({ url, receiptId: id })).rejects.toMatchObject({ code: "sdk/no-receipt" });
		const nowhere = fetchReceipt({ url: "http://127.0.0.1:9", receiptId: id });
		await expect(nowhere).rejects.toMatchObject({ code: "sdk/unreachable" });
	});
});
