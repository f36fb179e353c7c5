// Questions for an audit as people write them down, and what is said where they did not.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { pairQueries, readQueries } from "./readQueries.js";

const folder = mkdtempSync(join(tmpdir(), "openledger-queries-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (content: string | Uint8Array) => {
	const path = join(folder, "queries.jsonl");
	writeFileSync(path, content);
	return path;
};

test("default: flags in pairs, a file by lines", () => {
	expect(pairQueries(["a?", "b?"], ["A.", "B."])).toEqual([
		{ prompt: "a?", response: "A." },
		{ prompt: "b?", response: "B." },
	]);
	expect(pairQueries([], [])).toEqual([]);
	expect(
		readQueries(file('{"prompt":"a?","response":"A.","contributor":"x"}\n\n{"prompt":"b?","response":"B."}')),
	).toEqual(pairQueries(["a?", "b?"], ["A.", "B."]));
});

test("behavior: what is missing or no text is told with its place", () => {
	expect(() => pairQueries(["a?", "b?"], ["A."])).toThrow(/2 times --query and 1 times --answer/);
	expect(() => readQueries(file('{"prompt":"a?","response":"A."}\n{"prompt":"a?"}'))).toThrow(/line 2 is not JSON/);
	expect(() => readQueries(file("null"))).toThrow(/line 1/);
	expect(() => readQueries(file(Uint8Array.of(0xff, 0xfe)))).toThrow(/cannot read/);
	expect(() => readQueries(file("x".repeat(4 * 2 ** 20 + 1)))).toThrow(/more than 4194304 bytes/);
	expect(() => readQueries(join(folder, "none"))).toThrow(/there is no such file/);
	expect(() => readQueries(folder)).toThrow(/cannot read/);
});
