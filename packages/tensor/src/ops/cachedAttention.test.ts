import { describe, expect, test } from "vitest";
import {
	attention,
	cachedAttention,
	compile,
	createMachine,
	drawNormals,
	groupedMatmul,
	input,
	matmul,
} from "../index.js";

const [H, G, D, C] = [4, 2, 8, 24];
const T = 13;
const draw = (heads: number, step: number) => drawNormals({ seed: 3, purpose: 8, step }, T * heads * D);
const [q, k, v] = [draw(H, 0), draw(G, 1), draw(G, 2)];

function whole(): Float32Array {
	const out = attention(input("q", [1, T, H, D]), input("k", [1, T, G, D]), input("v", [1, T, G, D]), 0.35);
	return compile(createMachine(), { out }).run({ q, k, v }).out;
}

/** A graph over R rows of S slots, and a run of it. */
function graph(machine: ReturnType<typeof createMachine>, R: number, S: number) {
	const cache = [S, C, G, D];
	const [keys, values] = [input("keys", cache), input("values", cache)];
	const inputs = [input("q", [R, H, D]), input("k", [R, G, D]), input("v", [R, G, D])] as const;
	return compile(machine, { y: cachedAttention(...inputs, keys, values, input("segments", [S, 4], "i32"), 0.35) });
}

/** The same sequence fed in pieces to slot `slot`, beside others elsewhere in their sequences, and with rows of nobody behind. */
function inPieces(pieces: readonly number[], S: number, slot: number): Float32Array {
	const machine = createMachine();
	const [keys, values] = [machine.buffer([S, C, G, D]), machine.buffer([S, C, G, D])];
	const out = new Float32Array(T * H * D);
	let at = 0;
	for (const piece of pieces) {
		const segments = new Int32Array(4 * S);
		let [rows, first] = [0, 0];
		for (let s = 0; s < S; s++) {
			const count = s === slot ? piece : (s + at) % 3;
			if (s === slot) first = rows;
			segments.set([count === 0 ? 0 : rows, count, s === slot ? at : (5 * s) % (C - 3), -1], 4 * s);
			rows += count;
		}
		const R = rows + (at % 2);
		const place = (all: Float32Array, heads: number) => {
			const batch = drawNormals({ seed: 9, purpose: at }, R * heads * D);
			batch.set(all.subarray(at * heads * D, (at + piece) * heads * D), first * heads * D);
			return batch;
		};
		const got = graph(machine, R, S).run({ q: place(q, H), k: place(k, G), v: place(v, G), keys, values, segments }).y;
		out.set(got.subarray(first * H * D, (first + piece) * H * D), at * H * D);
		expect(got.subarray(rows * H * D).every((y) => y === 0)).toBe(true);
		at += piece;
	}
	return out;
}

describe("cachedAttention", () => {
	test("default: in pieces, alone or beside other slots, it has the bits of the whole", () => {
		const expected = whole();
		expect(inPieces([13], 1, 0)).toEqual(expected);
		expect(inPieces([5, 1, 1, 4, 2], 1, 0)).toEqual(expected);
		expect(inPieces([7, 1, 1, 1, 1, 1, 1], 5, 2)).toEqual(expected);
	});

	test("behavior: a position past the cache is refused before anything is written", () => {
		const machine = createMachine();
		const [keys, values] = [machine.buffer([2, C, G, D]), machine.buffer([2, C, G, D])];
		const feeds = {
			q: new Float32Array(3 * H * D),
			k: new Float32Array(3 * G * D).fill(1),
			v: new Float32Array(3 * G * D),
		};
		const run = (...segments: number[]) =>
			graph(machine, 3, 2).run({ ...feeds, keys, values, segments: Int32Array.from(segments) });
		expect(() => run(0, 1, 0, -1, 1, 2, C - 1, -1)).toThrow("do not fit a cache of 24");
		expect(() => run(0, 2, 0, -1, 1, 1, 0, -1)).toThrow("slot 1 has rows 1 to 1; want them from 2");
		expect(keys.read().every((x) => x === 0)).toBe(true);
	});
});

describe("groupedMatmul", () => {
	test("default: each slot's rows have the bits of a product with its own matrix; others leave sums as they are", () => {
		const [R, K, N] = [7, 19, 5];
		const [x, stack] = [0, 1].map((step) => drawNormals({ seed: 4, purpose: 1, step }, step === 0 ? R * K : 3 * N * K));
		const y = groupedMatmul(input("x", [R, K]), input("stack", [3, N, K]), input("segments", [4, 4], "i32"));
		const segments = Int32Array.from([0, 2, 0, 2, 0, 0, 0, 1, 2, 1, 9, -1, 3, 3, 0, 0]);
		const got = compile(createMachine(), { y }).run({ x: x!, stack: stack!, segments }).y;
		const alone = (first: number, count: number, place: number) =>
			compile(createMachine(), { z: matmul(input("x", [count, K]), input("w", [N, K]), { transB: true }) }).run({
				x: x!.slice(first * K, (first + count) * K),
				w: stack!.slice(place * N * K, (place + 1) * N * K),
			}).z;
		expect(got.slice(0, 2 * N)).toEqual(alone(0, 2, 2));
		expect(got.slice(3 * N, 6 * N)).toEqual(alone(3, 3, 0));
		for (const i of [2, 6]) expect(got.slice(i * N, (i + 1) * N).every((z) => Object.is(z, -0))).toBe(true);
	});
});
