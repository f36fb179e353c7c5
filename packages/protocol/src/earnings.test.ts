import fc from "fast-check";
import type { Address, Hex } from "viem";
import { describe, expect, test } from "vitest";
import { ZERO_DIGEST } from "./checks.js";
import { type Earning, earningsLeaf, earningsTree, receiptLeaf, receiptsRoot } from "./earnings.js";
import { merkleProof, verifyMerkleProof } from "./merkle.js";

const address = fc
	.uint8Array({ minLength: 20, maxLength: 20 })
	.map((bytes): Address => `0x${Buffer.from(bytes).toString("hex")}`);
const earnings = fc.uniqueArray(fc.record({ account: address, cumulativeWei: fc.bigInt(0n, 1n << 90n) }), {
	selector: (earning) => earning.account,
	maxLength: 20,
});
const ada: Address = "0x1111111111111111111111111111111111111111";

describe("earningsTree", () => {
	test("behavior: everybody can prove the own amount and no other", () => {
		fc.assert(
			fc.property(earnings, (list) => {
				const tree = earningsTree(list);
				expect(tree.totalWei).toBe(list.reduce((sum, earning) => sum + earning.cumulativeWei, 0n));
				for (const earning of list) {
					const proof = tree.proofFor(earning.account);
					expect(verifyMerkleProof(earningsLeaf(earning), proof, tree.root)).toBe(true);
					const more: Earning = { ...earning, cumulativeWei: earning.cumulativeWei + 1n };
					expect(verifyMerkleProof(earningsLeaf(more), proof, tree.root)).toBe(false);
				}
			}),
			{ numRuns: 30 },
		);
	});

	test("behavior: the order of the earnings does not matter", () => {
		fc.assert(
			fc.property(earnings, (list) => {
				expect(earningsTree([...list].reverse()).root).toBe(earningsTree(list).root);
			}),
			{ numRuns: 30 },
		);
	});

	test("behavior: nobody earned", () => {
		expect(earningsTree([])).toMatchObject({ root: ZERO_DIGEST, totalWei: 0n });
	});

	test("behavior: an account twice is refused, also in another case", () => {
		const account: Address = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
		const twice = [account, account.toLowerCase() as Address].map((a) => ({ account: a, cumulativeWei: 1n }));
		expect(() => earningsTree(twice)).toThrow(expect.objectContaining({ code: "protocol/duplicate-account" }));
	});

	test("behavior: a stranger has no proof", () => {
		const tree = earningsTree([{ account: ada, cumulativeWei: 1n }]);
		expect(() => tree.proofFor("0x2222222222222222222222222222222222222222")).toThrow(
			expect.objectContaining({ code: "protocol/no-such-account" }),
		);
	});
});

test("receiptsRoot proves each receipt, in order", () => {
	const ids = ["01", "02", "03"].map((byte): Hex => `0x${byte.repeat(32)}`);
	const root = receiptsRoot(ids);
	for (const [index, id] of ids.entries()) {
		expect(verifyMerkleProof(receiptLeaf(id), merkleProof(ids.map(receiptLeaf), index), root)).toBe(true);
	}
	expect(receiptsRoot([...ids].reverse())).not.toBe(root);
});
