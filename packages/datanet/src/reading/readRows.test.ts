import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CallerError } from "@openledger/protocol";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { MAX_FILE_BYTES } from "../limits.js";
import { readRows } from "./readRows.js";

const folder = mkdtempSync(join(tmpdir(), "datanet-read-"));
afterAll(() => rmSync(folder, { recursive: true }));

const jsonl = (...lines: readonly (string | Uint8Array)[]) =>
	readRows(Buffer.concat(lines.flatMap((line) => [Buffer.from(line), Buffer.from("\n")])), { format: "jsonl" });
const csv = (text: string) => readRows(Buffer.from(text), { format: "csv" });
const codes = (result: ReturnType<typeof readRows>) => result.rejected.map(({ line, code }) => [line, code]);
const good = '{"prompt":"What is the capital of Peru?","response":"Lima."}';

describe("jsonl", () => {
	test("default: rows with their lines, contributor in lower case", () => {
		expect(jsonl(good, "", '{"contributor":"Ada L.","response":"Oslo.","prompt":"Norway?"}')).toEqual({
			rows: [
				{ line: 1, prompt: "What is the capital of Peru?", response: "Lima." },
				{ line: 3, contributor: "ada l.", prompt: "Norway?", response: "Oslo." },
			],
			rejected: [],
		});
	});

	test.each<[string, string | Uint8Array, string]>([
		["bad UTF-8", Buffer.concat([Buffer.from('{"prompt":"'), Buffer.of(0xc3, 0x28), Buffer.from('"}')]), "bad-utf8"],
		["an overlong encoding", Buffer.of(0x22, 0xc0, 0xaf, 0x22), "bad-utf8"],
		["a surrogate encoded in UTF-8", Buffer.of(0x22, 0xed, 0xa0, 0x80, 0x22), "bad-utf8"],
		["UTF-16", Buffer.from(good, "utf16le"), "bad-json"],
		["cut JSON", good.slice(0, -1), "bad-json"],
		["two objects", good + good, "bad-json"],
		["deep nesting", "[".repeat(60_000), "bad-json"],
		["an array", "[1]", "not-an-object"],
		["null", "null", "not-an-object"],
		["a key twice", '{"prompt":"a","response":"b","prompt":"c"}', "duplicate-key"],
		["a key twice, once escaped", '{"prompt":"a","response":"b","\\u0070rompt":"c"}', "duplicate-key"],
		["a key twice, with spaces", '{"prompt" :"a","response":"b","prompt"\t:"c"}', "duplicate-key"],
		["an unknown key twice", '{"x":1,"x":2}', "duplicate-key"],
		["an unknown field", '{"prompt":"a","response":"b","weight":"9"}', "unknown-field"],
		["__proto__", '{"prompt":"a","response":"b","__proto__":{"x":1}}', "unknown-field"],
		["no prompt", '{"response":"b"}', "missing-field"],
		["no response", '{"prompt":"a"}', "missing-field"],
		["a number", '{"prompt":1,"response":"b"}', "wrong-type"],
		["null", '{"prompt":"a","response":null}', "wrong-type"],
		["nothing", '{"prompt":"","response":"b"}', "empty"],
		["only blanks", '{"prompt":"a","response":" \\n\\u00a0"}', "empty"],
		["a NUL", '{"prompt":"a\\u0000","response":"b"}', "control-character"],
		["a carriage return", '{"prompt":"a","response":"b\\r"}', "control-character"],
		["reordered text", '{"prompt":"a\\u202e","response":"b"}', "control-character"],
		["half a pair", '{"prompt":"a\\ud83d","response":"b"}', "lone-surrogate"],
		["a long prompt", JSON.stringify({ prompt: "x".repeat(2001), response: "b" }), "too-long"],
		["a long response", JSON.stringify({ prompt: "a", response: "x".repeat(4001) }), "too-long"],
		["no name", '{"prompt":"a","response":"b","contributor":""}', "bad-contributor"],
		["a path for a name", '{"prompt":"a","response":"b","contributor":"../x"}', "bad-contributor"],
		["a long name", JSON.stringify({ prompt: "a", response: "b", contributor: "n".repeat(41) }), "bad-contributor"],
		["a name of blanks", '{"prompt":"a","response":"b","contributor":"  "}', "bad-contributor"],
		["a null name", '{"prompt":"a","response":"b","contributor":null}', "bad-contributor"],
		["10 MB", `{"prompt":"${"x".repeat(10_000_000)}","response":"b"}`, "line-too-long"],
	])("behavior: %s is rejected, the rows around it are not", (_, line, code) => {
		const result = jsonl(good, line, good);
		expect(codes(result)).toEqual([[2, code]]);
		expect(result.rows.map((row) => row.line)).toEqual([1, 3]);
	});

	test("behavior: nested objects may repeat keys of the outer one, and strings may look like keys", () => {
		expect(codes(jsonl('{"prompt":{"prompt":1,"prompt":2},"response":"b"}'))).toEqual([[1, "wrong-type"]]);
		expect(jsonl('{"prompt":"\\"prompt\\": \\\\","response":"{\\"prompt\\":"}').rejected).toEqual([]);
	});

	test("behavior: lengths are counted in characters, not in UTF-16 units", () => {
		expect(jsonl(JSON.stringify({ prompt: "😀".repeat(2000), response: "b" })).rejected).toEqual([]);
		expect(codes(jsonl(JSON.stringify({ prompt: "😀".repeat(2001), response: "b" })))).toEqual([[1, "too-long"]]);
	});

	test("behavior: a line may have 65,536 bytes and no more", () => {
		const line = (bytes: number) => good.padEnd(bytes, " ");
		expect(codes(jsonl(line(65_536), line(65_537)))).toEqual([[2, "line-too-long"]]);
	});

	test("behavior: CRLF, a byte order mark and a last line without end are fine", () => {
		const bytes = Buffer.from(`\ufeff${good}\r\n${good}`);
		expect(readRows(bytes, { format: "jsonl" }).rows.map((row) => row.line)).toEqual([1, 2]);
		expect(codes(jsonl(good, `\ufeff${good}`))).toEqual([[2, "bad-json"]]);
	});

	test("behavior: a stranger's field name is cut and escaped in the reason", () => {
		const [rejected] = jsonl(JSON.stringify({ [`\u001b[31m${"z".repeat(500)}`]: 1 })).rejected;
		expect(rejected?.reason).toContain('"\\u001b[31mzzz');
		expect(rejected?.reason.length).toBeLessThan(160);
	});
});

