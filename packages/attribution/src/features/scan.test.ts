// The WASM kernels against plain TypeScript: every width's remainder, every count of rows, and numbers that are all extremes.

import { hexToBytes, keccak256 } from "@openledger/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createFeatureHasher } from "./featureHasher.js";
import { featureRowLeaf } from "./featureLeaf.js";
import { featureRecords } from "./featureRows.js";
import { featureRowsTree } from "./featureRowsTree.js";
import { featureTree, hashNodes } from "./featureTree.js";
import { createLocalScan } from "./localScan.js";
import { createScanKernels, createScanMemory, FIRST_FREE } from "./scanKernels.js";
import { scoreFeatureRows, summariseScores } from "./scoreFeatureRows.js";
import { testFeatures, testQuery } from "./testing/features.js";

describe("createLocalScan", () => {
	test("default: the scores and the summary of the slow scan", () => {
		const features = testFeatures(301, 896);
		const query = testQuery(896);
		const local = createLocalScan(features);
		const scores = scoreFeatureRows(features, query);
		expect(local.scan(query)).toEqual(scores);
		expect(local.top(query, 10)).toEqual(summariseScores(scores, 10));
	});

	test("behavior: widths 1 to 67 and the greatest, 0 to 9 rows, ±127 everywhere", () => {
		for (const width of [...Array.from({ length: 67 }, (_, i) => i + 1), 1022, 4095, 4096]) {
			for (const rows of width < 20 ? [0, 1, 2, 3, 4, 5, 8, 9] : [5]) {
				const features = testFeatures(rows, width, width);
				const local = createLocalScan(features);
				for (const extreme of [false, true]) {
					const query = testQuery(width, width + 1, extreme);
					expect(local.scan(query), `${rows} rows of ${width}`).toEqual(scoreFeatureRows(features, query));
				}
			}
		}
	});

	test("behavior: the greatest score there can be, both ways, and its square", () => {
		const width = 4096;
		const numbers = new Int8Array(3 * width)
			.fill(127)
			.fill(-127, width, 2 * width)
			.fill(0, 2 * width);
		const features = { rows: 3, width, numbers, scales: Uint16Array.of(65535, 65535, 65535) };
		const most = 65535 * 4096 * 127 * 127;
		const query = new Int8Array(width).fill(127);
		expect([...createLocalScan(features).scan(query)]).toEqual([most, -most, 0]);
		expect(createLocalScan(features).top(query, 1)).toEqual({
			rows: 3,
			top: [{ row: 0, score: most }],
			sum: 0n,
			sumOfSquares: 2n * BigInt(most) ** 2n,
		});
	});

	test("behavior: the best of many equal scores, for every k", () => {
		fc.assert(
			fc.property(fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 60 }), fc.nat(70), (list, k) => {
				const features = {
					rows: list.length,
					width: 1,
					numbers: Int8Array.from(list),
					scales: new Uint16Array(list.length).fill(3),
				};
				const query = Int8Array.of(5);
				expect(createLocalScan(features).top(query, k)).toEqual(summariseScores(scoreFeatureRows(features, query), k));
			}),
		);
	});

	test("behavior: what cannot be asked", () => {
		const local = createLocalScan(testFeatures(3, 4));
		expect(() => local.scan(new Int8Array(5))).toThrow(expect.objectContaining({ code: "features/bad-shape" }));
		expect(() => local.top(new Int8Array(4), 0.5)).toThrow(expect.objectContaining({ code: "features/bad-shape" }));
		expect(() => local.scan(Int8Array.of(0, 0, 0, -128))).toThrow(
			expect.objectContaining({ code: "features/bad-number" }),
		);
	});
});

describe("createFeatureHasher", () => {
	test("default: leaves of every width around the sponge's rate are protocol's keccak256", () => {
		const hasher = createFeatureHasher();
		for (const width of [1, 2, 37, 108, 109, 110, 245, 246, 247, 896, 1022, 4096]) {
			const features = testFeatures(3, width, width);
			const leaves = hasher.leaves(featureRecords(features), width + 2, 0);
			for (let row = 0; row < 3; row++)
				expect(leaves.slice(32 * row, 32 * row + 32), `width ${width}`).toEqual(
					hexToBytes(featureRowLeaf(features, row)),
				);
		}
	});

	test("behavior: more rows than a block, and a row number of four bytes", () => {
		const hasher = createFeatureHasher();
		const features = testFeatures(600, 3);
		const leaves = hasher.leaves(featureRecords(features), 5, 0);
		for (const row of [0, 255, 256, 599])
			expect(leaves.slice(32 * row, 32 * row + 32)).toEqual(hexToBytes(featureRowLeaf(features, row)));
		const late = hasher.leaves(Uint8Array.of(1, 2, 3), 3, 0x7ffffffe);
		const text = Uint8Array.from([...new TextEncoder().encode("openledger/feature/v2"), 0x7f, 255, 255, 254, 1, 2, 3]);
		expect(late).toEqual(hexToBytes(keccak256(text)));
	});

	test("behavior: pairs, in either order, also where only the last byte differs", () => {
		const hasher = createFeatureHasher();
		const [a, b] = [1, 2].map((n) => hexToBytes(keccak256(Uint8Array.of(n)))) as [Uint8Array, Uint8Array];
		const near = Uint8Array.from(a, (byte, i) => (i === 31 ? byte ^ 1 : byte));
		for (const [x, y] of [
			[a, b],
			[b, a],
			[a, near],
			[near, a],
			[a, a],
		] as const)
			expect(hasher.pair(x, y)).toEqual(hashNodes(x, y));
	});

	test("behavior: the tree of rows is the tree of their leaves", () => {
		for (const rows of [0, 1, 2, 5, 13, 64]) {
			const features = testFeatures(rows, 7);
			const slow = featureTree(Array.from({ length: rows }, (_, row) => featureRowLeaf(features, row)));
			const tree = featureRowsTree(features);
			expect(tree.root).toBe(slow.root);
			for (let row = 0; row < rows; row++) expect(tree.proofFor(row)).toEqual(slow.proofFor(row));
		}
	});
});

test("firstLowest: -128 is found wherever it stands, but not in a scale", () => {
	const [stride, rows] = [23, 5];
	const memory = createScanMemory(FIRST_FREE + 1000);
	const kernels = createScanKernels(memory);
	const bytes = new Uint8Array(memory.buffer, FIRST_FREE, stride * rows + 1);
	for (let at = 0; at < bytes.length; at++) {
		bytes.fill(0);
		bytes[at] = 128;
		const expected = at % stride < 2 || at >= stride * rows ? -1 : Math.floor(at / stride);
		expect(kernels.firstLowest(FIRST_FREE, stride, rows)).toBe(expected);
	}
});
