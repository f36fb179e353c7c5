// A server that lies about a channel, over a socket: what the payer signs stays within what it allows.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Hex } from "@openledger/protocol";
import { decodePaymentSignatureHeader, encodePaymentRequiredHeader } from "@x402/core/http";
import { privateKeyToAccount } from "viem/accounts";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPayingFetch } from "../createPayingFetch.js";
import { channelConfig, channelIdOf, readChannelOffer } from "./channelOffer.js";
import { memoryChannelStore } from "./channelStore.js";

const CHAIN_ID = 612055;
const NETWORK = `eip155:${CHAIN_ID}`;
const TOKEN = "0x00000000000000000000000000000000000000aa" as const;
const TILL = "0x00000000000000000000000000000000000000bb" as const;
const account = privateKeyToAccount(`0x${"09".repeat(32)}`);
const PRICE = 100n;

type Voucher = { readonly maxClaimableAmount: string; readonly signature: Hex };
let server: Server;
let url: string;
let vouchers: Voucher[];
let deposits: bigint[];
/** What the server says of the channel after a voucher. */
let lie: (voucher: Voucher) => object;

const requirements = (extra: object = {}) => ({
	...{ scheme: "batch-settlement", network: NETWORK, asset: TOKEN, amount: String(PRICE), payTo: TILL },
	maxTimeoutSeconds: 60,
	extra: {
		...{ name: "OpenLedger", version: "1", receiverAuthorizer: TILL, withdrawDelay: 86_400, minDeposit: "1000" },
		...extra,
	},
});
const required = (extra?: object) =>
	encodePaymentRequiredHeader({ x402Version: 2, resource: { url }, accepts: [requirements(extra)] } as never);

beforeEach(async () => {
	[vouchers, deposits] = [[], []];
	server = createServer((request, response) => {
		if (request.method === "GET") return void response.writeHead(404).end();
		const header = request.headers["payment-signature"];
		let extra = {};
		if (typeof header === "string") {
			const payload = decodePaymentSignatureHeader(header).payload as {
				voucher: Voucher;
				deposit?: { amount: string };
			};
			vouchers.push(payload.voucher);
			if (payload.deposit !== undefined) deposits.push(BigInt(payload.deposit.amount));
			extra = lie(payload.voucher);
		}
		response.writeHead(402, { "PAYMENT-REQUIRED": required(extra) }).end("{}");
	});
	await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
	url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
	server.closeAllConnections();
	server.close();
});

const charged = (total: string, balance: string, { maxClaimableAmount, signature }: Voucher) => ({
	channelState: { chargedCumulativeAmount: total, balance },
	voucherState: { signedMaxClaimable: maxClaimableAmount, signature },
});
const pay = (store = memoryChannelStore()) =>
	createPayingFetch({
		...{ account, chainId: CHAIN_ID, token: TOKEN, maxWeiPerRequest: PRICE },
		channel: { store, maxDepositWei: 1000n },
	})(`${url}/answer`, { method: "POST", body: "{}" });

test("behavior: a voucher that was refused is believed to have been charged once: never more than twice the limit", async () => {
	lie = (voucher) => charged(voucher.maxClaimableAmount, "100000", voucher);
	const store = memoryChannelStore();
	const offer = readChannelOffer(required(), { network: NETWORK, token: TOKEN })!;
	const config = channelConfig(account.address, offer, 0);
	const channelId = channelIdOf(config, NETWORK);
	const sums = { balanceWei: "100000", chargedWei: "50", signedWei: "60" };
	await store.set({ channelId, network: NETWORK, url, config, ...sums });
	expect((await pay(store)).status).toBe(402);
	expect(vouchers.map(({ maxClaimableAmount }) => maxClaimableAmount)).toEqual(["150", "250"]);
});

test("behavior: nor without memory, and no more than two deposits are signed", async () => {
	lie = (voucher) => charged(voucher.maxClaimableAmount, "0", voucher);
	expect((await pay()).status).toBe(402);
	for (const { maxClaimableAmount } of vouchers) expect(BigInt(maxClaimableAmount)).toBeLessThanOrEqual(2n * PRICE);
	expect(deposits.length).toBeLessThanOrEqual(2);
	expect(deposits.every((wei) => wei <= 1000n)).toBe(true);
});

test("behavior: somebody else's signature proves nothing", async () => {
	lie = () => charged("10000", "100000", { maxClaimableAmount: "10000", signature: `0x${"11".repeat(64)}1b` });
	expect((await pay()).status).toBe(402);
	expect(vouchers.every(({ maxClaimableAmount }) => BigInt(maxClaimableAmount) <= PRICE)).toBe(true);
});
