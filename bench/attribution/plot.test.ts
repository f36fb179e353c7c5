import fc from "fast-check";
import { expect, test } from "vitest";
import { barChart, lineChart } from "./plot.js";
import { powerTicks, roundTicks, scaleOf, shortNumber } from "./plotFrame.js";

test("default: a bar is as long as its value, and its interval is drawn over it", () => {
	const svg = barChart({
		title: "LDS <mean>",
		bars: [
			{ label: "BM25 & co", value: 0.25, low: 0.125, high: 0.375 },
			{ label: "ours", value: 0.5, isOurs: true },
		],
	});
	const widths = [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)"/g)].map(([, width]) => Number(width));
	expect(widths).toHaveLength(2);
	expect(widths[1]! / widths[0]!).toBeCloseTo(2, 2);
	const caps = [...svg.matchAll(/<line x1="([\d.]+)" y1="([\d.]+)" x2="([\d.]+)" y2="\2"[^>]*stroke-width/g)];
	expect(Number(caps[0]![3]) - Number(caps[0]![1])).toBeCloseTo(widths[0]!, 0);
	expect(svg).toContain("LDS &lt;mean&gt;");
	expect(svg).toContain("BM25 &amp; co");
	expect(svg).not.toMatch(/NaN|undefined|Infinity/);
});

test("default: on logarithmic axes equal factors are equal distances", () => {
	const points = [1e3, 1e4, 1e5, 1e6].map((x) => ({ x, y: x / 1e4, low: x / 2e4, high: x / 5e3 }));
	const svg = lineChart({
		title: "scan",
		xLabel: "rows",
		yLabel: "ms",
		logX: true,
		logY: true,
		series: [{ label: "two cores", points }],
		target: { value: 200, label: "200 ms" },
	});
	const centres = [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)"/g)].map(([, x, y]) => [Number(x), Number(y)]);
	const steps = centres.slice(1).map(([x, y], i) => [x! - centres[i]![0]!, y! - centres[i]![1]!]);
	for (const [dx, dy] of steps) {
		expect(dx).toBeCloseTo(steps[0]![0]!, 0);
		expect(dy).toBeCloseTo(steps[0]![1]!, 0);
	}
	expect(svg).not.toMatch(/NaN|undefined|Infinity/);
	expect(() =>
		lineChart({ title: "", xLabel: "", yLabel: "", logX: true, series: [{ label: "", points: [{ x: 0, y: 1 }] }] }),
	).toThrow(RangeError);
});

test("behavior: ticks are round, cover what is shown and are not many", () => {
	const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
	fc.assert(
		fc.property(value, value, (a, b) => {
			const [min, max] = [Math.min(a, b), Math.max(a, b)];
			fc.pre(max - min > 1e-6 * Math.max(1, Math.abs(max), Math.abs(min)));
			const ticks = roundTicks(min, max);
			const slack = 1e-6 * (max - min);
			expect(ticks[0]).toBeLessThanOrEqual(min + slack);
			expect(ticks.at(-1)).toBeGreaterThanOrEqual(max - slack);
			expect(ticks.length).toBeLessThanOrEqual(9);
			const scale = scaleOf(ticks, 0, 100);
			expect(scale(min)).toBeGreaterThanOrEqual(-1e-3);
			expect(scale(max)).toBeLessThanOrEqual(100 + 1e-3);
		}),
	);
	expect(powerTicks(1000, 1_000_000)).toEqual([1000, 10_000, 100_000, 1_000_000]);
	expect(powerTicks(5, 5)).toEqual([1, 10]);
});

test("behavior: numbers are said in few characters", () => {
	expect([0, 0.4701, 12, 20_000, 3_000_000, 1.5e-5, -0.25].map(shortNumber)).toEqual([
		"0",
		"0.47",
		"12",
		"20k",
		"3M",
		"1.5e-5",
		"-0.25",
	]);
});
