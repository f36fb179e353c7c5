// Span receipts on a real node: made with every answer, signed, checked in both ways; every wrong bit in one is found.

import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSpanIndex, type SpanRecord, verifySpanReceipt } from "@openledger/attribution";
import { type Hex, saltedHash } from "@openledger/protocol";
import { eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkShownSpans } from "../../../web/src/worker/checkShownSpans.js";
import { spanReceipts } from "../database/schema.js";
import { contributeFile } from "../datanet/contribute.js";
import { readSnapshotRows, takeSnapshot } from "../datanet/takeSnapshot.js";
import { runMainJob } from "../mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallJob, smallWorld } from "../testing/smallWorld.js";
import { checkSpans } from "./checkSpans.js";
import { makeSpanReceipt, type SpansAsked } from "./makeSpanReceipt.js";
import { readSpanProof, readSpansAsked } from "./readSpanProof.js";
import { showSpans } from "./showSpans.js";

type Shown = Parameters<typeof checkShownSpans>[0];

let world: SmallWorld;
let node: OpenNode;
let asked: SpansAsked;
let signer: Hex;

/** Two stretches of rows, one in the prompt of ada's first row; é, to tell bytes from characters. */
const RESPONSE = "Café: which river flows through Vienna? William Shakespeare.";

beforeAll(async () => {
	world = await smallWorld({ stage: "settled" });
	node = await openNode(world.config);
	const report = await runMainJob(node, smallJob);
	const id = report.asked[0]!.receiptId;
	asked = await readSpansAsked(node.parts, id);
	signer = node.parts.keys.address("node");
});
afterAll(async () => {
	await node.close();
	world.remove();
});

/** As if the model had answered that. */
function answering(response: string): SpansAsked {
	return { ...asked, response, receipt: { ...asked.receipt, responseHash: saltedHash(response, asked.salt) } };
}

async function store(values: typeof spanReceipts.$inferInsert): Promise<void> {
	const { receiptId, ...rest } = values;
	await node.parts.db.update(spanReceipts).set(rest).where(eq(spanReceipts.receiptId, receiptId));
}

const check = (given: SpansAsked, mode: "full" | "spot") => checkSpans(node.parts, { ...given, node: signer }, mode);

test("default: every answer comes with a span receipt, which holds in both ways", async () => {
	const stands = eq(spanReceipts.receiptId, asked.receiptId);
	const [stored] = await node.parts.db.select().from(spanReceipts).where(stands);
	expect(stored).toMatchObject({ receiptId: asked.receiptId, digest: expect.stringMatching(/^0x/) });
	expect(await makeSpanReceipt(node.parts, asked)).toEqual(stored);
	expect(await check(asked, "full")).toMatch(/as an index made anew of 11 rows finds them/);
	expect(await check(asked, "spot")).toMatch(/bytes without the index/);
});

test("default: stretches are told in characters, with row, contributor and the text around them", async () => {
	const given = answering(RESPONSE);
	await store((await makeSpanReceipt(node.parts, given))!);
	const { datanetId, version } = given.snapshot;
	const rows = await readSnapshotRows(node.parts, datanetId, version);
	const shown = await showSpans(node.parts, given.receiptId, RESPONSE, rows);
	const told = shown!.spans.map(({ start, end, count, places }) => [RESPONSE.slice(start, end), count, places]);
	const account = rows[5]!.contributor;
	const place = { row: 5, contributor: "bob", account, field: "prompt", before: "Which ", after: "?" };
	expect(told).toEqual([["river flows through Vienna", 1, [place]]]);
	expect(await check(given, "full")).toMatch(/^1 stretch, as/);
	expect(await check(given, "spot")).toMatch(/^1 stretch, proved by \d+ bytes/);
	const { record } = (await makeSpanReceipt(node.parts, given))!;
	const signed = { record: record as SpanRecord };
	const bent = (change: object) =>
		({ ...shown!, spans: [{ ...shown!.spans[0]!, places: [{ ...shown!.spans[0]!.places[0]!, ...change }] }] }) as Shown;
	const onPage = (page: Shown) => () => checkShownSpans(page, signed, { response: RESPONSE, rows });
	expect(onPage(bent({}))).not.toThrow();
	expect(onPage(bent({ before: "…ich " }))).not.toThrow();
	const lies = [{ before: "What " }, { after: "!" }, { row: 4 }, { field: "response" }, { account: signer }];
	for (const lie of lies) expect(onPage(bent(lie))).toThrow(/the place of the words/);
	const bare = await showSpans(node.parts, given.receiptId, RESPONSE, undefined);
	expect(bare!.spans[0]!.places).toEqual([{ row: 5, contributor: account, account, field: "prompt" }]);
});

test("behavior: stretches are shown rarest first, each with its rarity; the record keeps the text's order", async () => {
	const response = "Mud, I say, is the capital of frogs, and a river flows through Vienna.";
	const made = (await makeSpanReceipt(node.parts, answering(response)))!;
	const [first, second, ...more] = made.rarities;
	expect([first! > 0, second! > first!, more]).toEqual([true, true, []]);
	await store(made);
	const shown = await showSpans(node.parts, asked.receiptId, response, undefined);
	const told = shown!.spans.map(({ start, end, rarity }) => [response.slice(start, end), rarity]);
	expect(told).toEqual([
		["river flows through Vienna", second],
		["is the capital of", first],
	]);
});

