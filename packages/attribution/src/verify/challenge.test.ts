// Draws against their own definition: even, without repetition, following the weights, and different for every nonce and commitment.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { nonceOf } from "../testing/dishonest/verifiers.js";
import { checkChallenge, evenRows, MAX_CHALLENGED, weightedTargets } from "./challenge.js";
import { catchProbability, drawsFor, weightedCatchProbability } from "./probability.js";

const committed = nonceOf(77);
const challenge = (nonce: number, even: number, weighted = 0, named: number[] = []) => ({
	nonce: nonceOf(nonce),
	even,
	weighted,
	named,
});

describe("evenRows", () => {
	test("default: so many different rows, ascending, the same for the same nonce", () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 500 }),
				fc.integer({ min: 0, max: 40 }),
				fc.nat(1e6),
				(rows, even, seed) => {
					const found = evenRows(committed, challenge(seed, even), rows);
					expect(found).toHaveLength(Math.min(even, rows));
					expect([...new Set(found)].sort((a, b) => a - b)).toEqual(found);
					expect(found.every((row) => Number.isInteger(row) && row >= 0 && row < rows)).toBe(true);
					expect(evenRows(committed, challenge(seed, even), rows)).toEqual(found);
				},
			),
			{ numRuns: 50 },
		);
		expect(evenRows(committed, challenge(1, 9), 5)).toEqual([0, 1, 2, 3, 4]);
	});

	test("behavior: every row is as likely; nonce and commitment both matter", () => {
		const counts = new Array<number>(10).fill(0);
		for (let seed = 0; seed < 1500; seed++)
			for (const row of evenRows(committed, challenge(seed, 3), 10)) counts[row]! += 1;
		// 450 expected, deviation √(1500·0.3·0.7) ≈ 18.
		for (const count of counts) expect(Math.abs(count - 450)).toBeLessThan(80);
		expect(evenRows(committed, challenge(1, 8), 1e6)).not.toEqual(evenRows(committed, challenge(2, 8), 1e6));
		expect(evenRows(committed, challenge(1, 8), 1e6)).not.toEqual(evenRows(nonceOf(78), challenge(1, 8), 1e6));
	});
});

describe("weightedTargets", () => {
	test("default: within the sum, and even over it", () => {
		const targets = weightedTargets(committed, challenge(1, 0, 1500), 100n);
		expect(targets.every((target) => target >= 0n && target < 100n)).toBe(true);
		const low = targets.filter((target) => target < 20n).length;
		expect(Math.abs(low - 300)).toBeLessThan(70);
		expect(weightedTargets(committed, challenge(1, 0, 8), 0n)).toEqual([]);
	});
});

test("checkChallenge: counts and rows beyond the limits are refused", () => {
	expect(checkChallenge(challenge(1, 5, 5, [0, 9]), 10).even).toBe(5);
	for (const wrong of [
		challenge(1, -1),
		challenge(1, 0.5),
		challenge(1, MAX_CHALLENGED + 1),
		challenge(1, 1, Number.NaN),
		challenge(1, 1, 1, [10]),
		challenge(1, 1, 1, [-1]),
	])
		expect(() => checkChallenge(wrong, 10)).toThrow(expect.objectContaining({ code: "proof/malformed" }));
	expect(() => checkChallenge({ ...challenge(1, 1), nonce: "0x12" }, 10)).toThrow(
		expect.objectContaining({ code: "protocol/bad-digest" }),
	);
});

describe("probability", () => {
	test("default: one minus the share of draws without a bad row, counted out", () => {
		const choose = (n: number, k: number): number => (k === 0 ? 1 : (n * choose(n - 1, k - 1)) / k);
		for (const [rows, bad, drawn] of [
			[10, 3, 2],
			[50, 5, 10],
			[200, 1, 20],
		] as const)
			expect(catchProbability(rows, bad, drawn)).toBeCloseTo(1 - choose(rows - bad, drawn) / choose(rows, drawn), 12);
		expect(catchProbability(10, 0, 5)).toBe(0);
		expect(catchProbability(10, 1, 10)).toBe(1);
		expect(catchProbability(1e6, 1e4, 299)).toBeGreaterThan(0.95);
		expect(catchProbability(1e5, 5e3, 16)).toBeGreaterThanOrEqual(1 - 0.95 ** 16);
	});

	test("drawsFor is the least number that suffices", () => {
		for (const [rows, bad, missed] of [
			[1000, 10, 0.05],
			[1e6, 1e4, 0.01],
			[20, 1, 0.5],
		] as const) {
			const drawn = drawsFor(rows, bad, missed);
			expect(1 - catchProbability(rows, bad, drawn)).toBeLessThanOrEqual(missed + 1e-12);
			expect(1 - catchProbability(rows, bad, drawn - 1)).toBeGreaterThan(missed);
		}
		expect(weightedCatchProbability(0.5, 3)).toBe(0.875);
	});
});
