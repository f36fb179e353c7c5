// The contract's own numbers (contracts/test/vectors/vesting.json) against the twin here.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { vestedWei } from "./vesting.js";

type Case = Record<"amountWei" | "start" | "cliffSeconds" | "durationSeconds" | "timestamp", string>;

test("vestedWei agrees with Vesting.sol", () => {
	const file = new URL("../../../contracts/test/vectors/vesting.json", import.meta.url);
	const { cases, expected } = JSON.parse(readFileSync(file, "utf8")) as {
		cases: Case[];
		expected: { vestedWei: string }[];
	};
	expect(cases.length).toBe(9);
	for (const [index, { timestamp, ...schedule }] of cases.entries()) {
		const { amountWei, start, cliffSeconds, durationSeconds } = schedule;
		const grant = {
			amountWei: BigInt(amountWei),
			start: BigInt(start),
			cliffSeconds: BigInt(cliffSeconds),
			durationSeconds: BigInt(durationSeconds),
		};
		expect(String(vestedWei(grant, BigInt(timestamp)))).toBe(expected[index]!.vestedWei);
	}
});

test("behavior: grows with time, from nothing to all of it", () => {
	const grant = { amountWei: 1000n, start: 100n, cliffSeconds: 10n, durationSeconds: 30n };
	let last = 0n;
	for (let t = 90n; t < 140n; t++) {
		const now = vestedWei(grant, t);
		expect(now).toBeGreaterThanOrEqual(last);
		last = now;
	}
	expect(vestedWei(grant, 109n)).toBe(0n);
	expect(last).toBe(1000n);
});
