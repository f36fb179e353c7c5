import {
	adapterParameterShapes,
	createEngine,
	initialAdapter,
	inputNameA,
	inputNameB,
	LINEARS,
	makeBatch,
	type TokenRow,
	tinyBase,
} from "@openledger/llm";
import { createMachine, drawNormals } from "@openledger/tensor";
import { describe, expect, test } from "vitest";
import { scoreFeatureRows } from "../features/index.js";
import { openAdapterGradients } from "./adapterGradients.js";
import { collectFeatures } from "./collectFeatures.js";
import { createFeatureMaker } from "./featureMaker.js";
import { spaceDigest } from "./featureSpace.js";
import { FITTED_ROWS, fittedRows } from "./fitFeatureSpace.js";
import { createLeadingVectors } from "./leadingVectors.js";
import { packFeatures, unpackFeatures } from "./packFeatures.js";
import { quantiseQuery, quantiseRow } from "./quantiseFeature.js";
import { createQueryMetric, landmarkRows } from "./queryMetric.js";

const base = tinyBase();
const adapter = { rank: 4, alpha: 8, targets: LINEARS };
const rows: TokenRow[] = Array.from({ length: 40 }, (_, i) => ({
	tokens: [1, ...Array.from({ length: 5 + (i % 9) }, (_, k) => 10 + ((i * 31 + k * k * 7) % 200)), 3],
	from: 3,
}));

function checkpoint() {
	const parameters = new Map<string, Float32Array>();
	const second = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(base.config, adapter, 3))
		parameters.set(inputNameA(path), A).set(
			inputNameB(path),
			B.map((_, i) => ((i % 5) - 2) / 30),
		);
	for (const [name, values] of parameters)
		second.set(
			name,
			values.map((_, i) => 1e-4 * (1 + (i % 3))),
		);
	return { step: 1, parameters, second };
}

const given = { adapter, seed: 5, checkpoint: checkpoint() };

describe("features of rows", () => {
	test("a row's feature has the same bits alone and in a batch", async () => {
		const engine = createEngine(base);
		const { space, features } = await collectFeatures({ ...given, engine, rows });
		const maker = createFeatureMaker(engine, adapter, given.checkpoint, space);
		rows.forEach((row, i) => {
			const [alone] = maker.rows([row]);
			expect(alone!.scale).toBe(features.scales[i]);
			expect(alone!.numbers).toEqual(features.numbers.slice(i * features.width, (i + 1) * features.width));
		});
		maker.close();
		expect(features.scales.every((scale) => scale > 0)).toBe(true);
	});

	test("space and features have the same bits on one thread and two", async () => {
		const made = await Promise.all(
			[1, 2].map(async (threads) => {
				const engine = createEngine(base, createMachine({ threads }));
				const { space, features } = await collectFeatures({ ...given, engine, rows });
				return [spaceDigest(space), features] as const;
			}),
		);
		expect(made[0]).toEqual(made[1]);
	});

	test("rows that were not learnt from have none, and do not change the others' space where they are not fitted", async () => {
		const engine = createEngine(base);
		const learnt = rows.map((row, i) => (i % 4 === 1 ? undefined : row));
		const { features } = await collectFeatures({ ...given, engine, rows: learnt });
		learnt.forEach((row, i) => {
			expect(features.scales[i] === 0).toBe(row === undefined);
		});
	});

	test("are the whole gradients rotated and scaled (worked out number by number)", async () => {
		const engine = createEngine(base);
		const { space } = await collectFeatures({ ...given, engine, rows });
		const whole = openAdapterGradients(engine, adapter, given.checkpoint, (g, name) => ({ [name]: g }));
		const maker = createFeatureMaker(engine, adapter, given.checkpoint, space);
		const batch = makeBatch([rows[7]!], base.padding);
		const gradients = whole.reduce(batch);
		const [found] = maker.whitened(batch);
		const shapes = adapterParameterShapes(base.config, adapter);
		let [from, next] = [0, 0];
		for (const { name, left, right, size } of space.rotations) {
			const [p, q] = shapes.get(name)! as readonly [number, number];
			for (; next < space.kept.length && space.kept[next]! < from + size[0] * size[1]; next++) {
				const [u, v] = [Math.floor((space.kept[next]! - from) / size[1]), (space.kept[next]! - from) % size[1]];
				let sum = 0;
				for (let i = 0; i < p; i++)
					for (let j = 0; j < q; j++) sum += left[u * p + i]! * gradients[name]![i * q + j]! * right[j * size[1] + v]!;
				expect(found![next]).toBeCloseTo(sum * space.inverseDeviations[next]!, 3);
			}
			from += size[0] * size[1];
		}
		expect(next).toBe(space.kept.length);
		whole.close();
		maker.close();
	});

	test("the space is fitted to a bounded number of rows, drawn by the seed", () => {
		const usable = Array.from({ length: 1000 }, (_, i) => 2 * i);
		const drawn = fittedRows(usable, 1);
		expect(drawn).toHaveLength(FITTED_ROWS);
		expect(new Set(drawn).size).toBe(FITTED_ROWS);
		expect(drawn.every((row, i) => row % 2 === 0 && (i === 0 || row > drawn[i - 1]!))).toBe(true);
		expect(fittedRows(usable, 1)).toEqual(drawn);
		expect(fittedRows(usable, 2)).not.toEqual(drawn);
	});
});

