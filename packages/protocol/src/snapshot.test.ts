import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";
import { expect, test } from "vitest";
import { merkleProof, verifyMerkleProof } from "./merkle.js";
import { type SnapshotEntry, snapshotLeaf, snapshotRoot } from "./snapshot.js";

const entry = (index: number): SnapshotEntry => ({
	index,
	commitment: `0x${String(index).padStart(64, "0")}`,
	contributor: "0x1111111111111111111111111111111111111111",
	cluster: index >> 1,
});

test("default: a leaf is the double hash of the abi encoding", () => {
	const { index, commitment, contributor, cluster } = entry(5);
	const encoded: Hex = encodeAbiParameters(parseAbiParameters("uint256, bytes32, address, uint256"), [
		BigInt(index),
		commitment,
		contributor,
		BigInt(cluster),
	]);
	expect(snapshotLeaf(entry(5))).toBe(keccak256(keccak256(encoded)));
});

test("behavior: each entry can be proven in the root", () => {
	const leaves = [0, 1, 2].map((index) => snapshotLeaf(entry(index)));
	const root = snapshotRoot([0, 1, 2].map(entry));
	for (const [index, leaf] of leaves.entries()) {
		expect(verifyMerkleProof(leaf, merkleProof(leaves, index), root)).toBe(true);
	}
});

test("behavior: the case of an address does not matter, a wrong checksum does", () => {
	const contributor = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
	const lower = contributor.toLowerCase() as Hex;
	expect(snapshotLeaf({ ...entry(0), contributor })).toBe(snapshotLeaf({ ...entry(0), contributor: lower }));
	const wrong = contributor.replace("dA6B", "DA6B") as Hex;
	expect(() => snapshotLeaf({ ...entry(0), contributor: wrong })).toThrow(
		expect.objectContaining({ code: "protocol/bad-address" }),
	);
});

test("behavior: entries out of order are refused", () => {
	expect(() => snapshotRoot([entry(1), entry(0)])).toThrow(expect.objectContaining({ code: "protocol/bad-order" }));
});

test("behavior: a negative cluster is refused", () => {
	expect(() => snapshotLeaf({ ...entry(0), cluster: -1 })).toThrow(
		expect.objectContaining({ code: "protocol/bad-number" }),
	);
});
