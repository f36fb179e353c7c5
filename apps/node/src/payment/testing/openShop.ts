// A shop that sells answers of any price over a socket, on a real chain and a real database: all ways to pay, without a model.
// Only tests and benches import it.

import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import {
	connect,
	deployCanonical,
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
import { type Hex, keccak256, utf8 } from "@openledger/protocol";
import { eq, sql } from "drizzle-orm";
import { Hono } from "hono";
import { privateKeyToAccount } from "viem/accounts";
import { type Database, type OpenedDatabase, openDatabase } from "../../database/openDatabase.js";
import type { MethodName } from "../../database/schema.js";
import { requests } from "../../database/schema.js";
import { newDatabase } from "../../testing/newDatabase.js";
import { createTurns } from "../../turns.js";
import type { Sale } from "../method.js";
import { openPaymentMethods, type PaymentMethods, type PaymentMethodsOptions } from "../openPaymentMethods.js";
import { paymentRoutes } from "../paymentRoutes.js";
import { readPayment } from "../requestRows.js";

export const CHAIN_ID = 612055;
export const NETWORK = `eip155:${CHAIN_ID}` as const;
export const COIN = 10n ** 18n;
export const person = (n: number) => privateKeyToAccount(`0x${String(n).padStart(64, "0")}`);
export const people = {
	treasury: person(21),
	facilitator: person(22),
	node: person(23),
	payer: person(24),
	other: person(25),
};

/** What is asked of the shop: the most it may cost, what it will cost, and how it behaves. */
export type Wish = {
	readonly most: string;
	readonly cost: string;
	readonly say?: string;
	/** Milliseconds that the answer takes. */
	readonly takes?: number;
	/** Answers that are lost on their way, counted down. */
	readonly lose?: number;
};

export type Shop = {
	readonly url: string;
	readonly ledger: Ledger;
	readonly db: Database;
	readonly methods: PaymentMethods;
	/** Kills the chain between writing the next transaction down and sending it. */
	killBeforeSend(): void;
	/** Ends the chain process and begins it again. */
	restartChain(): Promise<void>;
	/** The ways to pay anew, as after a restart of the node; other options if there are any. */
	reopen(changes?: Partial<PaymentMethodsOptions>): Promise<void>;
	/** OPEN in the node's till. */
	till(): Promise<bigint>;
	charged(): Promise<bigint>;
	close(): Promise<void>;
};

export async function openShop(changes: Partial<PaymentMethodsOptions> = {}): Promise<Shop> {
	const home = mkdtempSync(join(tmpdir(), "openledger-shop-"));
	let anvil: Awaited<ReturnType<typeof startAnvil>>;
	let journal: TxJournal;
	let ledger: Ledger;
	let killing = false;
	await newDatabase(join(home, "database"));
	const database: OpenedDatabase = await openDatabase(join(home, "database"));
	const { db } = database;
	await fixture(db);

	async function startChain() {
		anvil = await startAnvil({ home: join(home, "chain"), chainId: CHAIN_ID });
		const file = openTxJournal(join(home, "chain", "transactions.jsonl"));
		journal = {
			...file,
			append: (rawTx) => {
				const hash = file.append(rawTx);
				if (killing) process.kill(anvil.pid, "SIGKILL");
				killing = false;
				return hash;
			},
		};
		const client = await connect({ url: anvil.url, chainId: CHAIN_ID, journal });
		await recoverChain(client, journal);
		const faucet = localFaucet();
		await deployCanonical(client, faucet);
		const roles = { ...localSettings, treasury: people.treasury.address, settler: people.treasury.address };
		ledger = { client, addresses: await deployContracts(client, faucet, roles) };
		for (const who of [people.facilitator, people.node, people.treasury, people.payer])
			await fundAccount(client, faucet, { to: who.address, atLeastWei: 100n * COIN });
		await fundOpen(ledger, people.treasury, { to: people.payer.address, atLeastWei: 10_000n * COIN });
	}

	let methods: PaymentMethods;
	async function open(more: Partial<PaymentMethodsOptions> = {}) {
		methods = await openPaymentMethods({
			...{ db, ledger, turns: createTurns(), log: () => {} },
			facilitatorAccount: people.facilitator,
			nodeAccount: people.node,
			...changes,
			...more,
		});
	}
	await startChain();
	await open();

	const lost = new Map<string, number>();
	const turns = createTurns();
	const app = new Hono();
	app.route(
		"/",
		paymentRoutes({ db, payments: new Proxy({} as PaymentMethods, { get: (_, name) => Reflect.get(methods, name) }) }),
	);
	/** The same without a price, to stand beside. */
	app.post("/free", async (c) => {
		const { say } = JSON.parse(await c.req.text()) as Wish;
		return Response.json({ said: say ?? "" });
	});
	app.post("/answer", async (c) => {
		const text = await c.req.text();
		const wish = JSON.parse(text) as Wish;
		const sale = saleOf(c.req.url, text, wish);
		const taking = methods.take(sale, {
			paymentHeader: c.req.header("payment-signature") ?? null,
			apiKey: /^Bearer (.*)$/.exec(c.req.header("authorization") ?? "")?.[1] ?? null,
			requestKey: c.req.header("idempotency-key") ?? null,
		});
		const outcome = (await taking) ?? { kind: "rejected" as const, ...methods.quote(sale) };
		if (outcome.kind === "rejected") return Response.json(outcome.body, outcome);
		const headers = await turns(outcome.payment, () => answer(db, methods, outcome, wish));
		const losing = lost.get(text) ?? wish.lose ?? 0;
		lost.set(text, losing - 1);
		if (losing > 0) return new Response(null, { status: 502 });
		return Response.json(
			{ said: wish.say ?? "", payment: outcome.payment },
			{ headers: { ...outcome.headers, ...headers } },
		);
	});
	const { server, url } = await listen(app);

	return {
		url,
		get ledger() {
			return ledger;
		},
		db,
		get methods() {
			return methods;
		},
		killBeforeSend() {
			killing = true;
		},
		async restartChain() {
			await anvil.stop();
			journal.close();
			await startChain();
			await open();
		},
		reopen: open,
		till: () => readBalance(ledger, methods.terms.receiver),
		async charged() {
			const [sum] = await db
				.select({ wei: sql<string>`coalesce(sum(charged_wei), 0)` })
				.from(requests)
				.where(sql`method <> 'exact'`);
			return BigInt(sum!.wei);
		},
		async close() {
			await new Promise((closed) => server.close(closed));
			await database.close();
			await anvil.stop();
			journal.close();
			rmSync(home, { recursive: true, force: true });
		},
	};
}

const MODEL: Hex = `0x${"aa".repeat(32)}`;

export function saleOf(resource: string, text: string, { most }: Wish): Sale {
	const line = {
		order: { text },
		modelId: MODEL,
		till: `0x${"71".repeat(20)}` as const,
		tokensIn: 1,
		maxWei: BigInt(most),
	};
	return {
		resource,
		description: "An answer",
		requestHash: keccak256(utf8(text)),
		lines: [line],
		maxWei: BigInt(most),
	};
}

/** Charges as the node does: what it cost, in the step that writes the answer down. */
async function answer(
	db: Database,
	methods: PaymentMethods,
	{ method, payment }: { readonly method: MethodName; readonly payment: string },
	wish: Wish,
): Promise<Readonly<Record<string, string>>> {
	const way = methods.method(method);
	const [row] = await readPayment(db, payment);
	if (row?.status === "settled") {
		if (wish.takes !== undefined) await new Promise((resolve) => setTimeout(resolve, wish.takes));
		await db.transaction(async (tx) => {
			const amountWei = method === "exact" ? row.feeWei : BigInt(wish.cost);
			const [total] = await way.charge(tx, payment, [{ request: row, amountWei }]);
			await tx
				.update(requests)
				.set({ status: "generated", chargedWei: amountWei, cumulativeWei: total ?? null, generation: {} })
				.where(eq(requests.payment, payment));
		});
		way.charged(payment);
	}
	return await way.headers(await readPayment(db, payment));
}

/** The model that answers are of: a row is all that it takes here. */
async function fixture(db: Database): Promise<void> {
	await db.execute(sql`insert into datanets values ('0xd', 'd', '0x', 'CC0-1.0', 'created')`);
	await db.execute(sql`insert into snapshots values ('0xd', 1, '0x', 1, '0x', 'published')`);
	await db.execute(sql`insert into models values (${MODEL}, 'm', 1, 'm-1', '0xd', 1, 'run', '{}', 'published', 1)`);
}

function listen(app: Hono): Promise<{ readonly server: ServerType; readonly url: string }> {
	return new Promise((ready) => {
		const server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }, (address: AddressInfo) =>
			ready({ server, url: `http://127.0.0.1:${address.port}` }),
		);
	});
}
