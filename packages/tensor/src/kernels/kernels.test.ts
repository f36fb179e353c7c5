// Every kernel gives its twin's bits, on plain, adversarial and odd-shaped inputs.
import { expect, test } from "vitest";
import type { KernelParts, Kernels } from "./kernels.js";
import { createArena, type Flavour, firstDifference, generator, numbers } from "./testing.js";
import { twinBinary, twinCopyStrided, twinFirstNonFinite, twinUnary } from "./twin/elementwise.js";
import { twinGemm } from "./twin/gemm.js";
import { twinCrossEntropy, twinCrossEntropyGrad, twinSiluGate, twinSiluGateGrad } from "./twin/loss.js";
import { twinRmsNorm, twinRmsNormGradW, twinRmsNormGradX, twinRope } from "./twin/norm.js";
import { twinGatherRows, twinReduceMax, twinReduceSum, twinScatterAddRows } from "./twin/reduce.js";

const arena = createArena(64);
const { kernels } = arena;
const flavours: readonly Flavour[] = ["plain", "hard", "huge"];
const sizes = [1, 2, 3, 4, 5, 7, 8, 9, 11, 12, 15, 16, 17, 31, 33, 100, 257];

/** Runs a kernel into a guarded buffer of n floats and compares it with the twin's result. */
function same(label: string, expected: Float32Array, run: (out: number) => void): void {
	const out = arena.reserve(4 * expected.length);
	run(out);
	const actual = arena.read(out, expected.length);
	const at = firstDifference(actual, expected);
	expect(at, `${label}: element ${at} is ${actual[at]}, its twin ${expected[at]}`).toBe(-1);
	expect(
		new Uint8Array(arena.read(out + 4 * expected.length, 16).buffer).every((b) => b === 0xff),
		`${label}: guard`,
	).toBe(true);
}

function gemmCase(M: number, N: number, K: number, transA: boolean, transB: boolean, flavour: Flavour): void {
	arena.reset();
	const a = numbers(M * K, M + 7 * K, flavour);
	const b = numbers(K * N, N + 13 * K, flavour);
	const [pa, pb] = [arena.put(a), arena.put(b)];
	const scratch = arena.reserve(kernels.gemmScratchBytes(M, N, K));
	same(`gemm ${M}×${N}×${K} ${transA} ${transB} ${flavour}`, twinGemm(a, b, M, N, K, transA, transB), (out) =>
		kernels.gemm(pa, pb, out, M, N, K, Number(transA), Number(transB), scratch),
	);
}

test("gemm", () => {
	const random = generator(11);
	const pick = (limit: number) => 1 + Math.floor(limit * random());
	for (const flavour of flavours) {
		for (const M of [1, 2, 3, 4, 5, 8, 9, 13]) {
			for (const N of [1, 3, 8, 16, 19]) {
				for (const K of [1, 4, 7, 32]) {
					for (const trans of [0, 1, 2, 3]) gemmCase(M, N, K, (trans & 1) > 0, (trans & 2) > 0, flavour);
				}
			}
		}
		for (let i = 0; i < 20; i++) gemmCase(pick(40), pick(70), pick(90), random() < 0.5, random() < 0.5, flavour);
	}
	for (const trans of [0, 1, 2, 3]) {
		gemmCase(1, 200, 576, (trans & 1) > 0, (trans & 2) > 0, "plain");
		gemmCase(37, 150, 1100, (trans & 1) > 0, (trans & 2) > 0, "hard");
		gemmCase(71, 77, 530, (trans & 1) > 0, (trans & 2) > 0, "huge");
		gemmCase(7, 5, 1030, (trans & 1) > 0, (trans & 2) > 0, "hard");
	}
});

test("gemm behavior: K = 0 gives zeros", () => gemmCase(5, 9, 0, false, false, "plain"));

