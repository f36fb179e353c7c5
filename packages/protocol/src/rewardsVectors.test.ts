// What the settlement contracts compute (contracts/test/vectors/rewards.json, written by forge) against the twins here.
import { readFileSync } from "node:fs";
import { type Address, encodeAbiParameters, type Hex, keccak256, parseAbiParameters } from "viem";
import { expect, test } from "vitest";
import { utf8 } from "./bytes.js";
import { type CountedScore, countedScoreLeaf, scoresRoot } from "./countedScores.js";
import { cumulativeLeaf } from "./cumulativeTree.js";
import { dataChunkLeaf } from "./dataChunks.js";
import { receiptLeaf } from "./earnings.js";
import { indexedRoot } from "./indexedMerkle.js";
import { type Receipt, receiptId, sharesRoot } from "./receipt.js";
import { rootProposalHash } from "./rootClaim.js";

type Case = Readonly<Record<string, string>>;
type Group = { readonly cases: readonly Case[]; readonly expected: readonly Case[] };
const vectors: Readonly<Record<string, Group>> = JSON.parse(
	readFileSync(new URL("../../../contracts/test/vectors/rewards.json", import.meta.url), "utf8"),
);
const digest = (seed: bigint, i: number): Hex =>
	keccak256(encodeAbiParameters(parseAbiParameters("uint256, uint256"), [seed, BigInt(i)]));

/** Each case with what is expected of it; at least `least` of them. */
function each(group: string, least: number, check: (it: Case, expected: Case, place: number) => void): void {
	const { cases, expected } = vectors[group]!;
	expect(cases.length).toBeGreaterThanOrEqual(least);
	expect(expected).toHaveLength(cases.length);
	for (const [place, it] of cases.entries()) check(it, expected[place]!, place);
}

test("leaves of earnings agree with EarningsLeaf.sol", () => {
	each("earnings", 3, ({ account, cumulativeWei, prefixWei }, { leaf }) => {
		const it = { account: account as Address, cumulativeWei: BigInt(cumulativeWei!), prefixWei: BigInt(prefixWei!) };
		expect(cumulativeLeaf(it)).toBe(leaf);
	});
});

test("positional trees agree with IndexedMerkle.sol", () => {
	each("trees", 12, ({ count }, { root }) => {
		const leaves = Array.from({ length: Number(count) }, (_, i) =>
			keccak256(encodeAbiParameters(parseAbiParameters("uint256"), [BigInt(i)])),
		);
		expect(indexedRoot(leaves)).toBe(root);
	});
});

test("counted scores, their root and the shares' root agree with ReceiptLeaves.sol", () => {
	const scores: CountedScore[] = [];
	each("scores", 5, ({ row, contributor, shiftedScore, sharePpm }, expected) => {
		const score = BigInt(shiftedScore!) - (1n << 63n);
		scores.push({ row: Number(row), contributor: contributor as Address, score, sharePpm: Number(sharePpm) });
		expect(countedScoreLeaf(scores.at(-1)!)).toBe(expected.leaf);
		expect(scoresRoot(scores)).toBe(expected.scoresRoot);
		expect(sharesRoot(scores.filter((one) => one.sharePpm > 0))).toBe(expected.sharesRoot);
	});
});

test("chunks of data agree with ReceiptLeaves.sol", () => {
	each("chunks", 3, ({ index, text }, { leaf }) => {
		expect(dataChunkLeaf(Number(index), utf8(text!))).toBe(leaf);
	});
});

test("receipt ids and leaves agree with ReceiptLeaves.sol", () => {
	each("receipts", 2, (it, { id, leaf }) => {
		const of = (i: number) => digest(BigInt(it.seed!), i);
		const receipt: Receipt = {
			chainId: BigInt(it.chainId!),
			...{ vault: it.vault as Address, payer: it.payer as Address },
			...{ paymentNonce: of(0), modelId: of(1), adapterDigest: of(2), baseDigest: of(3), snapshotRoot: of(4) },
			...{ featuresRoot: of(5), engineId: of(6), promptHash: of(7), responseHash: of(8) },
			...{ method: of(9), sharesRoot: of(10), queryDigest: of(11), scoresRoot: of(12) },
			...{ tokensIn: Number(it.tokensIn), tokensOut: Number(it.tokensOut) },
			...{ feeWei: BigInt(it.feeWei!), timestamp: BigInt(it.timestamp!) },
		};
		expect(receiptId(receipt)).toBe(id);
		expect(receiptLeaf(id as Hex)).toBe(leaf);
	});
});

test("hashes of proposals agree with AttributionRewards.sol", () => {
	each("proposals", 2, (it, { hash }) => {
		const of = (i: number) => digest(BigInt(it.seed!), i);
		const claim = {
			epoch: BigInt(it.epoch!),
			...{ receiptsRoot: of(0), receipts: Number(it.receipts) },
			...{ earningsRoot: of(1), accounts: Number(it.accounts), totalCumulativeWei: BigInt(it.totalWei!) },
			...{ dataRoot: of(2), dataChunks: Number(it.chunks) },
		};
		const proposal = {
			...{ claim, previousHash: of(3), previousTotalWei: BigInt(it.previousTotalWei!) },
			...{ proposer: it.proposer as Address, challengeEnds: BigInt(it.challengeEnds!) },
		};
		expect(rootProposalHash(proposal)).toBe(hash);
	});
});
