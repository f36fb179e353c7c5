// The store against rows in memory; torn at every byte, and killed.

import { spawn } from "node:child_process";
import { appendFile, cp, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { verifyMerkleProof, ZERO_DIGEST } from "@openledger/protocol";
import { afterAll, describe, expect, inject, test } from "vitest";
import { featureRowLeaf } from "../featureLeaf.js";
import { featureRowsRoot, featureRowsTree } from "../featureRowsTree.js";
import { scoreFeatureRows, summariseScores } from "../scoreFeatureRows.js";
import { portionOf, testQuery } from "../testing/features.js";
import { openFeatureSearch } from "./openFeatureSearch.js";
import { openFeatureStore } from "./openFeatureStore.js";
import { verifyFeatureStore } from "./verifyFeatureStore.js";

const folders: string[] = [];
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

async function folder(): Promise<string> {
	const made = await mkdtemp(join(tmpdir(), "openledger-features-"));
	folders.push(made);
	return made;
}

const refuses = (code: string) => expect.objectContaining({ code });

describe("openFeatureStore", () => {
	test("default: portions appended over several openings are the rows, their tree and their proofs", async () => {
		const home = await folder();
		const all = portionOf(0, 157, 40);
		const tree = featureRowsTree(all);
		let from = 0;
		for (const counts of [[1, 2, 30], [0, 64], [60]]) {
			const store = await openFeatureStore(home, { width: 40, shardBytes: 1000 });
			for (const count of counts) {
				const { root } = await store.append(portionOf(from, count, 40));
				from += count;
				expect(root).toBe(featureRowsRoot(portionOf(0, from, 40)));
			}
			await store.close();
		}
		const store = await openFeatureStore(home, { readOnly: true });
		expect([store.rows(), store.root(), store.width]).toEqual([157, tree.root, 40]);
		expect(await store.read(0, 157)).toEqual(all);
		expect(await store.read(20, 31)).toEqual(portionOf(20, 31, 40));
		for (const row of [0, 22, 23, 127, 128, 156]) {
			expect(store.proof(row)).toEqual(tree.proofFor(row));
			expect(verifyMerkleProof(featureRowLeaf(all, row), store.proof(row), store.root())).toBe(true);
		}
		// A receipt names the root of its time; rows that came later change neither it nor its proofs.
		for (const rows of [0, 1, 33, 96, 97]) {
			expect(store.root(rows)).toBe(featureRowsRoot(portionOf(0, rows, 40)));
			if (rows > 0)
				expect(verifyMerkleProof(featureRowLeaf(all, rows - 1), store.proof(rows - 1, rows), store.root(rows))).toBe(
					true,
				);
		}
		for (const rows of [-1, 0.5, 158]) expect(() => store.root(rows)).toThrow(refuses("features/no-such-row"));
		expect(() => store.proof(40, 40)).toThrow(refuses("features/no-such-row"));
		expect(await verifyFeatureStore(store)).toBe(tree.root);
		await store.close();
	});

	test("behavior: a new store is empty; what cannot be asked of one", async () => {
		const home = await folder();
		await expect(openFeatureStore(home)).rejects.toThrow(refuses("features/bad-shape"));
		await expect(openFeatureStore(join(home, "none"))).rejects.toThrow(refuses("features/bad-shape"));
		expect(await readdir(home)).toEqual([]);
		const store = await openFeatureStore(home, { width: 8 });
		expect([store.rows(), store.root()]).toEqual([0, ZERO_DIGEST]);
		await expect(store.append(portionOf(0, 1, 9))).rejects.toThrow(refuses("features/bad-shape"));
		const bad = portionOf(0, 2, 8);
		bad.numbers[9] = -128;
		await expect(store.append(bad)).rejects.toThrow(refuses("features/bad-number"));
		await store.append(portionOf(0, 2, 8));
		for (const [first, count] of [
			[0, 3],
			[2, 1],
			[-1, 1],
		] as const)
			await expect(store.read(first, count)).rejects.toThrow(refuses("features/no-such-row"));
		await expect(store.read(0, -1)).rejects.toThrow(refuses("features/bad-shape"));
		expect((await store.read(2, 0)).rows).toBe(0);
		expect(() => store.proof(2)).toThrow(refuses("features/no-such-row"));
		await store.close();
		await expect(store.append(portionOf(2, 1, 8))).rejects.toThrow(refuses("features/closed"));
		await expect(openFeatureStore(home, { width: 9 })).rejects.toThrow(refuses("features/bad-shape"));
		const reader = await openFeatureStore(home, { readOnly: true });
		await expect(reader.append(portionOf(2, 1, 8))).rejects.toThrow(refuses("features/read-only"));
		await reader.close();
	});

	test("behavior: appends asked for at once follow one another", async () => {
		const store = await openFeatureStore(await folder(), { width: 5 });
		await Promise.all([0, 10, 20, 30].map((first) => store.append(portionOf(first, 10, 5))));
		expect(await store.read(0, 40)).toEqual(portionOf(0, 40, 5));
		const late = [40, 50].map((first) => store.append(portionOf(first, 10, 5)));
		await store.close();
		expect((await Promise.all(late)).map(({ rows }) => rows)).toEqual([50, 60]);
		expect(() => store.proof(1)).toThrow(refuses("features/closed"));
	});

	test("behavior: one opening may append; a lock of a process that is gone is taken over", async () => {
		const home = await folder();
		const store = await openFeatureStore(home, { width: 5 });
		await store.append(portionOf(0, 4, 5));
		await expect(openFeatureStore(home)).rejects.toThrow(refuses("features/in-use"));
		const lock = join(home, "writer.lock");
		expect(await readFile(lock, "utf8")).toBe(String(process.pid));
		await store.close();
		expect(await readdir(home)).not.toContain("writer.lock");
		// The parent of this process lives, and has the folder.
		await writeFile(lock, String(process.ppid));
		await expect(openFeatureStore(home)).rejects.toThrow(refuses("features/in-use"));
		for (const gone of [String(process.pid), "4194305", "", "what"]) {
			await writeFile(lock, gone);
			const again = await openFeatureStore(home);
			expect(again.rows()).toBe(4);
			await again.close();
		}
	});

	test("behavior: a log that someone else changed is not appended to", async () => {
		const home = await folder();
		const store = await openFeatureStore(home, { width: 5 });
		await store.append(portionOf(0, 4, 5));
		await appendFile(join(home, "commits.log"), "x");
		await expect(store.append(portionOf(4, 1, 5))).rejects.toThrow(refuses("features/changed-elsewhere"));
		await store.close();
	});

	test("behavior: torn at every byte of an append, it opens as before the append, and takes it again", async () => {
		const width = 3;
		const [before, after] = [await folder(), await folder()];
		const store = await openFeatureStore(before, { width, shardBytes: 15 });
		await store.append(portionOf(0, 8, width));
		await store.close();
		await cp(before, after, { recursive: true });
		const grown = await openFeatureStore(after);
		await grown.append(portionOf(8, 2, width));
		await grown.close();
		const root = featureRowsRoot(portionOf(0, 8, width));
		const order = ["records-00002.bin", "records-00003.bin", "nodes.bin", "commits.log"];
		const size = async (home: string, name: string) => (await stat(join(home, name)).catch(() => ({ size: 0 }))).size;
		const torn = await folder();
		let tried = 0;
		for (const [i, name] of order.entries()) {
			const [from, to] = [await size(before, name), await size(after, name)];
			for (let bytes = from; bytes < to; bytes++, tried++) {
				for (const file of order) await rm(join(torn, file), { force: true });
				await cp(before, torn, { recursive: true });
				for (const whole of order.slice(0, i)) await cp(join(after, whole), join(torn, whole));
				await writeFile(join(torn, name), (await readFile(join(after, name))).subarray(0, bytes));
				const reader = await openFeatureStore(torn, { readOnly: true });
				expect([reader.rows(), reader.root()], `${name} cut to ${bytes}`).toEqual([8, root]);
				await reader.close();
				const again = await openFeatureStore(torn);
				expect([again.rows(), again.root()], `${name} cut to ${bytes}`).toEqual([8, root]);
				for (const file of order)
					expect(await size(torn, file), `${name} cut to ${bytes}`).toBe(await size(before, file));
				// What was cut off leaves no trace: the files are alike, so an append here and there comes to the same bytes.
				if (bytes % 16 === 5) {
					await again.append(portionOf(8, 2, width));
					for (const file of order) expect(await readFile(join(torn, file))).toEqual(await readFile(join(after, file)));
				}
				await again.close();
			}
		}
		// Two records, three nodes and one line of the log.
		expect(tried).toBe(2 * 5 + 3 * 32 + 64);
	}, 180_000);

	test("behavior: a last record of the log that is not what was written is cut off; one before it is damage", async () => {
		const home = await folder();
		const store = await openFeatureStore(home, { width: 4 });
		for (const first of [0, 3, 6]) await store.append(portionOf(first, 3, 4));
		await store.close();
		const log = join(home, "commits.log");
		const whole = await readFile(log);
		await writeFile(log, Buffer.concat([whole, Buffer.alloc(64, 7)]));
		const opened = await openFeatureStore(home);
		expect([opened.rows(), (await stat(log)).size]).toEqual([9, 192]);
		await opened.close();
		for (const at of [0, 5, 20, 63, 64, 127]) {
			await writeFile(
				log,
				Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 1 : byte)),
			);
			await expect(openFeatureStore(home)).rejects.toThrow(refuses("features/corrupt"));
		}
	});

	test("behavior: rows or nodes that are missing or changed are found, and the folder named", async () => {
		const home = await folder();
		const store = await openFeatureStore(home, { width: 4, shardBytes: 60 });
		for (const first of [0, 13]) await store.append(portionOf(first, 13, 4));
		await store.close();
		const damages: [string, (path: string) => Promise<void>][] = [
			["records-00002.bin", (path) => truncate(path, 11)],
			["records-00002.bin", (path) => rm(path)],
			["nodes.bin", (path) => truncate(path, 32 * 40)],
			["nodes.bin", (path) => rm(path)],
			["features.json", (path) => writeFile(path, '{"format":"another"}')],
		];
		for (const [name, damage] of damages) {
			const bent = await folder();
			await cp(home, bent, { recursive: true });
			await damage(join(bent, name));
			const error = await openFeatureStore(bent, { readOnly: true }).catch((cause: unknown) => cause);
			expect(error, name).toEqual(refuses("features/corrupt"));
			expect((error as Error).message).toContain(bent);
		}
		for (const name of (await readdir(home)).filter((file) => /^(records|nodes)/.test(file))) {
			const bent = await folder();
			await cp(home, bent, { recursive: true });
			const bytes = await readFile(join(bent, name));
			bytes[3]! ^= 1;
			await writeFile(join(bent, name), bytes);
			const found = openFeatureStore(bent, { readOnly: true }).then(verifyFeatureStore);
			await expect(found, name).rejects.toThrow(refuses("features/corrupt"));
		}
	});

	test("behavior: killed five times while it appends, nothing acknowledged is lost and the root is that of the rows", async () => {
		const home = await folder();
		const program = inject("programs")["packages/attribution/src/features/testing/appendForever.ts"];
		let acknowledged = 0;
		let read = 0;
		for (let kill = 0; kill < 5; kill++) {
			const child = spawn(process.execPath, [program, home, "60", String(kill)], {
				stdio: ["ignore", "pipe", "inherit"],
			});
			let said = "";
			child.stdout.setEncoding("utf8").on("data", (text: string) => {
				// Killed at an unequal time after its third acknowledgement, in the midst of some append.
				const lines = (more: string) => more.split("\n").length;
				if (lines(said) < 4 && lines(said + text) >= 4) setTimeout(() => child.kill("SIGKILL"), (kill * 29) % 100);
				said += text;
			});
			await new Promise((resolve) => child.once("close", resolve));
			const lines = said.slice(0, said.lastIndexOf("\n")).split("\n").map(Number);
			acknowledged = Math.max(acknowledged, ...lines);
			const store = await openFeatureStore(home);
			expect(store.rows()).toBeGreaterThanOrEqual(acknowledged);
			expect(await verifyFeatureStore(store)).toBe(store.root());
			const more = store.rows() - read;
			expect(await store.read(read, more)).toEqual(portionOf(read, more, 60));
			read = store.rows();
			await store.close();
		}
		// Three times at least each of them said how many there are; two of these were appends.
		expect(acknowledged).toBeGreaterThan(100);
	}, 240_000);
});

