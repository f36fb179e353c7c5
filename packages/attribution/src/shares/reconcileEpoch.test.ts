import { PPM } from "@openledger/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { epochEffects, reconcileEpoch } from "./reconcileEpoch.js";

const person = (i: number) => `0x${i.toString(16).padStart(40, "0")}` as const;
const amounts = fc.array(fc.record({ who: fc.nat(8), amount: fc.bigInt({ min: 0n, max: 10n ** 24n }) }), {
	maxLength: 30,
});
const effects = fc.array(fc.record({ who: fc.nat(8), effect: fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }) }), {
	maxLength: 30,
});
const payOf = (list: readonly { who: number; amount: bigint }[]) =>
	list.map(({ who, amount }) => ({ contributor: person(who), amount }));
const effectOf = (list: readonly { who: number; effect: bigint }[]) =>
	list.map(({ who, effect }) => ({ contributor: person(who), effect }));
const sum = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n);

describe("reconcileEpoch", () => {
	test("default: the epoch's money goes by the audit; who did harm gets nothing, who was not paid is", () => {
		const paid = payOf([
			{ who: 1, amount: 600n },
			{ who: 2, amount: 400n },
			{ who: 1, amount: 0n },
		]);
		const audit = effectOf([
			{ who: 1, effect: 50n },
			{ who: 2, effect: -7n },
			{ who: 3, effect: 150n },
		]);
		expect(reconcileEpoch(paid, audit)).toEqual([
			{ contributor: person(1), paid: 600n, due: 250n, correction: -350n, duePpm: 250_000 },
			{ contributor: person(2), paid: 400n, due: 0n, correction: -400n, duePpm: 0 },
			{ contributor: person(3), paid: 0n, due: 750n, correction: 750n, duePpm: 750_000 },
		]);
	});

	test("axiom: no wei is made or lost, nobody falls below 0, parts sum to a million, each due is its proportion to the wei", () => {
		fc.assert(
			fc.property(amounts, effects, (list, audit) => {
				const found = reconcileEpoch(payOf(list), effectOf(audit));
				const total = sum(list.map(({ amount }) => amount));
				expect(sum(found.map(({ paid }) => paid))).toBe(total);
				expect(sum(found.map(({ due }) => due))).toBe(total);
				expect(sum(found.map(({ correction }) => correction))).toBe(0n);
				expect(found.every(({ paid, due, correction }) => due >= 0n && paid + correction === due)).toBe(true);
				if (total > 0n) expect(found.reduce((parts, { duePpm }) => parts + duePpm, 0)).toBe(PPM);
				const effectBy = (who: string) =>
					sum(audit.filter((one) => person(one.who) === who).map(({ effect }) => effect));
				const good = sum(found.map(({ contributor }) => effectBy(contributor)).filter((effect) => effect > 0n));
				for (const { contributor, paid, due } of found) {
					const own = effectBy(contributor);
					if (good === 0n) expect(due).toBe(paid);
					else if (own <= 0n) expect(due).toBe(0n);
					else {
						expect(due * good).toBeGreaterThan(own * total - good);
						expect(due * good).toBeLessThan(own * total + good);
					}
				}
			}),
		);
	});

	test("axiom: the order of the lists changes nothing, nor does paying in parts, nor the audit's unit", () => {
		fc.assert(
			fc.property(amounts, effects, fc.bigInt({ min: 1n, max: 1000n }), (list, audit, unit) => {
				const found = reconcileEpoch(payOf(list), effectOf(audit));
				const turned = payOf(list.flatMap((one) => [one, { ...one, amount: 0n }])).reverse();
				const scaled = effectOf(audit.map((one) => ({ ...one, effect: one.effect * unit }))).reverse();
				expect(reconcileEpoch(turned, scaled)).toEqual(found);
			}),
		);
	});

	test("behavior: an amount below 0 is refused", () => {
		expect(() => reconcileEpoch([{ contributor: person(1), amount: -1n }], [])).toThrow(
			expect.objectContaining({ code: "attribution/bad-epoch" }),
		);
	});
});

describe("epochEffects", () => {
	test("default: sums by contributor, in whole units, whatever the rows' order", () => {
		const rows = fc.array(fc.tuple(fc.nat(4), fc.double({ min: -4000, max: 4000, noNaN: true })), { maxLength: 40 });
		fc.assert(
			fc.property(rows, (list) => {
				const of = (some: typeof list) =>
					epochEffects(
						some.map(([, x]) => x),
						some.map(([who]) => person(who)),
					).sort((a, b) => (a.contributor < b.contributor ? -1 : 1));
				const found = of(list);
				expect(of([...list].reverse())).toEqual(found);
				for (const { contributor, effect } of found) {
					const own = list.filter(([who]) => person(who) === contributor).reduce((total, [, x]) => total + x, 0);
					expect(Number(effect) / 2 ** 40).toBeCloseTo(own, 6);
				}
			}),
		);
	});

	test("behavior: influences that are no numbers, too large, or not one for each row are refused", () => {
		for (const influences of [[Number.NaN], [Number.POSITIVE_INFINITY], [4096], [], [1, 2]])
			expect(() => epochEffects(influences, [person(1)])).toThrow(
				expect.objectContaining({ code: "attribution/bad-epoch" }),
			);
	});
});