describe("leading vectors", () => {
	test("hold nearly all that the eigenvectors of a matrix with known ones do, the largest first", () => {
		const n = 24;
		// Householder reflection H = I − 2uuᵀ: its columns are orthonormal, so H·diag(d)·H has eigenvalues d.
		const u = drawNormals({ seed: 4, purpose: 1 }, n);
		const length = Math.sqrt(u.reduce((sum, x) => sum + x * x, 0));
		const H = (i: number, j: number) => (i === j ? 1 : 0) - (2 * u[i]! * u[j]!) / length ** 2;
		const d = Array.from({ length: n }, (_, i) => 3 ** -i);
		const C = Float32Array.from({ length: n * n }, (_, at) => {
			let sum = 0;
			for (let k = 0; k < n; k++) sum += H(Math.floor(at / n), k) * d[k]! * H(k, at % n);
			return sum;
		});
		const found = createLeadingVectors(createMachine(), 1).of(C, n, 4);
		const part = (v: number, k: number) => {
			let along = 0;
			for (let j = 0; j < n; j++) along += found[v * n + j]! * H(j, k);
			return along ** 2;
		};
		expect(part(0, 0)).toBeGreaterThan(0.99);
		const kept = [0, 1, 2, 3].map((v) => d.reduce((sum, value, k) => sum + value * part(v, k), 0));
		expect(kept.every((value, v) => v === 0 || value < kept[v - 1]!)).toBe(true);
		const best = d.slice(0, 4).reduce((a, b) => a + b, 0);
		expect(kept.reduce((a, b) => a + b, 0) / best).toBeGreaterThan(0.98);
	});

	test("beyond the matrix's rank are zero", () => {
		const C = new Float32Array(64);
		C[0] = 2;
		const found = createLeadingVectors(createMachine(), 1).of(C, 8, 3);
		expect(Math.abs(found[0]!)).toBeCloseTo(1, 6);
		expect(found.slice(8).every((x) => x === 0)).toBe(true);
	});
});

describe("quantising", () => {
	test("rows take four bits and a scale, an answer takes eight; zeros stay zero", () => {
		const x = drawNormals({ seed: 3, purpose: 2 }, 2000);
		const row = quantiseRow(x);
		expect(Math.max(...row.numbers)).toBe(7);
		const along = x.reduce((sum, value, i) => sum + value * row.numbers[i]!, 0);
		const square = row.numbers.reduce((sum, number) => sum + number * number, 0);
		// Uniform 15-level quantisation of a normal keeps about 99% of its power (Max 1960).
		expect(along ** 2 / square / x.reduce((sum, value) => sum + value * value, 0)).toBeGreaterThan(0.985);
		expect(row.scale * Math.sqrt(square)).toBeCloseTo(65535, -2);
		expect(quantiseRow(x.map((v) => 1e9 * v))).toEqual(row);
		expect(quantiseRow(Float64Array.of(0, 0, 3))).toEqual({ numbers: Int8Array.of(0, 0, 5), scale: 13107 });
		expect(quantiseRow(new Float64Array(5))).toEqual({ numbers: new Int8Array(5), scale: 0 });
		expect(Math.max(...quantiseQuery(x))).toBeGreaterThan(80);
		expect(quantiseQuery(new Float64Array(5))).toEqual(new Int8Array(5));
	});

	test("packed rows come back; bytes that no row gives are refused", () => {
		for (const width of [5, 8]) {
			const numbers = Int8Array.from({ length: 3 * width }, (_, i) => (i % 15) - 7);
			const features = { rows: 3, width, numbers, scales: Uint16Array.of(0, 300, 65535) };
			const bytes = packFeatures(features);
			expect(unpackFeatures(bytes, width)).toEqual(features);
			expect(() => unpackFeatures(bytes.subarray(1), width)).toThrow(/are not rows/);
			const beyond = bytes.slice();
			beyond[2] = 0x08;
			expect(() => unpackFeatures(beyond, width)).toThrow(/beyond/);
		}
	});
});

describe("query metric", () => {
	test("is the inverse of the damped matrix of all features (solved directly)", () => {
		const [n, width] = [6, 9];
		const numbers = Int8Array.from({ length: n * width }, (_, i) => ((i * 37) % 15) - 7);
		const features = { rows: n, width, numbers, scales: Uint16Array.of(3, 1, 4, 0, 5, 9) };
		const landmarks = landmarkRows(features, 1);
		expect(landmarks).toEqual([0, 1, 2, 4, 5]);
		const f = (row: number, j: number) => numbers[row * width + j]! * features.scales[row]!;
		const damping =
			landmarks.reduce(
				(sum, row) => sum + Array.from({ length: width }, (_, j) => f(row, j) ** 2).reduce((a, b) => a + b),
				0,
			) / landmarks.length;
		const x = Float64Array.from(drawNormals({ seed: 1, purpose: 3 }, width));
		// (I + FᵀF/λ)·y = x by Gaussian elimination in the other space.
		const M = Array.from({ length: width }, (_, i) => [
			...Array.from(
				{ length: width },
				(_unused, j) => (i === j ? 1 : 0) + landmarks.reduce((sum, row) => sum + f(row, i) * f(row, j), 0) / damping,
			),
			x[i]!,
		]);
		for (let c = 0; c < width; c++)
			for (let r = 0; r < width; r++) {
				if (r === c) continue;
				const factor = M[r]![c]! / M[c]![c]!;
				M[r] = M[r]!.map((value, j) => value - factor * M[c]![j]!);
			}
		const y = M.map((row, i) => row[width]! / row[i]!);
		expect(createQueryMetric(features, landmarks).query(x)).toEqual(quantiseQuery(y));
		expect([...scoreFeatureRows(features, quantiseQuery(y))][3]).toBe(0);
	});
});
