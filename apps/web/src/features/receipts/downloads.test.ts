// A receipt's rows as CSV: every leaf a line, and nothing in it that a spreadsheet would run.

import { expect, test } from "vitest";
import { receiptCsv } from "./downloads.js";
import type { FullReceipt } from "./useReceipts.js";

const account = `0x${"ab".repeat(20)}` as const;
const receipt = {
	id: `0x${"01".repeat(32)}`,
	rows: [{ row: 3, wei: "570000000000001" }],
	shares: [{ account, contributor: '=HYPERLINK("x"),\n' }],
} as unknown as FullReceipt;

test("default: a line for each leaf, amounts where they are shown", () => {
	const leaves = [
		{ row: 3, contributor: account, sharePpm: 875_000 },
		{ row: 9, contributor: `0x${"cd".repeat(20)}`, sharePpm: 1 },
	];
	const [head, first, second, ...rest] = receiptCsv(receipt, leaves).replace('""x""),\n', "X").split("\r\n");
	expect(head).toBe("receipt,row,account,contributor,share_ppm,wei");
	expect(first).toBe(`${receipt.id},3,${account},"'=HYPERLINK(X",875000,570000000000001`);
	expect(second).toBe(`${receipt.id},9,0x${"cd".repeat(20)},0x${"cd".repeat(20)},1,`);
	expect(rest).toEqual([""]);
});