test("gemmPart: parts of a product have the bits of the whole, and touch nothing else", () => {
	const [M, N, K] = [70, 83, 37];
	for (const trans of [0, 1, 2, 3]) {
		arena.reset();
		const [transA, transB] = [(trans & 1) > 0, (trans & 2) > 0];
		const [a, b] = [numbers(M * K, 5), numbers(K * N, 6)];
		const [pa, pb] = [arena.put(a), arena.put(b)];
		const scratch = arena.reserve(kernels.gemmScratchBytes(M, N, K));
		const expected = twinGemm(a, b, M, N, K, transA, transB);
		for (const [m0, m1, n0, n1] of [
			[0, 70, 0, 8],
			[0, 1, 3, 83],
			[13, 15, 8, 83],
			[5, 70, 82, 83],
			[0, 70, 5, 80],
		] as const) {
			const inside = (_: number, i: number) =>
				Math.floor(i / N) >= m0 && Math.floor(i / N) < m1 && i % N >= n0 && i % N < n1;
			same(
				`gemmPart ${trans} ${m0}-${m1} ${n0}-${n1}`,
				expected.map((x, i) => (inside(x, i) ? x : -7)),
				(out) => {
					kernels.fill(out, -7, M * N);
					(kernels as Kernels & KernelParts).gemmPart(
						pa,
						pb,
						out,
						M,
						N,
						K,
						Number(transA),
						Number(transB),
						m0,
						m1,
						n0,
						n1,
						scratch,
					);
				},
			);
		}
	}
});

test("gemmBatch", () => {
	const [batch, M, N, K] = [3, 5, 9, 6];
	for (const shared of [false, true]) {
		for (const trans of [0, 1, 2, 3]) {
			arena.reset();
			const [transA, transB] = [(trans & 1) > 0, (trans & 2) > 0];
			const a = numbers(batch * M * K, 1);
			const b = numbers((shared ? 1 : batch) * K * N, 2);
			const expected = new Float32Array(batch * M * N);
			for (let i = 0; i < batch; i++) {
				const bi = shared ? b : b.subarray(i * K * N, (i + 1) * K * N);
				expected.set(twinGemm(a.subarray(i * M * K, (i + 1) * M * K), bi, M, N, K, transA, transB), i * M * N);
			}
			const [pa, pb] = [arena.put(a), arena.put(b)];
			const scratch = arena.reserve(kernels.gemmScratchBytes(M, N, K));
			const [ta, tb] = [Number(transA), Number(transB)];
			same(`gemmBatch ${shared} ${trans}`, expected, (out) =>
				kernels.gemmBatch(pa, pb, out, batch, M * K, shared ? 0 : K * N, M * N, M, N, K, ta, tb, scratch),
			);
		}
	}
});

test("binary", () => {
	for (const flavour of flavours) {
		for (const n of sizes) {
			for (const op of [0, 1, 2, 3, 4]) {
				for (const mode of [0, 1, 2]) {
					arena.reset();
					const a = numbers(mode === 2 ? 1 : n, n, flavour);
					const b = numbers(mode === 1 ? 1 : n, n + 1, flavour);
					const [pa, pb] = [arena.put(a), arena.put(b)];
					same(`binary ${op} mode ${mode} n ${n}`, twinBinary(op, a, b), (out) =>
						kernels.binary(op, pa, pb, out, n, mode),
					);
				}
			}
		}
	}
});

test("binary behavior: out may be an operand", () => {
	const [a, b] = [numbers(13, 1), numbers(13, 2)];
	for (const target of [0, 1]) {
		arena.reset();
		const pointers = [arena.put(a), arena.put(b)] as const;
		kernels.binary(1, pointers[0], pointers[1], pointers[target]!, 13, 0);
		expect(firstDifference(arena.read(pointers[target]!, 13), twinBinary(1, a, b))).toBe(-1);
	}
});

