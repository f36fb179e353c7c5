// Twins of assembly/loss.ts.
import { twinExp, twinLog } from "./math.js";
import { greatest, strided8 } from "./reduce.js";

const f = Math.fround;

function sigmoid(g: number): number {
	return f(1 / f(1 + twinExp(-g)));
}

/** See Kernels.siluGate. */
export function twinSiluGate(g: Float32Array, u: Float32Array): Float32Array {
	return g.map((x, i) => f(x * sigmoid(x)) * u[i]!);
}

/** See Kernels.siluGateGrad. */
export function twinSiluGateGrad(g: Float32Array, u: Float32Array, dy: Float32Array): Float32Array {
	const n = g.length;
	const out = new Float32Array(2 * n);
	for (let i = 0; i < n; i++) {
		const x = g[i]!;
		const s = sigmoid(x);
		const slope = f(s * f(1 + f(x * f(1 - s))));
		out[i] = f(dy[i]! * u[i]!) * slope;
		out[n + i] = dy[i]! * f(x * s);
	}
	return out;
}

function softmaxParts(logits: Float32Array, at: number, V: number): { m: number; z: number } {
	const m = greatest(V, (i) => logits[at + i]!);
	return { m, z: strided8(V, (i) => twinExp(f(logits[at + i]! - m))) };
}

/** See Kernels.crossEntropy. */
export function twinCrossEntropy(logits: Float32Array, targets: Int32Array, V: number): Float32Array {
	return Float32Array.from(targets, (target, row) => {
		const { m, z } = softmaxParts(logits, row * V, V);
		return twinLog(z) - f(logits[row * V + target]! - m);
	});
}

/** See Kernels.crossEntropyGrad. */
export function twinCrossEntropyGrad(
	logits: Float32Array,
	targets: Int32Array,
	dl: Float32Array,
	V: number,
): Float32Array {
	const out = new Float32Array(logits.length);
	for (const [row, target] of targets.entries()) {
		const { m, z } = softmaxParts(logits, row * V, V);
		for (let j = 0; j < V; j++) {
			const p = f(twinExp(f(logits[row * V + j]! - m)) / z);
			out[row * V + j] = f(p - (j === target ? 1 : 0)) * dl[row]!;
		}
	}
	return out;
}
