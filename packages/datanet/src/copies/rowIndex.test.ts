import fc from "fast-check";
import { expect, test } from "vitest";
import { intake, type KnownRow } from "../intake/intake.js";
import { createDigestSet } from "./digestSet.js";
import { createKeyTable, MAX_PER_KEY } from "./keyTable.js";
import { createRowIndex, memoryStore } from "./rowIndex.js";

const words = "Peru Kenya capital of the largest 12 14 not city - is Lima Nairobi river long".split(" ");
const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }).map((list) => list.join(" "));
const anything = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });
const pairs = fc.array(fc.tuple(fc.oneof(text, anything), fc.oneof(text, anything)), { maxLength: 60 });

test("default: decides as intake does, whose memory it replaces", () => {
	fc.assert(
		fc.property(pairs, fc.nat(20), (list, known) => {
			const rows = list.map(([prompt, response], i) => ({ line: i + 1, prompt, response }));
			const before = intake(rows.slice(0, known), []).accepted as readonly KnownRow[];
			const index = createRowIndex(memoryStore());
			for (const row of before) index.keep(row, { ...index.foreign(row), cluster: row.cluster });
			const accepted: unknown[] = [];
			const rejected: unknown[] = [];
			for (const row of rows.slice(known)) {
				const { kind, filed } = index.judge(row);
				if (kind !== "new") rejected.push([row.line, kind]);
				else {
					index.keep(row, filed);
					accepted.push([row.line, filed.cluster]);
				}
			}
			const twin = intake(rows.slice(known), before);
			expect(accepted).toEqual(twin.accepted.map(({ line, cluster }) => [line, cluster]));
			expect(rejected).toEqual(twin.rejected.map(({ line, code }) => [line, code]));
		}),
	);
});

test("behavior: a row of another datanet is known as such, and gives no cluster here", () => {
	const index = createRowIndex(memoryStore());
	const theirs = { prompt: "What is the capital of Peru?", response: "Lima." };
	index.keep(theirs, index.foreign(theirs));
	expect(index.judge(theirs)).toMatchObject({ kind: "duplicate", elsewhere: true });
	expect(index.judge({ prompt: "what is the capital of peru", response: "LIMA" })).toMatchObject({
		kind: "near-duplicate",
		elsewhere: true,
	});
	const alike = { prompt: "Which city is the capital of Peru?", response: "Lima." };
	const { kind, filed } = index.judge(alike);
	expect([kind, filed.cluster]).toEqual(["new", 0]);
	index.keep(alike, filed);
	expect(index.judge({ ...alike, prompt: "WHICH city is the capital of Peru" })).toMatchObject({ elsewhere: false });
});

test("behavior: the flat table holds what a Map holds, through every growth", () => {
	const key = fc.oneof(fc.constantFrom(0, 1, 0xffffffff), fc.nat({ max: 0xffffffff }));
	fc.assert(
		fc.property(fc.array(key, { maxLength: 400 }), (keys) => {
			const table = createKeyTable();
			const twin = new Map<number, number[]>();
			keys.forEach((one, row) => {
				table.add(one, row);
				const rows = twin.get(one) ?? [];
				if (rows.length < MAX_PER_KEY) twin.set(one, [...rows, row]);
			});
			for (const one of [...keys, 77]) {
				const found: number[] = [];
				table.find(one, (row) => found.push(row));
				expect(found.sort((a, b) => a - b)).toEqual(twin.get(one) ?? []);
			}
		}),
	);
});

test("behavior: the digest set finds what was added and nothing else", () => {
	const set = createDigestSet();
	const digest = (n: number) => {
		const bytes = new Uint8Array(32);
		new DataView(bytes.buffer).setUint32(n % 2 === 0 ? 0 : 12, n);
		return bytes;
	};
	for (let n = 1; n < 3000; n++) {
		expect(set.find(digest(n))).toBe(-1);
		set.add(digest(n), n);
	}
	for (let n = 1; n < 3000; n++) expect(set.find(digest(n))).toBe(n);
	expect(set.find(digest(5000))).toBe(-1);
});
