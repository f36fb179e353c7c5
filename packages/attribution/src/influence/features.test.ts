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
import { merkleProof, verifyMerkleProof } from "@openledger/protocol";
import { describe, expect, test } from "vitest";
import { type FeatureIndex, featureLeaf, featuresRoot } from "./featureIndex.js";
import { createGradientCollector } from "./gradients.js";
import { projectionFactors } from "./projection.js";
import { integerDot, quantise } from "./quantise.js";
import { scoreRows } from "./score.js";

const base = tinyBase();
const adapter = { rank: 4, alpha: 8, targets: LINEARS };
const rows: TokenRow[] = [
	{ tokens: [1, 40, 90, 2, 77, 3], from: 4 },
	{ tokens: [1, 60, 61, 62, 63, 2, 64, 65, 66, 67, 3], from: 6 },
	{ tokens: [1, 9, 2, 8, 3], from: 3 },
];

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

describe("gradient features", () => {
	test("a row's feature is bit-equal alone and in a batch", () => {
		const collector = createGradientCollector(createEngine(base), adapter, 5);
		const at = checkpoint();
		const together = collector.collect(makeBatch(rows, base.padding), at);
		rows.forEach((row, i) => {
			const alone = collector.collect(makeBatch([row], base.padding), at);
			expect(alone).toEqual(together.slice(i * collector.width, (i + 1) * collector.width));
		});
		expect(together.some((x) => x !== 0)).toBe(true);
	});

	test("projection factors are ±1, fixed by the seed", () => {
		const { left, right } = projectionFactors([6, 10], 5, 2);
		expect([left.length, right.length]).toEqual([24, 40]);
		expect([...left, ...right].every((x) => x === 1 || x === -1)).toBe(true);
		expect(projectionFactors([6, 10], 5, 2).left).toEqual(left);
		expect(projectionFactors([6, 10], 6, 2).left).not.toEqual(left);
	});

	test("width is 16 numbers a matrix", () => {
		const collector = createGradientCollector(createEngine(base), adapter, 5);
		expect(collector.width).toBe(16 * adapterParameterShapes(base.config, adapter).size);
	});
});

describe("quantise", () => {
	test("scale does not matter, direction does", () => {
		const x = Float32Array.from({ length: 512 }, (_, i) => ((i * 37) % 101) - 50);
		expect(quantise(x.map((v) => v * 4))).toEqual(quantise(x));
		expect(integerDot(quantise(x), quantise(x.map((v) => -v)))).toBeLessThan(0);
		expect(quantise(new Float32Array(4))).toEqual(new Int8Array(4));
	});
	test("the integer dot product is the cosine within 2%", () => {
		const a = Float32Array.from({ length: 896 }, (_, i) => ((i * 7919) % 997) / 997 - 0.5);
		const b = a.map((x, i) => x + ((i * 104729) % 991) / 991 - 0.5);
		const dot = (p: ArrayLike<number>, q: ArrayLike<number>) =>
			Array.from(p, (x, i) => x * q[i]!).reduce((s, x) => s + x, 0);
		const cosine = dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
		expect(Math.abs(integerDot(quantise(a), quantise(b)) / (32 * 32 * 896) - cosine)).toBeLessThan(0.02);
	});
});

describe("feature index", () => {
	const index: FeatureIndex = {
		rows: 3,
		width: 4,
		checkpoints: [
			Int8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12),
			Int8Array.of(-1, 0, 1, 0, 0, 2, 0, 0, 0, 0, 3, 0),
		],
	};
	test("scores are exact sums over checkpoints", () => {
		expect(scoreRows(index, [Int8Array.of(1, 0, 0, 1), Int8Array.of(2, 2, 2, 2)])).toEqual([5 + 0, 13 + 4, 21 + 6]);
	});
	test("every row opens under the root; a changed number or place does not", () => {
		const leaves = [0, 1, 2].map((row) => featureLeaf(index, row));
		const root = featuresRoot(index);
		leaves.forEach((leaf, i) => {
			expect(verifyMerkleProof(leaf, merkleProof(leaves, i), root)).toBe(true);
		});
		const bent = {
			...index,
			checkpoints: [index.checkpoints[0]!.map((x, i) => (i === 5 ? x + 1 : x)), index.checkpoints[1]!],
		};
		expect(featuresRoot(bent)).not.toBe(root);
		expect(verifyMerkleProof(featureLeaf(bent, 1), merkleProof(leaves, 1), root)).toBe(false);
	});
});
