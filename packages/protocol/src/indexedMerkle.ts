// Merkle trees whose leaves have places: the bits of a leaf's index say on which side its siblings stand, so that a proof shows
// where a leaf is, which leaf is its neighbour, and which is the last. Filled up with zero leaves to a power of two; inner node =
// keccak256(left ‖ right). It must not know what a leaf means: who builds leaves hashes them twice (`doubleHash`).
import { type Hex, keccak256 } from "viem";
import { bytesToHex, hexToBytes } from "./bytes.js";
import { checkDigest, ZERO_DIGEST } from "./checks.js";
import { CallerError } from "./errors.js";

/** Indices are uint32 on chain. */
export const MAX_INDEXED_LEAVES = 0xffff_ffff;
const BYTES = 32;

export type IndexedTree = {
	/** 32 zero bytes if there are no leaves; the leaf itself if there is one. */
	readonly root: Hex;
	readonly count: number;
	/** Siblings from leaf to root, `indexedDepth(count)` of them; throws `protocol/no-such-leaf`. */
	proofFor(index: number): Hex[];
};

/** What shows that a leaf stands at an index of a tree of `count` leaves. */
export type IndexedProof = { readonly index: number; readonly count: number; readonly siblings: readonly Hex[] };

/** Levels between leaf and root: the smallest d with 2^d ≥ count. The twin of IndexedMerkle.depth. */
export function indexedDepth(count: number): number {
	let depth = 0;
	while (2 ** depth < count) depth++;
	return depth;
}

/** Builds the tree once, for many proofs; throws `protocol/bad-digest`, `protocol/too-many-leaves`. */
export function indexedTree(leaves: readonly Hex[]): IndexedTree {
	const count = leaves.length;
	if (count > MAX_INDEXED_LEAVES) {
		throw new CallerError(`${count} leaves are too many; a tree has at most ${MAX_INDEXED_LEAVES}`, {
			code: "protocol/too-many-leaves",
			details: { count },
		});
	}
	const bottom = new Uint8Array(BYTES * count);
	for (const [index, leaf] of leaves.entries()) {
		bottom.set(hexToBytes(checkDigest(leaf, `leaf ${index}`)), BYTES * index);
	}
	// Level k without its zero filling; what lies beyond it is zeros[k].
	const levels: Uint8Array[] = [bottom];
	const zeros: Uint8Array[] = [new Uint8Array(BYTES)];
	for (let k = 0; k < indexedDepth(count); k++) {
		levels.push(levelAbove(levels[k]!, zeros[k]!));
		zeros.push(hashPair(zeros[k]!, zeros[k]!));
	}
	return {
		root: count === 0 ? ZERO_DIGEST : bytesToHex(levels.at(-1)!.subarray(0, BYTES)),
		count,
		proofFor(index) {
			if (!Number.isInteger(index) || index < 0 || index >= count) {
				throw new CallerError(`there is no leaf ${index}; the tree has ${count}, counted from 0`, {
					code: "protocol/no-such-leaf",
					details: { index, leaves: count },
				});
			}
			return levels.slice(0, -1).map((level, k) => {
				const place = Math.floor(index / 2 ** k);
				const sibling = BYTES * (place % 2 === 0 ? place + 1 : place - 1);
				return bytesToHex(sibling < level.length ? level.subarray(sibling, sibling + BYTES) : zeros[k]!);
			});
		},
	};
}

/** The root over leaves that are hashed already. */
export function indexedRoot(leaves: readonly Hex[]): Hex {
	return indexedTree(leaves).root;
}

/** Whether the leaf stands at the index; malformed input is simply not a proof. The twin of IndexedMerkle.verify. */
export function verifyIndexedProof(leaf: Hex, { index, count, siblings }: IndexedProof, root: Hex): boolean {
	if (!Number.isInteger(index) || !Number.isInteger(count) || index < 0 || index >= count) return false;
	if (!Array.isArray(siblings) || count > MAX_INDEXED_LEAVES || siblings.length !== indexedDepth(count)) return false;
	try {
		let node = hexToBytes(checkDigest(leaf, "leaf"));
		for (const [k, sibling] of siblings.entries()) {
			const other = hexToBytes(checkDigest(sibling, `sibling ${k}`));
			node = Math.floor(index / 2 ** k) % 2 === 0 ? hashPair(node, other) : hashPair(other, node);
		}
		return bytesToHex(node) === root;
	} catch (error) {
		if (error instanceof CallerError) return false;
		throw error;
	}
}

function levelAbove(level: Uint8Array, zero: Uint8Array): Uint8Array {
	const nodes = level.length / BYTES;
	const above = new Uint8Array(BYTES * Math.ceil(nodes / 2));
	for (let i = 0; i < nodes; i += 2) {
		const right = i + 1 < nodes ? level.subarray(BYTES * (i + 1), BYTES * (i + 2)) : zero;
		above.set(hashPair(level.subarray(BYTES * i, BYTES * (i + 1)), right), (BYTES * i) / 2);
	}
	return above;
}

const pair = new Uint8Array(2 * BYTES);
function hashPair(left: Uint8Array, right: Uint8Array): Uint8Array {
	pair.set(left);
	pair.set(right, BYTES);
	return keccak256(pair, "bytes");
}
