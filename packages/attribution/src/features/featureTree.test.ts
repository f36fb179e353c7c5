// The tree against its definition in RFC 6962, section 2.1, written out as recursion over the whole list; proofs against packages/protocol.

import {
	concatBytes,
	type Hex,
	hexToBytes,
	keccak256,
	merkleRoot,
	verifyMerkleProof,
	ZERO_DIGEST,
} from "@openledger/protocol";
import { describe, expect, test } from "vitest";
import { featureTree, nodesAdded, nodesOf, proofOfNodes, rootOfNodes } from "./featureTree.js";

const leaf = (n: number) => keccak256(Uint8Array.of(n >> 8, n));
const leaves = (count: number) => Array.from({ length: count }, (_, n) => leaf(n));

function pair(a: Hex, b: Hex): Hex {
	const [low, high] = BigInt(a) < BigInt(b) ? [a, b] : [b, a];
	return keccak256(concatBytes(hexToBytes(low), hexToBytes(high)));
}

/** MTH(D[n]): k is the largest power of two smaller than n. */
function defined(list: readonly Hex[]): Hex {
	if (list.length === 0) return ZERO_DIGEST;
	if (list.length === 1) return list[0]!;
	let k = 1;
	while (2 * k < list.length) k *= 2;
	return pair(defined(list.slice(0, k)), defined(list.slice(k)));
}

describe("featureTree", () => {
	test("default: the root that RFC 6962 defines, and proofs that protocol accepts, up to 70 leaves", () => {
		for (let count = 0; count <= 70; count++) {
			const all = leaves(count);
			const tree = featureTree(all);
			expect(tree.root).toBe(defined(all));
			for (let row = 0; row < count; row++) {
				const proof = tree.proofFor(row);
				expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(count)));
				expect(verifyMerkleProof(all[row]!, proof, tree.root)).toBe(true);
				expect(verifyMerkleProof(leaf(row + 1000), proof, tree.root)).toBe(false);
			}
		}
	});

	test("behavior: over a power of two of leaves it is protocol's tree", () => {
		for (const count of [1, 2, 4, 8, 64]) expect(featureTree(leaves(count)).root).toBe(merkleRoot(leaves(count)));
		expect(featureTree(leaves(5)).root).not.toBe(merkleRoot(leaves(5)));
	});

	test("behavior: nodes that are there stay; older roots and proofs can still be read", () => {
		const nodes: Uint8Array[] = [];
		const all = leaves(45);
		for (const [row, own] of all.entries()) {
			expect(nodes.length).toBe(nodesOf(row));
			nodes.push(...nodesAdded(row, hexToBytes(own), (place) => nodes[place]!));
		}
		const read = (place: number) => nodes[place]!;
		for (const count of [0, 1, 7, 32, 33, 45]) {
			const root = rootOfNodes(count, read);
			expect(root).toBe(defined(all.slice(0, count)));
			for (let row = 0; row < count; row++)
				expect(verifyMerkleProof(all[row]!, proofOfNodes(row, count, read), root)).toBe(true);
		}
	});

	test("behavior: a root reads one node for each bit of the count, wherever they lie", () => {
		let reads = 0;
		const read = () => {
			reads++;
			return new Uint8Array(32);
		};
		rootOfNodes(2 ** 31 - 1, read);
		expect(reads).toBe(31);
		expect(nodesOf(2 ** 31 - 1)).toBe(2 ** 32 - 2 - 31);
	});

	test("behavior: no such row", () => {
		for (const row of [-1, 3, 0.5])
			expect(() => featureTree(leaves(3)).proofFor(row)).toThrow(
				expect.objectContaining({ code: "features/no-such-row" }),
			);
	});
});
