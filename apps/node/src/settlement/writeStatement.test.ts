import { expect, test } from "vitest";
import { csvLine, decimalOpen } from "./writeStatement.js";

test("default: cells with commas, quotes and line ends are quoted", () => {
	expect(csvLine(["a", "b,c", 'say "x"', "two\nlines", ""])).toBe('a,"b,c","say ""x""","two\nlines",\r\n');
});

test("behavior: what a spreadsheet would take for a formula is text", () => {
	for (const text of ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "=cmd|' /C calc'!A0"]) {
		const cell = csvLine([text]).slice(0, -2);
		expect([text, cell.replace(/^"/, "").startsWith("'")]).toEqual([text, true]);
	}
	for (const text of ["What is 1 = 1?", "a-b", "0x12", "2026-11-21"]) expect(csvLine([text])).toBe(`${text}\r\n`);
});

test("default: all decimals of an amount", () => {
	expect([0n, 1n, 10n ** 18n, 1234n * 10n ** 17n].map(decimalOpen)).toEqual([
		"0.000000000000000000",
		"0.000000000000000001",
		"1.000000000000000000",
		"123.400000000000000000",
	]);
});
