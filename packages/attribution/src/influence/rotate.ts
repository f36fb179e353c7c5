// The rotation of gradient matrices as a reduction on the machine: G [p, q] becomes L·G·R [a, b].

import { broadcastTo, input, matmul } from "@openledger/tensor";
import type { Reduction } from "./adapterGradients.js";
import type { MatrixRotation } from "./featureSpace.js";

const left = (name: string) => `rotate.left:${name}`;
const right = (name: string) => `rotate.right:${name}`;

/** Outputs [rows, a, b] by matrix; matrices without a rotation give none. */
export function rotationReduction(rotations: readonly MatrixRotation[]): Reduction {
	const known = new Map(rotations.map((rotation) => [rotation.name, rotation]));
	return (gradients, name) => {
		const rotation = known.get(name);
		if (rotation === undefined) return {};
		const [rows, p, q] = gradients.shape as readonly [number, number, number];
		const [a, b] = rotation.size;
		const L = broadcastTo(input(left(name), [a, p]), [rows, a, p]);
		const R = input(right(name), [q, b]);
		// The cheaper product first.
		return { [name]: a * q < p * b ? matmul(matmul(L, gradients), R) : matmul(L, matmul(gradients, R)) };
	};
}

/** What the reduction's programs are fed. */
export function rotationConstants(
	rotations: readonly MatrixRotation[],
): Map<string, { readonly shape: readonly number[]; readonly values: Float32Array }> {
	const out = new Map<string, { shape: readonly number[]; values: Float32Array }>();
	for (const { name, left: L, right: R, size } of rotations) {
		out.set(left(name), { shape: [size[0], L.length / size[0]], values: L });
		out.set(right(name), { shape: [R.length / size[1], size[1]], values: R });
	}
	return out;
}
