// The axioms that money needs, as properties: conservation, order, renaming, splitting, copies, no pay for no influence; and a twin in fractions.

import { PPM } from "@openledger/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Explains, explainsByFeatures } from "./explains.js";
import { heads } from "./heads.js";
import { type AttributedRow, contributorShares, sharesFromTotals, sharesOf } from "./shares.js";
import { MAX_PAID, shareBar, shareTotals, shareWeight } from "./shareTotals.js";
import { squareRoot } from "./squareRoot.js";

const person = (i: number) => `0x${i.toString(16).padStart(40, "0")}` as const;

interface Drawn {
	readonly score: number;
	readonly who: number;
	readonly cluster: number;
	readonly numbers: readonly number[];
}

const WIDTH = 6;
/** Noise, and some rows that stand out of it. */
const score = fc.oneof(
	{ weight: 8, arbitrary: fc.integer({ min: -(10 ** 6), max: 10 ** 6 }) },
	{ weight: 1, arbitrary: fc.integer({ min: 4 * 10 ** 6, max: 9 * 10 ** 7 }) },
);
const numbers = fc.array(fc.integer({ min: -127, max: 127 }), { minLength: WIDTH, maxLength: WIDTH });
const field: fc.Arbitrary<readonly Drawn[]> = fc.array(
	fc.record({ score, who: fc.nat(5), cluster: fc.nat(70), numbers }),
	{ minLength: 1, maxLength: 90 },
);
/** Scores so small that a rounded root would show. */
const smallField = field.map((list) => list.map((one) => ({ ...one, score: Math.trunc(one.score / 2e5) })));
const rowsOf = (list: readonly Drawn[]): AttributedRow[] =>
	list.map(({ who, cluster }) => ({ contributor: person(who), cluster }));
const explainsOf = (list: readonly Drawn[]): Explains =>
	explainsByFeatures((row) => ({ scale: 1 + (row % 3), numbers: Int8Array.from(list[row]!.numbers) }));
const scoresOf = (list: readonly Drawn[]) => list.map((one) => one.score);
const pay = (list: readonly Drawn[]) => sharesOf(scoresOf(list), rowsOf(list), explainsOf(list));
const byRow = ({ leaves }: ReturnType<typeof sharesOf>) => leaves.map(({ row, sharePpm }) => [row, sharePpm] as const);

function expectWithinOne(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>) {
	for (const row of new Set([...before.keys(), ...after.keys()]))
		expect(Math.abs((after.get(row) ?? 0) - (before.get(row) ?? 0))).toBeLessThanOrEqual(1);
}

/** Seventy rows of small noise, then what is given. */
const above = (...scores: number[]) => [...Array.from({ length: 70 }, (_, i) => ((i * 37) % 11) - 5), ...scores];
const alone = (count: number): AttributedRow[] =>
	Array.from({ length: count }, (_, i) => ({ contributor: person(i), cluster: i }));

const meanOf = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
const sigmaOf = (list: readonly number[]) => Math.sqrt(meanOf(list.map((s) => (s - meanOf(list)) ** 2)));

/** Says that the shares are those of the definition, worked out in doubles. */
function expectAsTwin(list: readonly Drawn[]) {
	const isHead = heads(rowsOf(list));
	const own = list.flatMap((one, row) => (isHead[row] ? [{ ...one, row }] : []));
	const c = Math.sqrt((7 * Math.max(0, own.length.toString(2).length - 6)) / 5);
	const most = Math.max(0, ...own.map(({ score: s }) => s));
	const barOf = (at: number) => {
		const others = own.flatMap(({ score: s }, i) => (i === at ? [] : [s]));
		return others.length === 0 ? 0 : Math.max(0, meanOf(others) + c * sigmaOf(others), most / 8);
	};
	const barred = own.map((one, i) => ({ ...one, bar: barOf(i) }));
	// Where a score is at the bar to the last digit the twin's rounding decides.
	fc.pre(barred.every(({ score: s, bar }) => s <= 0 || Math.abs(s - bar) > 1e-6));
	const gradient = ({ row, numbers: f }: Drawn & { readonly row: number }) => f.map((x) => x * (1 + (row % 3)));
	const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
	const falling = barred.filter(({ score: s, bar }) => s > bar).sort((a, b) => b.score - a.score || a.row - b.row);
	const paid = falling.slice(0, MAX_PAID).sort((a, b) => a.row - b.row);
	const unpaid = Math.max(0, ...barred.filter((one) => !paid.includes(one)).map(({ score: s }) => s));
	const weights = paid.map((later, i) => {
		const rests = paid.slice(0, i).map((earlier) => {
			const [g, h] = [gradient(later), gradient(earlier)];
			return later.score - (Math.max(0, dot(g, h)) / Math.max(1e-9, dot(h, h))) * earlier.score;
		});
		return Math.max(0, Math.min(later.score, ...rests) - Math.max(most / 8, unpaid));
	});
	const total = weights.reduce((a, b) => a + b, Math.max(most / 8, unpaid));
	const found = new Map(byRow(pay(list)));
	paid.forEach(({ row }, i) => {
		const expected = total === 0 ? 0 : (weights[i]! / total) * PPM;
		// Remainders move a share by less than one; the rest is the rounding of both.
		expect(Math.abs((found.get(row) ?? 0) - expected)).toBeLessThanOrEqual(1.1);
	});
	const mayEarn = new Set(paid.map(({ row }) => row));
	for (const row of found.keys()) expect(mayEarn).toContain(row);
}

