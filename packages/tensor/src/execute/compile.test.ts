// Programs against the f64 interpreter on random graphs (places that are shared, taken over and given back), and what a second run costs.

import { describe, expect, test } from "vitest";
import { node, type Operation } from "../graph/tensor.js";
import {
	add,
	compile,
	constant,
	createMachine,
	crossEntropy,
	describeProgram,
	evaluateReference,
	gradient,
	input,
	matmul,
	mul,
	neg,
	reshape,
	slice,
	sub,
	sumAll,
	type Tensor,
	transpose,
} from "../index.js";
import { generator } from "../kernels/testing.js";
import { createHoles } from "./holes.js";

const SIDE = 8;

/** A graph of square matrices: sums, products, views, scalars taken from another matrix, transposes. */
function randomGraph(seed: number): { outputs: Record<string, Tensor>; inputs: string[] } {
	const draw = generator(seed);
	const pick = (n: number) => Math.floor(draw() * n);
	const inputs = ["a", "b", "c"];
	const made: Tensor[] = inputs.map((name) => input(name, [SIDE, SIDE]));
	const any = () => made[Math.max(0, made.length - 1 - pick(6))]!;
	for (let i = 0; i < 40; i++) {
		const x = any();
		const number = reshape(slice(reshape(x, [SIDE * SIDE]), [4 * pick(16)], [1]), []);
		const half = mul(constant(0.5), x);
		const step = [
			() => add(x, any()),
			() => sub(x, any()),
			() => mul(mul(x, constant(0.3)), any()),
			() => mul(number, x),
			() => sub(x, number),
			() => mul(matmul(x, any(), { transB: pick(2) === 1 }), constant(0.05)),
			() => transpose(x, [1, 0]),
			() => reshape(neg(reshape(x, [SIDE * SIDE])), [SIDE, SIDE]),
			() => add(half, half),
			() => x,
		][pick(10)]!();
		made.push(mul(step, constant(0.9)));
	}
	const outputs = Object.fromEntries(
		Array.from({ length: 4 }, (_, i) => [`out${i}`, i === 3 ? sumAll(mul(any(), any())) : any()]),
	);
	return { outputs, inputs };
}

function numbers(seed: number, count = SIDE * SIDE): Float32Array {
	const draw = generator(seed + 1000);
	return Float32Array.from({ length: count }, () => 2 * draw() - 1);
}

