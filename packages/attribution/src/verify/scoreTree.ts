// The scores of one answer under one root: a Merkle tree whose nodes carry totals, so that a claim about all rows can be held against a few.
// It must not know how a score is computed, nor what is paid for it.

import { concatBytes, type Hex, hexToBytes, keccak256, uint32, utf8 } from "@openledger/protocol";
import { ProofError } from "./errors.js";

/** Rows of one leaf: 32 scores are fewer bytes than the five levels of nodes that they stand for. */
export const ROWS_PER_BLOCK = 32;
export const MAX_ROWS = 2 ** 31 - 1;
/** Below every score. */
export const NO_HEAD: number = Number.MIN_SAFE_INTEGER;

const BLOCK_TAG = utf8("openledger/scores/block/v1");
const FORK_TAG = utf8("openledger/scores/fork/v1");

export interface ScoreLeaf {
	/** A whole number, |score| < 2⁵³. */
	readonly score: number;
	/** Whether the row counts in the totals: the first learnt row of its cluster does, its copies do not. */
	readonly head: boolean;
}

/** What the share rule needs to know of all rows. */
export interface ScoreTotals {
	readonly heads: number;
	/** Σ score over heads. */
	readonly sum: bigint;
	/** Σ score² over heads. */
	readonly squares: bigint;
	/** Largest score of the heads; NO_HEAD where there is none. */
	readonly max: number;
}

export interface ScoreNode extends ScoreTotals {
	readonly hash: Hex;
	readonly rows: number;
}

export interface ScoreTree {
	readonly root: ScoreNode;
	readonly rows: readonly ScoreLeaf[];
	/** The node over blocks from `first` to before `end`; these must be bounds of a node. */
	node(first: number, end: number): ScoreNode;
}

/** Where a node over `count` blocks divides: the left child is the largest whole power of two (as in RFC 6962, section 2.1). */
export function leftBlocks(count: number): number {
	let left = 1;
	while (left * 2 < count) left *= 2;
	return left;
}

export const blocksOf = (rows: number): number => Math.ceil(rows / ROWS_PER_BLOCK);

function signedBytes(value: bigint, length: number): Uint8Array {
	const hex = BigInt.asUintN(8 * length, value)
		.toString(16)
		.padStart(2 * length, "0");
	return hexToBytes(`0x${hex}`);
}

function nodeBytes({ hash, rows, heads, sum, squares, max }: ScoreNode): Uint8Array {
	return concatBytes(
		hexToBytes(hash),
		uint32(rows),
		uint32(heads),
		signedBytes(sum, 16),
		signedBytes(squares, 32),
		signedBytes(BigInt(max), 8),
	);
}

/** The leaf over the rows from `firstRow` on. Throws ProofError "proof/malformed" for a score that is not whole or too large. */
export function blockNode(firstRow: number, rows: readonly ScoreLeaf[]): ScoreNode {
	const bytes = new Uint8Array(9 * rows.length);
	const view = new DataView(bytes.buffer);
	let [heads, sum, squares, max] = [0, 0n, 0n, NO_HEAD];
	rows.forEach(({ score, head }, i) => {
		if (!Number.isSafeInteger(score))
			throw new ProofError(
				"proof/malformed",
				`the score of row ${firstRow + i} is ${score}; it must be whole, below 2^53`,
			);
		view.setUint8(9 * i, head ? 1 : 0);
		view.setBigInt64(9 * i + 1, BigInt(score));
		if (!head) return;
		max = Math.max(max, score);
		heads++;
		sum += BigInt(score);
		squares += BigInt(score) * BigInt(score);
	});
	const hash = keccak256(concatBytes(BLOCK_TAG, uint32(firstRow), uint32(rows.length), bytes));
	return { hash, rows: rows.length, heads, sum, squares, max };
}

/** The node over two. */
export function forkNode(left: ScoreNode, right: ScoreNode): ScoreNode {
	return {
		hash: keccak256(concatBytes(FORK_TAG, nodeBytes(left), nodeBytes(right))),
		rows: left.rows + right.rows,
		heads: left.heads + right.heads,
		sum: left.sum + right.sum,
		squares: left.squares + right.squares,
		max: Math.max(left.max, right.max),
	};
}

/** Builds the tree: rows/32 leaves and as many forks. Throws ProofError "proof/malformed" without rows or with a score that is not whole. */
export function scoreTree(rows: readonly ScoreLeaf[]): ScoreTree {
	if (rows.length === 0 || rows.length > MAX_ROWS)
		throw new ProofError("proof/malformed", `there are ${rows.length} scores; a tree has 1 to ${MAX_ROWS}`);
	const nodes = new Map<string, ScoreNode>();
	const build = (first: number, end: number): ScoreNode => {
		const made =
			end - first === 1
				? blockNode(first * ROWS_PER_BLOCK, rows.slice(first * ROWS_PER_BLOCK, end * ROWS_PER_BLOCK))
				: forkNode(build(first, first + leftBlocks(end - first)), build(first + leftBlocks(end - first), end));
		nodes.set(`${first}-${end}`, made);
		return made;
	};
	const root = build(0, blocksOf(rows.length));
	return {
		root,
		rows,
		node(first, end) {
			const found = nodes.get(`${first}-${end}`);
			if (found === undefined) throw new RangeError(`no node stands over blocks ${first} to ${end}`);
			return found;
		},
	};
}
