// The API as somebody meets it who wants to do harm, or whose node died at a bad moment: over a socket, on a real chain.
import { readFileSync, statSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { datanetIdOf, ensureStake } from "@openledger/chain";
import { sha256, TransientError, utf8 } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readHosts } from "../config.js";
import { contributions, datanets, jobs, rows, wallets } from "../database/schema.js";
import { errorText } from "../errors.js";
import { createBilling } from "../inference/createBilling.js";
import { listNodes } from "../network/listNodes.js";
import { type OpenNode, openNode } from "../openNode.js";
import { listOperators } from "../staking/listOperators.js";
import { type SmallWorld, smallWorld } from "../testing/smallWorld.js";

let world: SmallWorld;
let node: OpenNode;
let url: string;
let token: string;

beforeAll(async () => {
	world = await smallWorld();
	node = await openNode({ ...world.config, serving: { hosts: readHosts(" ai.example:443, proxy.internal") } });
	({ url } = await node.serve());
	token = readFileSync(join(world.config.home, "admin-token"), "utf8");
});
afterAll(async () => {
	await node.close();
	world.remove();
});

/** A request with any headers and path, which fetch would not let through. */
function send(
	method: string,
	path: string,
	headers: Record<string, string> = {},
	body?: string,
): Promise<{ status: number; text: string; headers: Record<string, unknown> }> {
	const { hostname, port } = new URL(url);
	return new Promise((resolve, reject) => {
		const sent = request({ hostname, port, method, path, headers }, (response) => {
			let text = "";
			response.setEncoding("utf8");
			response.on("data", (part) => {
				text += part;
			});
			response.on("end", () => resolve({ status: response.statusCode!, text, headers: response.headers }));
		});
		sent.on("error", reject);
		sent.end(body);
	});
}
const admin = () => ({ authorization: `Bearer ${token}`, "content-type": "application/json" });
const codeOf = ({ text }: { text: string }) => (JSON.parse(text) as { error?: { code?: string } }).error?.code;
const everything = async () => {
	const { db } = node.parts;
	return JSON.stringify(
		[
			await db.select().from(datanets),
			await db.select().from(contributions),
			await db.select().from(rows),
			await db.select().from(wallets),
			await db.select().from(jobs),
		],
		(_, value) => (typeof value === "bigint" ? String(value) : value),
	);
};

test("behavior: another name, another page and another method get nothing", async () => {
	const foreign = [{ host: "evil.example" }, { host: "127.0.0.1.evil.example:80" }, { host: "0.0.0.0" }];
	for (const headers of foreign) {
		for (const path of ["/api/status", "/api/receipts", "/api/none"]) {
			const answer = await send("GET", path, headers);
			expect([headers.host, answer.status, codeOf(answer)]).toEqual([headers.host, 403, "api/foreign-host"]);
		}
		expect((await send("POST", "/api/datanets", { ...admin(), ...headers }, "{}")).status).toBe(403);
		// What clients buy, and what is measured of it, no less.
		for (const [method, path] of [
			["GET", "/v1/models"],
			["POST", "/v1/chat/completions"],
			["GET", "/v1/openledger/channels"],
			["POST", "/v1/openledger/keys"],
			["GET", "/v1/openledger/adapters"],
			["GET", "/metrics"],
			["GET", "/health"],
			["GET", "/ready"],
			["GET", "/anything"],
		] as const) {
			const answer = await send(method, path, headers, method === "POST" ? "{}" : undefined);
			expect([headers.host, path, answer.status, codeOf(answer)]).toEqual([headers.host, path, 403, "foreign_host"]);
		}
		for (const path of ["/da/health", "/"])
			expect((await send("GET", path, { ...headers, accept: "text/html" })).status).toBe(403);
		expect((await send("POST", "/rpc", headers, "{}")).status).toBe(403);
	}
	// A name that the owner added, whatever port a proxy has: for clients, not for what is the owner's.
	const proxied = { host: "AI.example:8443" };
	for (const path of ["/v1/models", "/metrics", "/health"])
		expect([path, (await send("GET", path, proxied)).status]).toEqual([path, 200]);
	expect((await send("GET", "/api/status", proxied)).status).toBe(403);
	expect((await send("POST", "/rpc", proxied, "{}")).status).toBe(403);
	for (const host of ["localhost", "[::1]:80"]) expect((await send("GET", "/metrics", { host })).status).toBe(200);
	for (const origin of ["https://evil.example", "null", "http://127.0.0.1.evil.example"]) {
		const answer = await send("GET", "/api/receipts", { origin });
		expect([origin, answer.status, codeOf(answer)]).toEqual([origin, 403, "api/foreign-origin"]);
	}
	// An image on a page elsewhere: no origin is named, but where it comes from is.
	const image = await send("GET", "/api/receipts", { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" });
	expect([image.status, codeOf(image)]).toEqual([403, "api/foreign-origin"]);
	const own = await send("GET", "/api/receipts", { "sec-fetch-site": "same-origin" });
	expect([own.status, own.headers["x-content-type-options"]]).toEqual([200, "nosniff"]);
	expect((await send("GET", "/api/status", { origin: "http://localhost:5173" })).status).toBe(200);
	for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]) {
		const answer = await send(method, "/api/datanets");
		expect([method, answer.status]).toEqual([method, 401]);
		expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
	}
	for (const authorization of [token, `Basic ${token}`, `Bearer ${token}0`, `bearer ${token}`, "Bearer "]) {
		expect((await send("POST", "/api/datanets", { authorization }, "{}")).status).toBe(401);
	}
});