describe("sharesOf", () => {
	test("default: the row that stands out is paid, noise is not, and the pool has an eighth of what stands out", () => {
		const scores = above(900).map((one) => one * 1000);
		const { leaves, unattributedPpm } = sharesOf(scores, alone(71));
		expect(leaves.map(({ row }) => row)).toEqual([70]);
		// 71 has seven binary digits, one more than 64 counts: the seventy others' mean and σ would make a bar, an eighth of the best is higher.
		const others = scores.slice(0, 70);
		expect(meanOf(others) + sigmaOf(others) * Math.sqrt(7 / 5)).toBeLessThan(900_000 / 8);
		expect(Math.max(...others)).toBe(5000);
		expect(leaves[0]!.sharePpm).toBe(875_000);
		expect(unattributedPpm).toBe(PPM - leaves[0]!.sharePpm);
	});

	test("axiom: leaves and pool sum to one million; a leaf is a whole number above 0; rows ascend", () => {
		fc.assert(
			fc.property(field, (list) => {
				const { leaves, unattributedPpm, counted } = pay(list);
				expect(counted.filter(({ sharePpm }) => sharePpm > 0)).toMatchObject(leaves);
				for (const { row, score } of counted) expect(score).toBe(BigInt(list[row]!.score));
				expect(leaves.reduce((sum, { sharePpm }) => sum + sharePpm, unattributedPpm)).toBe(PPM);
				expect(leaves.every(({ sharePpm }) => Number.isInteger(sharePpm) && sharePpm > 0)).toBe(true);
				expect(leaves.every(({ row }, i) => i === 0 || row > leaves[i - 1]!.row)).toBe(true);
				expect(unattributedPpm).toBeGreaterThanOrEqual(0);
			}),
		);
	});

	test("axiom: renaming accounts renames their pay and changes nothing else", () => {
		fc.assert(
			fc.property(field, (list) => {
				const renamed = pay(list.map((one) => ({ ...one, who: 90 - one.who })));
				expect(byRow(renamed)).toEqual(byRow(pay(list)));
				for (const { row, contributor } of renamed.leaves) expect(contributor).toBe(person(90 - list[row]!.who));
			}),
		);
	});

	test("axiom: an account split over any number of others earns together what it earned", () => {
		fc.assert(
			fc.property(field, fc.integer({ min: 2, max: 10 }), (list, ways) => {
				const split = pay(list.map((one, i) => (one.who === 0 ? { ...one, who: 100 + (i % ways) } : one)));
				expect(byRow(split)).toEqual(byRow(pay(list)));
			}),
		);
	});

	test("axiom: copies that come later change nothing, whatever their scores, whoever brings them", () => {
		const copies = fc.array(fc.record({ score, who: fc.nat(9), of: fc.nat(89), numbers }), { maxLength: 40 });
		fc.assert(
			fc.property(field, copies, (list, later) => {
				const more = later.map(({ of, ...copy }) => ({ ...copy, cluster: list[of % list.length]!.cluster }));
				expect(pay([...list, ...more])).toEqual(pay(list));
			}),
		);
	});

	test("axiom: a copy of a paid row that intake did not recognise earns nothing either", () => {
		fc.assert(
			fc.property(field, (list) => {
				const { leaves } = pay(list);
				fc.pre(leaves.length > 0);
				const original = list[leaves[0]!.row]!;
				const scaled = explainsOf(list);
				const copied = [...list, { ...original, who: 9, cluster: 99 }];
				// The copy has the original's gradient, and so its score.
				const explains: Explains = (earlier, later) =>
					later < list.length
						? scaled(earlier, later)
						: earlier === leaves[0]!.row
							? { of: 1n, by: 1n }
							: scaled(earlier, leaves[0]!.row);
				const after = sharesOf(scoresOf(copied), rowsOf(copied), explains);
				expect(after.leaves.some(({ contributor }) => contributor === person(9))).toBe(false);
			}),
		);
	});

	test("axiom: rows in another order earn the same, up to the one part per million that remainders give by row", () => {
		fc.assert(
			fc.property(field, fc.infiniteStream(fc.nat()), (list, draws) => {
				// Order decides among those who say the same, so here nobody does.
				const apart = list.map((one, i) => ({ ...one, cluster: i }));
				const order = apart.map((_, i) => i);
				for (let i = order.length - 1; i > 0; i--) {
					const j = draws.next().value! % (i + 1);
					[order[i], order[j]] = [order[j]!, order[i]!];
				}
				const moved = order.map((i) => apart[i]!);
				const after = byRow(sharesOf(scoresOf(moved), rowsOf(moved)));
				expectWithinOne(
					new Map(byRow(sharesOf(scoresOf(apart), rowsOf(apart)))),
					new Map(after.map(([row, ppm]) => [order[row]!, ppm])),
				);
			}),
		);
	});

	test("axiom: no positive influence, no pay", () => {
		fc.assert(
			fc.property(field, (list) => {
				for (const { row } of pay(list).leaves) expect(list[row]!.score).toBeGreaterThan(0);
				const none = list.map((one) => (one.who === 0 ? { ...one, score: Math.min(0, one.score) } : one));
				expect(pay(none).leaves.some(({ contributor }) => contributor === person(0))).toBe(false);
				// Some are far less negative than the mean: still nobody is paid.
				const negative = list.map((one) => ({ ...one, score: Math.min(-1, -Math.abs(one.score)) }));
				expect(pay(negative)).toEqual({ leaves: [], unattributedPpm: PPM, counted: [] });
			}),
		);
	});

	test("axiom: rows that score no more than the best that is not paid change nobody's pay, unless σ falls so far that another row earns", () => {
		const some = fc.record({ field, many: fc.integer({ min: 1, max: 60 }), seed: fc.nat() });
		let kept = 0;
		fc.assert(
			fc.property(some, ({ field: list, many, seed }) => {
				const earning = (all: readonly Drawn[]) => {
					const isHead = heads(rowsOf(all));
					const totals = shareTotals(scoresOf(all), isHead);
					return all.flatMap(({ score: s }, row) => (isHead[row] && shareWeight(totals, s) > 0n ? [row] : []));
				};
				const isHead = heads(rowsOf(list));
				const paid = new Set(earning(list));
				const unpaid = Math.max(...list.flatMap((one, row) => (isHead[row] && !paid.has(row) ? [one.score] : [])), 0);
				const empty = Array.from({ length: many }, (_, i): Drawn => {
					const noise = Math.trunc(unpaid * (((seed + i * 7919) % 1000) / 500 - 1));
					return { score: noise, who: i % 6, cluster: 1000 + i, numbers: Array(WIDTH).fill(0) };
				});
				const more = [...list, ...empty];
				if (earning(more).join() !== earning(list).join()) return;
				kept++;
				expect(pay(more)).toEqual(pay(list));
			}),
			{ numRuns: 300, endOnFailure: true },
		);
		expect(kept).toBeGreaterThan(150);
	});

	test("behavior: rows that the run did not learn from count nowhere, and the next of their cluster is its head", () => {
		const rows = alone(73).map((row, i) => (i === 71 ? { ...row, cluster: 70 } : row));
		const held = rows.map((row, i) => (i === 70 || i === 72 ? { ...row, learnt: false } : row));
		const { leaves } = sharesOf(above(0, 900, 10 ** 9), held);
		expect(leaves.map(({ row }) => row)).toEqual([71]);
		expect(sharesOf(above(0, 900), held.slice(0, 72)).leaves).toEqual(leaves);
	});

	test("behavior: where nothing stands out nobody is paid", () => {
		for (const scores of [
			[],
			[0],
			[-5],
			[5, 5, 5, 5],
			Array.from({ length: 300 }, () => 7),
			above().map((one) => one - 6),
		])
			expect(sharesOf(scores, alone(scores.length))).toEqual({ leaves: [], unattributedPpm: PPM, counted: [] });
	});

	test("behavior: few rows are paid too, a lone one seven eighths", () => {
		expect(sharesOf([7], alone(1)).leaves).toEqual([{ row: 0, contributor: person(0), sharePpm: 875_000 }]);
		expect(sharesOf([7, 100], alone(2)).leaves.map(({ row }) => row)).toEqual([1]);
		expect(sharesOf([3, -2, 90, 1, -4], alone(5)).leaves.map(({ row }) => row)).toEqual([2]);
	});

	test("behavior: of many the highest are paid, so that a verifier opens no more", () => {
		const scores = [
			...Array.from({ length: 40_000 }, (_, i) => (i % 7) - 3),
			...Array.from({ length: 100 }, (_, i) => 9000 + i),
		];
		const { leaves } = sharesOf(scores, alone(scores.length));
		expect(leaves.map(({ row }) => row)).toEqual(Array.from({ length: MAX_PAID }, (_, i) => 40_036 + i));
	});

	test("behavior: scores that are no whole numbers, or not one for each row, are refused", () => {
		for (const scores of [[1], [1, 0.5], [1, 2 ** 53], [1, Number.NaN]])
			expect(() => sharesOf(scores, alone(2))).toThrow(expect.objectContaining({ code: "attribution/bad-scores" }));
	});
});

