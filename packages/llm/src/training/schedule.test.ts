// The learning rate by hand at chosen steps.

import { describe, expect, test } from "vitest";
import { learningRateAt } from "./schedule.js";

const [peak, total] = [0.004, 100];
const rates = (more: object) =>
	Array.from({ length: total }, (_, step) => learningRateAt({ peak, warmup: 0.1, floor: 0.2, ...more }, step, total));

describe("learningRateAt", () => {
	test("default: up in even steps, then half a cosine to the floor", () => {
		const all = rates({});
		expect(all[0]).toBeCloseTo(peak / 10, 12);
		expect(all[9]).toBe(peak);
		expect(all[55]).toBeCloseTo(peak * 0.6, 12);
		expect(all[99]).toBeCloseTo(peak * 0.2, 5);
	});

	test("default: a line, or nothing, after the warm-up", () => {
		const line = rates({ kind: "linear" });
		expect(line[10]).toBe(peak);
		expect(line[55]).toBeCloseTo(peak * 0.6, 12);
		expect(line[56]! - line[55]!).toBeCloseTo(line[20]! - line[19]!, 12);
		expect(new Set(rates({ kind: "constant" }).slice(9))).toEqual(new Set([peak]));
	});

	test("behavior: steps of warm-up count instead of a share", () => {
		expect(rates({ warmupSteps: 10 })).toEqual(rates({}));
		expect(rates({ warmupSteps: 2 })[1]).toBe(peak);
		expect(rates({ warmupSteps: 0 })[0]).toBe(peak);
		expect(rates({ warmupSteps: null })).toEqual(rates({}));
		expect(rates({ warmupSteps: 1000 })[99]).toBeCloseTo(peak / 10, 12);
	});
});
