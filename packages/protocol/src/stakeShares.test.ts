// The contracts' own numbers (contracts/test/vectors/staking.json) against the twins here, and what must hold of them.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isWorthless, sharesFor, slashParts, splitForfeit, worthOf } from "./stakeShares.js";

const file = new URL("../../../contracts/test/vectors/staking.json", import.meta.url);
const vectors = JSON.parse(readFileSync(file, "utf8")) as Record<
	"shares" | "slashes" | "forfeits",
	{ cases: Record<string, string>[]; expected: Record<string, string>[] }
>;

const texts = (values: Record<string, bigint | boolean>) =>
	Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));

test("shares agree with ShareMath.sol", () => {
	const { cases, expected } = vectors.shares;
	expect(cases.length).toBe(7);
	for (const [i, { amountWei, poolWei, poolShares }] of cases.entries()) {
		const pool = { wei: BigInt(poolWei!), shares: BigInt(poolShares!) };
		const shares = sharesFor(BigInt(amountWei!), pool);
		const after = { wei: pool.wei + BigInt(amountWei!), shares: pool.shares + shares };
		expect(texts({ shares, worth: worthOf(shares, after), worthless: isWorthless(pool) })).toEqual(expected[i]);
	}
});

test("slashes agree with ShareMath.sol", () => {
	const { cases, expected } = vectors.slashes;
	expect(cases.length).toBe(6);
	for (const [i, { amountWei, activeWei, unbondingWei }] of cases.entries()) {
		expect(texts(slashParts(BigInt(amountWei!), BigInt(activeWei!), BigInt(unbondingWei!)))).toEqual(expected[i]);
	}
});

test("lost money agrees with Forfeit.sol", () => {
	const { cases, expected } = vectors.forfeits;
	expect(cases.length).toBe(6);
	for (const [i, { amountWei, beneficiaryPpm, treasuryPpm }] of cases.entries()) {
		expect(texts(splitForfeit(BigInt(amountWei!), Number(beneficiaryPpm), Number(treasuryPpm)))).toEqual(expected[i]);
	}
});

test("property: a share is never worth more than a wei, and who comes loses less than a wei by rounding", () => {
	const amount = fc.bigInt({ min: 1n, max: 10n ** 27n });
	fc.assert(
		fc.property(amount, fc.bigInt({ min: 1n, max: 10n ** 9n }), amount, (wei, factor, amountWei) => {
			const pool = { wei, shares: wei * factor };
			const shares = sharesFor(amountWei, pool);
			const after = { wei: wei + amountWei, shares: pool.shares + shares };
			expect(after.wei).toBeLessThanOrEqual(after.shares);
			expect(amountWei - worthOf(shares, after)).toBeLessThanOrEqual(1n);
			expect(worthOf(after.shares, after)).toBe(after.wei);
		}),
	);
});

test("behavior: refuses parts above the whole and shares that are not there", () => {
	expect(() => splitForfeit(1n, 600_000, 400_001)).toThrow(/must be a bigint from 0 to 1000000/);
	expect(() => worthOf(6n, { wei: 5n, shares: 5n })).toThrow(/shares is 6/);
});