describe("sharesFromTotals", () => {
	test("default: the rows above the bar, in any order, with or without others, give the shares of all", () => {
		fc.assert(
			fc.property(field, fc.nat(), (list, seed) => {
				const rows = rowsOf(list);
				const isHead = heads(rows);
				const totals = shareTotals(scoresOf(list), isHead);
				const opened = list
					.flatMap((one, row) => (isHead[row] ? [{ row, score: one.score, contributor: person(one.who) }] : []))
					.filter(({ row, score: s }) => shareWeight(totals, s) > 0n || (row + seed) % 3 === 0)
					.sort((a, b) => ((a.row * 7919 + seed) % 101) - ((b.row * 7919 + seed) % 101));
				const shown = new Set(opened.map(({ row }) => row));
				const beside = list.flatMap((one, row) => (isHead[row] && !shown.has(row) ? [one.score] : []));
				const largest = beside.length > 0 ? Math.max(...beside) : undefined;
				expect(sharesFromTotals(totals, opened, explainsOf(list), largest)).toEqual(pay(list));
			}),
		);
	});

	test("behavior: the same as a twin that works with fractions from the definition", () => {
		fc.assert(fc.property(fc.oneof(field, smallField), (list) => expectAsTwin(list)));
	});

	test("behavior: scores of ten thousand, or of one, are shared to the part per million too", () => {
		for (const unit of [3719, 1]) {
			const three = [unit, 3 * unit, 0].map(
				(one, cluster): Drawn => ({ score: one, who: 0, cluster, numbers: Array(WIDTH).fill(0) }),
			);
			expectAsTwin(three);
			// The bars are the means of the others: 1.5, 0.5 and 2 units. The best that is not paid has one.
			expect(pay(three)).toMatchObject({
				leaves: [{ row: 1, contributor: person(0), sharePpm: 666_667 }],
				unattributedPpm: 333_333,
			});
		}
	});

	test("behavior: the unit in which scores are counted changes nothing, up to the one part per million of remainders", () => {
		fc.assert(
			fc.property(smallField, fc.integer({ min: 2, max: 10 ** 9 }), (list, unit) => {
				const [before, after] = [pay(list), pay(list.map((one) => ({ ...one, score: one.score * unit })))];
				expectWithinOne(new Map(byRow(before)), new Map(byRow(after)));
				expect(Math.abs(after.unattributedPpm - before.unattributedPpm)).toBeLessThanOrEqual(1);
			}),
		);
	});
});

