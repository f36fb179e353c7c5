// What strangers hand to a trainer and a verifier: bundles of rows and of runs, whole or damaged in every way.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, rowCommitment, sha256, snapshotRoot, utf8 } from "@openledger/protocol";
import { type DataLayer, localData, openDataStore } from "@openledger/rollup";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BundleRow, bundleBytes, openBundle, runRowsOf } from "./jobBundle.js";
import { fetchRun, publishRun, readRunBundle, readRunFile } from "./runBundle.js";

const folder = await mkdtemp(join(tmpdir(), "openledger-bundles-"));
let data: DataLayer;
beforeAll(() => {
	data = localData(openDataStore(join(folder, "data")));
});
afterAll(() => rm(folder, { recursive: true }));

const row = (i: number, changes: Partial<BundleRow> = {}): BundleRow => {
	const said = { prompt: `What is ${i}?`, response: `${i}.` };
	const salt = sha256(utf8(`salt ${i}`));
	const contributor = `0x${"a1".repeat(20)}` as const;
	return { ...said, cluster: i, contributor, salt, commitment: rowCommitment(said, salt), ...changes };
};
const [first, second] = [
	[row(0), row(1), row(2)],
	[row(3), row(4, { cluster: 0 })],
];
const rootOf = (rows: readonly BundleRow[]): Hex => snapshotRoot(rows.map((one, index) => ({ index, ...one })));
const roots = [rootOf(first), rootOf(second)];

describe("a job's rows", () => {
	test("default: what is packed is opened, and clusters of two snapshots stay apart", () => {
		const bytes = bundleBytes([first, second]);
		expect(bundleBytes([first, second])).toEqual(bytes);
		const opened = openBundle(bytes, sha256(bytes), roots);
		expect(opened.snapshots).toEqual([first, second]);
		expect(runRowsOf(opened).map(({ cluster }) => cluster)).toEqual([0, 1, 2, 6, 3]);
		expect(runRowsOf(opened)[3]).toEqual({ prompt: "What is 3?", response: "3.", cluster: 6 });
	});

	test("behavior: a row, a salt, an owner, a cluster or a count that is another is refused, and named", () => {
		const open = (rows: readonly (readonly BundleRow[])[], wanted = roots) => {
			const bytes = bundleBytes(rows);
			return () => openBundle(bytes, sha256(bytes), wanted);
		};
		const changed = (changes: Partial<BundleRow>) => open([first.with(1, { ...first[1]!, ...changes }), second]);
		const other = sha256(utf8("other"));
		expect(changed({ response: "2." })).toThrow(/row 2 of snapshot 1 is not what its commitment opens to/);
		expect(changed({ salt: other })).toThrow(/row 2 of snapshot 1/);
		expect(changed({ contributor: `0x${"b2".repeat(20)}` })).toThrow(/its snapshot 1 has root/);
		expect(changed({ cluster: 7 })).toThrow(/its snapshot 1 has root/);
		expect(open([first.slice(0, 2), second])).toThrow(/its snapshot 1 has root/);
		expect(open([first])).toThrow(/must hold the rows of 2 snapshots/);
		const bytes = bundleBytes([first, second]);
		expect(() => openBundle(bytes, other, roots)).toThrow(expect.objectContaining({ code: "job/bad-bundle" }));
		for (const text of ["", "[]", "7", '{"version":2}', '{"version":1,"snapshots":[[1],[2]]}', "\u0000"])
			expect(() => openBundle(utf8(text), sha256(utf8(text)), roots)).toThrow(/cannot be used/);
	});
});

describe("a run's files", () => {
	test("default: a finished run's files and no others are published, once, and come back as they were", async () => {
		const run = join(folder, "run");
		await mkdir(join(run, "adapter"), { recursive: true });
		const files = { "run.json": "{}", "adapter/adapter_config.json": "[]", "checkpoint-12.safetensors": "abc" };
		for (const [name, text] of Object.entries({ ...files, "progress.json": "own", "notes.txt": "own" }))
			await writeFile(join(run, name), text);
		const published = await publishRun(data, run);
		expect(await publishRun(data, run)).toEqual(published);
		const bundle = await readRunBundle(data, published.certificate, published.digest);
		expect(Object.keys(bundle.files).sort()).toEqual(Object.keys(files).sort());
		const fetched = join(folder, "fetched");
		await fetchRun(data, bundle, fetched);
		for (const [name, text] of Object.entries(files)) expect(await readFile(join(fetched, name), "utf8")).toBe(text);
		expect(await readRunFile(data, bundle, "features.bin")).toBeUndefined();
		expect(await readRunFile(data, bundle, "constructor")).toBeUndefined();
	});

	test("behavior: another list, a name that leads out of the folder, a file that is another: each is refused", async () => {
		const put = async (list: unknown) => {
			const bytes = utf8(typeof list === "string" ? list : JSON.stringify(list));
			return readRunBundle(data, await data.put(bytes), sha256(bytes));
		};
		const file = { commitment: await data.put(utf8("content")), sha256: sha256(utf8("content")) };
		for (const name of ["../run.json", "/etc/passwd", "adapter/../../x", "checkpoint-0.safetensors", "run.json\n"])
			await expect(put({ version: 1, files: { [name]: file } })).rejects.toMatchObject({ code: "run/bad-bundle" });
		for (const list of [" ", "null", "{", { version: 2, files: {} }, { version: 1, files: { "run.json": null } }])
			await expect(put(list)).rejects.toMatchObject({ code: "run/bad-bundle" });
		const bytes = utf8('{"version":1,"files":{}}');
		const certificate = await data.put(bytes);
		await expect(readRunBundle(data, certificate, sha256(utf8("other")))).rejects.toThrow(/its sha256 is not/);
		const lied = await put({ version: 1, files: { "run.json": { ...file, sha256: sha256(utf8("other")) } } });
		await expect(readRunFile(data, lied, "run.json")).rejects.toThrow(/run.json is not the file that was listed/);
	});
});