describe("compile", () => {
	test("default: random graphs and their gradients are those of the f64 interpreter", () => {
		const machine = createMachine();
		for (let seed = 0; seed < 150; seed++) {
			const { outputs, inputs } = randomGraph(seed);
			const leaves = Object.values(outputs).flatMap(leavesOf);
			const [a] = leaves.filter((n) => n.attributes.name === "a");
			if (a !== undefined) outputs.slope = gradient(reshape(outputs.out3!, []), [a])[0]!;
			const known = new Set(leaves.map((n) => n.attributes.name));
			const feeds = Object.fromEntries(
				inputs.filter((name) => known.has(name)).map((name, i) => [name, numbers(seed + i)]),
			);
			const names = Object.keys(outputs);
			const expected = evaluateReference(Object.values(outputs), feeds);
			const found = compile(machine, outputs).run(feeds) as Record<string, Float32Array>;
			names.forEach((name, i) => {
				const scale = Math.max(1, ...expected[i]!.map(Math.abs));
				const worst = Math.max(...expected[i]!.map((x, j) => Math.abs(x - found[name]![j]!) / scale));
				expect(worst, `seed ${seed}, ${name}`).toBeLessThan(1e-4);
			});
		}
	});

	test("behavior: a second run with the same buffers binds nothing, another buffer only what reads it", () => {
		let bound = 0;
		const counting: Operation = {
			name: "counting",
			bind: (kernels, n, at) => {
				bound++;
				return () => kernels.unary(0, at.inputs[0]!, at.output, n.shape[0]!);
			},
		};
		const machine = createMachine();
		const count = (x: Tensor) => node(counting, [x], x.shape);
		const [x, y] = [input("x", [4]), input("y", [4])];
		const program = compile(machine, { both: add(count(x), count(count(y))) });
		const [one, two] = [machine.buffer([4], [1, 2, 3, 4]), machine.buffer([4], [5, 6, 7, 8])];
		const feeds = { x: one, y: two };
		expect([...program.run(feeds).both]).toEqual([4, 4, 4, 4]);
		expect(bound).toBe(3);
		program.run(feeds);
		program.run({ x: one, y: two });
		expect(bound).toBe(3);
		expect([...program.run({ x: two, y: two }).both]).toEqual([0, 0, 0, 0]);
		expect(bound).toBe(4);
	});

	test("behavior: a buffer freed since the last run, or before the first, is refused by its input's name", () => {
		const machine = createMachine();
		const program = compile(machine, { y: add(input("x", [4]), input("z", [4])) });
		const [x, z, other] = [machine.buffer([4], [1, 2, 3, 4]), machine.buffer([4]), machine.buffer([4])];
		expect([...program.run({ x, z }).y]).toEqual([1, 2, 3, 4]);
		other.free();
		expect([...program.run({ x, z }).y]).toEqual([1, 2, 3, 4]);
		x.free();
		const next = machine.buffer([4], [9, 9, 9, 9]);
		expect(next.freed).toBe(false);
		const closed = (name: string) => expect.objectContaining({ name: "TensorError", code: "closed", message: name });
		const message = "run: the buffer fed as input x was freed; feed one that is not";
		for (let again = 0; again < 2; again++) expect(() => program.run({ x, z })).toThrow(closed(message));
		expect(() => program.run({ x: other, z })).toThrow(closed(message));
		expect([...program.run({ x: next, z }).y]).toEqual([9, 9, 9, 9]);
		expect(() => program.run({ x: next, z }, { into: { y: x } })).toThrow(
			closed("run: the buffer given for output y was freed"),
		);
		expect([...next.read()]).toEqual([9, 9, 9, 9]);
	});

	test("behavior: an arena that another program moved, arrays in place of buffers, and back", () => {
		const machine = createMachine();
		const small = compile(machine, { y: mul(input("x", [4]), constant(2)) });
		const x = machine.buffer([4], [1, 2, 3, 4]);
		expect([...small.run({ x }).y]).toEqual([2, 4, 6, 8]);
		machine.buffer([1024]);
		const N = 256;
		const large = compile(machine, { y: matmul(input("a", [N, N]), input("b", [N, N])) });
		large.run({ a: numbers(1, N * N), b: numbers(2, N * N) });
		expect([...small.run({ x }).y]).toEqual([2, 4, 6, 8]);
		expect([...small.run({ x: Float32Array.of(5, 6, 7, 8) }).y]).toEqual([10, 12, 14, 16]);
		expect([...small.run({ x }).y]).toEqual([2, 4, 6, 8]);
	});

	test("behavior: an input that nobody declared, one that is missing, one of another size", () => {
		const program = compile(createMachine(), { y: neg(input("x", [2])) });
		const zeros = new Float32Array(2);
		expect(() => program.run({ x: zeros, z: zeros })).toThrow(/no input is named z; the inputs are x/);
		expect(() => program.run({})).toThrow(/input x \[2\] was not given/);
		expect(() => program.run({ x: new Float32Array(3) })).toThrow(/wants f32 \[2\], got 3/);
	});

	test("behavior: resident inputs take no arena, and a plan of 40 layers little more than what is alive", () => {
		let x = input("x", [64, 64]);
		for (let layer = 0; layer < 40; layer++) x = matmul(x, input(`w${layer}`, [64, 64]));
		const loss = reshape(crossEntropy(reshape(x, [64, 64]), input("targets", [64], "i32")), [64]);
		const machine = createMachine();
		const { arenaBytes, peak } = describeProgram(machine.kernels, { loss });
		expect(peak.bytes).toBeLessThan(8 * 64 * 64 * 4);
		expect(arenaBytes / peak.bytes).toBeLessThan(1.1);
	});
});

function leavesOf(n: Tensor): Tensor[] {
	const seen = new Set<Tensor>([n]);
	for (const x of seen) for (const i of x.inputs) seen.add(i);
	return [...seen].filter((x) => x.op.name === "input");
}

describe("holes", () => {
	test("default: best fit; neighbours join; nothing is handed out twice", () => {
		const draw = generator(3);
		const holes = createHoles(128);
		const held: { at: number; bytes: number }[] = [];
		for (let i = 0; i < 1500; i++) {
			if (draw() < 0.55 || held.length === 0) {
				const bytes = 64 * (1 + Math.floor(16 * draw()));
				held.push({ at: holes.take(bytes), bytes });
			} else {
				const [gone] = held.splice(Math.floor(held.length * draw()), 1);
				holes.give(gone!.at, gone!.bytes);
			}
			const sorted = [...held].sort((x, y) => x.at - y.at);
			const apart = sorted.every(({ at, bytes }, k) => at >= 128 && at + bytes <= (sorted[k + 1]?.at ?? at + bytes));
			expect(apart).toBe(true);
		}
		for (const { at, bytes } of held) holes.give(at, bytes);
		expect(holes.room(1 << 20)).toBe((1 << 20) - 128);
		expect(holes.total(1 << 20)).toBe((1 << 20) - 128);
		expect([holes.take(64), holes.room(100), holes.total(256)]).toEqual([128, 0, 64]);
	});

	test("behavior: the smallest hole that holds it", () => {
		const holes = createHoles();
		const places = [256, 64, 128, 64].map((bytes) => holes.take(bytes));
		holes.give(places[0]!, 256);
		holes.give(places[2]!, 128);
		expect(holes.take(100)).toBe(places[2]);
		expect(holes.take(200)).toBe(places[0]);
	});
});
