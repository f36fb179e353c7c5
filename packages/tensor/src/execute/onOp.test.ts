// What a listener is told of a run: every op's very bytes, in the plan's order, and that listening changes none.

import { describe, expect, test } from "vitest";
import { creationOrder } from "../graph/topological.js";
import {
	adamwStep,
	add,
	compile,
	constant,
	createMachine,
	gradient,
	input,
	matmul,
	mul,
	neg,
	type RanOp,
	sumAll,
	type Tensor,
	transpose,
} from "../index.js";
import { generator } from "../kernels/testing.js";

const SIDE = 16;
const draw = generator(5);
const feeds = Object.fromEntries(["a", "b"].map((name) => [name, Float32Array.from({ length: SIDE * SIDE }, draw)]));

function graph(): Tensor {
	const [a, b] = [input("a", [SIDE, SIDE]), input("b", [SIDE, SIDE])];
	const loss = sumAll(mul(add(matmul(a, transpose(b, [1, 0])), neg(a)), constant(0.25)));
	return sumAll(gradient(loss, [a, b]).reduce<Tensor>((sum, g) => add(sum, mul(g!, g!)), loss));
}

/** Bytes that are kept after the next op. */
const copies = (into: { name: string; bytes: Buffer }[]) => (op: RanOp) => {
	expect(op.index).toBe(into.length);
	into.push({ name: op.name, bytes: Buffer.concat(op.written) });
};

describe("onOp", () => {
	test("default: each op's bytes are those that the same node has where nothing shares a place", () => {
		const out = graph();
		const told: { name: string; bytes: Buffer }[] = [];
		const program = compile(createMachine(), { out });
		const { out: result } = program.run(feeds, { onOp: copies(told) });
		expect(told).toHaveLength(program.steps);
		// Every op as an output of its own: none gives up its place to a later one.
		const nodes = creationOrder([out]).filter((n) => n.op.bind !== undefined && n.op.name !== "constant");
		const all = compile(createMachine(), Object.fromEntries(nodes.map((n, i) => [`n${i}`, n]))).run(feeds);
		expect(told.map(({ name }) => name)).toEqual(nodes.map((n) => n.op.name));
		told.forEach(({ bytes }, i) => {
			expect(bytes.equals(Buffer.from(all[`n${i}`]!.buffer))).toBe(true);
		});
		expect(result).toEqual(compile(createMachine(), { out: graph() }).run(feeds).out);
	});

	test("behavior: an update tells of all that it writes over, after everything else", () => {
		const machine = createMachine();
		const shape = [SIDE, SIDE];
		const state = { parameter: input("p", shape), first: input("m", shape), second: input("v", shape) };
		const scalars = Object.fromEntries(
			["learningRate", "correction1", "correction2", "factor"].map((name) => [name, constant(0.5)]),
		) as Parameters<typeof adamwStep>[2];
		const settings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0 };
		const stepped = adamwStep(state, mul(input("a", shape), constant(2)), scalars, settings);
		const buffers = { p: machine.buffer(shape, feeds.b!), m: machine.buffer(shape), v: machine.buffer(shape) };
		const told: { name: string; bytes: Buffer }[] = [];
		compile(machine, { stepped }).run({ a: feeds.a!, ...buffers }, { onOp: copies(told) });
		expect(told.map(({ name }) => name)).toEqual(["mul", "adamwStep"]);
		const written = [buffers.p, buffers.m, buffers.v].map((b) => Buffer.from(b.read().buffer));
		expect(told[1]!.bytes.equals(Buffer.concat(written))).toBe(true);
	});

	test("behavior: threads change nothing of it", () => {
		const [alone, shared] = [1, 3].map((threads) => {
			const told: { name: string; bytes: Buffer }[] = [];
			const machine = createMachine({ threads, beyondCores: true });
			compile(machine, { out: graph() }).run(feeds, { onOp: copies(told) });
			machine.close();
			return told;
		});
		expect(shared).toEqual(alone);
	});
});
