// The fused optimiser step has its twin's bits; the gradient of cross-entropy has them over its own logits too.

import { expect, test } from "vitest";
import { createArena, type Flavour, firstDifference, numbers } from "./testing.js";
import { twinAdamw } from "./twin/adamw.js";
import { twinCrossEntropyGrad } from "./twin/loss.js";

const arena = createArena(4);
const { kernels } = arena;

test("adamw", () => {
	for (const flavour of ["plain", "hard"] as Flavour[]) {
		for (const n of [1, 2, 3, 4, 5, 8, 31, 257]) {
			for (const decay of [0, 0.01]) {
				arena.reset();
				const s = Float32Array.of(0.01, 5.3, 9.7, 0.7, 0.9, 0.1, 0.95, 0.05, 1e-8, 1e-12, decay);
				const state = [1, 2, 3].map((seed) => numbers(n, seed + n, flavour));
				state[2] = state[2]!.map(Math.abs);
				const g = numbers(n, 4 + n, flavour);
				const [p, m, v] = state.map((x) => arena.put(x)) as [number, number, number];
				const [at, settings] = [arena.put(g), arena.put(s)];
				kernels.adamw(p, m, v, at, n, settings);
				const [tp, tm, tv] = state as [Float32Array, Float32Array, Float32Array];
				twinAdamw(tp, tm, tv, g, s);
				[p, m, v].forEach((x, i) => {
					expect(firstDifference(arena.read(x, n), state[i]!), `${flavour} ${n} ${decay} ${"pmv"[i]}`).toBe(-1);
				});
			}
		}
	}
});

test("crossEntropyGrad behavior: written over its logits", () => {
	for (const V of [1, 3, 8, 33, 130]) {
		arena.reset();
		const logits = numbers(3 * V, V);
		const targets = Int32Array.of(0, V - 1, V >> 1);
		const dl = numbers(3, 7);
		const at = arena.put(logits);
		kernels.crossEntropyGrad(at, arena.put(targets), arena.put(dl), at, 3, V);
		expect(firstDifference(arena.read(at, 3 * V), twinCrossEntropyGrad(logits, targets, dl, V))).toBe(-1);
	}
});