test("unary", () => {
	const edges = [0, -0, 1e-45, -1e-45, 1.17549435e-38, 88.72283, 88.7229, -87.4, -103.9, -104, -150, 3.4e38, -3.4e38];
	const special = Float32Array.from([
		...edges,
		Infinity,
		-Infinity,
		NaN,
		1,
		-1,
		65536,
		65537,
		Math.SQRT1_2,
		Math.SQRT2,
	]);
	for (const op of [0, 1, 2, 3, 4, 5, 6]) {
		const inputs = [special, ...flavours.flatMap((flavour) => sizes.map((n) => numbers(n, n + op, flavour)))];
		for (const scale of [10, 100, 8000]) inputs.push(numbers(4001, scale + op).map((x) => x * scale));
		for (const x of inputs) {
			arena.reset();
			const px = arena.put(x);
			same(`unary ${op} n ${x.length}`, twinUnary(op, x), (out) => kernels.unary(op, px, out, x.length));
		}
	}
});

test("copyStrided", () => {
	const cases: readonly (readonly [dims: number[], src: number[], dst: number[]])[] = [
		[[], [], []],
		[[5], [1], [1]],
		[[7], [0], [1]],
		[[7], [3], [2]],
		[
			[5, 9],
			[1, 5],
			[9, 1],
		],
		[
			[13, 6],
			[1, 20],
			[8, 1],
		],
		[
			[3, 4, 100],
			[400, 100, 1],
			[500, 120, 1],
		],
		[
			[2, 3, 4, 5],
			[60, 5, 15, 1],
			[60, 20, 5, 1],
		],
		[
			[2, 3, 5, 4],
			[60, 20, 1, 5],
			[60, 20, 4, 1],
		],
		[
			[2, 1, 3, 2, 2, 9],
			[0, 7, 36, 18, 9, 1],
			[108, 5, 36, 18, 9, 1],
		],
		[
			[2, 3, 2, 3, 2, 3],
			[1, 2, 6, 12, 36, 72],
			[108, 36, 18, 6, 3, 1],
		],
		[
			[4, 3, 6],
			[0, 1, 0],
			[18, 6, 1],
		],
		[
			[3, 0, 2],
			[1, 1, 1],
			[1, 1, 1],
		],
	];
	for (const [dims, src, dst] of cases) {
		arena.reset();
		const x = numbers(1600, 5, "hard");
		const expected = new Float32Array(1600);
		twinCopyStrided(x, expected, dims, src, dst);
		const [px, params] = [arena.put(x), arena.put(Int32Array.from([...dims, ...src, ...dst]))];
		same(`copyStrided ${dims}`, expected, (out) => {
			kernels.fill(out, 0, 1600);
			kernels.copyStrided(px, out, dims.length, params);
		});
	}
});

test("fill and firstNonFinite", () => {
	for (const n of sizes) {
		arena.reset();
		same(`fill ${n}`, new Float32Array(n).fill(-1.5), (out) => kernels.fill(out, -1.5, n));
		for (const bad of [NaN, Infinity, -Infinity]) {
			for (const at of [0, n >> 1, n - 1, n]) {
				const x = numbers(n, n, "hard");
				if (at < n) x[at] = bad;
				expect(kernels.firstNonFinite(arena.put(x), n)).toBe(twinFirstNonFinite(x));
			}
		}
	}
});

test("reduceSum and reduceMax", () => {
	for (const flavour of flavours) {
		for (const n of sizes) {
			for (const inner of [1, 2, 3, 4, 16, 21]) {
				arena.reset();
				const x = numbers(2 * n * inner, n + inner, flavour);
				const px = arena.put(x);
				const label = `${flavour} n ${n} inner ${inner}`;
				same(`reduceSum ${label}`, twinReduceSum(x, 2, n, inner), (out) => kernels.reduceSum(px, out, 2, n, inner));
				same(`reduceMax ${label}`, twinReduceMax(x, 2, n, inner), (out) => kernels.reduceMax(px, out, 2, n, inner));
			}
		}
	}
});

