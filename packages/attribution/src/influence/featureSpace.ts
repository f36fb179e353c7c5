// The space that features live in: for each adapter matrix a rotation on either side, which rotated numbers are kept, and how large they
// usually are. It is a pure function of the served adapter and of a few rows, so a verifier makes it again.

import { concatBytes, type Hex, sha256, utf8 } from "@openledger/protocol";

/** Numbers of a feature: at four bits each, with a scale of two bytes, 1 KB a row. */
export const FEATURE_WIDTH = 2044;

export interface MatrixRotation {
	/** Graph input name of the matrix, of shape [p, q]. */
	readonly name: string;
	/** f32 [a, p]: leading left vectors. */
	readonly left: Float32Array;
	/** f32 [q, b]: leading right vectors, as columns. */
	readonly right: Float32Array;
	readonly size: readonly [a: number, b: number];
}

export interface FeatureSpace {
	readonly rotations: readonly MatrixRotation[];
	/** Places among all rotated numbers, matrix after matrix, row-major in each; ascending. */
	readonly kept: Uint32Array;
	/** f32 [kept]: one over a kept number's root mean square; 0 where it was never other than zero. */
	readonly inverseDeviations: Float32Array;
}

/** Numbers in one feature. */
export function featureWidth(space: FeatureSpace): number {
	return space.kept.length;
}

/** Digest of every number of the space. */
export function spaceDigest(space: FeatureSpace): Hex {
	const bytes = (values: Float32Array | Uint32Array) =>
		new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
	const parts: Uint8Array[] = [utf8("openledger/feature-space/v2\n")];
	for (const { name, left, right, size } of space.rotations)
		parts.push(utf8(`${name} ${size.join("×")}\n`), bytes(left), bytes(right));
	parts.push(bytes(space.kept), bytes(space.inverseDeviations));
	return sha256(concatBytes(...parts));
}
