// Numbers named scipy are of scipy 1.17.1, scikit-learn 1.9.1 and numpy 2.4.6: stats.rankdata, stats.spearmanr, stats.pearsonr,
// roc_auc_score(G, A), np.quantile, and stats.bootstrap((V,), np.mean, n_resamples=200000, method="percentile", random_state=1).

import fc from "fast-check";
import { expect, test } from "vitest";
import {
	auc,
	averageRanks,
	goldPlaces,
	pearson,
	quantile,
	recallAt,
	reciprocalRank,
	spearman,
	summarise,
} from "./statistics.js";

const A = [0.3, -1.2, 4.5, 4.5, 0, 2.25, -7, 0.3, 0.3, 11];
const B = [1, 0, 3, 2, 2, 2, -5, 1, 0.5, 0.25];
const G = [1, 0, 1, 0, 0, 1, 0, 0, 1, 0].map(Boolean);
const V = [0.31, 0.52, 0.44, 0.61, 0.08, 0.47, 0.55, 0.39, 0.7, -0.12, 0.49, 0.58];

test("default: correlations and AUC are scipy's", () => {
	expect([...averageRanks(A)]).toEqual([5, 2, 8.5, 8.5, 3, 7, 1, 5, 5, 10]);
	expect(spearman(A, B)).toBeCloseTo(0.50625, 12);
	expect(pearson(A, B)).toBeCloseTo(0.5999673230066351, 12);
	expect(auc(A, G)).toBeCloseTo(0.6458333333333334, 12);
	const sorted = [...V].sort((a, b) => a - b);
	expect([0.025, 0.1, 0.975].map((q) => quantile(sorted, q))).toEqual([
		expect.closeTo(-0.065, 12),
		expect.closeTo(0.103, 12),
		expect.closeTo(0.67525, 12),
	]);
});

test("default: intervals are scipy's, within what resampling leaves open", () => {
	const said = summarise(V);
	expect(said).toMatchObject({ n: 12, median: 0.48, min: -0.12, max: 0.7 });
	expect(said.mean).toBeCloseTo(0.4183333333333334, 12);
	expect(said.normalHigh - said.mean).toBeCloseTo(1.96 * 0.0671366012866546, 12);
	expect(said.low).toBeCloseTo(0.2817, 2);
	expect(said.high).toBeCloseTo(0.5325, 2);
	expect(summarise(V)).toEqual(said);
	expect(summarise(V, { seed: 2 }).low).not.toBe(said.low);
});

test("behavior: the interval covers the true mean about 95 times in 100", () => {
	// Uniform values from a fixed multiplicative congruential sequence (Lehmer, 48271 mod 2³¹−1).
	let state = 7;
	const draw = () => {
		state = (state * 48271) % 2147483647;
		return state / 2147483647;
	};
	let covered = 0;
	for (let trial = 0; trial < 400; trial++) {
		const { low, high } = summarise(Array.from({ length: 40 }, draw), { seed: trial, resamples: 300 });
		if (low <= 0.5 && 0.5 <= high) covered++;
	}
	expect(covered / 400).toBeGreaterThan(0.9);
	expect(covered / 400).toBeLessThan(0.98);
});

const few = fc.array(fc.tuple(fc.integer({ min: -3, max: 3 }), fc.boolean()), { minLength: 1, maxLength: 30 });

test("behavior: AUC is the share of pairs in the right order, ties counting half", () => {
	fc.assert(
		fc.property(few, (pairs) => {
			let [right, all] = [0, 0];
			for (const [gold, isGold] of pairs) {
				for (const [other, isOther] of pairs) {
					if (!isGold || isOther) continue;
					all++;
					right += gold > other ? 1 : gold === other ? 0.5 : 0;
				}
			}
			const measured = auc(
				pairs.map(([score]) => score),
				pairs.map(([, isGold]) => isGold),
			);
			expect(measured).toBeCloseTo(all === 0 ? 0.5 : right / all, 10);
		}),
	);
});

test("behavior: places are those of repeatedly taking the best that is left, the first of equals", () => {
	fc.assert(
		fc.property(few, (pairs) => {
			const left = pairs.map(([score, isGold], row) => ({ score, isGold, row }));
			const places: number[] = [];
			for (let place = 1; left.length > 0; place++) {
				let best = 0;
				left.forEach(({ score }, i) => {
					if (score > left[best]!.score) best = i;
				});
				if (left.splice(best, 1)[0]!.isGold) places.push(place);
			}
			const scores = pairs.map(([score]) => score);
			const gold = pairs.map(([, isGold]) => isGold);
			expect(goldPlaces(scores, gold)).toEqual(places);
			expect(reciprocalRank(scores, gold)).toBe(places.length === 0 ? 0 : 1 / places[0]!);
			expect(recallAt(scores, gold, pairs.length)).toBe(places.length === 0 ? 0 : 1);
		}),
	);
});

test("behavior: recall counts gold rows among the first k, of k where they are more", () => {
	const scores = [9, 8, 7, 6, 5];
	expect(recallAt(scores, [true, false, true, false, true], 3)).toBeCloseTo(2 / 3, 12);
	expect(recallAt(scores, [true, true, false, true, false], 2)).toBe(1);
});

test("behavior: what has no answer is refused or says nothing", () => {
	expect(spearman([1, 1, 1], [1, 2, 3])).toBe(0);
	expect(() => spearman([1, 2], [1])).toThrow(RangeError);
	expect(() => averageRanks([1, Number.NaN])).toThrow(RangeError);
	expect(() => summarise([])).toThrow(RangeError);
	expect(auc([1, 2], [true, true])).toBe(0.5);
});