test("gatherRows and scatterAddRows", () => {
	for (const width of [1, 4, 6, 33]) {
		arena.reset();
		const ids = Int32Array.from([3, 0, 3, 3, 1]);
		const table = numbers(5 * width, width, "hard");
		const [pt, pi] = [arena.put(table), arena.put(ids)];
		const rows = twinGatherRows(table, ids, width);
		same(`gatherRows ${width}`, rows, (out) => kernels.gatherRows(pt, pi, out, 5, width));
		const expected = new Float32Array(5 * width);
		twinScatterAddRows(ids, rows, expected, width);
		const pr = arena.put(rows);
		same(`scatterAddRows ${width}`, expected, (out) => {
			kernels.fill(out, 0, 5 * width);
			kernels.scatterAddRows(pi, pr, out, 5, width);
		});
	}
});

test("rmsNorm and its gradients", () => {
	for (const flavour of flavours) {
		for (const width of sizes) {
			arena.reset();
			const [x, w, dy] = [numbers(3 * width, 1, flavour), numbers(width, 2, flavour), numbers(3 * width, 3, flavour)];
			const [px, pw, pdy] = [arena.put(x), arena.put(w), arena.put(dy)];
			const eps = 1e-5;
			const label = `${flavour} width ${width}`;
			same(`rmsNorm ${label}`, twinRmsNorm(x, w, eps), (out) => kernels.rmsNorm(px, pw, out, 3, width, eps));
			same(`rmsNormGradX ${label}`, twinRmsNormGradX(x, w, dy, eps), (out) =>
				kernels.rmsNormGradX(px, pw, pdy, out, 3, width, eps),
			);
			same(`rmsNormGradW ${label}`, twinRmsNormGradW(x, dy, width, eps), (out) =>
				kernels.rmsNormGradW(px, pdy, out, 3, width, eps),
			);
		}
	}
});

test("rope", () => {
	for (const D of [2, 4, 6, 8, 14, 32]) {
		for (const sign of [1, -1]) {
			arena.reset();
			const shape = [2, 5, 3, D] as const;
			const [x, cos, sin] = [numbers(30 * D, 1, "hard"), numbers((5 * D) / 2, 2), numbers((5 * D) / 2, 3)];
			const [px, pc, ps] = [arena.put(x), arena.put(cos), arena.put(sin)];
			same(`rope ${D} ${sign}`, twinRope(x, cos, sin, shape, sign), (out) =>
				kernels.rope(px, pc, ps, out, ...shape, sign),
			);
		}
	}
});

test("siluGate and its gradient", () => {
	for (const flavour of flavours) {
		for (const n of sizes) {
			arena.reset();
			const [g, u, dy] = [numbers(n, 1, flavour).map((x) => 20 * x), numbers(n, 2, flavour), numbers(n, 3, flavour)];
			const [pg, pu, pdy] = [arena.put(g), arena.put(u), arena.put(dy)];
			same(`siluGate ${n}`, twinSiluGate(g, u), (out) => kernels.siluGate(pg, pu, out, n));
			same(`siluGateGrad ${n}`, twinSiluGateGrad(g, u, dy), (out) => kernels.siluGateGrad(pg, pu, pdy, out, n));
		}
	}
});

test("crossEntropy and its gradient", () => {
	for (const V of sizes) {
		for (const scale of [1, 30, 1000]) {
			arena.reset();
			const logits = numbers(3 * V, V, "hard").map((x) => Math.min(Math.max(x, -3), 3) * scale);
			const targets = Int32Array.from([0, V >> 1, V - 1]);
			const dl = numbers(3, 4);
			const [pl, pt, pd] = [arena.put(logits), arena.put(targets), arena.put(dl)];
			const label = `V ${V} scale ${scale}`;
			same(`crossEntropy ${label}`, twinCrossEntropy(logits, targets, V), (out) =>
				kernels.crossEntropy(pl, pt, out, 3, V),
			);
			same(`crossEntropyGrad ${label}`, twinCrossEntropyGrad(logits, targets, dl, V), (out) =>
				kernels.crossEntropyGrad(pl, pt, pd, out, 3, V),
			);
		}
	}
});