describe("csv", () => {
	test("default: quotes, commas, doubled quotes and newlines in cells", () => {
		const result = csv('prompt,response,contributor\n"What, where?","a ""b""\nc",Ada\nx,y,\n');
		expect(result).toEqual({
			rows: [
				{ line: 2, contributor: "ada", prompt: "What, where?", response: 'a "b"\nc' },
				{ line: 4, prompt: "x", response: "y" },
			],
			rejected: [],
		});
	});

	test("behavior: columns in any order, with a byte order mark and CRLF", () => {
		expect(csv('\ufeff"Response",prompt\r\nr,p\r\n').rows).toEqual([{ line: 2, prompt: "p", response: "r" }]);
	});

	test.each([
		["a column too few", "x", "wrong-column-count"],
		["a column too many", "x,y,z", "wrong-column-count"],
		["a quote in a bare cell", 'x,y"z', "bad-csv"],
		["text after a quoted cell", '"x"y,z', "bad-csv"],
		["an empty cell", "x,", "empty"],
		["a long record", `x,"${"y\n".repeat(40_000)}"`, "line-too-long"],
	])("behavior: %s is rejected, the rows around it are not", (_, record, code) => {
		const result = csv(`prompt,response\na,b\n${record}\nc,d\n`);
		expect(codes(result)).toEqual([[3, code]]);
		expect(result.rows.map((row) => row.prompt)).toEqual(["a", "c"]);
	});

	test("behavior: a quote that never closes is told with its lines", () => {
		const { rejected } = csv('prompt,response\n"a,b\nc,d\n');
		expect(rejected).toMatchObject([{ line: 2, code: "unclosed-quote" }]);
		expect(rejected[0]?.reason).toContain("line 2");
	});

	test.each(["", "a,b\n", "prompt\n", "prompt,response,prompt\n", "prompt,response,weight\n", '"prompt,response'])(
		"behavior: the header %j is refused",
		(text) => {
			expect(() => csv(text)).toThrow(expect.objectContaining({ code: "datanet/bad-header" }));
		},
	);
});

