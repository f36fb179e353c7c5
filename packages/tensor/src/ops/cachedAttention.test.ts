import { describe, expect, test } from "vitest";
import { attention, cachedAttention, compile, createMachine, drawNormals, input } from "../index.js";

const [H, G, D, C] = [4, 2, 8, 24];
const T = 13;
const draw = (heads: number, step: number) => drawNormals({ seed: 3, purpose: 8, step }, T * heads * D);
const [q, k, v] = [draw(H, 0), draw(G, 1), draw(G, 2)];

function whole(): Float32Array {
	const out = attention(input("q", [1, T, H, D]), input("k", [1, T, G, D]), input("v", [1, T, G, D]), 0.35);
	return compile(createMachine(), { out }).run({ q, k, v }).out;
}

/** The same sequence fed in pieces, in row `row` of a batch whose other rows are elsewhere in their sequences. */
function inPieces(pieces: readonly number[], rows: number, row: number): Float32Array {
	const machine = createMachine();
	const keys = machine.buffer([rows, C, G, D]);
	const values = machine.buffer([rows, C, G, D]);
	const out = new Float32Array(T * H * D);
	let at = 0;
	for (const piece of pieces) {
		const shape = (heads: number) => [rows, piece, heads, D];
		const cache = [rows, C, G, D];
		const inputs = [input("q", shape(H)), input("k", shape(G)), input("v", shape(G))] as const;
		const y = cachedAttention(
			...inputs,
			input("keys", cache),
			input("values", cache),
			input("positions", [rows], "i32"),
			0.35,
		);
		const place = (all: Float32Array, heads: number) => {
			const batch = drawNormals({ seed: 9, purpose: at }, rows * piece * heads * D);
			batch.set(all.subarray(at * heads * D, (at + piece) * heads * D), row * piece * heads * D);
			return batch;
		};
		const positions = Int32Array.from({ length: rows }, (_, b) => (b === row ? at : (b * 3) % (C - piece)));
		const got = compile(machine, { y }).run({
			q: place(q, H),
			k: place(k, G),
			v: place(v, G),
			keys,
			values,
			positions,
		}).y;
		out.set(got.subarray(row * piece * H * D, (row + 1) * piece * H * D), at * H * D);
		at += piece;
	}
	return out;
}

describe("cachedAttention", () => {
	test("default: in pieces, alone or beside other rows, it has the bits of the whole", () => {
		const expected = whole();
		expect(inPieces([13], 1, 0)).toEqual(expected);
		expect(inPieces([5, 1, 1, 4, 2], 1, 0)).toEqual(expected);
		expect(inPieces([7, 1, 1, 1, 1, 1, 1], 3, 1)).toEqual(expected);
	});

	test("behavior: a position past the cache is refused before anything is written", () => {
		const machine = createMachine();
		const cache = () => machine.buffer([1, C, G, D]);
		const inputs = [input("q", [1, 2, H, D]), input("k", [1, 2, G, D]), input("v", [1, 2, G, D])] as const;
		const y = cachedAttention(
			...inputs,
			input("keys", [1, C, G, D]),
			input("values", [1, C, G, D]),
			input("positions", [1], "i32"),
			1,
		);
		const feeds = { q: new Float32Array(2 * H * D), k: new Float32Array(2 * G * D), v: new Float32Array(2 * G * D) };
		const run = () =>
			compile(machine, { y }).run({ ...feeds, keys: cache(), values: cache(), positions: Int32Array.of(C - 1) });
		expect(run).toThrow("do not fit a cache of 24");
	});
});
