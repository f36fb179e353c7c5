import { describe, expect, test } from "vitest";
import { canonicalCos, canonicalExp, canonicalLog, canonicalPow, canonicalSin } from "./canonical.js";
import { drawNormals, drawPermutation, drawUniform, philox } from "./philox.js";

describe("canonical functions stay within 1e-13 of the engine's own", () => {
	const points = Array.from({ length: 4001 }, (_, i) => (i - 2000) / 3.17);
	test("exp", () => {
		for (const x of points.filter((p) => Math.abs(p) < 600))
			expect(Math.abs(canonicalExp(x) / Math.exp(x) - 1)).toBeLessThan(1e-13);
	});
	test("log", () => {
		for (const x of points.filter((p) => p > 0)) expect(Math.abs(canonicalLog(x) - Math.log(x))).toBeLessThan(1e-13);
		expect(() => canonicalLog(0)).toThrow("must be positive");
	});
	test("sin and cos", () => {
		for (const x of points) {
			expect(Math.abs(canonicalSin(x) - Math.sin(x))).toBeLessThan(1e-12);
			expect(Math.abs(canonicalCos(x) - Math.cos(x))).toBeLessThan(1e-12);
		}
	});
	test("pow", () => {
		expect(Math.abs(canonicalPow(10000, -0.75) / 0.001 - 1)).toBeLessThan(1e-13);
	});
});

describe("philox", () => {
	// Known answers of philox4x32-10, from the Random123 distribution (kat_vectors).
	test("known answers", () => {
		const hex = (words: readonly number[]) => words.map((w) => w.toString(16).padStart(8, "0")).join(" ");
		const ones = 0xffffffff;
		expect(hex(philox([0, 0, 0, 0], [0, 0]))).toBe("6627e8d5 e169c58d bc57ac4c 9b00dbd8");
		expect(hex(philox([ones, ones, ones, ones], [ones, ones]))).toBe("408f276d 41c83b0e a20bc7c6 6d5451fd");
		expect(hex(philox([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]))).toBe(
			"d16cfe09 94fdcceb 5001e420 24126ea1",
		);
	});

	test("draws depend on their key and index only", () => {
		const key = { seed: 5, purpose: 2, step: 3 };
		const backwards = [9, 3, 0].map((i) => drawUniform(key, i));
		expect([0, 3, 9].map((i) => drawUniform(key, i)).reverse()).toEqual(backwards);
		expect(drawUniform({ ...key, step: 4 }, 0)).not.toBe(drawUniform(key, 0));
	});

	test("normals have mean 0 and variance 1; a permutation holds every number once", () => {
		const x = drawNormals({ seed: 1, purpose: 1 }, 20000);
		const mean = x.reduce((a, b) => a + b, 0) / x.length;
		expect(Math.abs(mean)).toBeLessThan(0.03);
		expect(Math.abs(x.reduce((a, b) => a + b * b, 0) / x.length - 1)).toBeLessThan(0.04);
		expect(drawPermutation({ seed: 1, purpose: 3 }, 100).sort((a, b) => a - b)).toEqual(
			Array.from({ length: 100 }, (_, i) => i),
		);
	});
});
