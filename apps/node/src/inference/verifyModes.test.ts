// Both modes of verification over a real node: what an honest receipt shows, and nodes that lie consistently, in scores, shares, signature and
// database. How often spot checks find a lie of a given size is measured in packages/attribution, where checks are cheap.

import { createAttributor, featureRowsRoot, METHOD, packFeatures } from "@openledger/attribution";
import { recordedTrainingOf } from "@openledger/factory";
import { createEngine, type tinyBase } from "@openledger/llm";
import { type Hex, keccak256, utf8 } from "@openledger/protocol";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eraseRow } from "../datanet/eraseRow.js";
import { runMainJob } from "../mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../openNode.js";
import { type Lie, lieAbout, type Truth } from "../testing/dishonest/lyingNode.js";
import {
	after,
	type Lie as Bent,
	bend,
	bumped,
	flip,
	type KeptBytes,
	shownOf,
	verifyElsewhere,
} from "../testing/dishonest/lyingTransport.js";
import { type SmallWorld, smallJob, smallWorld } from "../testing/smallWorld.js";
import { type VerifyOptions, verifyReceipt } from "./verifyReceipt.js";

let world: SmallWorld;
let node: OpenNode;
let id: Hex;
let origin: string;
const nonceOf = (n: number) => keccak256(utf8(`nonce ${n}`));

beforeAll(async () => {
	world = await smallWorld({ stage: "settled" });
	node = await openNode(world.config);
	const { asked } = await runMainJob(node, smallJob);
	id = asked[0]!.receiptId;
	({ url: origin } = await node.serve());
	await node.parts.db.execute(sql`set session_replication_role = replica`);
});
afterAll(async () => {
	await node.close();
	world.remove();
});

describe("an honest receipt", () => {
	test("default: in full, with the features of every row made again", async () => {
		const found = await verifyReceipt(node.parts, id, { rows: "all" });
		expect(found).toMatchObject({ identical: true, mode: "full", cost: { rowsMadeAgain: 11, retrainings: 0 } });
		expect(found.checks.map(({ what }) => what)).toEqual(
			expect.arrayContaining(["receipt", "model", "base", "rows", "run", "features", "answer", "shares", "scores"]),
		);
		expect(found.assurance!.chances.every(({ caught }) => caught === 1)).toBe(true);
		expect(found.assurance!.notChecked.join()).not.toMatch(/other/);
	});

	test("behavior: by spot, whatever is drawn; the same nonce draws the same", async () => {
		for (let n = 0; n < 3; n++) {
			const found = await verifyReceipt(node.parts, id, { mode: "spot", rows: n, weighted: n, nonce: nonceOf(n) });
			expect(found.firstDifference).toBeUndefined();
			expect(found.cost.bytes).toBeGreaterThan(1000);
			expect(found.nonce).toBe(nonceOf(n));
		}
		const named = await verifyReceipt(node.parts, id, { mode: "spot", rows: 0, weighted: 0, named: [3, 5] });
		expect(named.identical && named.cost.rowsMadeAgain >= 2).toBe(true);
		expect(await verifyReceipt(node.parts, id, { mode: "spot", rows: "all" })).toMatchObject({
			identical: true,
			cost: { rowsMadeAgain: 11 },
		});
	});

	test("behavior: a row that is not there is refused by name", async () => {
		for (const mode of ["full", "spot"] as const)
			await expect(verifyReceipt(node.parts, id, { mode, named: [11] })).rejects.toMatchObject({
				code: "verify/no-such-row",
			});
	});

	test("behavior: more rows than a spot check shows are refused; that is no difference of the receipt", async () => {
		await expect(verifyReceipt(node.parts, id, { mode: "spot", weighted: 4096 })).rejects.toMatchObject({
			code: "verify/too-many-rows",
		});
	});

	test("behavior: a run that met other rows than its recipe draws is found in full", async () => {
		const { engine, shelf } = node.parts;
		const { run, rows } = shelf.byName("world-1")!;
		expect(recordedTrainingOf(engine, run, rows).total).toBe(run.keptStep);
		const passed = run.history.map((step) => ({ ...step, rows: step.rows.filter((row) => row !== 3) }));
		expect(() => recordedTrainingOf(engine, { ...run, history: passed }, rows)).toThrow(/met other rows/);
		const { checks } = await verifyReceipt(node.parts, id);
		expect(checks.find(({ what }) => what === "steps")).toMatchObject({ ok: true });
	});

	test("behavior: a verifier elsewhere gets commitment and proof over HTTP", async () => {
		const call = async (path: string, body?: unknown) => {
			const headers = { authorization: `Bearer ${node.parts.keys.adminToken}`, "content-type": "application/json" };
			const init = body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) };
			const response = await fetch(`${origin}/api/receipts/${path}`, init);
			return { status: response.status, json: (await response.json()) as Record<string, unknown> };
		};
		const committed = await call(`${id}/scores`);
		expect(committed.json).toMatchObject({ receiptId: id, rows: 11, method: METHOD });
		const challenge = { nonce: nonceOf(1), even: 2, weighted: 1, named: [4] };
		const proof = await call(`${id}/scores`, challenge);
		expect((proof.json.rows as { index: number }[]).map(({ index }) => index)).toContain(4);
		expect((await call(`${id}/scores`, { ...challenge, even: -1 })).status).toBe(400);
		expect((await call(`${id}/scores`, { ...challenge, named: [11] })).status).toBe(400);
		expect((await call(`${id}/verify`, { mode: "spot", rows: 2 })).json).toMatchObject({
			identical: true,
			mode: "spot",
		});
		expect((await call(`${id}/verify`, { mode: "quick" })).status).toBe(400);
		expect((await call(`${id}/verify`, { rows: 5000 })).status).toBe(400);
		expect((await call(`${nonceOf(1)}/scores`)).status).toBe(404);
	});
});

