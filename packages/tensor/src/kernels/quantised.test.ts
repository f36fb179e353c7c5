// Packed and int8 products give their twins' bits, on plain, adversarial and odd-shaped inputs; and int8 is as near as its scales promise.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createArena, type Flavour, firstDifference, generator, numbers } from "./testing.js";
import { twinGemm } from "./twin/gemm.js";
import { packPanels, twinGemmPacked, unpackPanels } from "./twin/packed.js";
import { GREATEST_K, quantiseRow, quantiseWeights, twinGatherQuantised, twinGemmQuantised } from "./twin/quantised.js";

const arena = createArena(64);
const { kernels } = arena;
const flavours: readonly Flavour[] = ["plain", "hard", "huge"];
const panelsOf = (N: number) => Math.ceil(N / 16);

/** Runs a kernel into a guarded buffer and compares it with the twin's result. */
function same(label: string, expected: Float32Array, run: (out: number) => void): void {
	const out = arena.reserve(4 * expected.length);
	run(out);
	const actual = arena.read(out, expected.length);
	const at = firstDifference(actual, expected);
	expect(at, `${label}: element ${at} is ${actual[at]}, its twin ${expected[at]}`).toBe(-1);
	const guard = new Uint8Array(arena.read(out + 4 * expected.length, 16).buffer);
	expect(
		guard.every((b) => b === 0xff),
		`${label}: guard`,
	).toBe(true);
}

/** One shape, whole and in two parts as a team would call it. */
function packedCase(M: number, N: number, K: number, flavour: Flavour): void {
	arena.reset();
	const [x, w] = [numbers(M * K, M + 7 * K, flavour), numbers(N * K, N + 13 * K, flavour)];
	const panels = packPanels(w, N, K);
	const [px, pp] = [arena.put(x), arena.put(panels)];
	const label = `gemmPacked ${M}×${N}×${K} ${flavour}`;
	const expected = twinGemmPacked(x, panels, M, N, K);
	expect(firstDifference(expected, twinGemm(x, w, M, N, K, false, true))).toBe(-1);
	same(label, expected, (out) => kernels.gemmPacked(px, pp, out, M, N, K, 0, panelsOf(N)));
	const cut = panelsOf(N) >> 1;
	same(label, expected, (out) => {
		kernels.gemmPacked(px, pp, out, M, N, K, cut, panelsOf(N));
		kernels.gemmPacked(px, pp, out, M, N, K, 0, cut);
	});
}

function quantisedCase(M: number, N: number, K: number, x: Float32Array, w: Float32Array, label: string): void {
	arena.reset();
	const weights = quantiseWeights(w, N, K);
	const [px, pw, ps] = [arena.put(x), arena.put(weights.words), arena.put(weights.scales)];
	const scratch = arena.reserve(kernels.gemmQuantisedScratchBytes(M, K));
	const expected = twinGemmQuantised(x, weights, M, N, K);
	same(label, expected, (out) => kernels.gemmQuantised(px, pw, ps, out, M, N, K, 0, panelsOf(N), scratch));
	const cut = panelsOf(N) >> 1;
	same(label, expected, (out) => {
		kernels.gemmQuantised(px, pw, ps, out, M, N, K, cut, panelsOf(N), scratch);
		kernels.gemmQuantised(px, pw, ps, out, M, N, K, 0, cut, scratch);
	});
}

test("gemmPacked: the bits of gemm", () => {
	for (const flavour of flavours) {
		for (const M of [1, 2, 3, 4, 5, 16])
			for (const N of [1, 3, 8, 15, 16, 17, 29, 32, 33, 48, 50, 64])
				for (const K of [1, 4, 7, 33]) packedCase(M, N, K, flavour);
	}
	packedCase(1, 200, 577, "plain");
	packedCase(7, 100, 600, "hard");
});

test("gatherPacked: the rows that were packed", () => {
	const [N, K] = [37, 11];
	const w = numbers(N * K, 5, "hard");
	const panels = packPanels(w, N, K);
	expect(firstDifference(unpackPanels(panels, N, K), w)).toBe(-1);
	arena.reset();
	const ids = Int32Array.from([36, 0, 15, 16, 16, 3]);
	const expected = Float32Array.from([...ids].flatMap((id) => [...w.subarray(id * K, (id + 1) * K)]));
	const [pp, pi] = [arena.put(panels), arena.put(ids)];
	same("gatherPacked", expected, (out) => kernels.gatherPacked(pp, pi, out, ids.length, K));
});

test("gemmQuantised: the bits of its twin", () => {
	for (const flavour of flavours) {
		for (const M of [1, 2, 3, 5, 16])
			for (const N of [1, 5, 8, 12, 16, 19, 24, 31, 33, 64])
				for (const K of [1, 2, 3, 4, 7, 8, 33]) {
					const [x, w] = [numbers(M * K, M + 7 * K, flavour), numbers(N * K, N + 13 * K, flavour)];
					quantisedCase(M, N, K, x, w, `gemmQuantised ${M}×${N}×${K} ${flavour}`);
				}
	}
	quantisedCase(3, 40, 1537, numbers(3 * 1537, 1), numbers(40 * 1537, 2, "hard"), "long rows");
});

