// Random shapes, from one element to well past where work is shared among threads: native results are WebAssembly's, bit for bit.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKernels, type Kernels } from "../../tensor/src/index.js";
import { firstDifference, numbers } from "../../tensor/src/kernels/testing.js";
import { nativeForTests } from "./testing.js";

const native = await nativeForTests();

describe.skipIf(native === undefined)("random calls", () => {
	const PAGES = 1024;
	const [FIRST, HALF, LAST] = [1 << 16, PAGES << 15, PAGES << 16];
	const memories = [0, 1].map(() => new WebAssembly.Memory({ initial: PAGES }));
	const [wasm, twin] = [createKernels(memories[0]!), native?.source(memories[1]!, 3).kernels] as [Kernels, Kernels];
	const flavour = fc.constantFrom("plain", "hard", "huge");
	const size = (max: number) =>
		fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }) }, fc.integer({ min: 1, max }));

	/** Inputs at the start, results in the upper half; both memories must be equal there afterwards. */
	function same(
		inputs: readonly (Float32Array | Int32Array)[],
		count: number,
		call: (kernels: Kernels, inputs: readonly number[], out: number) => unknown,
	): void {
		const results = memories.map((memory, i) => {
			let at = FIRST;
			const places = inputs.map((values) => {
				const place = at;
				new Uint8Array(memory.buffer, place, values.byteLength).set(new Uint8Array(values.buffer));
				at = (at + values.byteLength + 15) & ~15;
				return place;
			});
			if (at > HALF || HALF + 4 * count + 64 > LAST) throw new RangeError("the memories are too small for this case");
			new Uint8Array(memory.buffer, HALF, 4 * count + 64).fill(0xff);
			const result = call(i === 0 ? wasm : twin, places, HALF);
			const guard = new Uint8Array(memory.buffer, HALF + 4 * count, 64).every((b) => b === 0xff);
			return { result, guard, out: new Float32Array(memory.buffer.slice(HALF, HALF + 4 * count)) };
		});
		const [expected, actual] = results as [(typeof results)[0], (typeof results)[0]];
		expect(actual.result ?? null).toEqual(expected.result ?? null);
		expect(firstDifference(actual.out, expected.out)).toBe(-1);
		expect(actual.guard).toBe(true);
	}
	/** firstNonFinite gives a number, the others nothing that counts. */
	const nothing = (_: unknown) => undefined;
	const scratch = (bytes: number) => new Int32Array((bytes + 3) >> 2);

	test("products", () => {
		const shape = fc.tuple(size(300), size(300), size(300), fc.integer({ min: 0, max: 3 }), flavour);
		fc.assert(
			fc.property(shape, ([M, N, K, trans, kind]) => {
				const inputs = [numbers(M * K, M, kind), numbers(K * N, N, kind), scratch(wasm.gemmScratchBytes(M, N, K))];
				same(inputs, M * N, (k, [a, b, s], out) => nothing(k.gemm(a!, b!, out, M, N, K, trans & 1, trans >> 1, s!)));
			}),
			{ numRuns: 60 },
		);
		const batched = fc.tuple(
			fc.integer({ min: 1, max: 9 }),
			size(70),
			size(70),
			size(70),
			fc.integer({ min: 0, max: 7 }),
		);
		fc.assert(
			fc.property(batched, ([batch, M, N, K, bits]) => {
				const shared = (bits & 4) > 0;
				const [a, b] = [numbers(batch * M * K, M), numbers((shared ? 1 : batch) * K * N, N)];
				same([a, b, scratch(wasm.gemmScratchBytes(M, N, K))], batch * M * N, (k, [pa, pb, s], out) =>
					nothing(
						k.gemmBatch(pa!, pb!, out, batch, M * K, shared ? 0 : K * N, M * N, M, N, K, bits & 1, (bits >> 1) & 1, s!),
					),
				);
			}),
			{ numRuns: 40 },
		);
	});

	test("element by element", () => {
		fc.assert(
			fc.property(size(200_000), flavour, fc.integer({ min: 0, max: 100 }), (n, kind, pick) => {
				const [a, b, c] = [numbers(n, n, kind), numbers(n, n + 1, kind), numbers(n, n + 2, kind)];
				same([a, b], n, (k, [x, y], out) => nothing(k.binary(pick % 5, x!, y!, out, n, pick % 3)));
				same([a.map((x) => x * 9)], n, (k, [x], out) => nothing(k.unary(pick % 7, x!, out, n)));
				same([a, b], n, (k, [x, y], out) => nothing(k.siluGate(x!, y!, out, n)));
				same([a, b, c], 2 * n, (k, [x, y, z], out) => nothing(k.siluGateGrad(x!, y!, z!, out, n)));
				same([], n, (k, _, out) => nothing(k.fill(out, a[0]!, n)));
				same([a], 0, (k, [x]) => k.firstNonFinite(x!, n));
				if (pick % 2) a[(n * pick) % n] = [Infinity, -Infinity, NaN][pick % 3]!;
				a[Math.floor((n * pick) / 101)] = Number.NaN;
				same([a], 0, (k, [x]) => k.firstNonFinite(x!, n));
			}),
			{ numRuns: 40 },
		);
	});

	test("rows", () => {
		fc.assert(
			fc.property(size(300), size(900), flavour, (rows, width, kind) => {
				const [x, w, dy] = [numbers(rows * width, 1, kind), numbers(width, 2, kind), numbers(rows * width, 3, kind)];
				const n = rows * width;
				same([x, w], n, (k, [a, b], out) => nothing(k.rmsNorm(a!, b!, out, rows, width, 1e-5)));
				same([x, w, dy], n, (k, [a, b, d], out) => nothing(k.rmsNormGradX(a!, b!, d!, out, rows, width, 1e-5)));
				same([x, dy], width, (k, [a, d], out) => nothing(k.rmsNormGradW(a!, d!, out, rows, width, 1e-5)));
				const ids = Int32Array.from({ length: 3 * rows }, (_, i) => (i * 7919) % rows);
				same([x, ids], 3 * n, (k, [a, i], out) => nothing(k.gatherRows(a!, i!, out, 3 * rows, width)));
				const dy3 = numbers(3 * n, 5, kind);
				same([ids, dy3], n, (k, [i, d], out) => {
					k.fill(out, 0, n);
					k.scatterAddRows(i!, d!, out, 3 * rows, width);
				});
				const logits = numbers(n, 6).map((v) => v * 9);
				const targets = Int32Array.from({ length: rows }, (_, i) => (i * 31) % width);
				const dl = numbers(rows, 7);
				same([logits, targets], rows, (k, [l, t], out) => nothing(k.crossEntropy(l!, t!, out, rows, width)));
				same([logits, targets, dl], n, (k, [l, t, d], out) =>
					nothing(k.crossEntropyGrad(l!, t!, d!, out, rows, width)),
				);
			}),
			{ numRuns: 40 },
		);
	});

	test("reductions and strided copies", () => {
		const dims = fc.array(fc.integer({ min: 1, max: 14 }), { minLength: 1, maxLength: 5 });
		fc.assert(
			fc.property(size(40), size(400), size(90), flavour, (outer, n, inner, kind) => {
				const x = numbers(outer * n * inner, n, kind).map((v) => (Number.isFinite(v) ? v : 1));
				same([x], outer * inner, (k, [a], out) => nothing(k.reduceSum(a!, out, outer, n, inner)));
				same([x], outer * inner, (k, [a], out) => nothing(k.reduceMax(a!, out, outer, n, inner)));
			}),
			{ numRuns: 40 },
		);
		fc.assert(
			fc.property(dims, fc.infiniteStream(fc.nat()), (shape, picks) => {
				const order = shape.map((_, i) => i);
				for (let i = order.length - 1; i > 0; i--) {
					const j = picks.next().value! % (i + 1);
					[order[i], order[j]] = [order[j]!, order[i]!];
				}
				const strides = (of: readonly number[]) => of.map((_, i) => of.slice(i + 1).reduce((a, b) => a * b, 1));
				const from = strides(shape).map((s) => (picks.next().value! % 6 === 0 ? 0 : s));
				const to: number[] = [];
				strides(order.map((i) => shape[i]!)).forEach((s, i) => {
					to[order[i]!] = s;
				});
				const n = shape.reduce((a, b) => a * b, 1);
				const params = Int32Array.from([...shape, ...from, ...to]);
				same([numbers(n, n, "hard"), params], n, (k, [x, p], out) => nothing(k.copyStrided(x!, out, shape.length, p!)));
			}),
			{ numRuns: 150 },
		);
	});

	test("attention, with its gradient and its cache, and rotary embedding", () => {
		const shape = fc.record({
			B: fc.integer({ min: 1, max: 3 }),
			T: size(90),
			Hkv: fc.integer({ min: 1, max: 3 }),
			group: fc.integer({ min: 1, max: 3 }),
			D: fc.integer({ min: 1, max: 40 }).map((d) => 2 * d),
			kind: fc.constantFrom("plain", "hard"),
			past: fc.nat({ max: 90 }),
		});
		fc.assert(
			fc.property(shape, ({ B, T, Hkv, group, D, kind, past }) => {
				const H = Hkv * group;
				const [wide, narrow] = [B * T * H * D, B * T * Hkv * D];
				const [q, k, v, d] = [
					numbers(wide, 1, kind),
					numbers(narrow, 2, kind),
					numbers(narrow, 3, kind),
					numbers(wide, 4, kind),
				];
				const space = scratch(Math.max(wasm.attentionScratchBytes(T, D), wasm.attentionGradScratchBytes(T, D)));
				same([q, k, v, space], wide, (x, [a, b, c, s], out) =>
					nothing(x.attention(a!, b!, c!, out, B, T, H, Hkv, D, 0.25, s!)),
				);
				same([q, k, v, d, space], wide + 2 * narrow, (x, [a, b, c, e, s], out) =>
					nothing(x.attentionGrad(a!, b!, c!, e!, out, B, T, H, Hkv, D, 0.25, s!)),
				);
				const Tk = Math.max(1, T - (past % T));
				const Tq = 1 + (past % Tk);
				same([q, k, v, space], B * Tq * H * D, (x, [a, b, c, s], out) =>
					nothing(x.attentionCached(a!, b!, c!, out, B, Tq, Tk, T, H, Hkv, D, 0.25, s!)),
				);
				const table = numbers((T * D) / 2, 5);
				same([q, table, table], wide, (x, [a, c, s], out) =>
					nothing(x.rope(a!, c!, s!, out, B, T, H, D, past % 2 ? 1 : -1)),
				);
			}),
			{ numRuns: 50 },
		);
	});
});