test("behavior: what a node sends to others holds without the node", async () => {
	const right = (await makeSpanReceipt(node.parts, asked))!;
	await store(right);
	const sent = JSON.parse(JSON.stringify(await readSpanProof(node.parts, asked.receiptId)));
	const known = {
		answer: sent.answer,
		salt: sent.salt,
		receiptId: asked.receiptId,
		indexRoot: right.record.indexRoot,
	};
	expect(verifySpanReceipt(sent.receipt, known).digest).toBe(right.digest);
	await expect(readSpanProof(node.parts, `0x${"44".repeat(32)}`)).rejects.toMatchObject({ code: "receipt/not-found" });
});

test("behavior: a short answer counts as a whole, though one of its words in a long answer would not", async () => {
	for (const [response, found] of [
		["William Shakespeare.", 1],
		["Lima", 1],
		["Goethe, I would say, was not the one.", 0],
		["", 0],
		[" … ", 0],
	] as const) {
		const made = await makeSpanReceipt(node.parts, answering(response));
		expect([response, (made!.record as SpanRecord).spans.length]).toEqual([response, found]);
	}
});

test("behavior: any wrong field of a stored span receipt is found, in both ways", async () => {
	const given = answering(RESPONSE);
	const right = (await makeSpanReceipt(node.parts, given))!;
	const record = right.record as SpanRecord;
	const [span] = record.spans;
	const other = `0x${"12".repeat(32)}` as const;
	const wrong: readonly (readonly [string, Partial<SpanRecord>])[] = [
		["receipt", { receiptId: other }],
		["snapshot", { snapshotRoot: other }],
		["index", { indexRoot: other }],
		["answer", { answerHash: other }],
		["rules", { rules: { ...record.rules, minWords: 9 } }],
		["left out", { spans: [] }],
		["count", { spans: [{ ...span!, count: 2 }] }],
		["shorter", { spans: [{ ...span!, end: span!.end - 7 }] }],
		["row", { spans: [{ ...span!, occurrences: [{ ...span!.occurrences[0]!, row: 6 }] }] }],
		["contributor", { spans: [{ ...span!, occurrences: [{ ...span!.occurrences[0]!, contributor: signer }] }] }],
	];
	const missed: string[] = [];
	for (const [name, change] of wrong) {
		await store({ ...right, record: { ...record, ...change } });
		for (const mode of ["full", "spot"] as const) {
			await check(given, mode).then(
				() => missed.push(`${name}, ${mode}`),
				() => {},
			);
		}
	}
	for (const change of [{ digest: other }, { signature: `0x${"22".repeat(65)}` as Hex }]) {
		await store({ ...right, ...change });
		await check(given, "spot").then(
			() => missed.push(Object.keys(change)[0]!),
			() => {},
		);
	}
	await store(right);
	await expect(checkSpans(node.parts, { ...given, node: `0x${"99".repeat(20)}` }, "spot")).rejects.toThrow(/signer/);
	expect(missed).toEqual([]);
	await check(given, "spot");
});

test("behavior: an answer of before span receipts is no failure", async () => {
	expect(await checkSpans(node.parts, { ...asked, receiptId: `0x${"33".repeat(32)}`, node: signer }, "full")).toMatch(
		/none was kept/,
	);
});

test("behavior: the next snapshot's index is what its rows alone would give, and the first one still answers", async () => {
	const { datanetId } = asked.snapshot;
	const content = '{"prompt":"Which river flows through Rome?","response":"The Tiber flows through Rome."}\n';
	await contributeFile(node.parts, { datanetId, contributor: "dora", format: "jsonl", content });
	const next = await takeSnapshot(node.parts, datanetId);
	const { index } = await node.parts.spans.indexOf({ datanetId, ...next });
	const rows = await readSnapshotRows(node.parts, datanetId, next.version);
	expect([index.rows, index.root]).toEqual([12, buildSpanIndex(rows).root]);
	expect((await node.parts.spans.indexOf(asked.snapshot)).index.rows).toBe(11);
});

test("behavior: indexes that are gone or damaged are made again, with the same root", async () => {
	const folder = join(world.config.home, "spans", asked.snapshot.datanetId.slice(2));
	const { root } = (await node.parts.spans.indexOf(asked.snapshot)).index;
	const [segment] = readdirSync(folder).filter((name) => name.endsWith(".segment"));
	const harm: readonly (() => void)[] = [
		() => rmSync(folder, { recursive: true }),
		() => {
			const file = join(folder, segment!);
			const bytes = readFileSync(file);
			bytes[bytes.length >> 1]! ^= 1;
			writeFileSync(file, bytes);
		},
		() => writeFileSync(join(folder, `${asked.snapshot.root.slice(2)}.json`), "{"),
	];
	for (const act of harm) {
		await node.close();
		act();
		node = await openNode(world.config);
		const { index } = await node.parts.spans.indexOf(asked.snapshot);
		expect(index.root).toBe(root);
	}
});
