import type { Hex } from "viem";
import { expect, test } from "vitest";
import { receiptLeaf, receiptsRoot } from "./earnings.js";
import { merkleProof, verifyMerkleProof } from "./merkle.js";

test("receiptsRoot proves each receipt, in order", () => {
	const ids = ["01", "02", "03"].map((byte): Hex => `0x${byte.repeat(32)}`);
	const root = receiptsRoot(ids);
	for (const [index, id] of ids.entries()) {
		expect(verifyMerkleProof(receiptLeaf(id), merkleProof(ids.map(receiptLeaf), index), root)).toBe(true);
	}
	expect(receiptsRoot([...ids].reverse())).not.toBe(root);
});
