// Products with packed and with int8 weights against the plain ones and the f64 reference.

import { describe, expect, test } from "vitest";
import {
	compile,
	createMachine,
	drawNormals,
	evaluateReference,
	gather,
	gradient,
	input,
	matmul,
	packPanels,
	panelGather,
	panelMatmul,
	quantisedGather,
	quantisedMatmul,
	quantiseWeights,
	sumAll,
} from "../index.js";

const [M, N, K] = [5, 37, 22];
const draw = (count: number, step: number) => drawNormals({ seed: 6, purpose: 2, step }, count);
const [x, w] = [draw(M * K, 0), draw(N * K, 1)];
const ids = Int32Array.of(36, 0, 15, 16);
const panels = packPanels(w, N, K);
const { words, scales } = quantiseWeights(w, N, K);
const [X, W, IDS] = [input("x", [M, K]), input("w", [N, K]), input("ids", [4], "i32")];
const PANELS = input("panels", [3, K, 16]);
const [WORDS, SCALES] = [input("words", [3, 6, 16], "i32"), input("scales", [48])];

describe("panelMatmul and panelGather", () => {
	test("default: the bits of matmul and gather", () => {
		const a = compile(createMachine(), { y: matmul(X, W, { transB: true }), z: gather(W, IDS) }).run({ x, w, ids });
		const b = compile(createMachine(), { y: panelMatmul(X, PANELS, N), z: panelGather(PANELS, IDS) });
		expect(b.run({ x, panels, ids })).toEqual(a);
	});

	test("default: near the f64 reference", () => {
		const outputs = [panelMatmul(X, PANELS, N), panelGather(PANELS, IDS)];
		const [y, z] = evaluateReference(outputs, { x, panels, ids });
		const got = compile(createMachine(), { y: outputs[0]!, z: outputs[1]! }).run({ x, panels, ids });
		y!.forEach((v, i) => {
			expect(Math.abs(got.y[i]! - v)).toBeLessThan(1e-5);
		});
		expect(Float64Array.from(got.z)).toEqual(z);
	});
});

describe("quantisedMatmul and quantisedGather", () => {
	const outputs = { y: quantisedMatmul(X, WORDS, SCALES, N), z: quantisedGather(WORDS, SCALES, IDS, K) };
	const feeds = { x, words, scales, ids };

	test("default: near the f64 reference, and near the unquantised product", () => {
		const [y, z] = evaluateReference([outputs.y, outputs.z], feeds);
		const got = compile(createMachine(), outputs).run(feeds);
		y!.forEach((v, i) => {
			expect(Math.abs(got.y[i]! - v)).toBeLessThanOrEqual(2e-7 * Math.abs(v));
		});
		z!.forEach((v, i) => {
			expect(got.z[i]).toBe(Math.fround(v));
		});
		const exact = compile(createMachine(), { y: matmul(X, W, { transB: true }) }).run({ x, w }).y;
		const spread = Math.sqrt(exact.reduce((sum, v) => sum + v * v, 0) / exact.length);
		const error = Math.sqrt(exact.reduce((sum, v, i) => sum + (v - got.y[i]!) ** 2, 0) / exact.length);
		expect(error / spread).toBeLessThan(0.012);
	});

	test("default: a row has the same bits in any batch, on any number of threads", async () => {
		const machine = createMachine({ threads: 2 });
		while (!machine.ready()) await new Promise((resolve) => setTimeout(resolve, 5));
		const [rows, tall, k] = [7, 1000, 130];
		const [many, table] = [draw(rows * k, 4), draw(tall * k, 5)];
		const big = quantiseWeights(table, tall, k);
		const graph = (m: number) => {
			const own = input("x", [m, k]);
			return {
				q: quantisedMatmul(own, input("words", [63, 33, 16], "i32"), input("scales", [1008]), tall),
				p: panelMatmul(own, input("panels", [63, k, 16]), tall),
			};
		};
		const own = { words: big.words, scales: big.scales, panels: packPanels(table, tall, k) };
		const together = compile(machine, graph(rows)).run({ x: many, ...own });
		for (let m = 0; m < rows; m++) {
			const alone = compile(createMachine(), graph(1)).run({ x: many.slice(m * k, (m + 1) * k), ...own });
			for (const name of ["q", "p"] as const)
				expect(together[name].slice(m * tall, (m + 1) * tall)).toEqual(alone[name]);
		}
		machine.close();
	});

	test("behavior: no derivative, a row with NaN, panels that do not fit: errors that name the op", () => {
		expect(() => gradient(sumAll(outputs.y), [X])).toThrow("op quantisedMatmul has no derivative");
		const wrong = x.slice();
		wrong[3] = Number.NaN;
		const program = compile(createMachine(), { y: outputs.y });
		expect(() => program.run({ x: wrong, words, scales })).toThrow("quantisedMatmul");
		expect(() => quantisedMatmul(X, WORDS, SCALES, 49)).toThrow("wants 4 panels, got 3");
		expect(() => quantisedMatmul(input("x", [M, K + 4]), WORDS, SCALES, N)).toThrow("words must be i32");
		const long = input("x", [1, 200000]);
		expect(() => quantisedMatmul(long, input("v", [1, 50000, 16], "i32"), input("s", [16]), 16)).toThrow("32 bits");
	});
});
