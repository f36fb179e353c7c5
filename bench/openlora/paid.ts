// What paying costs in time: requests a second by each way to pay, beside the same request without a price. Client, server, facilitator
// and chain stand on one machine, the first three in one process; nothing is generated, so all of it is payment.

import { createKey, createPayingFetch, memoryChannelStore, openChannel } from "@openledger/sdk";
import { CHAIN_ID, COIN, openShop, people, type Shop } from "../../apps/node/src/payment/testing/openShop.js";

export interface PaidRequests {
	/** Requests side by side. */
	readonly clients: number;
	/** A second, by way. */
	readonly unpaid: number;
	/** One transfer on chain for each. */
	readonly exact: number;
	/** Signed totals; deposits were made before. */
	readonly channel: number;
	readonly key: number;
	/** Deposits sent at once through one facilitator, into as many channels. */
	readonly deposits: { readonly count: number; readonly failed: number; readonly seconds: number };
	/** Processor time of this process, milliseconds a request. */
	readonly processorMs: {
		readonly unpaid: number;
		readonly exact: number;
		readonly channel: number;
		readonly key: number;
	};
}

const CLIENTS = 8;
const MOST = COIN / 1000n;
const COST = COIN / 2500n;

/** Measures each way for so many seconds; `deposits` at once, 400 by default. */
export async function measurePaidRequests({
	seconds,
	deposits = 400,
}: {
	readonly seconds: number;
	readonly deposits?: number;
}): Promise<PaidRequests> {
	const shop = await openShop({ allowance: { perPayer: 100_000, perHour: 100_000 } });
	try {
		const base = { account: people.payer, chainId: CHAIN_ID, token: shop.ledger.addresses.openToken };
		const pay = createPayingFetch({ ...base, maxWeiPerRequest: 1000n * COIN });
		const channel = { store: memoryChannelStore(), depositWei: 20n * COIN, channels: CLIENTS };
		const byChannel = createPayingFetch({ ...base, maxWeiPerRequest: COIN, channel });
		const { key } = await createKey({ url: shop.url, fetch: pay, amountWei: 500n * COIN });
		const byKey: typeof fetch = (input, init) => fetch(input, { ...init, headers: { authorization: `Bearer ${key}` } });

		const unpaid = await perSecond(shop, fetch, "/free", seconds);
		const exact = await perSecond(shop, pay, "/answer", seconds);
		const channels = await perSecond(shop, byChannel, "/answer", seconds);
		const keys = await perSecond(shop, byKey, "/answer", seconds);
		return {
			clients: CLIENTS,
			unpaid: unpaid.rate,
			exact: exact.rate,
			channel: channels.rate,
			key: keys.rate,
			deposits: await depositAtOnce(shop, base, deposits),
			processorMs: { unpaid: unpaid.cpu, exact: exact.cpu, channel: channels.cpu, key: keys.cpu },
		};
	} finally {
		await shop.close();
	}
}

async function perSecond(
	{ url }: Shop,
	pay: typeof fetch,
	path: string,
	seconds: number,
): Promise<{ readonly rate: number; readonly cpu: number }> {
	let asked = 0;
	const ask = async () => {
		const body = JSON.stringify({ most: String(MOST), cost: String(COST), say: String(asked++) });
		const response = await pay(`${url}${path}`, { method: "POST", body });
		const text = await response.text();
		if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
	};
	// Deposits and first times are not measured.
	await Promise.all(Array.from({ length: CLIENTS }, ask));
	const begun = performance.now();
	const cpu = process.cpuUsage();
	let done = 0;
	const client = async () => {
		while (performance.now() - begun < seconds * 1000) {
			await ask();
			done++;
		}
	};
	await Promise.all(Array.from({ length: CLIENTS }, client));
	const took = (performance.now() - begun) / 1000;
	const { user, system } = process.cpuUsage(cpu);
	return { rate: round(done / took), cpu: round((user + system) / 1000 / done) };
}

async function depositAtOnce(
	{ url }: Shop,
	base: Pick<Parameters<typeof openChannel>[0], "account" | "chainId" | "token">,
	count: number,
): Promise<PaidRequests["deposits"]> {
	const begun = performance.now();
	const made = await Promise.allSettled(
		Array.from({ length: count }, (_, i) => {
			const store = memoryChannelStore();
			return openChannel({ ...base, url, store, depositWei: COIN / 100n, number: 10_000 + i });
		}),
	);
	const failed = made.filter(({ status }) => status === "rejected").length;
	return { count, failed, seconds: round((performance.now() - begun) / 1000) };
}

const round = (x: number): number => Math.round(x * 100) / 100;
