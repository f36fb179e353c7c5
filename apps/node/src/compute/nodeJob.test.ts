// A node posts its datanet's rows as a job over its API; a trainer that knows nothing but the node's address does it and is paid.

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
	type Addresses,
	delegateStake,
	fundAccount,
	fundOpen,
	localFaucet,
	readBalance,
	readJob,
	readRun,
} from "@openledger/chain";
import { loadRun } from "@openledger/factory";
import { createEngine, loadBase } from "@openledger/llm";
import type { Hex } from "@openledger/protocol";
import { type DataLayer, localCommitment } from "@openledger/rollup";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallWorld, tinyRecipe } from "../testing/smallWorld.js";
import { fetchJob } from "./fetchJob.js";
import { fetchRun, readRunBundle } from "./runBundle.js";
import { runTrainer } from "./runTrainer.js";
import { openWorkplace } from "./workplace.js";

const OPEN = 10n ** 18n;
const trainer = privateKeyToAccount(generatePrivateKey());
let world: SmallWorld;
let node: OpenNode;
let url: string;

beforeAll(async () => {
	world = await smallWorld({ stage: "contributed" });
	node = await openNode(world.config);
	({ url } = await node.serve());
	const { ledger, keys } = node.parts;
	await fundAccount(ledger.client, localFaucet(), { to: trainer.address, atLeastWei: OPEN });
	await fundOpen(ledger, keys.account("treasury"), { to: trainer.address, atLeastWei: 500n * OPEN });
	await delegateStake(ledger, trainer, { operator: trainer.address, amountWei: 400n * OPEN });
});
afterAll(async () => {
	await node.close();
	world.remove();
});

async function call<T>(method: "GET" | "POST", path: string, body?: unknown): Promise<{ status: number; json: T }> {
	const token = readFileSync(join(world.config.home, "admin-token"), "utf8");
	const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
	const init = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
	const response = await fetch(`${url}/api${path}`, init);
	return { status: response.status, json: (await response.json()) as T };
}

const asked = { datanet: "world", payWei: String(25n * OPEN), recipe: { ...tinyRecipe, maxLength: 64 } };
type Posted = { readonly jobId: Hex; readonly steps: number };

test("default: posted over the API, trained by a stranger, paid by the chain, and the adapter is there for the poster", async () => {
	expect((await call<{ jobs: unknown[] }>("GET", "/training-jobs")).json).toEqual({ jobs: [], count: 0 });
	const { json: posted } = await call<Posted>("POST", "/training-jobs", asked);
	expect(posted).toMatchObject({ steps: 6, payWei: asked.payWei, feesWei: "0" });
	// The same again is the same job; another label is another.
	expect((await call<Posted>("POST", "/training-jobs", asked)).json.jobId).toBe(posted.jobId);
	expect((await call<{ jobs: unknown[] }>("GET", "/training-jobs")).json.jobs).toHaveLength(1);

	const { json: status } = await call<{ addresses: Addresses; rpcUrl: string; chainId: number }>("GET", "/status");
	const stop = new AbortController();
	const place = await openWorkplace({
		...{ ...status, account: trainer, data: `${url}/da`, baseFolder: world.config.baseFolder },
		...{ home: join(world.config.home, "trainer"), signal: stop.signal },
	});
	const before = await readBalance(place.ledger, trainer.address);
	const work = runTrainer(place, { pollMs: 50 });
	const { ledger } = node.parts;
	while ((await readBalance(ledger, trainer.address)) !== before + 25n * OPEN)
		await new Promise((done) => setTimeout(done, 50));
	stop.abort();
	await work;
	await place.close();
	expect((await readJob(ledger, posted.jobId))!.status).toBe("paid");

	const found = await call<{
		id: Hex;
		status: string;
		run: { dataRoot: Hex; dataCertificate: Hex; adapterDigest: Hex };
	}>("GET", `/training-jobs/${posted.jobId.slice(0, 12)}`);
	const { run } = found.json;
	expect(found.json).toMatchObject({ id: posted.jobId, status: "paid", trainer: trainer.address, disputes: [] });
	const folder = join(world.config.home, "fetched");
	await fetchRun(node.parts.data, await readRunBundle(node.parts.data, run.dataCertificate, run.dataRoot), folder);
	const engine = createEngine(await loadBase(world.config.baseFolder));
	expect((await loadRun(folder, engine)).adapterDigest).toBe(run.adapterDigest);
	expect(existsSync(join(folder, "progress.json"))).toBe(false);
}, 90_000);

test("behavior: where the data layer's certificate is longer than a job may name, the run is submitted without its files", async () => {
	const { json: posted } = await call<Posted>("POST", "/training-jobs", { ...asked, label: "long" });
	const { ledger, data } = node.parts;
	const { json: status } = await call<{ addresses: Addresses; rpcUrl: string; chainId: number }>("GET", "/status");
	const stop = new AbortController();
	const lines: string[] = [];
	const place = await openWorkplace({
		...{ ...status, account: trainer, data: `${url}/da`, baseFolder: world.config.baseFolder },
		...{ home: join(world.config.home, "wordy"), signal: stop.signal, log: (line: string) => lines.push(line) },
	});
	const own = localCommitment(`0x${"00".repeat(32)}`, "generic").length;
	const wordy: DataLayer = {
		put: async (content) => `${await data.put(content)}${"ee".repeat(16_384)}`,
		get: (commitment) => data.get(`0x${commitment.slice(2, 2 + 2 * own)}`),
	};
	const work = runTrainer({ ...place, data: wordy }, { pollMs: 50 });
	const isIn = async () => ["submitted", "paid"].includes((await readJob(ledger, posted.jobId))!.status);
	while (!(await isIn())) await new Promise((done) => setTimeout(done, 50));
	stop.abort();
	await work;
	await place.close();
	expect(lines).toContainEqual(expect.stringContaining("certificate has 16419 bytes, a job's may have 16384"));
	expect((await readRun(ledger, posted.jobId))!.dataCertificate).toBe("0x");
	const out = join(world.config.home, "nothing");
	await expect(fetchJob({ ledger, data, jobId: posted.jobId }, out)).rejects.toMatchObject({
		code: "job/not-published",
	});
	expect(existsSync(out)).toBe(false);
}, 90_000);

test("behavior: what cannot be a job is refused with a reason", async () => {
	const refused = async (changes: object) => {
		const { status, json } = await call<{ error: { code: string; message: string } }>("POST", "/training-jobs", {
			...asked,
			...changes,
		});
		return [status, json.error.code, json.error.message];
	};
	expect(await refused({ datanet: "moon" })).toEqual([404, "datanet/not-found", expect.any(String)]);
	expect(await refused({ payWei: "much" })).toEqual([400, expect.any(String), expect.stringContaining("wei")]);
	const early = { ...asked.recipe, validation: 2, patience: 1 };
	expect(await refused({ recipe: early })).toEqual([
		400,
		"recipe-malformed",
		expect.stringContaining("recipe.patience to 0"),
	]);
	expect(await refused({ payWei: "0" })).toEqual([400, expect.stringMatching(/^contract\//), expect.any(String)]);
	const missing = await call<{ error: { code: string } }>("GET", "/training-jobs/0xdead");
	expect([missing.status, missing.json.error.code]).toEqual([404, "job/not-found"]);
});