/** Lies that any check at all must show: what is always opened is wrong, or nearly every row is. */
const lies: readonly (readonly [name: string, lie: (truth: Truth) => Lie, inFull: RegExp, bySpot: RegExp])[] = [
	[
		"all scores shrunk by half",
		({ scores }) => ({ scores: scores.map((score) => Math.trunc(score / 2)) }),
		/scores|shares/,
		/scores/,
	],
	[
		"all scores but one contributor's shrunk by half",
		({ scores, contributors }) => ({
			scores: scores.map((score, row) => (contributors[row] === contributors[0] ? score : Math.trunc(score / 2))),
		}),
		/scores|shares/,
		/scores/,
	],
	[
		"a friend's row raised above the bar",
		({ scores, best }) => ({ scores: scores.with(best.at(-1)!, 10 * Math.max(...scores.map(Math.abs))) }),
		/scores|shares/,
		/scores/,
	],
	[
		"an invented row is paid",
		({ contributors }) => ({ leaves: [{ row: 11, contributor: contributors[0]!, sharePpm: 1_000_000 }] }),
		/shares/,
		/shares/,
	],
	[
		"the pay of a row goes to a friend",
		({ best, contributors }) => ({
			leaves: [
				{ row: best[0]!, contributor: contributors.find((one) => one !== contributors[best[0]!])!, sharePpm: 500_000 },
			],
		}),
		/shares/,
		/shares/,
	],
	["nobody is paid", () => ({ leaves: [] }), /shares/, /shares/],
	[
		"the query is another base's",
		() => ({
			query: (answer) => {
				const [model] = [node.parts.shelf.byName("world-1")!];
				const other = createAttributor(createEngine(otherBase()), model.run, model.rows);
				const asked = other.query(answer);
				other.close();
				return asked;
			},
		}),
		/scores|shares/,
		/scores/,
	],
	["the run's features of another time", () => ({ receipt: { featuresRoot: nonceOf(7) } }), /model/, /model/],
	["another snapshot", () => ({ receipt: { snapshotRoot: nonceOf(7) } }), /model/, /model/],
	["another adapter", () => ({ receipt: { adapterDigest: nonceOf(7) } }), /model/, /model/],
	["another base", () => ({ receipt: { baseDigest: nonceOf(7) } }), /model/, /model/],
	["another method", () => ({ receipt: { method: nonceOf(7) } }), /shares/, /scores/],
];

/** The node's tiny base with other numbers in it. */
function otherBase(): ReturnType<typeof tinyBase> {
	const { base } = node.parts.engine;
	const parameters = new Map([...base.parameters].map(([name, values]) => [name, values.map((x) => x * 1.25)]));
	return { ...base, parameters };
}

