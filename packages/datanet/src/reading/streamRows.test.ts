import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ColumnSource, parquetWriteBuffer } from "hyparquet-writer";
import { expect, test } from "vitest";
import { readRows } from "./readRows.js";
import { formatOf, type RowFormat, streamRows } from "./streamRows.js";

const folder = mkdtempSync(join(tmpdir(), "rows-"));

async function read(name: string, bytes: string | Uint8Array, skip = 0, format: RowFormat = formatOf(name)) {
	const file = join(folder, name);
	writeFileSync(file, bytes);
	const found: [number, string][] = [];
	for await (const batch of streamRows(file, format, { skip })) {
		for (const { line, row } of batch) found.push([line, "code" in row ? row.code : `${row.prompt}|${row.response}`]);
	}
	return found;
}
const parquet = (columnData: ColumnSource[], rowGroupSize?: number) =>
	new Uint8Array(parquetWriteBuffer({ columnData, ...(rowGroupSize && { rowGroupSize }) }));

test("default: JSON Lines, CSV and Parquet say the same rows", async () => {
	const rows: readonly (readonly [string, string])[] = [
		["Capital of Peru?", "Lima."],
		["Capital of Kenya?", "Nairobi, they say."],
		["Größe?", "klein 🐭"],
	];
	const wanted = (first: number) => rows.map(([p, r], i) => [i + first, `${p}|${r}`]);
	const json = rows.map(([prompt, response]) => JSON.stringify({ prompt, response })).join("\n");
	expect(await read("a.jsonl", json)).toEqual(wanted(1));
	expect(await read("a.csv", `prompt,response\n${rows.map(([p, r]) => `${p},"${r}"`).join("\n")}`)).toEqual(wanted(2));
	const columns = [
		{ name: "Prompt", data: rows.map(([p]) => p), type: "STRING" as const },
		{ name: "response", data: rows.map(([, r]) => r), type: "STRING" as const },
	];
	for (const group of [undefined, 1, 2]) expect(await read("a.parquet", parquet(columns, group))).toEqual(wanted(1));
});

test("behavior: from any place on, every format gives what is left", async () => {
	const names = Array.from({ length: 9 }, (_, i) => `Row number ${i}`);
	const files: readonly [string, string | Uint8Array][] = [
		["b.jsonl", names.map((text) => JSON.stringify({ text })).join("\n\n")],
		["b.csv", `text\n${names.join("\n")}`],
		["b.txt", names.join("\n\n")],
		["b.md", names.map((text) => `# ${text}\nbody`).join("\n")],
		["b.parquet", parquet([{ name: "text", data: names, type: "STRING" }], 4)],
	];
	for (const [name, bytes] of files) {
		const whole = await read(name, bytes);
		expect(whole.length).toBe(9);
		for (let skip = 0; skip <= 9; skip++) {
			const records = name === "b.jsonl" ? 2 * skip : skip;
			expect(await read(name, bytes, records)).toEqual(whole.slice(skip));
		}
	}
});

test("behavior: text is a row a paragraph, Markdown a row a section; fences, front matter and long sections are minded", async () => {
	expect(await read("c.txt", "One.\nStill one.\n\n  \nTwo.\n")).toEqual([
		[1, "|One.\nStill one."],
		[5, "|Two."],
	]);
	const markdown =
		"---\ntitle: x\n---\nBefore.\n# First\nText.\n```sh\n# no heading\n```\n\n## Second\nMore.\n#hash is none\n";
	expect(await read("c.md", markdown)).toEqual([
		[4, "|Before."],
		[5, "|# First\nText.\n```sh\n# no heading\n```"],
		[11, "|## Second\nMore.\n#hash is none"],
	]);
	const paragraph = "word ".repeat(1000).trim();
	const long = await read("d.md", `# Long\n${Array.from({ length: 5 }, () => paragraph).join("\n\n")}\n# Next\nshort`);
	expect(long.map(([, text]) => text.length)).toEqual([1 + 6 + 1 + 3 * 4999 + 4, 1 + 2 * 4999 + 2, 13]);
	expect(await read("e.txt", `${"x".repeat(17_000)}\n\nfine`)).toEqual([
		[1, "too-long"],
		[3, "|fine"],
	]);
	expect(readRows(Buffer.from(markdown), { format: "markdown" }).rows.length).toBe(3);
});

test("behavior: bad cells are told by line, files that are none as a whole", async () => {
	const bytes = parquet([
		{ name: "prompt", data: ["A?", null, "C?"] as string[], type: "STRING", nullable: true },
		{ name: "response", data: ["a", "b", "\u0007"], type: "STRING" },
	]);
	expect(await read("f.parquet", bytes)).toEqual([
		[1, "A?|a"],
		[2, "missing-field"],
		[3, "control-character"],
	]);
	const raw = parquet([
		{ name: "text", data: [Uint8Array.of(0x68, 0x69), Uint8Array.of(0xff, 0xfe)], type: "BYTE_ARRAY" },
	]);
	expect(await read("g.parquet", raw)).toEqual([
		[1, "|hi"],
		[2, "bad-utf8"],
	]);
	const bad = { code: "datanet/bad-parquet" };
	await expect(read("h.parquet", "PAR1 is not enough PAR1")).rejects.toMatchObject(bad);
	await expect(read("i.parquet", bytes.subarray(0, bytes.length - 20))).rejects.toMatchObject(bad);
	await expect(read("j.parquet", parquet([{ name: "n", data: [1, 2], type: "INT32" }]))).rejects.toMatchObject(bad);
	expect(() => formatOf("rows.xlsx")).toThrow(expect.objectContaining({ code: "datanet/unknown-format" }));
});