test("behavior: whatever is asked or sent gets a typed answer, and changes nothing", async () => {
	const made = await send("POST", "/api/datanets", admin(), JSON.stringify({ name: "plain" }));
	expect(made.status).toBe(201);
	const before = await everything();
	const deep = `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
	const contribution = { contributor: "ada", format: "jsonl", content: '{"prompt":"a?","response":"b."}' };
	const offered: [string, string, number][] = [
		["/api/datanets", "", 400],
		["/api/datanets", "null", 400],
		["/api/datanets", '{"name":1}', 400],
		["/api/datanets", '{"name":"a","name2":1}', 400],
		["/api/datanets", '{"name":"../etc"}', 400],
		["/api/datanets", '{"name":"ok\\u0000"}', 400],
		["/api/datanets", '{"name":"other","licence":"CC0\\u0000"}', 400],
		["/api/datanets", '{"name":"other","licence":"\\ud800"}', 400],
		["/api/datanets", '{"name":"other","terms":"\\ud800"}', 400],
		["/api/datanets", deep, 400],
		["/api/datanets", `{"name":${deep}}`, 400],
		["/api/datanets/plain/contributions", JSON.stringify({ ...contribution, contributor: "Ada\u0000" }), 400],
		["/api/datanets/plain/contributions", JSON.stringify({ ...contribution, content: "\u0000" }), 400],
		["/api/datanets/plain/contributions", JSON.stringify({ ...contribution, content: "\ud800" }), 400],
		["/api/datanets/plain/contributions", JSON.stringify({ ...contribution, content: deep }), 400],
		["/api/datanets/plain/contributions", JSON.stringify({ ...contribution, content: "" }), 400],
		["/api/datanets/pla%00in/contributions", JSON.stringify(contribution), 400],
		["/api/datanets/plain/snapshots", "", 400],
		["/api/models", '{"datanet":"pl\\u0000ain","name":"m"}', 400],
		["/api/models", '{"datanet":"plain","name":"../m"}', 400],
		["/api/models", `{"datanet":"plain","name":"m","recipe":{"rank":${deep}}}`, 400],
		["/api/receipts/0x/verify", "", 404],
		["/api/receipts/%00/verify", "", 400],
		["/api/rewards/claim", '{"contributor":"\\u0000"}', 404],
		["/api/rewards/claim", '{"contributor":["ada"]}', 400],
	];
	const answers = [];
	for (const [path, body, status] of offered) {
		const answer = await send("POST", path, admin(), body);
		answers.push([path, body.slice(0, 60), status, answer.status, codeOf(answer) !== undefined]);
	}
	expect(answers).toEqual(answers.map(([path, body, status]) => [path, body, status, status, true]));
	const asked = [
		"/api/datanets/%00",
		"/api/models/%00",
		"/api/models/..%2f..%2fkeys%2fseed",
		"/api/models/x/files/..%2f..%2fkeys%2fseed",
		"/api/models/%ff",
		"/api/models/%zz",
		"/api/jobs/%00",
		"/api/receipts/%00",
		`/api/receipts/${"a".repeat(10_000)}`,
		"/api/../admin-token",
		"/api//status",
		"/v1/models/%00",
	];
	for (const path of asked) {
		const answer = await send("GET", path);
		const status = path.startsWith("/api/") && path.endsWith("%00") ? 400 : 404;
		expect([path, answer.status, codeOf(answer) !== undefined]).toEqual([path, status, true]);
		expect(answer.text).not.toContain(token);
	}
	expect(await everything()).toBe(before);
});

test("behavior: nobody else on this machine reads the database", () => {
	expect(statSync(join(world.config.home, "database")).mode & 0o077).toBe(0);
});

test("behavior: a query that fails tells the log what failed, and none of its values", async () => {
	const salt = "0x5a17".padEnd(66, "5");
	const failing = async () => {
		await node.parts.db.insert(wallets).values({ name: salt, address: null as unknown as `0x${string}` });
	};
	const error = await failing().catch((cause: unknown) => cause);
	expect((error as Error).message).toContain(salt);
	expect(errorText(error)).toMatch(/a query failed: null value/);
	expect(errorText(error)).not.toContain(salt);
});

test("behavior: a datanet that a crash kept from the chain does not keep the node from starting", async () => {
	const { db, keys } = node.parts;
	const id = datanetIdOf(keys.address("owner"), "late");
	// As if the power had gone between database and chain.
	await db
		.insert(datanets)
		.values({ id, name: "late", termsHash: sha256(utf8("t")), licence: "CC0-1.0", status: "stored" });
	const content = '{"prompt":"Who wrote Emma?","response":"Jane Austen."}';
	const contribution = JSON.stringify({ contributor: "ada", format: "jsonl", content });
	const first = await send("POST", "/api/datanets/late/contributions", admin(), contribution);
	expect([first.status, JSON.parse(first.text)]).toMatchObject([201, { status: "accepted", acceptedRows: 1 }]);
	const [stored] = await db.select().from(datanets).where(eq(datanets.id, id));
	expect(stored!.status).toBe("created");
	// One that the chain will not take as it is stored: it waits, everything else goes on.
	await db.update(datanets).set({ status: "stored", licence: "MIT" }).where(eq(datanets.id, id));
	await db.update(contributions).set({ status: "stored" });
	await node.close();
	node = await openNode(world.config);
	({ url } = await node.serve());
	expect(world.lines.join("\n")).toMatch(/contribution 0x\w+ stays open: .*MIT/);
	await node.parts.db.update(datanets).set({ licence: "CC0-1.0" }).where(eq(datanets.id, id));
	const again = await send("POST", "/api/datanets/late/contributions", admin(), contribution);
	expect([again.status, JSON.parse(again.text)]).toMatchObject([201, { status: "accepted", acceptedRows: 1 }]);
}, 60_000);

test("behavior: whom somebody staked on while a list was read stands on the next one", async () => {
	const { parts } = node;
	const { client } = parts.ledger;
	const lists = {
		operators: async (of: typeof parts) => (await listOperators(of, 50)).operators,
		nodes: async (of: typeof parts) => (await listNodes(of)).nodes,
	};
	for (const [i, list] of Object.values(lists).entries()) {
		const operator = `0x${String(i + 1).repeat(40)}` as const;
		let asked = 0;
		const getBlock: typeof client.publicClient.getBlock = async (options) => {
			const staking = { operator, atLeastWei: 10n ** 18n };
			if (++asked === 2) await ensureStake(parts.ledger, parts.keys.account("treasury"), staking);
			return await client.publicClient.getBlock(options);
		};
		const publicClient = { ...client.publicClient, getBlock };
		const meanwhile = { ...parts, ledger: { ...parts.ledger, client: { ...client, publicClient } } };
		await list(meanwhile);
		expect(asked).toBeGreaterThan(1);
		expect((await list(meanwhile)).map((one) => one.operator.toLowerCase())).toContain(operator);
	}
}, 30_000);

test("behavior: fifty who ask for much at once: as many as there is room for wait, the same is read once, the others hear when to come back", async () => {
	let release = () => {};
	const held = node.parts.heavy("held", () => new Promise<void>((resolve) => (release = resolve)));
	const rows = "/api/datanets/late/rows";
	const different = Array.from({ length: 50 }, (_, i) => send("GET", `${rows}?search=word${i}`));
	const refused: { text: string; headers: Record<string, unknown> }[] = [];
	const until = performance.now() + 10_000;
	const collected = different.map((one) => one.then((answer) => answer.status === 503 && refused.push(answer)));
	while (refused.length < 34 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 5));
	expect(refused).toHaveLength(34);
	for (const answer of refused) {
		expect(codeOf(answer)).toBe("node/busy");
		expect(answer.text).toContain(`ask again in ${answer.headers["retry-after"]} s`);
	}
	// What takes little work goes on, and what waits already is waited for together.
	expect((await send("GET", "/api/status")).status).toBe(200);
	expect(node.parts.heavy.count()).toBe(17);
	release();
	await held;
	const statuses = await Promise.all(different.map(async (one) => (await one).status));
	expect(statuses.filter((status) => status === 200)).toHaveLength(16);
	await Promise.all(collected);
	const same = await Promise.all(Array.from({ length: 50 }, () => send("GET", `${rows}?search=emma`)));
	expect(new Set(same.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
	expect(JSON.parse(same[0]!.text)).toMatchObject({ rows: [{ response: "Jane Austen." }] });
}, 30_000);

test("behavior: a body too large is refused before it is read", async () => {
	for (const [path, bytes] of [
		["/api/datanets", 81 * 2 ** 20],
		["/v1/chat/completions", 65 * 2 ** 10],
	] as const) {
		const answer = await fetch(`${url}${path}`, { method: "POST", headers: admin(), body: new Uint8Array(bytes) });
		expect([path, answer.status, /body.too.large/.test(await answer.text())]).toEqual([path, 413, true]);
	}
});

test("behavior: what fails after the payment is the node's fault, never a final answer", async () => {
	const payment = { payment: `0x${"11".repeat(20)}:0x${"22".repeat(32)}`, method: "exact", tenant: "nobody" } as const;
	const failing = createBilling(node.parts).complete([], payment, {});
	await expect(failing).rejects.toBeInstanceOf(TransientError);
	await expect(failing).rejects.toMatchObject({ code: "payment/forgotten" });
});
