import { expect, test } from "vitest";
import { createAllowance } from "./allowance.js";

const [ada, bob] = [`0x${"aa".repeat(20)}`, `0x${"bb".repeat(20)}`] as const;

test("default: so many for one, so many for all, and anew with the hour", () => {
	let now = 0;
	const { take } = createAllowance({ perPayer: 2, perHour: 3 }, () => now);
	expect([take(ada), take(ada)].every(({ granted }) => granted)).toBe(true);
	expect(take(ada.toUpperCase().replace("0X", "0x") as typeof ada)).toEqual({ granted: false, retryAfter: 3600 });
	expect(take(bob).granted).toBe(true);
	expect(take(bob).granted).toBe(false);
	now = 3_599_000;
	expect(take(bob)).toEqual({ granted: false, retryAfter: 1 });
	now = 3_600_000;
	expect(take(bob).granted).toBe(true);
});
