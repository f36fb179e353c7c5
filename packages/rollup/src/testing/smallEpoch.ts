// An epoch that could be: models, people, answers with counted rows, signed by a node's key that everybody knows. For tests alone.

import {
	type Address,
	type Hex,
	keccak256,
	merkleTree,
	queryDigest,
	type Receipt,
	scoresRoot,
	sharesRoot,
	signReceipt,
	snapshotLeaf,
	utf8,
} from "@openledger/protocol";
import { privateKeyToAccount } from "viem/accounts";
import {
	type CountedRow,
	type EarningReceipt,
	type EpochBlob,
	type EpochContext,
	type ErasedRow,
	earnEpoch,
} from "../index.js";

export const digest = (name: string): Hex => keccak256(utf8(name));
export const person = (n: number): Address => `0x${(n + 1).toString(16).padStart(40, "0")}`;
export const node = privateKeyToAccount(digest("a node's key that everybody knows"));
export const CHAIN = 612055n;
export const VAULT = person(0xaaaa);
export const REWARDS = person(0xbbbb);
export const POOL = person(0xcccc);
const WEI = 10n ** 15n;

export const terms = {
	rates: { platformWei: WEI, inWeiPer1000: 1000n, outWeiPer1000: 2000n },
	split: { contributorsPpm: 600_000, ownerPpm: 150_000, nodePpm: 150_000, stakersPpm: 50_000, treasuryPpm: 50_000 },
	node: node.address,
};

export type SmallReceipt = {
	readonly fee: bigint;
	readonly rows: readonly (readonly [row: number, who: number, ppm: number])[];
};

export async function signed(name: string, { fee, rows }: SmallReceipt) {
	const counted: CountedRow[] = rows.map(([row, who, sharePpm]) => ({
		...{ row, contributor: person(who), sharePpm },
		score: BigInt(row * 1000 + 7) * (row % 3 === 2 ? 1n : -1n),
	}));
	const receipt: Receipt = {
		...{ chainId: CHAIN, vault: VAULT, paymentNonce: digest(`${name} nonce`), payer: person(900) },
		...{ modelId: digest("model"), adapterDigest: digest("adapter"), baseDigest: digest("base") },
		...{ snapshotRoot: erasedRow(0).snapshotRoot, featuresRoot: digest("features"), engineId: digest("engine") },
		...{ promptHash: digest(`${name} prompt`), responseHash: digest(`${name} response`), tokensIn: 11, tokensOut: 13 },
		...{ feeWei: fee, method: digest("method"), timestamp: 1_795_000_000n },
		sharesRoot: sharesRoot(counted.filter(({ sharePpm }) => sharePpm > 0)),
		queryDigest: queryDigest(Int8Array.from([1, -2, 3])),
		scoresRoot: scoresRoot(counted),
	};
	return { receipt, signature: await signReceipt(node, receipt), counted };
}

export const contextOf = (changes: Partial<EpochContext> = {}): EpochContext => ({
	...{
		chainId: CHAIN,
		rewards: REWARDS,
		vault: VAULT,
		pool: POOL,
		before: [],
		settled: new Set<Hex>(),
		isErased: () => false,
	},
	modelOf: (id) => (id === digest("model") ? terms : undefined),
	...changes,
});

/** An honest epoch over receipts. */
export async function epochOf(
	receipts: Awaited<ReturnType<typeof signed>>[],
	{
		epoch = 1n,
		before = [],
		erased = [],
	}: Partial<Pick<EpochBlob, "epoch" | "erased"> & Pick<EpochContext, "before">> = {},
): Promise<EpochBlob> {
	const earnings = earnEpoch({
		...{ before, erased, pool: POOL },
		receipts: receipts as readonly EarningReceipt[],
		termsOf: contextOf().modelOf,
	});
	return { chainId: CHAIN, rewards: REWARDS, epoch, closedAt: 1_795_000_100n, pool: POOL, erased, receipts, earnings };
}

/** A snapshot of one person's rows, and a row of it as it stands in the list of the erased. */
export function erasedRow(row: number, rows = 12): ErasedRow {
	const leafOf = (index: number) => ({
		...{ index, commitment: digest(`row ${index}`), contributor: person(index % 5), cluster: index },
	});
	const tree = merkleTree(Array.from({ length: rows }, (_, index) => snapshotLeaf(leafOf(index))));
	const { index: _, ...rest } = leafOf(row);
	return { snapshotRoot: tree.root, row, ...rest, proof: tree.proofFor(row) };
}

export const SNAPSHOT = erasedRow(0).snapshotRoot;
