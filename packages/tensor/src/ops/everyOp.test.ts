// Every op of this folder, found in its sources: each is built below, has its slow truth in f64, and either a derivative or a refusal by name.
// Ops that only generation and the optimiser use, and that no gradient test reaches, are compared with their slow truth here.

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Operation } from "../graph/tensor.js";
import {
	adamwStep,
	add,
	attention,
	cachedAttention,
	compile,
	constant,
	cos,
	createMachine,
	crossEntropy,
	div,
	drawNormals,
	evaluateReference,
	exp,
	gather,
	gradient,
	greater,
	groupedMatmul,
	input,
	LOW_RANK,
	log,
	lowRankAdd,
	matmul,
	max,
	mul,
	neg,
	PANEL,
	packedAttention,
	packLowRankA,
	packLowRankB,
	pad,
	pagedAttention,
	panelGather,
	panelMatmul,
	quantisedGather,
	quantisedMatmul,
	reshape,
	rmsNorm,
	rope,
	type Shape,
	siluGate,
	sin,
	slice,
	sqrt,
	sub,
	sum,
	sumAll,
	type Tensor,
	TensorError,
	transpose,
} from "../index.js";

/** Names of the ops that the sources define. */
function definedOps(): string[] {
	const folder = new URL(".", import.meta.url);
	const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
	return files.flatMap((file) => {
		const text = readFileSync(new URL(file, folder), "utf8");
		const whole = text.match(/: Operation = \{/g)?.length ?? 0;
		const named = [...text.matchAll(/: Operation = \{\s*name(?:: "(\w+)")?,?/g)].map((m) => m[1]);
		expect(named.length, `${file}: an operation begins with its name`).toBe(whole);
		const made = [...text.matchAll(/(?:unary|binary)Operation\(\s*"(\w+)"/g)].map((m) => m[1]);
		// `name,` is a factory's parameter; its callers are counted instead.
		return [...named, ...made].filter((name) => name !== undefined);
	});
}

const matrix = (name: string) => input(name, [4, 16]);
const ids = input("ids", [4], "i32");
const heads = (name: string, H: number) => input(name, [1, 4, H, 8]);

function steps(): { y: Tensor; wrt: Tensor } {
	const [parameter, first, second, slope] = ["p", "m", "v", "g"].map(matrix) as [Tensor, Tensor, Tensor, Tensor];
	const one = constant(1);
	const scalars = { learningRate: one, correction1: one, correction2: one, factor: one };
	const settings = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, epsilonRoot: 0, weightDecay: 0 };
	return { y: adamwStep({ parameter, first, second }, slope, scalars, settings), wrt: slope };
}

function cached(): { y: Tensor; wrt: Tensor } {
	const [q, k, v] = [input("q", [4, 4, 8]), input("k", [4, 2, 8]), input("v", [4, 2, 8])];
	const [keys, values] = [input("keys", [2, 6, 2, 8]), input("values", [2, 6, 2, 8])];
	return { y: cachedAttention(q, k, v, keys, values, input("segments", [2, 4], "i32"), 0.35), wrt: q };
}

function paged(): { y: Tensor; wrt: Tensor } {
	const [q, k, v] = [input("q", [4, 4, 8]), input("k", [4, 2, 8]), input("v", [4, 2, 8])];
	const pools = { keys: input("keys", [3, 8, 2, 8]), values: input("values", [3, 8, 2, 8]) };
	const places = input("places", [2, 2], "i32");
	return { y: pagedAttention(q, k, v, { ...pools, places }, input("segments", [2, 4], "i32"), 0.35), wrt: k };
}

/** Ops without a derivative, as they are used, and an input that a gradient may be asked for. */
function refusing(): Record<string, { y: Tensor; wrt: Tensor }> {
	const [x, panels, scales] = [matrix("x"), input("panels", [1, 16, PANEL]), input("scales", [PANEL])];
	const [words, stack] = [input("words", [1, 4, PANEL], "i32"), input("stack", [2, 5, 16])];
	return {
		adamwStep: steps(),
		cachedAttention: cached(),
		groupedMatmul: { y: groupedMatmul(x, stack, input("segments", [2, 4], "i32")), wrt: stack },
		lowRankAdd: {
			y: lowRankAdd(matrix("y"), x, input("pool", [256]), input("groups", [1, 2, LOW_RANK], "i32"), 0),
			wrt: x,
		},
		pagedAttention: paged(),
		panelMatmul: { y: panelMatmul(x, panels, 16), wrt: x },
		panelGather: { y: panelGather(panels, ids), wrt: panels },
		quantisedMatmul: { y: quantisedMatmul(x, words, scales, 16), wrt: x },
		quantisedGather: { y: quantisedGather(words, scales, ids, 16), wrt: scales },
	};
}

/** Graphs that, with their gradients, their gradients' gradients and their lowerings, hold all other ops. */
function differentiable(): { y: Tensor; wrt: readonly Tensor[] }[] {
	const [x, w] = [matrix("x"), matrix("w")];
	const [q, k, v] = [heads("q", 4), heads("k", 2), heads("v", 2)];
	const turned = rope(heads("x", 2), input("cos", [4, 4]), input("sin", [4, 4]));
	const elements = [add, sub, mul, div, greater].map((op) => op(x, w));
	const alone = [neg, exp, log, sqrt, sin, cos].map((op) => op(x));
	const moved = [transpose(x, [1, 0]), reshape(x, [64]), slice(x, [1, 2], [2, 8]), slice(x, [1, 0], [2, 16])];
	const others = [pad(x, [1, 1], [6, 18]), sum(x, 1), max(x, 1), matmul(x, w, { transB: true }), gather(x, ids)];
	const weight = input("weight", [16]);
	const fused = [siluGate(x, w), crossEntropy(x, ids)];
	return [
		...[...elements, ...alone, ...moved, ...others, ...fused].map((y) => ({ y, wrt: [x] })),
		{ y: rmsNorm(x, weight, 1e-5), wrt: [x, weight] },
		{ y: turned, wrt: [turned.inputs[0]!] },
		{ y: attention(q, k, v, 0.35), wrt: [q, k, v] },
		{ y: packedAttention(q, k, v, ids, 0.35, { slots: 5 }), wrt: [q, k, v] },
	];
}

/** All ops of these graphs and of the compositions that fused ones stand for. */
function opsOf(outputs: readonly Tensor[]): Map<string, Operation> {
	const seen = new Set<Tensor>();
	const ops = new Map<string, Operation>();
	const visit = (n: Tensor) => {
		if (seen.has(n)) return;
		seen.add(n);
		// The graph of an op's first appearance stands for all of them; a lowering may hold the same op again.
		if (!ops.has(n.op.name)) {
			ops.set(n.op.name, n.op);
			if (n.op.lower !== undefined) visit(n.op.lower(n));
		}
		n.inputs.forEach(visit);
	};
	outputs.forEach(visit);
	return ops;
}

describe("every op", () => {
	const outputs = [
		...Object.values(refusing()).map(({ y }) => y),
		...differentiable().flatMap(({ y, wrt }) => [y, ...gradient(sumAll(mul(y, y)), wrt)]),
	];
	const ops = opsOf(outputs);

	test("default: what the sources define is what is built here", () => {
		expect([...ops.keys()].sort()).toEqual(definedOps().sort());
	});

	for (const [name, op] of [...ops].filter(([name]) => name !== "input")) {
		test(`default: ${name} has a slow truth, a place to be run, and a derivative or a refusal`, () => {
			expect(op.reference !== undefined || op.lower !== undefined, "reference or lower").toBe(true);
			expect(op.bind !== undefined || op.view !== undefined, "bind or view").toBe(true);
			expect(op.derivative === undefined, "refuses a derivative").toBe(name in refusing());
		});
	}

	for (const [name, { y, wrt }] of Object.entries(refusing())) {
		test(`behavior: ${name} refuses a derivative by name`, () => {
			expect(y.op.name).toBe(name);
			const refusal = { name: "TensorError", code: "attribute", message: `vjp: op ${name} has no derivative` };
			expect(() => gradient(sumAll(y), [wrt])).toThrow(TensorError);
			expect(() => gradient(sumAll(y), [wrt])).toThrow(expect.objectContaining(refusal));
		});
	}
});

const draw = (shape: Shape, step: number) =>
	drawNormals(
		{ seed: 12, purpose: 3, step },
		shape.reduce((a, b) => a * b, 1),
	);

/** f32 with an accumulator a product: a few roundings a term, numbers about one. */
const TOLERANCE = 2e-6;

function expectNear(got: Float32Array, expected: ArrayLike<number>): void {
	expect(got.length).toBe(expected.length);
	got.forEach((y, i) => {
		expect(Math.abs(y - expected[i]!)).toBeLessThan(TOLERANCE * Math.max(1, Math.abs(expected[i]!)));
	});
}

describe("kernel = f64 reference, where no gradient test compares them", () => {
	test("default: groupedMatmul, with a slot that rests, one without a matrix and rows of nobody", () => {
		const [R, K, N] = [8, 19, 21];
		const y = groupedMatmul(input("x", [R, K]), input("stack", [3, N, K]), input("segments", [4, 4], "i32"));
		const segments = Int32Array.from([0, 2, 0, 2, 0, 0, 0, 1, 2, 1, 9, -1, 3, 4, 0, 0]);
		const feeds = { x: draw([R, K], 0), stack: draw([3, N, K], 1), segments };
		const [expected] = evaluateReference([y], feeds);
		const got = compile(createMachine(), { y }).run(feeds).y;
		expectNear(got, expected!);
		for (const row of [2, 7])
			expect(expected!.subarray(row * N, (row + 1) * N).every((z) => Object.is(z, -0))).toBe(true);
		const wrong = { ...feeds, segments: Int32Array.from([0, 2, 0, 3, ...segments.subarray(4)]) };
		expect(() => evaluateReference([y], wrong)).toThrow("place 3; the stack has 3");
	});

	test("default: cachedAttention, over what the caches held and what is new", () => {
		const [R, H, G, D, S, C] = [6, 4, 2, 8, 3, 12];
		const shapes = { q: [R, H, D], k: [R, G, D], v: [R, G, D], keys: [S, C, G, D], values: [S, C, G, D] };
		const [q, k, v, keys, values] = Object.entries(shapes).map(([name, shape]) => input(name, shape)) as [
			Tensor,
			Tensor,
			Tensor,
			Tensor,
			Tensor,
		];
		const y = cachedAttention(q, k, v, keys, values, input("segments", [S, 4], "i32"), 0.35);
		const segments = Int32Array.from([0, 1, 11, -1, 1, 3, 4, -1, 4, 1, 0, -1]);
		const numbers = Object.fromEntries(Object.entries(shapes).map(([name, shape], i) => [name, draw(shape, 10 + i)]));
		const [expected] = evaluateReference([y], { ...numbers, segments });
		const machine = createMachine();
		const caches = {
			keys: machine.buffer(shapes.keys, numbers.keys!),
			values: machine.buffer(shapes.values, numbers.values!),
		};
		const program = compile(machine, { y });
		expectNear(program.run({ q: numbers.q!, k: numbers.k!, v: numbers.v!, ...caches, segments }).y, expected!);
		expect(expected!.subarray(5 * H * D).every((z) => z === 0)).toBe(true);
		const wrong = Int32Array.from([0, 2, 11, -1, ...new Array(8).fill(0)]);
		expect(() => evaluateReference([y], { ...numbers, segments: wrong })).toThrow("do not fit a cache of 12");
	});

	test("default: lowRankAdd, with groups of other ranks, one of rank 0 and rows of nobody", () => {
		const [R, K, N] = [9, 19, 21];
		const pairs = [3, 8].map((rank, i) => ({
			rank: 4 * Math.ceil(rank / 4),
			A: packLowRankA(draw([rank, K], 30 + i), rank, K),
			B: packLowRankB(draw([N, rank], 40 + i), N, rank),
			scale: [0.5, -1.75][i]!,
		}));
		let top = 0;
		const place = (numbers: Float32Array) => {
			const at = top;
			top += 4 * Math.ceil(numbers.length / 4);
			return [at, numbers] as const;
		};
		const placed = pairs.map(({ A, B, ...rest }) => ({ ...rest, A: place(A), B: place(B) }));
		const pool = new Float32Array(top);
		for (const { A, B } of placed) for (const [at, numbers] of [A, B]) pool.set(numbers, at);
		const bits = (x: number) => new Int32Array(Float32Array.of(x).buffer)[0]!;
		const rows = (i: number, first: number, count: number) => {
			const { rank, A, B, scale } = placed[i]!;
			return [first, count, rank, A[0], B[0], bits(scale)];
		};
		const groups = Int32Array.from([
			...new Array(4 * LOW_RANK).fill(9),
			...[...rows(0, 1, 2), ...[3, 1, 0, 0, 0, 0], ...rows(1, 4, 1), ...rows(0, 5, 3)],
		]);
		const y = lowRankAdd(
			input("y", [R, N]),
			input("x", [R, K]),
			input("pool", [top]),
			input("groups", [2, 4, LOW_RANK], "i32"),
			1,
		);
		const feeds = { y: draw([R, N], 50), x: draw([R, K], 51), pool, groups };
		const [expected] = evaluateReference([y], feeds);
		const got = compile(createMachine(), { y }).run(feeds).y;
		expectNear(got, expected!);
		for (const row of [0, 3, 8])
			expect(got.subarray(row * N, (row + 1) * N)).toEqual(feeds.y.subarray(row * N, (row + 1) * N));
		const wrong = [
			[6 * 4 + 1, 9],
			[6 * 4 + 2, 5],
			[6 * 4 + 2, 1028],
			[6 * 4 + 3, top - 4],
			[6 * 4 + 3, -4],
			[6 * 4 + 4, top],
			[6 * 6, 2],
		] as const;
		for (const [at, value] of wrong) {
			const other = { ...feeds, groups: groups.slice() };
			other.groups[at] = value;
			expect(() => evaluateReference([y], other)).toThrow(expect.objectContaining({ code: "range" }));
			expect(() => compile(createMachine(), { y }).run(other)).toThrow(expect.objectContaining({ code: "range" }));
		}
	});

	test("default: pagedAttention, over what the blocks held and what is new; a shared block is read by both", () => {
		const [R, H, G, D, S, blocks, tokens] = [6, 4, 2, 8, 3, 5, 8];
		const shapes = {
			...{ q: [R, H, D], k: [R, G, D], v: [R, G, D] },
			...{ keys: [blocks, tokens, G, D], values: [blocks, tokens, G, D] },
		};
		const at = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, input(name, shape)]));
		const [q, k, v, keys, values] = ["q", "k", "v", "keys", "values"].map((name) => at[name]!) as [
			Tensor,
			Tensor,
			Tensor,
			Tensor,
			Tensor,
		];
		const pools = { keys, values, places: input("places", [S, 2], "i32") };
		const y = pagedAttention(q, k, v, pools, input("segments", [S, 4], "i32"), 0.35);
		const segments = Int32Array.from([0, 1, 11, 0, 1, 3, 7, 0, 4, 1, 8, 0]);
		const places = Int32Array.from([3, 0, 4, 1, 3, 2]);
		const numbers = Object.fromEntries(Object.entries(shapes).map(([name, shape], i) => [name, draw(shape, 60 + i)]));
		const [expected] = evaluateReference([y], { ...numbers, segments, places });
		const machine = createMachine();
		const program = compile(machine, { y });
		const caches = {
			keys: machine.buffer(shapes.keys, numbers.keys!),
			values: machine.buffer(shapes.values, numbers.values!),
		};
		const fresh = { q: numbers.q!, k: numbers.k!, v: numbers.v! };
		expectNear(program.run({ ...fresh, ...caches, segments, places }).y, expected!);
		expect(expected!.subarray(5 * H * D).every((z) => z === 0)).toBe(true);
		const narrow = G * D;
		// The second sequence's first new row is the last of its first block, the other two begin its second.
		expect(caches.keys.read().slice((4 * tokens + 7) * narrow, 5 * tokens * narrow)).toEqual(
			numbers.k!.slice(narrow, 2 * narrow),
		);
		expect(caches.values.read().slice(1 * tokens * narrow, (tokens + 2) * narrow)).toEqual(
			numbers.v!.slice(2 * narrow, 4 * narrow),
		);
		const refused = (own: Int32Array, list: Int32Array, message: string) => {
			const feeds = { segments: own, places: list };
			expect(() => evaluateReference([y], { ...numbers, ...feeds })).toThrow(message);
			expect(() => program.run({ ...fresh, ...caches, ...feeds })).toThrow(message);
		};
		refused(Int32Array.from([0, 2, 15, 0, ...new Array(8).fill(0)]), places, "do not fit 2 blocks of 8");
		refused(segments, Int32Array.from([3, 5, 4, 1, 3, 2]), "block 5 of sequence 0; the pool has 5");
		refused(segments, Int32Array.from([3, 0, 4, -1, 3, 2]), "block -1 of sequence 1");
	});

	for (const weightDecay of [0, 0.1]) {
		test(`default: adamwStep with decay ${weightDecay}: the parameter, and the moments it leaves`, () => {
			const shape = [5, 7];
			const state = { parameter: input("p", shape), first: input("m", shape), second: input("v", shape) };
			const [learningRate, correction1, correction2, factor] = ["rate", "c1", "c2", "factor"].map((name) =>
				input(name, []),
			) as [Tensor, Tensor, Tensor, Tensor];
			const settings = { beta1: 0.9, beta2: 0.99, epsilon: 1e-3, epsilonRoot: 1e-6, weightDecay };
			const y = adamwStep(state, input("g", shape), { learningRate, correction1, correction2, factor }, settings);
			const [p, m, v, g] = [20, 21, 22, 23].map((step) => draw(shape, step)) as [
				Float32Array,
				Float32Array,
				Float32Array,
				Float32Array,
			];
			const squares = v.map(Math.abs);
			const scalars = { rate: [0.01], c1: [5.3], c2: [9.7], factor: [0.7] };
			const [expected] = evaluateReference([y], { p, m, v: squares, g, ...scalars });
			const machine = createMachine();
			const buffers = { p: machine.buffer(shape, p), m: machine.buffer(shape, m), v: machine.buffer(shape, squares) };
			const small = Object.fromEntries(Object.entries(scalars).map(([name, x]) => [name, Float32Array.from(x)]));
			expectNear(compile(machine, { y }).run({ ...buffers, g, ...small }).y, expected!);
			expectNear(buffers.p.read(), expected!);
			expectNear(
				buffers.m.read(),
				m.map((x, i) => 0.9 * x + 0.1 * 0.7 * g[i]!),
			);
			expectNear(
				buffers.v.read(),
				squares.map((x, i) => 0.99 * x + 0.01 * (0.7 * g[i]!) ** 2),
			);
		});
	}
});
