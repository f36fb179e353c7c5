import fc from "fast-check";
import { encodePacked, type Hex, keccak256 } from "viem";
import { describe, expect, test } from "vitest";
import { ZERO_DIGEST } from "./checks.js";
import { indexedDepth, indexedRoot, indexedTree, verifyIndexedProof } from "./indexedMerkle.js";

const leaf = (n: number): Hex => keccak256(Uint8Array.of(n >> 8, n & 255));
const pair = (a: Hex, b: Hex): Hex => keccak256(encodePacked(["bytes32", "bytes32"], [a, b]));

/** The definition itself: fill with zeros to a power of two, then halve. */
function byDefinition(leaves: readonly Hex[]): Hex {
	if (leaves.length === 0) return ZERO_DIGEST;
	const size = 2 ** Math.ceil(Math.log2(leaves.length));
	let level = [...leaves, ...new Array<Hex>(size - leaves.length).fill(ZERO_DIGEST)];
	while (level.length > 1)
		level = Array.from({ length: level.length / 2 }, (_, i) => pair(level[2 * i]!, level[2 * i + 1]!));
	return level[0]!;
}

describe("indexedTree", () => {
	test("default: as defined, for every size up to 70", () => {
		for (let size = 0; size <= 70; size++) {
			const leaves = Array.from({ length: size }, (_, n) => leaf(n));
			expect(indexedRoot(leaves)).toBe(byDefinition(leaves));
		}
	});

	test("behavior: every leaf proves its place, and no other place", () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 200 }), fc.nat(), fc.nat(), (count, a, b) => {
				const tree = indexedTree(Array.from({ length: count }, (_, n) => leaf(n)));
				const index = a % count;
				const siblings = tree.proofFor(index);
				expect(siblings).toHaveLength(indexedDepth(count));
				expect(verifyIndexedProof(leaf(index), { index, count, siblings }, tree.root)).toBe(true);
				const other = b % (2 * count);
				if (other === index) return;
				expect(verifyIndexedProof(leaf(index), { index: other, count, siblings }, tree.root)).toBe(false);
				expect(verifyIndexedProof(leaf(index + 1), { index, count, siblings }, tree.root)).toBe(false);
			}),
			{ numRuns: 100 },
		);
	});

	test("behavior: the same leaves in another order are another tree", () => {
		expect(indexedRoot([leaf(1), leaf(2)])).not.toBe(indexedRoot([leaf(2), leaf(1)]));
	});

	test("behavior: malformed input is no proof, and a leaf that is not there has none", () => {
		const tree = indexedTree([leaf(0), leaf(1), leaf(2)]);
		const siblings = tree.proofFor(1);
		const good = { index: 1, count: 3, siblings };
		for (const bad of [
			{ ...good, index: -1 },
			{ ...good, index: 1.5 },
			{ ...good, index: 5 },
			{ ...good, count: 5 },
			{ ...good, count: 2 },
			{ ...good, siblings: siblings.slice(1) },
			{ ...good, siblings: ["0x12", ...siblings.slice(1)] as Hex[] },
			{ ...good, siblings: undefined as never },
		])
			expect(verifyIndexedProof(leaf(1), bad, tree.root)).toBe(false);
		expect(() => tree.proofFor(3)).toThrow(expect.objectContaining({ code: "protocol/no-such-leaf" }));
		expect(() => indexedRoot(["0x12"])).toThrow(expect.objectContaining({ code: "protocol/bad-digest" }));
	});
});
