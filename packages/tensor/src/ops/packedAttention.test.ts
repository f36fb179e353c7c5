// Rows end to end give the bits that each gives alone, forwards and backwards.
import { expect, test } from "vitest";
import {
	attention,
	compile,
	createMachine,
	drawNormals,
	gradient,
	input,
	mul,
	packedAttention,
	sumAll,
} from "../index.js";

const [H, G, D] = [4, 2, 8];
/** Equal neighbours (one call), lengths on both sides of the kernel's tiles, a row of one position. */
const LENGTHS = [3, 3, 9, 1, 17, 17, 17, 8];
const N = LENGTHS.reduce((a, b) => a + b);
const draw = (width: number, step: number) => drawNormals({ seed: 5, purpose: 3, step }, N * width);
const feeds = { q: draw(H * D, 0), k: draw(G * D, 1), v: draw(G * D, 2), dy: draw(H * D, 3) };
type Name = keyof typeof feeds;

function run(T: number, values: Readonly<Record<string, Float32Array | Int32Array>>, rows?: Int32Array) {
	const [q, k, v, dy] = [
		input("q", [1, T, H, D]),
		input("k", [1, T, G, D]),
		input("v", [1, T, G, D]),
		input("dy", [1, T, H, D]),
	];
	const y =
		rows === undefined
			? attention(q, k, v, 0.35)
			: packedAttention(q, k, v, input("rows", [T], "i32"), 0.35, { slots: 9 });
	const [dq, dk, dv] = gradient(sumAll(mul(y, dy)), [q, k, v]);
	const given = rows === undefined ? values : { ...values, rows };
	return compile(createMachine(), { y, dq: dq!, dk: dk!, dv: dv! }).run(given);
}

test("default: each row has the bits it has alone, and so have its gradients", () => {
	const rows = Int32Array.from(LENGTHS.flatMap((length, row) => Array<number>(length).fill(row)));
	const packed = run(N, feeds, rows);
	let first = 0;
	for (const length of LENGTHS) {
		const part = (values: Float32Array, width: number) => values.slice(first * width, (first + length) * width);
		const own = Object.fromEntries(
			Object.entries(feeds).map(([name, values]) => [name, part(values, (name === "q" || name === "dy" ? H : G) * D)]),
		) as Record<Name, Float32Array>;
		const alone = run(length, own);
		for (const [name, width] of [
			["y", H * D],
			["dq", H * D],
			["dk", G * D],
			["dv", G * D],
		] as const) {
			expect(part(packed[name], width), `${name} of the row at ${first}`).toEqual(alone[name]);
		}
		first += length;
	}
});

test("behavior: shapes that cannot be are refused", () => {
	const [q, k] = [input("q", [1, 4, 4, 8]), input("k", [1, 4, 2, 8])];
	const rows = input("rows", [4], "i32");
	expect(() => packedAttention(input("q", [2, 2, 4, 8]), k, k, rows, 1, { slots: 2 })).toThrow("packedAttention");
	expect(() => packedAttention(q, k, k, input("rows", [5], "i32"), 1, { slots: 2 })).toThrow("packedAttention");
	expect(() => packedAttention(q, k, k, input("rows", [4]), 1, { slots: 2 })).toThrow("packedAttention");
});
