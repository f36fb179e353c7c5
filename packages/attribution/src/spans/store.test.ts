import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Row } from "@openledger/protocol";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { findSpans } from "./findSpans.js";
import { buildSpanIndex } from "./spanIndex.js";
import { openSpanIndex } from "./store.js";

const layout = { unit: 256, largest: 4 };
const rows: Row[] = Array.from({ length: 80 }, (_, k) => ({
	prompt: `What is said in row number ${k}?`,
	response: `Row number ${k} says that ${k} times seven is ${k * 7}.`,
}));
let folder: string;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), "openledger-spans-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test("default: what was appended is there after opening again, under the root that the rows give", async () => {
	const store = await openSpanIndex(folder, layout);
	expect(store.index.rows).toBe(0);
	const old = await store.append(rows.slice(0, 30));
	await store.append(rows.slice(30));
	expect(old.rows).toBe(30);
	expect(findSpans(old, "Row number 7 says that 7 times seven")[0]!.occurrences).toEqual([
		{ row: 7, field: "response", offset: 0 },
	]);
	await store.close();
	await expect(store.append(rows)).rejects.toMatchObject({ code: "spans/folder-closed" });
	const again = await openSpanIndex(folder);
	expect(again.index.root).toBe(buildSpanIndex(rows, layout).root);
	expect(findSpans(again.index, "says that 9 times seven is 63")[0]).toMatchObject({ count: 1 });
	const files = await readdir(folder);
	expect(files.filter((file) => file.endsWith(".segment"))).toHaveLength(again.index.segments.length);
});

test("behavior: indexes of one folder share segments, and one begins where another stands", async () => {
	const first = await openSpanIndex(folder, { ...layout, name: "first" });
	await first.append(rows.slice(0, 40));
	const second = await openSpanIndex(folder, { ...layout, name: "second", from: "first" });
	expect(second.index.rows).toBe(40);
	await Promise.all([second.append(rows.slice(40)), first.append([])]);
	for (const [name, count] of [["first", 40] as const, ["second", 80] as const]) {
		const { index } = await openSpanIndex(folder, { name });
		expect(index.root).toBe(buildSpanIndex(rows.slice(0, count), layout).root);
	}
	const names = new Set([...first.index.segments, ...second.index.segments].map(({ record }) => record.suffixRoot));
	expect((await readdir(folder)).filter((file) => file.endsWith(".segment"))).toHaveLength(names.size);
	expect(names.size).toBeLessThan(first.index.segments.length + second.index.segments.length);
});

test("behavior: damage is found and named", async () => {
	const store = await openSpanIndex(folder, layout);
	await store.append(rows);
	const [segment] = (await readdir(folder)).filter((file) => file.endsWith(".segment"));
	const path = join(folder, segment!);
	const whole = await readFile(path);
	for (const bytes of [
		whole.subarray(1),
		Buffer.concat([whole.subarray(0, 90), Buffer.of(whole[90]! ^ 1), whole.subarray(91)]),
	]) {
		await writeFile(path, bytes);
		await expect(openSpanIndex(folder)).rejects.toMatchObject({
			code: "spans/folder-damaged",
			message: expect.stringContaining(segment!),
		});
	}
	await rm(path);
	await expect(openSpanIndex(folder)).rejects.toMatchObject({ code: "spans/folder-damaged" });
	await writeFile(path, whole);
	await openSpanIndex(folder);
	const manifest = join(folder, "spans.json");
	const text = await readFile(manifest, "utf8");
	for (const wrong of ["", "{}", text.slice(0, -1), text.replace(/"bytes":\d/, '"bytes":9'), `${text} `]) {
		await writeFile(manifest, wrong);
		await expect(openSpanIndex(folder), wrong.slice(0, 60)).rejects.toMatchObject({ code: "spans/folder-damaged" });
	}
	await expect(openSpanIndex(folder, { name: "../x" })).rejects.toMatchObject({ code: "spans/bad-rules" });
});

test("behavior: killed anywhere, the folder holds a whole number of appends, and the next writer goes on", async () => {
	const writer = inject("programs")["packages/attribution/src/spans/testing/appendForever.ts"];
	let survived = 0;
	for (let round = 0; round < 3; round++) {
		const child = spawn(process.execPath, [writer, folder], { stdio: ["ignore", "pipe", "inherit"] });
		const ended = new Promise((resolve) => child.once("exit", resolve));
		await new Promise<void>((resolve) => {
			let lines = 0;
			child.stdout.on("data", (text: Buffer) => {
				lines += text.toString().split("\n").length - 1;
				if (lines > round) resolve();
			});
		});
		await new Promise((resolve) => setTimeout(resolve, 3 * round));
		child.kill("SIGKILL");
		await ended;
		const { index } = await openSpanIndex(folder);
		expect(index.rows % 3).toBe(0);
		expect(index.rows).toBeGreaterThanOrEqual(survived + 3 * (round + 1));
		survived = index.rows;
		const all = Array.from({ length: index.rows }, (_, k) => rows[k % rows.length]!);
		expect(index.root).toBe(buildSpanIndex(all, layout).root);
	}
	const store = await openSpanIndex(folder);
	await store.append([rows[0]!]);
	expect((await readdir(folder)).filter((file) => file.endsWith(".writing"))).toEqual([]);
}, 240_000);
