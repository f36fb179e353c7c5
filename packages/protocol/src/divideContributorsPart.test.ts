import fc from "fast-check";
import { expect, test } from "vitest";
import { divideContributorsPart } from "./divideContributorsPart.js";
import { CallerError } from "./errors.js";
import { allocate, PPM } from "./shares.js";

const contributor = `0x${"0a".repeat(20)}` as const;
const leavesOf = (...ppm: number[]) => ppm.map((sharePpm, row) => ({ row, contributor, sharePpm }));

test("default: what no row earned goes to the pool, to the wei", () => {
	expect(divideContributorsPart(1000n, leavesOf(600_000, 150_000))).toEqual({ amounts: [600n, 150n], poolWei: 250n });
	expect(divideContributorsPart(1000n, [])).toEqual({ amounts: [], poolWei: 1000n });
	expect(divideContributorsPart(0n, leavesOf(5))).toEqual({ amounts: [0n], poolWei: 0n });
});

test("behavior: nothing is lost, and nobody gets less than the whole wei of a share", () => {
	const shares = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 40 });
	fc.assert(
		fc.property(shares, fc.bigInt({ min: 0n, max: 10n ** 24n }), (ppm, wei) => {
			const { amounts, poolWei } = divideContributorsPart(wei, leavesOf(...ppm));
			expect(amounts.reduce((sum, amount) => sum + amount, poolWei)).toBe(wei);
			amounts.forEach((amount, i) => {
				const floor = (wei * BigInt(ppm[i]!)) / BigInt(PPM);
				expect(amount === floor || amount === floor + 1n).toBe(true);
			});
		}),
	);
});

test("behavior: a receipt of before, whose leaves are the whole million, is divided as it was", () => {
	const shares = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 40 });
	fc.assert(
		fc.property(shares, fc.bigInt({ min: 0n, max: 10n ** 24n }), (weights, wei) => {
			const ppm = allocate(BigInt(PPM), weights.map(BigInt));
			const { amounts, poolWei } = divideContributorsPart(wei, leavesOf(...ppm.map(Number)));
			expect(amounts).toEqual(allocate(wei, ppm));
			expect(poolWei).toBe(0n);
		}),
	);
});

test("behavior: leaves of more than a million are refused", () => {
	expect(() => divideContributorsPart(10n, leavesOf(600_000, 600_000))).toThrow(CallerError);
});
