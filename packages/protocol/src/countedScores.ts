// The rows of an answer that count, with their scores, under one root of the receipt, so that a chain can hold a single score against the
// committed features. It must not know how a score or a share is computed.
import { type Address, encodeAbiParameters, type Hex } from "viem";
import { keccak256 } from "./bytes.js";
import { checkAddress, checkCount } from "./checks.js";
import { CallerError } from "./errors.js";
import { type IndexedTree, indexedTree } from "./indexedMerkle.js";
import { doubleHash } from "./merkle.js";
import { PPM } from "./shares.js";

/** At most so many rows of one answer count. */
export const MAX_COUNTED = 64;

/** A row above the bar: its score, scale · Σ query·number exactly, and what it earns; `sharePpm` may be 0. */
export type CountedScore = {
	readonly row: number;
	readonly contributor: Address;
	readonly score: bigint;
	readonly sharePpm: number;
};

const LEAF = [{ type: "uint32" }, { type: "address" }, { type: "int64" }, { type: "uint32" }] as const;

/** keccak256(keccak256(abi.encode(uint32 row, address contributor, int64 score, uint32 sharePpm))), the twin of ScoreLeaf.sol. */
export function countedScoreLeaf({ row, contributor, score, sharePpm }: CountedScore): Hex {
	if (typeof score !== "bigint" || score !== BigInt.asIntN(64, score)) {
		throw new CallerError(`the score of row ${row} is ${score}; it must be a bigint that fits 64 bits`, {
			code: "protocol/bad-score",
			details: { row },
		});
	}
	return doubleHash(
		encodeAbiParameters(LEAF, [
			checkCount(row, "row"),
			checkAddress(contributor, "contributor"),
			score,
			checkCount(sharePpm, "sharePpm", PPM),
		]),
	);
}

/** The positional tree over the counted rows; throws `protocol/bad-order` unless rows ascend, `protocol/too-many-scores` above 64. */
export function countedScoresTree(scores: readonly CountedScore[]): IndexedTree {
	if (scores.length > MAX_COUNTED) {
		throw new CallerError(`${scores.length} rows are said to count; ${MAX_COUNTED} may`, {
			code: "protocol/too-many-scores",
			details: { count: scores.length },
		});
	}
	for (const [place, { row }] of scores.entries()) {
		if (place === 0 || scores[place - 1]!.row < row) continue;
		throw new CallerError(`row ${row} stands after row ${scores[place - 1]!.row}; rows must ascend`, {
			code: "protocol/bad-order",
			details: { place, row },
		});
	}
	return indexedTree(scores.map(countedScoreLeaf));
}

/** `scoresRoot` of a receipt: 32 zero bytes where no row counts. */
export function scoresRoot(scores: readonly CountedScore[]): Hex {
	return countedScoresTree(scores).root;
}

/** `queryDigest` of a receipt: keccak256 of the answer's own feature, one byte a number. */
export function queryDigest(query: Int8Array): Hex {
	return keccak256(new Uint8Array(query.buffer, query.byteOffset, query.byteLength));
}
