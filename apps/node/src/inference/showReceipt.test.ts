import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Hex } from "@openledger/protocol";
import { eq, sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { receipts, shares, snapshots, spanReceipts } from "../database/schema.js";
import { runMainJob } from "../mainJob/runMainJob.js";
import { type OpenNode, openNode } from "../openNode.js";
import { listRewards } from "../settlement/listRewards.js";
import { type SmallWorld, smallData, smallJob, smallWorld } from "../testing/smallWorld.js";
import { exampleQuestions } from "./exampleQuestions.js";
import { showReceipt } from "./showReceipt.js";

let world: SmallWorld;
let node: OpenNode;
let id: Hex;

beforeAll(async () => {
	world = await smallWorld({ stage: "settled" });
	node = await openNode(world.config);
	const report = await runMainJob(node, smallJob);
	id = report.asked[0]!.receiptId;
});
afterAll(async () => {
	await node.close();
	world.remove();
});

const total = (amounts: readonly bigint[]) => amounts.reduce((sum, wei) => sum + wei, 0n);

test("default: a receipt says where the fee went, to the wei", async () => {
	const shown = await showReceipt(node.parts, id);
	const [stored] = await node.parts.db.select().from(receipts).where(eq(receipts.id, id));
	expect(total(Object.values(shown.fee))).toBe(stored!.feeWei);
	expect(total([...shown.shares.map(({ wei }) => wei), shown.pool.wei])).toBe(shown.fee.contributors);
	expect(shown.shares.reduce((sum, { ppm }) => sum + ppm, shown.pool.ppm)).toBe(1_000_000);
	expect(shown.shares.reduce((sum, { rows }) => sum + rows, 0)).toBe(shown.rowsPaid);
	expect([shown.rowsLearnt, shown.epoch]).toEqual([11, 1]);
});

test("default: what receipts say was earned is what settlement credits, account by account", async () => {
	const ids = await node.parts.db.select({ id: receipts.id }).from(receipts);
	const sums = new Map<string, bigint>();
	for (const receipt of ids) {
		const { shares: earned, pool } = await showReceipt(node.parts, receipt.id);
		const treasury = { account: node.parts.keys.address("treasury"), wei: pool.wei };
		for (const { account, wei } of [...earned, treasury]) sums.set(account, (sums.get(account) ?? 0n) + wei);
	}
	const rewards = await listRewards(node.parts);
	expect(Object.fromEntries([...sums].filter(([, wei]) => wei > 0n))).toEqual(
		Object.fromEntries(rewards.map(({ account, earnedWei }) => [account, earnedWei])),
	);
});

test("behavior: questions to begin with are the rows' own, spread over them, each once", async () => {
	const written = smallData.map(({ content }) => String(content).replaceAll('""', '"')).join("\n");
	const every = await exampleQuestions(node.parts, "world-1", 24);
	expect(new Set(every).size).toBe(11);
	for (const question of every) expect(written).toContain(question);
	expect(await exampleQuestions(node.parts, "world-1", 2)).toEqual([every[0], every[5]]);
	await expect(exampleQuestions(node.parts, "world-1", 25)).rejects.toMatchObject({ code: "api/bad-limit" });
	await expect(exampleQuestions(node.parts, "nobody", 1)).rejects.toMatchObject({ code: "model/not-found" });
});

test("behavior: the ten rows that earned most, largest first, with text and contributor", async () => {
	await node.parts.db.execute(sql`set session_replication_role = replica`);
	const before = await node.parts.db.select().from(shares).where(eq(shares.receiptId, id));
	const contributor = `0x${"77".repeat(20)}` as const;
	const leaves = Array.from({ length: 11 }, (_, row) => ({ receiptId: id, row, contributor, sharePpm: 1 + (row % 3) }));
	await node.parts.db.delete(shares).where(eq(shares.receiptId, id));
	await node.parts.db.insert(shares).values(leaves);
	const { rows, rowsPaid, shares: by } = await showReceipt(node.parts, id);
	expect(rows.map(({ row }) => row)).toEqual([2, 5, 8, 1, 4, 7, 10, 0, 3, 6]);
	expect(rows[3]).toMatchObject({ contributor: "ada", prompt: "What is the capital of Kenya?", response: "Nairobi." });
	// An account that this node has no name for is told by its address.
	expect([rowsPaid, by]).toEqual([11, [expect.objectContaining({ contributor, ppm: 21, rows: 11 })]]);
	await node.parts.db.delete(shares).where(eq(shares.receiptId, id));
	if (before.length > 0) await node.parts.db.insert(shares).values(before);
});

test("behavior: an answer of before span receipts, and rows whose file is gone, still show", async () => {
	const [found] = await node.parts.db.select().from(snapshots);
	const blob = join(node.parts.home, "blobs", found!.blob.slice(2, 4), found!.blob.slice(4));
	await node.parts.db.delete(spanReceipts).where(eq(spanReceipts.receiptId, id));
	rmSync(blob);
	const shown = await showReceipt(node.parts, id);
	expect(shown.spans).toBeNull();
	for (const row of shown.rows) {
		expect(row.contributor).toMatch(/^(ada|bob|cleo)$/);
		expect(row).not.toHaveProperty("response");
	}
});

test("behavior: a receipt that is not there is a caller's error", async () => {
	await expect(showReceipt(node.parts, `0x${"00".repeat(32)}`)).rejects.toMatchObject({ code: "receipt/not-found" });
});
