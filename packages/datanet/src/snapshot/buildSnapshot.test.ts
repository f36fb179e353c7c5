import { CallerError, rowCommitment, snapshotRoot } from "@openledger/protocol";
import { expect, test } from "vitest";
import { buildSnapshot } from "./buildSnapshot.js";
import { type CommitRowInput, commitRow } from "./datanetRow.js";

const secret = `0x${"07".repeat(32)}` as const;
const input = (index: number): CommitRowInput => ({
	index,
	prompt: `What is ${index}?`,
	response: `${index}.`,
	contributor: "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045",
	contributorName: "ada",
	cluster: 0,
});
const rows = [0, 1, 2].map((index) => commitRow(input(index), secret));

test("default: the root binds commitment, owner and cluster, and shows no text or salt", () => {
	const { root, entries } = buildSnapshot(rows);
	expect(root).toBe(snapshotRoot(entries));
	expect(Object.keys(entries[0]!).sort()).toEqual(["cluster", "commitment", "contributor", "index"]);
	for (const change of [
		{ cluster: 1 },
		{ contributor: secret.slice(0, 42) as `0x${string}` },
		{ commitment: secret },
	]) {
		expect(buildSnapshot(rows.with(1, { ...rows[1]!, ...change })).root).not.toBe(root);
	}
});

test("behavior: a commitment can be opened with row and salt, and is the same on every run", () => {
	for (const row of rows) expect(rowCommitment(row, row.salt)).toBe(row.commitment);
	expect(commitRow(input(1), secret)).toEqual(rows[1]);
	expect(commitRow(input(1), `0x${"08".repeat(32)}`).commitment).not.toBe(rows[1]!.commitment);
});

test("behavior: rows out of order are refused", () => {
	expect(() => buildSnapshot([...rows].reverse())).toThrow(CallerError);
});
