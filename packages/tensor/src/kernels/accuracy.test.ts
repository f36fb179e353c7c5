// exp, log, sin and cos against f64, and the embedded module against its sources.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { kernelModuleDigest } from "./index.js";
import { generator } from "./testing.js";
import { twinCos, twinExp, twinLog, twinSin } from "./twin/math.js";

const f = Math.fround;

/** Error in units of the last f32 place of the true value (of the smallest normal number below it). */
function ulps(actual: number, truth: number): number {
	const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(truth))));
	return Math.abs(actual - truth) / 2 ** (exponent - 23);
}

test("exp and log are within 2 ulp", () => {
	const random = generator(1);
	let worst = 0;
	for (let i = 0; i < 200_000; i++) {
		const x = f(176 * random() - 87.5);
		worst = Math.max(worst, ulps(twinExp(x), Math.exp(x)));
		const y = f(2 ** (250 * random() - 125));
		worst = Math.max(worst, ulps(twinLog(y), Math.log(y)));
		const near = f(1 + (random() - 0.5) / 8);
		if (near !== 1) worst = Math.max(worst, ulps(twinLog(near), Math.log(near)));
	}
	expect(worst).toBeLessThan(2);
});

test("exp and log at their ends", () => {
	expect(twinExp(89)).toBe(Number.POSITIVE_INFINITY);
	expect(twinExp(f(88.72283))).toBeLessThan(Number.POSITIVE_INFINITY);
	expect(twinExp(-104)).toBe(0);
	expect(twinExp(-103)).toBeGreaterThan(0);
	expect(twinExp(Number.NEGATIVE_INFINITY)).toBe(0);
	expect(twinExp(0)).toBe(1);
	expect(twinLog(0)).toBe(Number.NEGATIVE_INFINITY);
	expect(twinLog(-1)).toBeNaN();
	expect(twinLog(1)).toBe(0);
	expect(twinLog(f(1e-45))).toBeCloseTo(Math.log(f(1e-45)), 4);
});

test("sin and cos are within 2e-7 up to 8192, and NaN beyond 65536", () => {
	const random = generator(2);
	let worst = 0;
	for (let i = 0; i < 200_000; i++) {
		const x = f((random() - 0.5) * (i & 1 ? 16384 : 20));
		worst = Math.max(worst, Math.abs(twinSin(x) - Math.sin(x)), Math.abs(twinCos(x) - Math.cos(x)));
	}
	expect(worst).toBeLessThan(2e-7);
	expect(twinSin(65537)).toBeNaN();
	expect(twinCos(-65537)).toBeNaN();
});

test("the embedded module is what the sources build", () => {
	const script = fileURLToPath(new URL("../../scripts/build-kernels.mjs", import.meta.url));
	const output = execFileSync(process.execPath, [script, "--check"], { encoding: "utf8" });
	expect(output).toContain(kernelModuleDigest);
});
