import { concatBytes, hexToBytes, keccak256, uint32, utf8, verifyMerkleProof } from "@openledger/protocol";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { featureLeafOf, featureRowLeaf } from "./featureLeaf.js";
import { checkFeatureRows, featureNumbers, featureRecords, parseFeatureRecords } from "./featureRows.js";
import { featureRowsRoot, featureRowsTree } from "./featureRowsTree.js";
import { scoreFeatureRows, summariseScores } from "./scoreFeatureRows.js";
import { testFeatures, testQuery } from "./testing/features.js";

const refuses = (code: string) => expect.objectContaining({ code });

describe("FeatureRows", () => {
	test("default: records and back", () => {
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 40 }), fc.nat(99), (rows, width, seed) => {
				const features = testFeatures(rows, width, seed);
				const records = featureRecords(features);
				expect(records.length).toBe(rows * (width + 2));
				expect(parseFeatureRecords(records, width)).toEqual(features);
			}),
		);
	});

	test("behavior: what does not fit is refused, and what would be right is said", () => {
		const good = testFeatures(3, 5);
		checkFeatureRows(good);
		const low = good.numbers.slice();
		low[7] = -128;
		expect(() => checkFeatureRows({ ...good, numbers: low })).toThrow(refuses("features/bad-number"));
		for (const wrong of [{ rows: 4 }, { rows: 2.5 }, { width: 0 }, { width: 4097 }, { scales: new Uint16Array(2) }])
			expect(() => checkFeatureRows({ ...good, ...wrong })).toThrow(refuses("features/bad-shape"));
		expect(() => parseFeatureRecords(new Uint8Array(15), 5)).toThrow(refuses("features/bad-shape"));
		expect(() => parseFeatureRecords(Uint8Array.of(0, 1, 128), 1)).toThrow(refuses("features/bad-number"));
		for (const row of [-1, 3, 0.5, Number.NaN])
			expect(() => featureNumbers(good, row)).toThrow(refuses("features/no-such-row"));
	});
});

describe("featureRowLeaf", () => {
	test("default: keccak256 of tag, row, scale and numbers, written out", () => {
		const numbers = Int8Array.of(1, -1, 127, -127);
		const bytes = hexToBytes(`0x${"0000002a"}${"fffe"}01ff7f81`);
		const text = concatBytes(utf8("openledger/feature/v2"), bytes);
		expect(featureLeafOf(42, 0xfffe, numbers)).toBe(keccak256(text));
	});

	test("behavior: it ends as the row's record does, so a file's bytes are hashed as they lie", () => {
		const features = testFeatures(4, 9);
		const record = featureRecords(features).subarray(2 * 11, 3 * 11);
		const text = concatBytes(utf8("openledger/feature/v2"), uint32(2), record);
		expect(featureRowLeaf(features, 2)).toBe(keccak256(text));
	});

	test("behavior: a scale, a row or numbers that do not fit are refused", () => {
		const one = Int8Array.of(1);
		for (const scale of [-1, 0.5, 65536])
			expect(() => featureLeafOf(0, scale, one)).toThrow(refuses("features/bad-number"));
		expect(() => featureLeafOf(2 ** 32, 0, one)).toThrow(refuses("protocol/bad-number"));
		expect(() => featureLeafOf(0, 0, Int8Array.of(-128))).toThrow(refuses("features/bad-number"));
		expect(() => featureLeafOf(0, 0, new Int8Array(0))).toThrow(refuses("features/bad-shape"));
	});
});

describe("featureRowsTree", () => {
	test("default: every row is a member, with its own numbers only", () => {
		const features = testFeatures(11, 6);
		const tree = featureRowsTree(features);
		expect(tree.root).toBe(featureRowsRoot(features));
		for (let row = 0; row < features.rows; row++) {
			const [scale, numbers] = [features.scales[row]!, featureNumbers(features, row)];
			const proof = tree.proofFor(row);
			expect(verifyMerkleProof(featureLeafOf(row, scale, numbers), proof, tree.root)).toBe(true);
			const bent = Int8Array.from(numbers, (n, i) => (i === 5 ? (n === 1 ? 2 : 1) : n));
			expect(verifyMerkleProof(featureLeafOf(row, scale, bent), proof, tree.root)).toBe(false);
			expect(verifyMerkleProof(featureLeafOf(row, scale ^ 1, numbers), proof, tree.root)).toBe(false);
			expect(verifyMerkleProof(featureLeafOf(row + 1, scale, numbers), proof, tree.root)).toBe(false);
		}
	});
});

describe("scoreFeatureRows", () => {
	test("default: two rows by hand", () => {
		const features = {
			rows: 2,
			width: 3,
			numbers: Int8Array.of(1, 2, 3, -127, 127, 0),
			scales: Uint16Array.of(10, 65535),
		};
		expect([...scoreFeatureRows(features, Int8Array.of(5, -6, 7))]).toEqual([140, -65535 * 127 * 11]);
	});

	test("behavior: the same as arithmetic without end", () => {
		const features = testFeatures(40, 33);
		const query = testQuery(33);
		const scores = scoreFeatureRows(features, query);
		for (let row = 0; row < features.rows; row++) {
			const numbers = featureNumbers(features, row);
			const dot = query.reduce((sum, q, i) => sum + BigInt(q) * BigInt(numbers[i]!), 0n);
			expect(BigInt(scores[row]!)).toBe(BigInt(features.scales[row]!) * dot);
			expect(Object.is(scores[row], -0)).toBe(false);
		}
	});

	test("behavior: a query of another width or with -128 is refused", () => {
		const features = testFeatures(2, 3);
		expect(() => scoreFeatureRows(features, new Int8Array(4))).toThrow(refuses("features/bad-shape"));
		expect(() => scoreFeatureRows(features, Int8Array.of(0, -128, 0))).toThrow(refuses("features/bad-number"));
	});

	test("behavior: equal scores stand by row; sums are exact where f64 would round", () => {
		const scores = Float64Array.of(3, 2 ** 42, 3, -(2 ** 42) + 1, 3, 0);
		const summary = summariseScores(scores, 4);
		expect(summary.top.map(({ row }) => row)).toEqual([1, 0, 2, 4]);
		expect(summary.sum).toBe(10n);
		expect(summary.sumOfSquares).toBe(27n + 2n ** 84n + (2n ** 42n - 1n) ** 2n);
		expect(summariseScores(scores, 99).top).toHaveLength(6);
		expect(() => summariseScores(scores, -1)).toThrow(refuses("features/bad-shape"));
	});
});
