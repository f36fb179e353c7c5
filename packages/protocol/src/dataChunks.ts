// Published bytes under one root, in chunks small enough to be shown on chain. It must not know what the bytes say.
import { encodeAbiParameters, type Hex } from "viem";
import { keccak256 } from "./bytes.js";
import { checkCount } from "./checks.js";
import { CallerError } from "./errors.js";
import { indexedTree } from "./indexedMerkle.js";
import { doubleHash } from "./merkle.js";

/** Bytes of a chunk; the last may be shorter, never empty. */
export const CHUNK_BYTES = 1024;

export type DataTree = {
	/** 32 zero bytes if there are no bytes. */
	readonly root: Hex;
	readonly chunks: number;
	/** Throws `protocol/no-such-leaf`. */
	chunkAt(index: number): Uint8Array;
	/** Throws `protocol/no-such-leaf`. */
	proofFor(index: number): Hex[];
};

const LEAF = [{ type: "uint32" }, { type: "bytes32" }] as const;

/** keccak256(keccak256(abi.encode(uint32 index, bytes32 keccak256(chunk)))); throws `protocol/bad-chunk`. The twin of DataChunk.sol. */
export function dataChunkLeaf(index: number, chunk: Uint8Array): Hex {
	if (chunk.length === 0 || chunk.length > CHUNK_BYTES) {
		throw new CallerError(`chunk ${index} has ${chunk.length} bytes; it must have 1 to ${CHUNK_BYTES}`, {
			code: "protocol/bad-chunk",
			details: { index },
		});
	}
	return doubleHash(encodeAbiParameters(LEAF, [checkCount(index, "index"), keccak256(chunk)]));
}

/** The positional tree over the chunks of `bytes`. */
export function dataTree(bytes: Uint8Array): DataTree {
	const chunks = Math.ceil(bytes.length / CHUNK_BYTES);
	const chunk = (index: number) => bytes.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES);
	const tree = indexedTree(Array.from({ length: chunks }, (_, index) => dataChunkLeaf(index, chunk(index))));
	return {
		root: tree.root,
		chunks,
		proofFor: tree.proofFor,
		chunkAt(index) {
			tree.proofFor(index);
			return chunk(index);
		},
	};
}
