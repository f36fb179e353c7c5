// The data layer against EigenDA's own proxy, where there is one: OPENLEDGER_EIGENDA_PROXY names its program, which is then started with
// `--addr --port --memstore.enabled`, or the address of one that runs with a memory store. Without it the tests are passed over.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dataClient, getBlob, MAX_PART, MAX_PAYLOAD, putBlob } from "@openledger/rollup";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SmallNode } from "./smallNode.js";

const named = process.env.OPENLEDGER_EIGENDA_PROXY;
const ABSENT = `0x010001${"ab".repeat(200)}` as const;
const text = (said: string) => new TextEncoder().encode(said);

/** Loaded only where there is a proxy: a node is large. */
const load = async () => ({
	...(await import("../../apps/node/src/compute/postTrainingJob.js")),
	...(await import("../../apps/node/src/datanet/readDatanets.js")),
	...(await import("../../apps/node/src/datanet/takeSnapshot.js")),
	...(await import("../../apps/node/src/ledger/databaseLedger.js")),
	...(await import("../../apps/node/src/ledger/ledgerAt.js")),
	...(await import("../../apps/node/src/ledger/ledgerState.js")),
	...(await import("../../apps/node/src/ledger/rebuildLedger.js")),
	...(await import("../../apps/node/src/ledger/watchLedger.js")),
	...(await import("../../apps/node/src/mainJob/askQuestions.js")),
	...(await import("../../apps/node/src/settlement/closeEpoch.js")),
	...(await import("../../apps/node/src/testing/smallWorld.js")),
	...(await import("./smallNode.js")),
});

let url: string;
let stop: () => Promise<void> = async () => {};

async function startProxy(program: string): Promise<void> {
	const free = createServer().listen(0, "127.0.0.1");
	await once(free, "listening");
	const { port } = free.address() as AddressInfo;
	free.close();
	await once(free, "close");
	const args = ["--addr", "127.0.0.1", "--port", String(port), "--memstore.enabled"];
	const child = spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
	stop = async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill("SIGKILL");
		await once(child, "exit");
	};
	url = `http://127.0.0.1:${port}`;
	for (let tries = 0; !(await dataClient(url, { retries: 0 }).health()); tries++) {
		if (tries > 200) throw new Error(`${program} does not answer at ${url}`);
		await new Promise((done) => setTimeout(done, 50));
	}
}

describe.skipIf(!named)("EigenDA's proxy", () => {
	beforeAll(async () => {
		if (/^https?:/.test(named!)) url = named!;
		else await startProxy(named!);
	}, 60_000);
	afterAll(() => stop());

	test("default: what is put comes back, by the bytes the proxy gave, in either mode", async () => {
		const client = dataClient(url);
		const commitment = await client.put(text("an epoch"));
		// Type 01, layer 00, then the version of a certificate that is not ours.
		expect(commitment).toMatch(/^0x01000[0-9a-e]/);
		expect(await client.get(commitment)).toEqual(Buffer.from("an epoch"));
		// The same again is another certificate: nobody may take it for the content's name.
		expect(await client.put(text("an epoch"))).not.toBe(commitment);
		const standard = dataClient(url, { mode: "standard" });
		const bare = await standard.put(text("std"));
		expect(bare).toMatch(/^0x0[0-9a-e]/);
		expect(await standard.get(bare)).toEqual(Buffer.from("std"));
		const blob = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
		expect(await getBlob(client, await putBlob(client, blob, 1000))).toEqual(blob);
		expect(await client.health()).toBe(true);
	});

	test("behavior: the largest payload is the proxy's own, to the byte", async () => {
		const client = dataClient(url);
		const largest = new Uint8Array(MAX_PAYLOAD).fill(7);
		expect((await client.get(await client.put(largest))).length).toBe(MAX_PAYLOAD);
		expect(MAX_PART).toBeLessThan(MAX_PAYLOAD);
		const more = await fetch(`${url}/put`, { method: "POST", body: new Uint8Array(MAX_PAYLOAD + 1).fill(7) });
		expect([more.status, await more.text()]).toEqual([400, expect.stringContaining("larger than max blob size")]);
	}, 30_000);

	test("behavior: each of its refusals is told as what it is", async () => {
		const client = dataClient(url, { retries: 0 });
		// What it does not have it answers with 500: the client cannot tell it from trouble, and says so.
		await expect(client.get(ABSENT)).rejects.toMatchObject({ code: "data/unavailable" });
		await expect(client.get(`0x0100f0${"ab".repeat(32)}`)).rejects.toMatchObject({ code: "data/refused" });
		await expect(client.get("0x02abcdef")).rejects.toMatchObject({ code: "data/not-found" });
		const settings = (changes: object) =>
			fetch(`${url}/memstore/config`, { method: "PATCH", body: JSON.stringify(changes) });
		expect((await settings({ PutReturnsFailoverError: true })).ok).toBe(true);
		await expect(client.put(text("while EigenDA is away"))).rejects.toMatchObject({ code: "data/unavailable" });
		await settings({ PutReturnsFailoverError: false });
		await client.put(text("again"));
	});

	describe("a ledger on it", () => {
		let small: SmallNode;
		let verbs: Awaited<ReturnType<typeof load>>;
		beforeAll(async () => {
			verbs = await load();
			small = await verbs.smallNode({ dataUrl: url }, { isOwn: true });
		}, 180_000);
		afterAll(() => small?.close());

		test("default: an epoch settled through it is rebuilt from chain and proxy alone, and gone where its data is", async () => {
			const { parts } = small.node;
			const { askQuestions, closeEpoch, databaseLedger, firstDifference, ledgerAt, rebuildLedger, watchLedger } = verbs;
			await askQuestions(
				parts,
				{ url: small.url, model: "world-1", questions: [{ prompt: "Which river is the longest?" }] },
				() => {},
			);
			expect(await closeEpoch(parts)).toMatchObject({ certificate: expect.stringMatching(/^0x01000[0-9a-e]/) });
			const { addresses, client } = parts.ledger;
			const ledger = await ledgerAt(client.url, addresses);
			const data = dataClient(url, { retries: 0 });
			const found = await rebuildLedger({ ledger, data });
			expect(found.epochs.map(({ faults }) => faults)).toEqual(found.epochs.map(() => []));
			expect(found.epochs.length).toBeGreaterThan(0);
			expect(firstDifference(found.state, await databaseLedger(parts))).toBeUndefined();
			expect(await watchLedger({ ledger, data })).toEqual([]);
			const lost = { ...data, get: () => data.get(ABSENT) };
			await expect(rebuildLedger({ ledger, data: lost })).rejects.toMatchObject({ code: "ledger/data-missing" });
		});

		test("behavior: a job posted twice is one job, though its rows have two certificates", async () => {
			const { parts } = small.node;
			const { findDatanet, postTrainingJob, takeSnapshot, tinyRecipe } = verbs;
			const { id: datanetId } = await findDatanet(parts, "world");
			const snapshot = await takeSnapshot(parts, datanetId);
			const recipe = { ...tinyRecipe, commitEvery: 1, maxLength: 64 };
			const wanted = { datanetId, snapshot, payWei: 10n ** 18n, recipe };
			const first = await postTrainingJob(parts, wanted);
			expect(await postTrainingJob(parts, wanted)).toEqual(first);
		});
	});
});
