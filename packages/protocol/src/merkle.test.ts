import fc from "fast-check";
import { encodeAbiParameters, encodePacked, type Hex, keccak256 } from "viem";
import { describe, expect, test } from "vitest";
import { ZERO_DIGEST } from "./checks.js";
import { doubleHash, merkleProof, merkleRoot, merkleTree, verifyMerkleProof } from "./merkle.js";

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes): Hex => keccak256(bytes));
/** As @openzeppelin/merkle-tree hashes a leaf of (address, uint256). */
const leafOf = (account: Hex, amount: bigint) =>
	doubleHash(encodeAbiParameters([{ type: "address" }, { type: "uint256" }], [account, amount]));
const leaf = (n: number) => keccak256(Uint8Array.of(n));

/** OpenZeppelin's commutativeKeccak256, through Solidity's packing and comparing as numbers. */
function pair(a: Hex, b: Hex): Hex {
	const sorted = BigInt(a) < BigInt(b) ? ([a, b] as const) : ([b, a] as const);
	return keccak256(encodePacked(["bytes32", "bytes32"], sorted));
}

/** OpenZeppelin's MerkleProof.processProof. */
const processProof = (from: Hex, proof: readonly Hex[]) => proof.reduce(pair, from);

describe("merkleRoot", () => {
	test("default: five leaves, hashed by hand", () => {
		const [a, b, c, d, e] = [0, 1, 2, 3, 4].map(leaf) as [Hex, Hex, Hex, Hex, Hex];
		expect(merkleRoot([a, b, c, d, e])).toBe(pair(pair(pair(a, b), e), pair(c, d)));
	});

	test("behavior: none is zero, one is itself, two are a pair", () => {
		expect(merkleRoot([])).toBe(ZERO_DIGEST);
		expect(merkleRoot([leaf(0)])).toBe(leaf(0));
		expect(merkleRoot([leaf(0), leaf(1)])).toBe(pair(leaf(0), leaf(1)));
	});

	test("behavior: the root in the README of @openzeppelin/merkle-tree", () => {
		const leaves = [
			leafOf("0x1111111111111111111111111111111111111111", 5000000000000000000n),
			leafOf("0x2222222222222222222222222222222222222222", 2500000000000000000n),
		];
		expect(merkleRoot(leaves)).toBe("0xd4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77");
	});

	test("behavior: refuses what is not a digest", () => {
		expect(() => merkleRoot(["0x12"])).toThrow(expect.objectContaining({ code: "protocol/bad-digest" }));
	});
});

describe("merkleProof", () => {
	test("behavior: every proof of every tree up to 33 leaves verifies, here and as OpenZeppelin does it", () => {
		for (let size = 1; size <= 33; size++) {
			const leaves = Array.from({ length: size }, (_, n) => leaf(n));
			const tree = merkleTree(leaves);
			for (const [index, own] of leaves.entries()) {
				const proof = tree.proofFor(index);
				expect(verifyMerkleProof(own, proof, tree.root)).toBe(true);
				expect(processProof(own, proof)).toBe(tree.root);
				expect(proof.length).toBeLessThanOrEqual(Math.ceil(Math.log2(size)));
			}
		}
	});

	test("behavior: another leaf, a changed sibling, a shorter or longer proof do not verify", () => {
		const many = fc.uniqueArray(digest, { minLength: 2, maxLength: 20 });
		fc.assert(
			fc.property(many, fc.nat(), digest, fc.nat(), (leaves, pick, stranger, where) => {
				fc.pre(!leaves.includes(stranger));
				const index = pick % leaves.length;
				const own = leaves[index]!;
				const tree = merkleTree(leaves);
				const proof = tree.proofFor(index);
				expect(verifyMerkleProof(stranger, proof, tree.root)).toBe(false);
				expect(verifyMerkleProof(own, proof.with(where % proof.length, stranger), tree.root)).toBe(false);
				expect(verifyMerkleProof(own, proof.slice(0, -1), tree.root)).toBe(false);
				expect(verifyMerkleProof(own, [...proof, stranger], tree.root)).toBe(false);
			}),
		);
	});

	test("behavior: no such leaf", () => {
		for (const index of [-1, 2, 0.5, Number.NaN]) {
			expect(() => merkleProof([leaf(0), leaf(1)], index)).toThrow(
				expect.objectContaining({ code: "protocol/no-such-leaf" }),
			);
		}
	});

	test("behavior: malformed proofs are false, never thrown", () => {
		expect(verifyMerkleProof("0x" as Hex, [], leaf(0))).toBe(false);
		expect(verifyMerkleProof(leaf(0), ["junk" as Hex], leaf(0))).toBe(false);
		expect(verifyMerkleProof(leaf(0), new Array(65).fill(leaf(1)), leaf(0))).toBe(false);
		expect(verifyMerkleProof(leaf(0), undefined as never, leaf(0))).toBe(false);
	});
});
