import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { feeFor, type Split, splitFee } from "./fee.js";

const SPLIT: Split = {
	contributorsPpm: 500_000,
	ownerPpm: 200_000,
	nodePpm: 200_000,
	stakersPpm: 50_000,
	treasuryPpm: 50_000,
};

/** Any five shares that sum to a million: the gaps between four cuts. */
const anySplit = fc.tuple(...[1, 2, 3, 4].map(() => fc.nat(1_000_000))).map((cuts): Split => {
	const [a, b, c, d] = [...cuts].sort((x, y) => x - y) as [number, number, number, number];
	return { contributorsPpm: a, ownerPpm: b - a, nodePpm: c - b, stakersPpm: d - c, treasuryPpm: 1_000_000 - d };
});

describe("feeFor", () => {
	const rates = { platformWei: 10n, inWeiPer1000: 3n, outWeiPer1000: 2000n };

	test("default: each side is rounded up", () => {
		expect(feeFor(0, 0, rates)).toBe(10n);
		expect(feeFor(1, 1, rates)).toBe(10n + 1n + 2n);
		expect(feeFor(1000, 1001, rates)).toBe(10n + 3n + 2002n);
	});

	test("behavior: refuses parts of tokens and negative rates", () => {
		expect(() => feeFor(0.5, 0, rates)).toThrow(expect.objectContaining({ code: "protocol/bad-number" }));
		expect(() => feeFor(-1, 0, rates)).toThrow(expect.objectContaining({ code: "protocol/bad-number" }));
		expect(() => feeFor(1, 0, { ...rates, inWeiPer1000: -1n })).toThrow(
			expect.objectContaining({ code: "protocol/bad-amount" }),
		);
	});
});

describe("splitFee", () => {
	test("default", () => {
		expect(splitFee(107n, 7n, SPLIT)).toEqual({
			platform: 7n,
			contributors: 50n,
			owner: 20n,
			node: 20n,
			stakers: 5n,
			treasury: 5n,
		});
	});

	test("behavior: what rounding leaves goes to the contributors", () => {
		expect(splitFee(3n, 0n, SPLIT)).toEqual({
			platform: 0n,
			contributors: 3n,
			owner: 0n,
			node: 0n,
			stakers: 0n,
			treasury: 0n,
		});
	});

	test("behavior: conserves every wei and pays nobody but contributors more than the share", () => {
		const amount = fc.bigInt(0n, 1n << 128n);
		fc.assert(
			fc.property(amount, amount, anySplit, (net, platformWei, split) => {
				const parts = splitFee(net + platformWei, platformWei, split);
				expect(Object.values(parts).reduce((a, b) => a + b, 0n)).toBe(net + platformWei);
				expect(parts.owner).toBe((net * BigInt(split.ownerPpm)) / 1_000_000n);
				expect(parts.contributors * 1_000_000n >= net * BigInt(split.contributorsPpm)).toBe(true);
				expect(parts.contributors - (net * BigInt(split.contributorsPpm)) / 1_000_000n <= 4n).toBe(true);
			}),
		);
	});

	test("behavior: refuses a fee below the platform part and a split that does not sum to a million", () => {
		expect(() => splitFee(6n, 7n, SPLIT)).toThrow(expect.objectContaining({ code: "protocol/fee-below-platform" }));
		expect(() => splitFee(7n, 7n, { ...SPLIT, ownerPpm: 200_001 })).toThrow(
			expect.objectContaining({ code: "protocol/bad-split", details: { sum: 1_000_001 } }),
		);
		expect(() => splitFee(7n, 7n, { ...SPLIT, ownerPpm: 0.5 })).toThrow(
			expect.objectContaining({ code: "protocol/bad-number" }),
		);
	});
});