describe("behavior: a node that lies", () => {
	for (const [name, lie, inFull, bySpot] of lies) {
		test(name, async () => {
			const lying = await lieAbout(node.parts, id, lie);
			try {
				const verify = (options: VerifyOptions) =>
					verifyReceipt(node.parts, lying.id, { ...options, prover: lying.prover });
				expect((await verify({ rows: 0 })).firstDifference).toMatch(inFull);
				for (let n = 0; n < 2; n++)
					expect((await verify({ mode: "spot", rows: 5, nonce: nonceOf(n) })).firstDifference).toMatch(bySpot);
			} finally {
				await lying.undo();
			}
		});
	}

	test("a row omitted: in full always, by spot when it is drawn or named", async () => {
		let row = -1;
		const lying = await lieAbout(node.parts, id, ({ scores, best }) => {
			row = best[0]!;
			return { scores: scores.with(row, 0) };
		});
		try {
			const verify = (options: VerifyOptions) =>
				verifyReceipt(node.parts, lying.id, { ...options, prover: lying.prover });
			expect((await verify({ rows: 0 })).firstDifference).toMatch(/scores|shares/);
			expect((await verify({ mode: "spot", rows: 0, weighted: 0, named: [row] })).firstDifference).toBe("scores");
			expect((await verify({ mode: "spot", rows: "all" })).firstDifference).toBe("scores");
		} finally {
			await lying.undo();
		}
		expect((await verifyReceipt(node.parts, id)).identical).toBe(true);
	});
});

