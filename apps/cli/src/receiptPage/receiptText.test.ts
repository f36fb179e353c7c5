import { expect, test } from "vitest";
import type { ShownReceipt } from "../client/records.js";
import { openTerminal } from "../output/terminal.js";
import { receiptText } from "./receiptText.js";
import { exampleReceipt, hostileReceipt } from "./testing/exampleReceipt.js";
import { columnsOf } from "./wrap.js";

const textOf = (shown: ShownReceipt, width = 80) => receiptText({ ...openTerminal({ color: false }), width }, shown);

test("default: answer with its stretch, who moved the model, where the words stand, the fee, the record", () => {
	const text = textOf(exampleReceipt);
	expect(text).toContain("21 November 2026, 13:57 UTC, by world-1");
	expect(text).toContain("  [The lek.]¹\n");
	expect(text).toMatch(/^96\.4%\s+0\.000618\s+grace\s+185\s+What is the currency of Albani…\s+The lek\.$/m);
	expect(text).toMatch(/^¹\s+The lek\.\s+1\s+20\.0 bits\s+row 185 by grace$/m);
	expect(text).toContain("contributors 0.000642");
	expect(text).toContain(`Rows       ${exampleReceipt.receipt.snapshotRoot}`);
});

test("behavior: no line is wider than the terminal, whoever wrote the row, and none steers it", () => {
	for (const [width, shown] of [
		[80, exampleReceipt],
		[80, hostileReceipt()],
		[100, hostileReceipt()],
	] as const) {
		const lines = textOf(shown, width).split("\n");
		expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
		expect(lines.filter((line) => /[\p{Cc}\p{Cf}\p{Cs}]/u.test(line))).toEqual([]);
		expect(lines.length).toBeLessThan(120);
	}
});

test("behavior: says why nobody was paid, why a part was not, and what rows of old receipts got", () => {
	const none = { ...exampleReceipt, rows: [], shares: [], rowsPaid: 0, unattributedPpm: 1_000_000 };
	const said = (shown: ShownReceipt) => textOf(shown).replace(/\s+/g, " ");
	const all = { ppm: 1_000_000, wei: "642000000000000" };
	expect(said({ ...none, pool: all })).toMatch(/No row stands out .* 0\.000642 OPEN goes to the treasury/);
	const part = { unattributedPpm: 250_000, pool: { ppm: 250_000, wei: "160500000000000" } };
	expect(said({ ...exampleReceipt, ...part })).toMatch(/25\.0% could not be put down to any row/);
	const alike = said({ ...exampleReceipt, unattributedPpm: 1_000_000, rowsPaid: 364 });
	expect(alike).toMatch(/divided alike among 364 rows/);
	expect(alike).not.toMatch(/more with/);
	expect(said({ ...exampleReceipt, rowsPaid: 12 })).toMatch(/… and 10 rows more with 0\.0% together/);
});

test("behavior: without spans, without a span receipt, without the rows' texts, without an answer", () => {
	expect(textOf({ ...exampleReceipt, spans: { ...exampleReceipt.spans!, spans: [] } })).toMatch(/No stretch of/);
	expect(textOf({ ...exampleReceipt, spans: null })).toMatch(/kept no receipt of what is found/);
	const rows = exampleReceipt.rows.map(({ prompt: _, response: __, ...row }) => row);
	expect(textOf({ ...exampleReceipt, rows })).toMatch(/185.*no longer kept/);
	expect(textOf({ ...exampleReceipt, response: "", spans: null })).toContain("(an empty answer)");
});
