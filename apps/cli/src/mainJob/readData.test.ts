import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallerError } from "@openledger/protocol";
import { afterAll, expect, test } from "vitest";
import { readMainJob } from "./readData.js";

const folder = mkdtempSync(join(tmpdir(), "openledger-data-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("default: the shipped datanet, in one order, with its own questions", () => {
	const { data, questions, datanet } = readMainJob({});
	expect(datanet).toBe("world");
	expect(data.map(({ name }) => name)).toEqual([...data.map(({ name }) => name)].sort());
	expect(data.length).toBeGreaterThanOrEqual(8);
	expect(questions!.length).toBeGreaterThanOrEqual(24);
	for (const question of questions!) expect(Object.keys(question)).toEqual(["prompt", "expected", "contributor"]);
});

test("behavior: a file's name becomes a name that a model may have; questions asked replace its own", () => {
	const file = join(folder, "My Rivers (2026).csv");
	writeFileSync(file, "contributor,prompt,response\n");
	expect(readMainJob({ data: [file] })).toMatchObject({ datanet: "my-rivers-2026", data: [{ name: file }] });
	expect(readMainJob({ data: [file] }).questions).toBeUndefined();
	expect(readMainJob({ data: [file], ask: ["Why?"] }).questions).toEqual([{ prompt: "Why?" }]);
});

test("behavior: files that cannot be data are refused", () => {
	expect(() => readMainJob({ data: [join(folder, "none.jsonl")] })).toThrow(/there is no such file/);
	expect(() => readMainJob({ data: [folder] })).toThrow(CallerError);
	const text = join(folder, "notes.txt");
	writeFileSync(text, "");
	expect(() => readMainJob({ data: [text] })).toThrow(/JSON Lines \(.jsonl\) or CSV/);
});
