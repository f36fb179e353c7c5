// The fixed random projection of a gradient matrix G [p, q] to L·G·R [4, 4] (factored, as in LoGra, arXiv 2405.13954).
// Signs come from the seed alone, so anyone can rebuild them; entries are ±1, so no scale is lost or invented.

import { broadcastTo, drawUint32, input, matmul, type Shape, type Tensor } from "@openledger/tensor";

export const SIDE = 4;
export const NUMBERS_PER_MATRIX = SIDE * SIDE;
const PURPOSE_PROJECTION = 0x9e0;

export interface ProjectionInputs {
	readonly left: string;
	readonly right: string;
}

/** Input names of the two factors for a gradient matrix. */
export function projectionNames(matrix: string): ProjectionInputs {
	return { left: `project.left:${matrix}`, right: `project.right:${matrix}` };
}

function signs(count: number, seed: number, step: number): Float32Array {
	const out = new Float32Array(count);
	for (let i = 0; i < count; i++) out[i] = drawUint32({ seed, purpose: PURPOSE_PROJECTION, step }, i) & 1 ? 1 : -1;
	return out;
}

/** Values of both factors for the matrix with this ordinal: left [4, p], right [q, 4]. */
export function projectionFactors(
	shape: Shape,
	seed: number,
	ordinal: number,
): { left: Float32Array; right: Float32Array } {
	const [p, q] = shape as readonly [number, number];
	return { left: signs(SIDE * p, seed, 2 * ordinal), right: signs(q * SIDE, seed, 2 * ordinal + 1) };
}

/** Graph of the projection of gradients [rows, p, q] to [rows, 4, 4]. */
export function project(gradients: Tensor, matrix: string): Tensor {
	const [rows, p, q] = gradients.shape as readonly [number, number, number];
	const names = projectionNames(matrix);
	const narrow = matmul(gradients, input(names.right, [q, SIDE]));
	return matmul(broadcastTo(input(names.left, [SIDE, p]), [rows, SIDE, p]), narrow);
}