describe("shareTotals", () => {
	test("default: exact where doubles would not be", () => {
		const scores = [2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 53 - 1, 4n];
		const totals = shareTotals(scores, [true, true, true, true]);
		const most = 2n ** 53n - 1n;
		expect(totals).toEqual({ heads: 4n, sum: most + 4n, squares: 3n * most * most + 16n, max: most });
		const exact = 4n * totals.squares - totals.sum * totals.sum;
		expect(squareRoot(exact) ** 2n <= exact && (squareRoot(exact) + 1n) ** 2n > exact).toBe(true);
	});

	test("behavior: a weight grows with its score, and is 0 up to the bar", () => {
		const totals = shareTotals(
			above(900, 800),
			alone(72).map(() => true),
		);
		const weights = Array.from({ length: 1000 }, (_, s) => shareWeight(totals, s - 100));
		const first = weights.findIndex((weight) => weight > 0n);
		expect(first).toBeGreaterThan(100);
		expect(weights.every((weight, i) => (i < first ? weight === 0n : weight > weights[i - 1]!))).toBe(true);
	});

	test("behavior: the bar rises with the number of rows as the largest of a sixty-fourth of so many normal numbers does", () => {
		// √(2·ln(n/64)), and at most the step of a binary digit, 7/5 of the square, more; of fewer than 64 it is nothing.
		const barOf = (n: number) => {
			const totals = { heads: BigInt(n), sum: 0n, squares: BigInt(n) * 10n ** 12n, max: 0n };
			return Number(shareBar(totals, 0)) / (n - 1) / 1e6;
		};
		fc.assert(
			fc.property(fc.integer({ min: 64, max: 2 ** 32 }), (n) => {
				const square = 2 * Math.log(n / 64);
				// The head whose bar it is scores 0, so the others' variance is n/(n − 1).
				const bar = barOf(n) ** 2 * ((n - 1) / n);
				expect(bar).toBeGreaterThanOrEqual(square - 1e-6);
				expect(bar).toBeLessThanOrEqual(square * 1.02 + 7 / 5 + 1e-6);
			}),
		);
		for (const n of [2, 60, 63]) expect(barOf(n)).toBe(0);
		expect(barOf(1000)).toBeCloseTo(2.37, 2);
		expect(barOf(1_000_000)).toBeCloseTo(4.43, 2);
	});
});

