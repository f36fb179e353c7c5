// The committed features of a run: int8 vectors for every row at every checkpoint, under one Merkle root.

import { concatBytes, type Hex, keccak256, merkleRoot, sha256, utf8 } from "@openledger/protocol";

export interface FeatureIndex {
	readonly rows: number;
	readonly width: number;
	/** One array [rows·width] for each checkpoint, in the checkpoints' order. */
	readonly checkpoints: readonly Int8Array[];
}

/** The feature of one row at one checkpoint; a view. */
export function featureOf(index: FeatureIndex, checkpoint: number, row: number): Int8Array {
	return index.checkpoints[checkpoint]!.subarray(row * index.width, (row + 1) * index.width);
}

function asBytes(values: Int8Array): Uint8Array {
	return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

/** Leaf of a row: it binds the row's place, and its features at all checkpoints. */
export function featureLeaf(index: FeatureIndex, row: number): Hex {
	const place = new Uint8Array(4);
	new DataView(place.buffer).setUint32(0, row);
	const features = index.checkpoints.map((_, c) => asBytes(featureOf(index, c, row)));
	return keccak256(concatBytes(utf8("openledger-feature"), place, ...features));
}

/** Root over all rows, committed with the run. */
export function featuresRoot(index: FeatureIndex): Hex {
	return merkleRoot(Array.from({ length: index.rows }, (_, row) => featureLeaf(index, row)));
}

/** Digest of an answer's query feature, for receipts and their replay. */
export function queryDigest(query: readonly Int8Array[]): Hex {
	return sha256(concatBytes(...query.map(asBytes)));
}