describe("file", () => {
	test("default: a path reads as its bytes do", () => {
		const file = join(folder, "rows.jsonl");
		const lines = Array.from({ length: 5000 }, (_, n) => JSON.stringify({ prompt: `Zürich ${n}?`, response: `${n}` }));
		writeFileSync(file, lines.join("\n"));
		const bytes = Buffer.from(lines.join("\n"));
		expect(readRows(file, { format: "jsonl" })).toEqual(readRows(bytes, { format: "jsonl" }));
		expect(readRows(file, { format: "jsonl" }).rows).toHaveLength(5000);
	});

	test.each<[string, () => unknown, string]>([
		["not there", () => readRows(join(folder, "none"), { format: "jsonl" }), "datanet/file-not-found"],
		["a folder", () => readRows(folder, { format: "jsonl" }), "datanet/file-unreadable"],
		["a bad path", () => readRows("a\0b", { format: "jsonl" }), "datanet/file-unreadable"],
		["too big", () => readRows(new Uint8Array(MAX_FILE_BYTES + 1), { format: "jsonl" }), "datanet/file-too-big"],
		["endless", () => readRows("/dev/zero", { format: "jsonl" }), "datanet/file-too-big"],
		["empty", () => jsonl(), "datanet/no-rows"],
		["blank", () => jsonl("", "  ", "\r"), "datanet/no-rows"],
		["a header only", () => csv("prompt,response\n"), "datanet/no-rows"],
		["of another kind", () => jsonl("x\n".repeat(10_001)), "datanet/too-many-rejected"],
		["of no known format", () => readRows(Buffer.from(good), { format: "xml" as "csv" }), "datanet/unknown-format"],
	])("behavior: a file that is %s is the caller's fault", (_, read, code) => {
		expect(read).toThrow(expect.objectContaining({ name: "CallerError", code }));
	});
});

describe("fuzz", () => {
	const pieces = fc.constantFrom(
		'"',
		'""',
		",",
		"\n",
		"\r\n",
		"{",
		"}",
		"[",
		":",
		"\\",
		"\\u",
		"\ud83d",
		"\ufeff",
		" ",
	);
	const words = fc.constantFrom('{"prompt":"a","response":"b"}', "prompt", '"response"', "prompt,response\n", "é", "x");
	const text = fc.array(fc.oneof(pieces, words), { maxLength: 30 }).map((parts) => Buffer.from(parts.join("")));
	const bytes = fc.oneof(fc.uint8Array({ maxLength: 300 }), text);
	const format = fc.constantFrom<"jsonl" | "csv">("jsonl", "csv");

	test("behavior: any bytes give rows and rejections in order of lines, or a CallerError", () => {
		fc.assert(
			fc.property(bytes, format, fc.boolean(), (body, kind, headed) => {
				const whole = headed ? Buffer.concat([Buffer.from("prompt,response\n"), body]) : body;
				try {
					const { rows, rejected } = readRows(whole, { format: kind });
					for (const list of [rows, rejected]) {
						const lines = list.map((item) => item.line);
						expect(lines).toEqual([...new Set(lines)].sort((a, b) => a - b));
					}
				} catch (error) {
					if (!(error instanceof CallerError)) throw error;
				}
			}),
			{ numRuns: 2000 },
		);
	});

	const cell = fc
		.string({ unit: "grapheme", minLength: 1, maxLength: 30 })
		.filter((s) => s.trim() !== "" && !/\p{C}/u.test(s));
	const row = fc.record({ prompt: cell, response: cell });

	test("behavior: what JSON.stringify wrote is read back", () => {
		fc.assert(
			fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (list) => {
				const { rows } = jsonl(...list.map((item) => JSON.stringify(item)));
				expect(rows.map(({ prompt, response }) => ({ prompt, response }))).toEqual(list);
			}),
		);
	});

	test("behavior: what was quoted by RFC 4180 is read back, newlines too", () => {
		const lined = fc.tuple(cell, cell).map((lines) => lines.join("\n"));
		fc.assert(
			fc.property(fc.array(fc.record({ prompt: lined, response: cell }), { minLength: 1, maxLength: 8 }), (list) => {
				const quoted = (s: string) => `"${s.replaceAll('"', '""')}"`;
				const text = list.map((item) => `${quoted(item.prompt)},${quoted(item.response)}\r\n`).join("");
				const { rows } = csv(`prompt,response\r\n${text}`);
				expect(rows.map(({ prompt, response }) => ({ prompt, response }))).toEqual(list);
			}),
		);
	});
});