describe("explainsByFeatures", () => {
	test("default: the coefficient of least squares, scales and all", () => {
		const features = [
			{ scale: 3, numbers: Int8Array.of(1, 2, -2) },
			{ scale: 5, numbers: Int8Array.of(2, 4, -4) },
			{ scale: 7, numbers: Int8Array.of(2, -2, -1) },
			{ scale: 0, numbers: Int8Array.of(1, 0, 0) },
			{ scale: 2, numbers: new Int8Array(3) },
		];
		const explains = explainsByFeatures((row) => features[row]!);
		const value = (earlier: number, later: number) => {
			const { of, by } = explains(earlier, later);
			expect(by).toBeGreaterThan(0n);
			return Number(of) / Number(by);
		};
		// Gradients (3, 6, −6) and (10, 20, −20); the third stands at right angles to both.
		expect(value(0, 1)).toBeCloseTo(10 / 3, 12);
		expect(value(1, 0)).toBeCloseTo(3 / 10, 12);
		expect(value(0, 2)).toBe(0);
		expect([value(3, 0), value(4, 0), value(0, 3), value(0, 4)]).toEqual([0, 0, 0, 0]);
	});

	test("behavior: rows that say much the same share; the later has what its own direction adds", () => {
		const features = [Int8Array.of(100, 0), Int8Array.of(60, 80)];
		const explains = explainsByFeatures((row) => ({ scale: 1, numbers: features[row - 70]! }));
		// Asked in the direction of the first, the second adds nothing: 0.6 · 1000 is all it scored.
		expect(sharesOf(above(1000, 600), alone(72), explains).leaves.map(({ row }) => row)).toEqual([70]);
		// Asked in its own direction it keeps what the first lacks: 1000 − 0.6 · 600.
		const { leaves } = sharesOf(above(600, 1000), alone(72), explains);
		const [first, second] = leaves;
		expect([first!.row, second!.row]).toEqual([70, 71]);
		expect(second!.sharePpm).toBeGreaterThan(first!.sharePpm);
		const unexplained = sharesOf(above(600, 1000), alone(72)).leaves;
		expect(second!.sharePpm).toBeLessThan(unexplained[1]!.sharePpm);
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
