import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitRecords } from "./splitRecords.js";

const split = (chunks: readonly Uint8Array[], quotes: boolean) => [...copies(splitRecords(chunks, { quotes }))];

/** The records' bytes are only lent, so they are copied as they come. */
function* copies(records: ReturnType<typeof splitRecords>) {
	for (const { bytes, ...rest } of records) {
		yield { ...rest, text: bytes === undefined ? undefined : Buffer.from(bytes).toString("latin1") };
	}
}

describe("splitRecords", () => {
	test("default: lines, with LF and CRLF, the last without an end", () => {
		expect(split([Buffer.from("a\r\n\nbc")], false)).toEqual([
			{ line: 1, lastLine: 1, unclosed: false, text: "a" },
			{ line: 2, lastLine: 2, unclosed: false, text: "" },
			{ line: 3, lastLine: 3, unclosed: false, text: "bc" },
		]);
	});

	test("behavior: a newline in quotes does not end a record, one in a bare cell with quotes does", () => {
		expect(split([Buffer.from('"a\n""b",c\nd"\ne')], true).map((record) => [record.line, record.lastLine])).toEqual([
			[1, 2],
			[3, 3],
			[4, 4],
		]);
	});

	const bytes = fc
		.array(fc.constantFrom("a", '"', ",", "\n", "\r\n", "\xef\xbb\xbf"), { maxLength: 40 })
		.map((parts) => Buffer.from(parts.join(""), "latin1"));

	test("behavior: it does not matter how the bytes were cut into chunks", () => {
		fc.assert(
			fc.property(bytes, fc.integer({ min: 3, max: 7 }), fc.boolean(), (whole, size, quotes) => {
				const chunks = Array.from({ length: Math.ceil(whole.length / size) }, (_, i) =>
					whole.subarray(i * size, (i + 1) * size),
				);
				expect(split(chunks, quotes)).toEqual(split([whole], quotes));
			}),
			{ numRuns: 500 },
		);
	});

	test("behavior: without quotes it splits as String.split does", () => {
		fc.assert(
			fc.property(bytes, (whole) => {
				const text = whole.toString("latin1").replace(/^\xef\xbb\xbf/, "");
				const lines = text.split("\n").map((line) => line.replace(/\r$/, ""));
				if (text === "" || text.endsWith("\n")) lines.pop();
				expect(split([whole], false).map((record) => record.text)).toEqual(lines);
			}),
			{ numRuns: 500 },
		);
	});
});
