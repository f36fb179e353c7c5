// The axioms that money needs, as properties: conservation, order, renaming, splitting, copies, no pay for no influence.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contributorShares, excess, sharesOf } from "./shares.js";

const person = (i: number) => `0x${i.toString(16).padStart(40, "0")}` as const;
const field = fc.array(
	fc.record({ score: fc.integer({ min: -(10 ** 7), max: 4 * 10 ** 7 }), who: fc.nat(5), cluster: fc.nat(8) }),
	{ minLength: 1, maxLength: 60 },
);
const rowsOf = (list: readonly { who: number; cluster: number }[]) =>
	list.map((r) => ({ contributor: person(r.who), cluster: r.cluster }));

describe("sharesOf", () => {
	test("default: the row that stands out is paid, noise is not", () => {
		const scores = Array.from({ length: 100 }, (_, i) => ((i * 37) % 11) - 5);
		scores[42] = 900;
		const rows = scores.map((_, i) => ({ contributor: person(i % 4), cluster: i }));
		expect(sharesOf(scores, rows)).toEqual({
			leaves: [{ row: 42, contributor: person(2), sharePpm: 1_000_000 }],
			unattributedPpm: 0,
		});
	});

	test("sums to one million, whatever the scores", () => {
		fc.assert(
			fc.property(field, (list) => {
				const { leaves } = sharesOf(
					list.map((r) => r.score),
					rowsOf(list),
				);
				expect(leaves.reduce((a, l) => a + l.sharePpm, 0)).toBe(1_000_000);
				expect(leaves.every((l) => Number.isInteger(l.sharePpm) && l.sharePpm > 0)).toBe(true);
			}),
		);
	});

	test("renaming accounts renames their pay and changes nothing else", () => {
		fc.assert(
			fc.property(field, (list) => {
				const scores = list.map((r) => r.score);
				const before = sharesOf(scores, rowsOf(list)).leaves;
				const after = sharesOf(scores, rowsOf(list.map((r) => ({ ...r, who: r.who + 10 })))).leaves;
				expect(after.map((l) => [l.row, l.sharePpm])).toEqual(before.map((l) => [l.row, l.sharePpm]));
			}),
		);
	});

	test("splitting an account over its rows leaves every row's pay as it was", () => {
		fc.assert(
			fc.property(field, (list) => {
				const scores = list.map((r) => r.score);
				const before = sharesOf(scores, rowsOf(list)).leaves;
				const after = sharesOf(
					scores,
					rowsOf(list.map((r, i) => ({ ...r, who: r.who === 0 ? 100 + i : r.who }))),
				).leaves;
				expect(after.map((l) => [l.row, l.sharePpm])).toEqual(before.map((l) => [l.row, l.sharePpm]));
			}),
		);
	});

	test("a later copy in the same cluster earns nothing", () => {
		const scores = [...Array.from({ length: 80 }, (_, i) => (i % 7) - 3), 900, 905];
		const rows = scores.map((_, i) => ({ contributor: person(i), cluster: Math.min(i, 80) }));
		const { leaves } = sharesOf(scores, rows);
		expect(leaves.map((l) => l.row)).toEqual([80]);
	});

	test("a row not above the mean earns nothing while any row stands out", () => {
		fc.assert(
			fc.property(field, (list) => {
				const scores = list.map((r) => r.score);
				const { leaves, unattributedPpm } = sharesOf(scores, rowsOf(list));
				if (unattributedPpm > 0) return;
				const mean = scores.reduce((a, b) => a + b, 0) / scores.length;
				const best = new Map<number, number>();
				for (const r of list) best.set(r.cluster, Math.max(best.get(r.cluster) ?? Number.NEGATIVE_INFINITY, r.score));
				for (const l of leaves) expect(best.get(list[l.row]!.cluster)!).toBeGreaterThan(mean);
			}),
		);
	});

	test("where nothing stands out all rows share alike, and it says so", () => {
		const shares = sharesOf(
			[5, 5, 5, 5],
			[0, 1, 2, 3].map((i) => ({ contributor: person(i), cluster: i })),
		);
		expect(shares.unattributedPpm).toBe(1_000_000);
		expect(shares.leaves.map((l) => l.sharePpm)).toEqual([250_000, 250_000, 250_000, 250_000]);
	});

	test("excess is exact where doubles would not be", () => {
		const scores = [2 ** 52, ...Array.from({ length: 30 }, () => 1)];
		expect(excess(scores)[0]! > 0n).toBe(true);
		expect(
			excess(scores)
				.slice(1)
				.every((x) => x === 0n),
		).toBe(true);
	});
});

test("contributorShares adds up and puts the largest first", () => {
	const leaves = [
		{ row: 0, contributor: person(1), sharePpm: 300_000 },
		{ row: 4, contributor: person(2), sharePpm: 400_000 },
		{ row: 9, contributor: person(1), sharePpm: 300_000 },
	];
	expect(contributorShares(leaves)).toEqual([
		{ contributor: person(1), ppm: 600_000 },
		{ contributor: person(2), ppm: 400_000 },
	]);
});
