import fc from "fast-check";
import { expect, test } from "vitest";
import { allocate, toPpm } from "./shares.js";

const weights = fc.array(fc.oneof(fc.bigInt(0n, 20n), fc.bigInt(0n, 1n << 200n)), { maxLength: 12 });

/** The slow truth: hand out one unit at a time to whoever lies furthest below the exact quota, after the floors. */
function allocateSlowly(total: bigint, given: readonly bigint[]): bigint[] {
	const sum = given.reduce((a, b) => a + b, 0n);
	if (sum === 0n) return given.map(() => 0n);
	const parts = given.map((weight) => (total * weight) / sum);
	for (let left = total - parts.reduce((a, b) => a + b, 0n); left > 0n; left--) {
		const shortfalls = given.map((weight, i) => total * weight - parts[i]! * sum);
		let most = 0;
		for (const [i, shortfall] of shortfalls.entries()) if (shortfall > shortfalls[most]!) most = i;
		parts[most]! += 1n;
	}
	return parts;
}

test("default: three equal weights, the first gets the odd unit", () => {
	expect(allocate(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
	expect(toPpm([1n, 1n, 1n])).toEqual([333_334, 333_333, 333_333]);
	// The textbook example of the Hamilton method: 47 000, 16 000, 15 900, 12 000, 6 000, 3 100 votes for ten seats.
	expect(allocate(10n, [47_000n, 16_000n, 15_900n, 12_000n, 6_000n, 3_100n])).toEqual([5n, 2n, 1n, 1n, 1n, 0n]);
});

test("behavior: nothing to share by, nothing shared", () => {
	expect(allocate(7n, [])).toEqual([]);
	expect(allocate(7n, [0n, 0n])).toEqual([0n, 0n]);
	expect(toPpm([0n])).toEqual([0]);
});

test("behavior: equals the slow truth", () => {
	fc.assert(
		fc.property(fc.bigInt(0n, 1n << 100n), weights, (total, given) => {
			expect(allocate(total, given)).toEqual(allocateSlowly(total, given));
		}),
	);
});

test("behavior: conserves, stays within one of the quota, gives nothing for nothing", () => {
	fc.assert(
		fc.property(fc.bigInt(0n, 1n << 100n), weights, (total, given) => {
			const sum = given.reduce((a, b) => a + b, 0n);
			const parts = allocate(total, given);
			expect(parts.reduce((a, b) => a + b, 0n)).toBe(sum === 0n ? 0n : total);
			for (const [i, part] of parts.entries()) {
				if (given[i] === 0n) expect(part).toBe(0n);
				const error = part * sum - total * given[i]!;
				expect(error < sum || sum === 0n).toBe(true);
				expect(error > -sum || sum === 0n).toBe(true);
			}
		}),
	);
});

test("behavior: permuting distinct weights permutes the parts", () => {
	const distinct = fc.uniqueArray(fc.bigInt(1n, 1n << 60n), { minLength: 1, maxLength: 10 });
	fc.assert(
		fc.property(fc.bigInt(0n, 1n << 40n), distinct, fc.infiniteStream(fc.nat()), (total, given, stream) => {
			const sum = given.reduce((a, b) => a + b, 0n);
			// Equal remainders are settled by place, so only weights with distinct ones permute.
			fc.pre(new Set(given.map((weight) => (total * weight) % sum)).size === given.length);
			const order = given.map((_, i) => i);
			const keys = order.map(() => stream.next().value);
			order.sort((a, b) => keys[a]! - keys[b]!);
			const parts = allocate(total, given);
			expect(
				allocate(
					total,
					order.map((i) => given[i]!),
				),
			).toEqual(order.map((i) => parts[i]));
		}),
	);
});

test("behavior: refuses what is negative", () => {
	expect(() => allocate(-1n, [1n])).toThrow(expect.objectContaining({ code: "protocol/bad-amount" }));
	expect(() => allocate(1n, [1n, -1n])).toThrow(expect.objectContaining({ code: "protocol/bad-amount" }));
});