describe("in a browser's worker", () => {
	const asked = () => ({ receiptId: id, origin });

	test("default: an honest node's receipt holds, step by step, with every row's feature and the space made again", async () => {
		const { ended, done, messages } = await verifyElsewhere({ ...asked(), rows: "all", withSpace: true });
		expect(done).toMatchObject({ kind: "done", identical: true });
		expect(ended.map(({ what }) => what)).toEqual([
			...["receipt", "model", "signature", "prompt", "payment", "base", "rows", "run", "steps"],
			...["space", "features", "answer", "shares", "spans", "shown"],
		]);
		expect(ended.every(({ ok }) => ok)).toBe(true);
		expect(ended.find(({ what }) => what === "shares")!.compared).toContainEqual({
			what: "the root of the shares computed again",
			found: expect.stringMatching(/^0x/),
			committed: expect.stringMatching(/^0x/),
		});
		expect(ended.find(({ what }) => what === "base")!.bytes).toBeGreaterThan(1000);
		expect(messages.some((message) => message.kind === "progress" && message.unit === "rows")).toBe(true);
		expect(done.chances.every(({ caught }) => caught === 1)).toBe(true);
		expect(done.notChecked.join()).toMatch(/came through this node/);
		expect((await verifyElsewhere(asked())).done.notChecked.join()).toMatch(/directions.*features of the other 9 rows/);
	});

	test("behavior: each lie is caught by the check that it is about, and the rest is not said", async () => {
		const evidence = "/evidence";
		const lies: Record<string, readonly [what: string, lie: Bent]> = {
			"a fee": ["receipt", bend(evidence, (it) => (it.receipt.feeWei = `${BigInt(it.receipt.feeWei) + 1n}`))],
			"another node's signature": [
				"signature",
				bend(evidence, (it) => (it.signature = `${it.signature.slice(0, -4)}0000`)),
			],
			"another question": ["prompt", bend(evidence, (it) => (it.order.messages[0].content = "Who wrote Faust?"))],
			"the base": ["base", flip("model.safetensors")],
			"the tokenizer": ["base", flip("tokenizer.json", after('"vocab":{"'))],
			"a row's text": ["rows", bend("rows.jsonl", (rows) => (rows[4].response = "The Moselle."))],
			"a row's owner": ["rows", bend("rows.jsonl", (rows) => (rows[4].contributor = rows[0].contributor))],
			"a row withheld": [
				"rows",
				bend("rows.jsonl", (rows) => Object.assign(rows[4], { prompt: "", response: "", erased: true })),
			],
			"a row left out": ["rows", bend("rows.jsonl", (rows) => rows.pop())],
			"the adapter": ["run", flip("adapter_adapter_model.safetensors")],
			"the space": ["run", flip("features-space.safetensors", (bytes) => bytes.length - 1)],
			"a feature": ["run", flip("features.bin")],
			"the rows of a step": ["run", bend("run.json", (run) => run.steps[1].rows.pop())],
			"another answer": ["answer", bend(evidence, (it) => (it.response = "Marlowe."))],
			"a share": ["shares", bend(evidence, (it) => (it.leaves[0].sharePpm -= 1))],
			"a score": ["shares", bend(evidence, (it) => (it.counted[0].score = `${BigInt(it.counted[0].score) + 1n}`))],
			"a span": ["spans", bend(evidence, (it) => (it.spans.digest = bumped(it.spans.digest)))],
		};
		const missed: unknown[] = [];
		for (const [name, [what, lie]] of Object.entries(lies)) {
			const { done, ended } = await verifyElsewhere(asked(), lie);
			if (done.identical === false && done.firstDifference === what && ended.at(-1)!.ok === false) continue;
			missed.push({ name, wanted: what, found: done, detail: ended.at(-1) });
		}
		expect(missed).toEqual([]);
	});

	test("behavior: a node that bends a row's feature and all roots of it to fit is caught by the chain's", async () => {
		const { run } = node.parts.shelf.byName("world-1")!;
		const numbers = run.features.numbers.slice();
		numbers[3] = numbers[3] === 7 ? 6 : 7;
		const bent = { ...run.features, numbers };
		const { done, ended } = await verifyElsewhere(asked(), (path, bytes) => {
			if (path.endsWith("features.bin")) return packFeatures(bent);
			return bend("run.json", (it) => (it.features.root = featureRowsRoot(bent)))(path, bytes);
		});
		expect(done.firstDifference).toBe("features");
		expect(ended.at(-1)!.detail).toMatch(/features root is 0x.*committed was 0x/);
	});

	test("behavior: a page that shows something else than what was verified is told so", async () => {
		const honest = await shownOf(asked());
		type Shown = { -readonly [key in keyof typeof honest]: (typeof honest)[key] };
		const [share, row] = [honest.shares[0]!, honest.rows[0]!];
		const lies: Record<string, Partial<Shown>> = {
			"another answer": { response: "Marlowe." },
			"another owner's part": { fee: { ...honest.fee, owner: "1" } },
			"a share of another": {
				shares: [{ ...share, account: bumped(share.account) as Hex }, ...honest.shares.slice(1)],
			},
			"one contributor twice, for another": { shares: honest.shares.map(() => share) },
			"the row that earned most, hidden": { rows: honest.rows.slice(1) },
			"another model": { model: "world-2" },
			"that no row stood out": { unattributedPpm: 1_000_000 },
			"another text of a row": { rows: [{ ...row, response: "Marlowe." }, ...honest.rows.slice(1)] },
		};
		const missed: unknown[] = [];
		for (const [name, lie] of Object.entries(lies)) {
			const { done } = await verifyElsewhere({ ...asked(), shown: { ...honest, ...lie } });
			if (done.firstDifference !== "shown") missed.push({ name, found: done });
		}
		expect(missed).toEqual([]);
	});

	test("behavior: what is not handed over shows nothing either way; kept files are digested again", async () => {
		const { last, ended } = await verifyElsewhere(asked(), (path) =>
			path.endsWith("rows.jsonl") ? new Uint8Array() : undefined,
		);
		expect(last).toMatchObject({ kind: "stopped", what: "rows" });
		expect(ended.at(-1)).toMatchObject({ what: "base", ok: true });
		expect((await verifyElsewhere({ ...asked(), receiptId: `0x${"12".repeat(32)}` })).last).toMatchObject({
			kind: "stopped",
		});
		expect((await verifyElsewhere({ ...asked(), origin: "http://127.0.0.1:9" })).last).toMatchObject({
			kind: "stopped",
		});

		const files = new Map<string, Uint8Array>();
		const kept: KeptBytes = {
			get: async (key) => files.get(key),
			put: async (key, bytes) => void files.set(key, bytes.slice()),
		};
		expect((await verifyElsewhere(asked(), undefined, kept)).done.keptBytes).toBe(0);
		const warm = (await verifyElsewhere(asked(), undefined, kept)).done;
		expect([warm.identical, warm.keptBytes > 1000]).toEqual([true, true]);
		const [key] = [...files.keys()].filter((name) => name.endsWith("model.safetensors"));
		files.get(key!)!.fill(1, -4);
		// What lay damaged in the browser is fetched anew, and only then held against the digest.
		expect((await verifyElsewhere(asked(), undefined, kept)).done.identical).toBe(true);
		files.get(key!)!.fill(1, -4);
		const lying = await verifyElsewhere(asked(), flip("model.safetensors"), kept);
		expect(lying.done.firstDifference).toBe("base");
	});

	test("behavior: of a snapshot with an erased row the answer and the shares are still checked, and the rest is said", async () => {
		const { datanetId } = node.parts.shelf.byName("world-1")!.params.snapshots[0]!;
		await eraseRow(node.parts, { datanetId, row: "10" });
		const { done, ended } = await verifyElsewhere(asked());
		expect(done).toMatchObject({ identical: true, isWhole: false });
		expect(ended.map(({ what }) => what)).not.toContain("steps");
		expect(ended.find(({ what }) => what === "rows")!.detail).toMatch(/1 of them erased/);
		expect(done.notChecked.join()).toMatch(/rows were erased since/);
	});
});
