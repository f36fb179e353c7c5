// Ids out of range end a run with an error that names op, place and range, before a kernel reads other memory.

import { expect, test } from "vitest";
import { compile } from "../execute/compile.js";
import { createMachine } from "../execute/machine.js";
import type { Tensor } from "../graph/tensor.js";
import { crossEntropy } from "./crossEntropy.js";
import { gather, scatterAdd } from "./gather.js";
import { input } from "./input.js";
import { panelGather } from "./panelMatmul.js";
import { quantisedGather } from "./quantisedMatmul.js";

const ids = input("ids", [2], "i32");
const ROWS = 5;
const cases: readonly [name: string, y: Tensor, feeds: Record<string, Float32Array | Int32Array>, rows: number][] = [
	["gather", gather(input("x", [ROWS, 3]), ids), { x: new Float32Array(15) }, ROWS],
	["scatterAdd", scatterAdd(ids, input("x", [2, 3]), ROWS), { x: new Float32Array(6) }, ROWS],
	["crossEntropy", crossEntropy(input("x", [2, ROWS]), ids), { x: new Float32Array(10) }, ROWS],
	["panelGather", panelGather(input("x", [1, 3, 16]), ids), { x: new Float32Array(48) }, 16],
	[
		"quantisedGather",
		quantisedGather(input("w", [1, 1, 16], "i32"), input("s", [16]), ids, 4),
		{ w: new Int32Array(16), s: new Float32Array(16) },
		16,
	],
];

for (const [name, y, feeds, rows] of cases) {
	test(`behavior: ${name} takes ids from 0 to ${rows - 1}`, () => {
		const program = compile(createMachine(), { y });
		for (const wrong of [-1, rows, 2 ** 31 - 1, -(2 ** 31)]) {
			const run = () => program.run({ ...feeds, ids: Int32Array.of(0, wrong) });
			expect(run).toThrow(`${name}: id ${wrong} at 1 is out of range; ids are 0 to ${rows - 1}`);
		}
		expect(program.run({ ...feeds, ids: Int32Array.of(0, rows - 1) }).y.length).toBeGreaterThan(0);
	});
}
