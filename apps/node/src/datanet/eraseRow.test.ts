// A row's end: what it said is nowhere on disk, before and after; the chain, the next snapshot and every reader know that it is gone.
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { readDatanet, readIsErased, readIsStale } from "@openledger/chain";
import { type Hex, recoverTombstoneSigner } from "@openledger/protocol";
import { and, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rows } from "../database/schema.js";
import { checkRows } from "../inference/checkRows.js";
import { contributeAll } from "../mainJob/contributeAll.js";
import { type OpenNode, openNode } from "../openNode.js";
import { type SmallWorld, smallData, smallWorld } from "../testing/smallWorld.js";
import { contributeFile } from "./contribute.js";
import { eraseRow, finishErasures } from "./eraseRow.js";
import { listRows } from "./listRows.js";
import { findDatanet } from "./readDatanets.js";
import { readSnapshotRows, takeSnapshot } from "./takeSnapshot.js";

const SAID = "Nairobi";
let world: SmallWorld;
let node: OpenNode;
let datanetId: Hex;
let first: { readonly root: Hex; readonly rowCount: number };
beforeAll(async () => {
	world = await smallWorld();
	node = await openNode(world.config);
	({ datanetId } = await contributeAll(node.parts, "world", smallData, () => {}));
	first = await takeSnapshot(node.parts, datanetId);
});
afterAll(async () => {
	await node?.close();
	world?.remove();
});

/** Every file below a folder that holds the text. */
function filesWith(folder: string, text: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: "utf8" })
		.map((name) => join(folder, name))
		.filter((file) => statSync(file).isFile() && readFileSync(file).includes(text));
}

const rowOf = async (said: string) => {
	const frozen = await readSnapshotRows(node.parts, datanetId, 1);
	return frozen.find(({ response }) => response.includes(said))!;
};

test("default: rows lie sealed, and an erased one is gone for the chain, the next snapshot and every reader", async () => {
	const { parts } = node;
	const { home } = world.config;
	expect(filesWith(home, SAID)).toEqual([]);
	const { commitment, index, contributor } = await rowOf(SAID);
	const done = await eraseRow(parts, { datanetId, row: commitment, reason: "withdrawn" });
	expect(done).toMatchObject({ commitment, contributor: "ada", staleModels: [] });

	const { chainId, erasedAt, signer, signature, ...said } = done.tombstone;
	const told = { ...said, chainId: BigInt(chainId), erasedAt: BigInt(erasedAt) };
	expect(await recoverTombstoneSigner(told, signature)).toBe(contributor);
	expect(signer).toBe(contributor);
	expect(await readIsErased(parts.ledger, done.contributionId, commitment)).toBe(true);
	expect(await readIsStale(parts.ledger, datanetId, 1)).toBe(true);
	expect(await readDatanet(parts.ledger, datanetId)).toMatchObject({ acceptedRows: 10n, tombstones: 1n });

	const old = await readSnapshotRows(parts, datanetId, 1);
	expect(old[index]).toMatchObject({ erased: true, prompt: "", response: "", commitment, contributor });
	expect(old.filter((row) => row.erased)).toHaveLength(1);
	expect(await checkRows(parts, { datanetId, version: 1, root: first.root })).toMatch(/11 rows .* 1 of them erased/);
	const next = await takeSnapshot(parts, datanetId);
	expect(next).toMatchObject({ version: 2, rowCount: 10 });
	expect(await readIsStale(parts.ledger, datanetId, 2)).toBe(false);
	expect((await readSnapshotRows(parts, datanetId, 2)).map((row) => row.commitment)).not.toContain(commitment);
	expect(filesWith(home, SAID)).toEqual([]);
});

test("behavior: the same again is the same, and the row does not come back", async () => {
	const { parts } = node;
	const block = await parts.ledger.client.publicClient.getBlockNumber();
	const { commitment, tombstone } = (await listRows(parts, datanetId)).rows.find(({ status }) => status === "erased")!;
	expect((await eraseRow(parts, { datanetId, row: commitment, reason: "other" })).tombstone).toEqual(tombstone);
	expect(await parts.ledger.client.publicClient.getBlockNumber()).toBe(block);
	const content = `${JSON.stringify({ prompt: "What is the capital of Kenya?", response: "Nairobi." })}\n`;
	const again = { datanetId, contributor: "ada", format: "jsonl", content } as const;
	await expect(contributeFile(parts, again)).rejects.toMatchObject({ code: "datanet/no-rows" });
});

test("behavior: what a crash cut short is finished at the next start, at whatever step", async () => {
	const { commitment } = await rowOf("Santiago");
	const here = and(eq(rows.datanetId, datanetId), eq(rows.commitment, commitment));
	// Written down, and then killed.
	await node.parts.db.update(rows).set({ erasedAt: 1_900_000_000, eraseReason: "legal-order" }).where(here);
	await node.close();
	node = await openNode(world.config);
	expect(node.recovered).toContain("1 erasures brought to an end");
	const done = (await listRows(node.parts, datanetId)).rows.find((row) => row.commitment === commitment)!;
	expect(done).toMatchObject({ status: "erased", tombstone: { reason: "legal-order", erasedAt: 1_900_000_000 } });
	expect(await readIsErased(node.parts.ledger, done.contributionId, commitment)).toBe(true);
	// Everything done but the last mark: nothing is said twice.
	const { tombstones } = (await readDatanet(node.parts.ledger, datanetId))!;
	await node.parts.db.update(rows).set({ tombstone: null }).where(here);
	expect(await finishErasures(node.parts)).toBe(1);
	expect((await readDatanet(node.parts.ledger, datanetId))!.tombstones).toBe(tombstones);
});

test("behavior: refuses what is no row and no word", async () => {
	await expect(eraseRow(node.parts, { datanetId, row: "999" })).rejects.toMatchObject({ code: "row/not-found" });
	const story = { datanetId, row: "0", reason: "Because Ada Lovelace asked" };
	await expect(eraseRow(node.parts, story)).rejects.toMatchObject({ code: "datanet/bad-reason" });
	expect((await findDatanet(node.parts, "world")).id).toBe(datanetId);
});
