import fc from "fast-check";
import { type Address, encodeAbiParameters, keccak256, parseAbiParameters } from "viem";
import { describe, expect, test } from "vitest";
import { ZERO_DIGEST } from "./checks.js";
import { cumulativeLeaf, cumulativeTree } from "./cumulativeTree.js";
import { verifyIndexedProof } from "./indexedMerkle.js";

const address = fc
	.uint8Array({ minLength: 20, maxLength: 20 })
	.map((bytes): Address => `0x${Buffer.from(bytes).toString("hex")}`);
const earnings = fc.uniqueArray(fc.record({ account: address, cumulativeWei: fc.bigInt(0n, 1n << 90n) }), {
	selector: (earning) => earning.account,
	maxLength: 30,
});
const ada: Address = `0x${"11".repeat(20)}`;

describe("cumulativeTree", () => {
	test("default: a leaf is the double hash of the abi encoding", () => {
		const encoded = encodeAbiParameters(parseAbiParameters("address, uint256, uint256"), [ada, 5n, 12n]);
		expect(cumulativeLeaf({ account: ada, cumulativeWei: 5n, prefixWei: 12n })).toBe(keccak256(keccak256(encoded)));
	});

	test("behavior: leaves ascend, prefixes are running sums, everybody has a proof, whatever the order of the earnings", () => {
		fc.assert(
			fc.property(earnings, (list) => {
				const tree = cumulativeTree(list);
				const earning = list.filter(({ cumulativeWei }) => cumulativeWei > 0n);
				expect(tree.accounts).toBe(earning.length);
				expect(cumulativeTree([...list].reverse()).root).toBe(tree.root);
				let sum = 0n;
				for (const [place, leaf] of tree.leaves.entries()) {
					sum += leaf.cumulativeWei;
					expect(leaf.prefixWei).toBe(sum);
					if (place > 0) expect(tree.leaves[place - 1]!.account < leaf.account).toBe(true);
				}
				expect(tree.totalWei).toBe(sum);
				for (const { account, cumulativeWei } of earning) {
					const proof = tree.proofFor(account);
					expect(proof.cumulativeWei).toBe(cumulativeWei);
					expect(verifyIndexedProof(cumulativeLeaf(proof), proof, tree.root)).toBe(true);
					const more = { ...proof, cumulativeWei: cumulativeWei + 1n };
					expect(verifyIndexedProof(cumulativeLeaf(more), proof, tree.root)).toBe(false);
				}
			}),
			{ numRuns: 40 },
		);
	});

	test("behavior: nobody earned, an account twice, a stranger", () => {
		expect(cumulativeTree([{ account: ada, cumulativeWei: 0n }])).toMatchObject({
			root: ZERO_DIGEST,
			accounts: 0,
			totalWei: 0n,
		});
		const twice: Address = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
		expect(() =>
			cumulativeTree([twice, twice.toLowerCase() as Address].map((account) => ({ account, cumulativeWei: 1n }))),
		).toThrow(expect.objectContaining({ code: "protocol/duplicate-account" }));
		expect(() => cumulativeTree([{ account: ada, cumulativeWei: 1n }]).proofFor(twice)).toThrow(
			expect.objectContaining({ code: "protocol/no-such-account" }),
		);
	});
});
