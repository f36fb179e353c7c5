import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { agreement, BANDS, bands, minhash, PERMUTATIONS } from "./minhash.js";
import { mix, overlap, shingles } from "./shingles.js";

/** Two sets with `shared` members in common and `alone` more in each. */
function pair(seed: number, shared: number, alone: number): [Uint32Array, Uint32Array] {
	const members = (from: number, count: number) =>
		Array.from({ length: count }, (_, i) => mix(seed * 10_000 + from + i));
	const common = members(0, shared);
	return [
		Uint32Array.from([...common, ...members(2000, alone)]),
		Uint32Array.from([...common, ...members(4000, alone)]),
	];
}

describe("minhash", () => {
	test.each([0, 0.1, 0.3, 0.5, 0.7, 0.9, 1])(
		"default: over many sets the signatures agree as often as Jaccard says: %d",
		(similarity) => {
			const alone = Math.round((100 * (1 - similarity)) / 2);
			const shared = 100 - 2 * alone;
			const exact = shared / 100;
			const pairs = Array.from({ length: 200 }, (_, seed) => pair(seed, shared, alone));
			const places = pairs.map(([a, b]) => agreement(minhash(a), minhash(b)));
			const mean = places.reduce((sum, n) => sum + n, 0) / places.length / PERMUTATIONS;
			// 200 × 64 draws: four standard errors are at most 0.018.
			expect(Math.abs(mean - exact)).toBeLessThan(0.018);
		},
	);

	test("behavior: any two sets, within five standard errors of exact Jaccard", () => {
		const set = fc.uniqueArray(fc.nat(60), { minLength: 1, maxLength: 60 });
		fc.assert(
			fc.property(set, set, fc.nat(), (a, b, seed) => {
				const hashed = (members: number[]) => Uint32Array.from(members, (n) => mix(n + (seed >>> 0))).sort();
				const [x, y] = [hashed(a), hashed(b)];
				const { shared, either } = overlap(x, y);
				const inBoth = a.filter((n) => b.includes(n)).length;
				expect([shared, either]).toEqual([inBoth, a.length + b.length - inBoth]);
				const error = Math.abs(agreement(minhash(x), minhash(y)) / PERMUTATIONS - shared / either);
				expect(error).toBeLessThan(5 * (0.5 / Math.sqrt(PERMUTATIONS)));
			}),
		);
	});

	test("behavior: neither order nor run matters", () => {
		const [set] = pair(1, 30, 10);
		expect(minhash(set.slice().reverse())).toEqual(minhash(set));
		// Ours, to notice a change of seeds, which would change clusters; rebuild by printing it.
		expect([...minhash(Uint32Array.of(1, 2, 3)).slice(0, 3)]).toEqual([242732726, 1833388140, 587229646]);
	});
});

describe("bands", () => {
	test.each([
		[0.5, 0.88],
		[0.7, 0.99],
	])("behavior: sets of similarity %d share a band with at least %d of probability", (similarity, probability) => {
		const alone = Math.round((100 * (1 - similarity)) / (1 + similarity));
		const pairs = Array.from({ length: 300 }, (_, seed) => pair(seed, 100 - alone, alone));
		const met = pairs.filter(([a, b]) => {
			const ofB = bands(minhash(b), 7);
			return bands(minhash(a), 7).some((key, place) => key === ofB[place]);
		});
		expect(met.length / pairs.length).toBeGreaterThan(probability);
	});

	test("behavior: another salt gives other keys", () => {
		const signature = minhash(shingles("What is the capital of Kenya?"));
		const other = bands(signature, 2);
		expect(bands(signature, 1)).toHaveLength(BANDS);
		expect(bands(signature, 1).some((key, place) => key === other[place])).toBe(false);
	});
});

test("shingles are a sorted set, never empty", () => {
	fc.assert(
		fc.property(fc.string(), (text) => {
			const set = [...shingles(text)];
			expect(set).toEqual([...new Set(set)].sort((a, b) => a - b));
			expect(set.length).toBeGreaterThan(0);
			expect(set.length).toBeLessThanOrEqual(Math.max(1, text.length - 3));
		}),
	);
	expect(shingles("abcabcabc")).toHaveLength(3);
});
