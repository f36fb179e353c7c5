import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import { expect, test } from "vitest";
import { ZERO_DIGEST } from "./checks.js";
import { type CountedScore, countedScoreLeaf, countedScoresTree, queryDigest, scoresRoot } from "./countedScores.js";
import { verifyIndexedProof } from "./indexedMerkle.js";

const contributor = `0x${"0a".repeat(20)}` as const;
const counted = (row: number, score = 7n): CountedScore => ({ row, contributor, score, sharePpm: 1000 });

test("default: a leaf is the double hash of the abi encoding, scores below zero too", () => {
	for (const score of [9n, -9n, (1n << 63n) - 1n, -(1n << 63n)]) {
		const types = parseAbiParameters("uint32, address, int64, uint32");
		const encoded = encodeAbiParameters(types, [3, contributor, score, 1000]);
		expect(countedScoreLeaf(counted(3, score))).toBe(keccak256(keccak256(encoded)));
	}
	expect(scoresRoot([])).toBe(ZERO_DIGEST);
});

test("behavior: each counted row proves its place", () => {
	const scores = [2, 5, 9, 11, 70].map((row) => counted(row, BigInt(row)));
	const tree = countedScoresTree(scores);
	scores.forEach((score, index) => {
		const proof = { index, count: tree.count, siblings: tree.proofFor(index) };
		expect(verifyIndexedProof(countedScoreLeaf(score), proof, tree.root)).toBe(true);
		expect(verifyIndexedProof(countedScoreLeaf({ ...score, score: -1n }), proof, tree.root)).toBe(false);
	});
});

test.each([
	["rows out of order", [counted(5), counted(5)], "protocol/bad-order"],
	["too many rows", Array.from({ length: 65 }, (_, row) => counted(row)), "protocol/too-many-scores"],
	["a score of 64 bits and one", [counted(1, 1n << 63n)], "protocol/bad-score"],
	["a share above a million", [{ ...counted(1), sharePpm: 1_000_001 }], "protocol/bad-number"],
])("behavior: refuses %s", (_, scores, code) => {
	expect(() => scoresRoot(scores)).toThrow(expect.objectContaining({ code }));
});

test("behavior: the query's digest is that of its bytes", () => {
	expect(queryDigest(Int8Array.of(1, -1, 127, -127))).toBe(keccak256("0x01ff7f81"));
	const wider = Int8Array.of(9, 1, -1, 127, -127, 9);
	expect(queryDigest(wider.subarray(1, 5))).toBe(keccak256("0x01ff7f81"));
});