test("gemmQuantised: halves to even, zero rows, subnormal rows, the greatest sums", () => {
	const K = 1000;
	const halves = Float32Array.from({ length: K }, (_, k) => (k === 0 ? 127 : (k % 254) - 126.5));
	const subnormal = Float32Array.from({ length: K }, (_, k) => (k % 200) * 2 ** -149);
	const extremes = Float32Array.from({ length: K }, (_, k) => (k % 2 === 0 ? 3 : -3));
	const rows = [halves, new Float32Array(K), subnormal, extremes, new Float32Array(K).fill(-0), numbers(K, 3, "hard")];
	const x = Float32Array.from(rows.flatMap((row) => [...row]));
	quantisedCase(6, 6, K, x, x, "corner rows");
	expect([...quantiseRow(halves).q.subarray(1, 5)]).toEqual([-126, -124, -124, -122]);
	expect(quantiseRow(subnormal).scale).toBe(2 ** -149 * 2);
	const flat = new Float32Array(GREATEST_K);
	quantisedCase(
		2,
		2,
		GREATEST_K,
		Float32Array.from([...flat.fill(5), ...flat.fill(-5)]),
		new Float32Array(2 * GREATEST_K).fill(2),
		"greatest K",
	);
});

test("gemmQuantised: the bits of NumPy, written from the definition alone", () => {
	const text = readFileSync(new URL("./quantised.golden.json", import.meta.url), "utf8");
	const cases = JSON.parse(text) as { shape: [number, number, number]; x: number[]; w: number[]; y: number[] }[];
	const floats = (bits: number[]) => new Float32Array(Uint32Array.from(bits).buffer);
	for (const { shape, x, w, y } of cases) {
		const [M, N, K] = shape;
		quantisedCase(M, N, K, floats(x), floats(w), `golden ${shape}`);
		const ours = twinGemmQuantised(floats(x), quantiseWeights(floats(w), N, K), M, N, K);
		expect(firstDifference(ours, floats(y)), `golden ${shape}`).toBe(-1);
	}
});

test("gemmQuantised behavior: NaN and infinity never come out as numbers", () => {
	const K = 9;
	for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
		for (let at = 0; at < K; at++) {
			const x = numbers(2 * K, 4);
			x[at] = wrong;
			const w = numbers(3 * K, 8).fill(0, 0, K);
			quantisedCase(2, 3, K, x, w, `${wrong} at ${at}`);
			const out = twinGemmQuantised(x, quantiseWeights(w, 3, K), 2, 3, K);
			expect(out.subarray(0, 3).every((y) => !Number.isFinite(y))).toBe(true);
			expect(out.subarray(3).every((y) => Number.isFinite(y))).toBe(true);
		}
	}
});

test("gatherQuantised: the bits of its twin, within half a step of the rows", () => {
	const [N, K] = [37, 11];
	const w = numbers(N * K, 6, "plain");
	const weights = quantiseWeights(w, N, K);
	const ids = Int32Array.from([36, 0, 15, 16, 16, 3]);
	arena.reset();
	const [pw, ps, pi] = [arena.put(weights.words), arena.put(weights.scales), arena.put(ids)];
	const expected = twinGatherQuantised(weights, ids, K);
	same("gatherQuantised", expected, (out) => kernels.gatherQuantised(pw, ps, pi, out, ids.length, K));
	ids.forEach((id, i) => {
		for (let k = 0; k < K; k++)
			expect(Math.abs(expected[i * K + k]! - w[id * K + k]!)).toBeLessThanOrEqual(0.5001 * weights.scales[id]!);
	});
});

test("int8 products differ from f64 by no more than the rounding of both sides allows", () => {
	const random = generator(3);
	const [M, N, K] = [4, 10, 300];
	const [x, w] = [M * K, N * K].map((n) => Float32Array.from({ length: n }, () => 2 * random() - 1));
	const got = twinGemmQuantised(x!, quantiseWeights(w!, N, K), M, N, K);
	for (let m = 0; m < M; m++)
		for (let n = 0; n < N; n++) {
			const [row, column] = [x!.subarray(m * K, (m + 1) * K), w!.subarray(n * K, (n + 1) * K)];
			const [sx, sw] = [quantiseRow(row).scale, quantiseRow(column).scale];
			let [exact, bound] = [0, 0];
			for (let k = 0; k < K; k++) {
				exact += row[k]! * column[k]!;
				bound += (Math.abs(row[k]!) * sw + Math.abs(column[k]!) * sx) / 2 + (sx * sw) / 4;
			}
			expect(Math.abs(got[m * N + n]! - exact)).toBeLessThanOrEqual(bound * 1.0001);
		}
});
