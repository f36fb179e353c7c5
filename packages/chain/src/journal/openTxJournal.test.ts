import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Hex, keccak256 } from "viem";
import { afterAll, expect, test } from "vitest";
import { openTxJournal } from "./openTxJournal.js";

const folder = mkdtempSync(join(tmpdir(), "openledger-journal-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;
const fresh = () => join(folder, `${++count}.jsonl`);
const raw: Hex[] = ["0x01aa", "0x02bb", "0x03cc"];
const mined = { blockNumber: 7, transactionIndex: 0, timestamp: 1_700_000_000 };

test("default: what was appended and marked is there after opening again", () => {
	const file = fresh();
	const journal = openTxJournal(file);
	const [a, b, c] = raw.map((tx) => journal.append(tx));
	journal.markMined(a!, mined);
	journal.markRefused(b!, "nonce too low");
	journal.close();
	const again = openTxJournal(file);
	expect(again.all()).toEqual([
		{ hash: a, rawTx: raw[0], mined },
		{ hash: b, rawTx: raw[1], refused: "nonce too low" },
		{ hash: c, rawTx: raw[2] },
	]);
	expect(a).toBe(keccak256(raw[0]!));
	again.close();
});

test("behavior: the same transaction twice is one entry, a first mark stays", () => {
	const journal = openTxJournal(fresh());
	const hash = journal.append(raw[0]!);
	journal.markMined(hash, mined);
	journal.append(raw[0]!);
	journal.markMined(hash, { ...mined, blockNumber: 8 });
	journal.markRefused(hash, "late");
	expect(journal.all()).toEqual([{ hash, rawTx: raw[0], mined }]);
	journal.close();
});

test("behavior: cut at any byte, a journal keeps every whole line and takes new ones", () => {
	const file = fresh();
	const journal = openTxJournal(file);
	for (const tx of raw.slice(1)) journal.markMined(journal.append(tx), mined);
	journal.close();
	const whole = readFileSync(file);
	for (let length = 0; length <= whole.length; length++) {
		const cut = fresh();
		writeFileSync(cut, whole.subarray(0, length));
		const torn = openTxJournal(cut);
		const lines = whole.subarray(0, length).toString().split("\n").length - 1;
		expect(torn.all()).toHaveLength(Math.ceil(lines / 2));
		torn.append("0x04dd");
		torn.close();
		const again = openTxJournal(cut);
		expect(again.all()).toHaveLength(Math.ceil(lines / 2) + 1);
		again.close();
	}
});

test("behavior: damage that no crash explains is refused and left as it is", () => {
	const file = fresh();
	const journal = openTxJournal(file);
	journal.append(raw[0]!);
	journal.close();
	appendFileSync(file, 'not json\n{"tx":"0x02bb"}\n');
	const before = readFileSync(file, "utf8");
	expect(() => openTxJournal(file)).toThrowError(expect.objectContaining({ code: "journal/corrupt" }));
	expect(readFileSync(file, "utf8")).toBe(before);
});