describe("openFeatureSearch", () => {
	test("default: resident and from files, appended to while it answers, the slow scan's numbers", async () => {
		const home = await folder();
		const store = await openFeatureStore(home, { width: 70, shardBytes: 9000 });
		await store.append(portionOf(0, 500, 70));
		const query = testQuery(70);
		const scores = scoreFeatureRows(portionOf(0, 1500, 70), query);
		const searches = [
			await openFeatureSearch(store, { threads: 2, memoryBytes: 3 * 65536 }),
			await openFeatureSearch(store, { threads: 2, resident: false }),
			await openFeatureSearch(store, { threads: 1 }),
		];
		for (let rows = 500; rows <= 1500; rows += 125) {
			for (const search of searches) expect(await search.scan(query)).toEqual(scores.slice(0, rows));
			const adding = store.append(portionOf(rows, 125, 70));
			for (const search of searches) {
				const found = await search.top(query, 9);
				expect([rows, rows + 125]).toContain(found.rows);
				expect(found).toEqual(summariseScores(scores.slice(0, found.rows), 9));
			}
			await adding;
			if (rows + 125 > 1500) break;
		}
		for (const search of searches) await search.close();
		await store.close();
	});

	test("behavior: a reader in another opening sees what was acknowledged, never half an append", async () => {
		const home = await folder();
		const writer = await openFeatureStore(home, { width: 6 });
		const reader = await openFeatureStore(home, { readOnly: true });
		const search = await openFeatureSearch(reader, { threads: 1 });
		const query = testQuery(6);
		expect((await search.top(query, 1)).rows).toBe(0);
		await writer.append(portionOf(0, 40, 6));
		expect(await search.scan(query)).toEqual(scoreFeatureRows(portionOf(0, 40, 6), query));
		await appendFile(join(home, "commits.log"), "half a record");
		expect(await search.catchUp()).toBe(40);
		expect(reader.root()).toBe(writer.root());
		await search.close();
		await Promise.all([reader.close(), writer.close()]);
	});
});
