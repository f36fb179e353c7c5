import { encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import { expect, test } from "vitest";
import { ZERO_DIGEST } from "./checks.js";
import { CHUNK_BYTES, dataChunkLeaf, dataTree } from "./dataChunks.js";
import { verifyIndexedProof } from "./indexedMerkle.js";

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => (i * 31) & 255);

test("default: a leaf binds index and bytes", () => {
	const encoded = encodeAbiParameters(parseAbiParameters("uint32, bytes32"), [2, keccak256(bytes(5))]);
	expect(dataChunkLeaf(2, bytes(5))).toBe(keccak256(keccak256(encoded)));
});

test("behavior: every chunk proves its place, and together they are the bytes", () => {
	for (const length of [0, 1, CHUNK_BYTES, CHUNK_BYTES + 1, 5 * CHUNK_BYTES - 1]) {
		const whole = bytes(length);
		const tree = dataTree(whole);
		const parts = Array.from({ length: tree.chunks }, (_, index) => tree.chunkAt(index));
		expect(Buffer.concat(parts).equals(Buffer.from(whole))).toBe(true);
		parts.forEach((part, index) => {
			const proof = { index, count: tree.chunks, siblings: tree.proofFor(index) };
			expect(verifyIndexedProof(dataChunkLeaf(index, part), proof, tree.root)).toBe(true);
		});
		expect(() => tree.chunkAt(tree.chunks)).toThrow(expect.objectContaining({ code: "protocol/no-such-leaf" }));
	}
	expect(dataTree(bytes(0)).root).toBe(ZERO_DIGEST);
});

test.each([0, CHUNK_BYTES + 1])("behavior: refuses a chunk of %i bytes", (length) => {
	expect(() => dataChunkLeaf(0, bytes(length))).toThrow(expect.objectContaining({ code: "protocol/bad-chunk" }));
});
