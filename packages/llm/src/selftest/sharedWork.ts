// Self-test, third part: calls large enough that threads share them, forward and backward, with sizes that no tile divides.

import {
	attention,
	compile,
	crossEntropy,
	exp,
	gradient,
	input,
	type Machine,
	matmul,
	mul,
	reshape,
	rmsNorm,
	siluGate,
	sumAll,
	type Tensor,
} from "@openledger/tensor";
import { bytesOf } from "./bytesOf.js";

const [B, T, H, HKV, D, V] = [6, 37, 4, 2, 24, 301];
const WIDTH = H * D;
const INNER = 3 * WIDTH + 5;

/** Numbers of full mantissas within ±1/8; normal ones would take longer to draw than the kernels to run. */
function numbers(count: number, step: number): Float32Array {
	return Float32Array.from({ length: count }, (_, i) => (((i * 40503 + step * 9973) % 65521) - 32760) / 262139);
}

/** A block of a model: norm, grouped attention, gated feed-forward, a loss, a product for each row and one of a single row. */
export function sharedWork(machine: Machine): Uint8Array[] {
	const x = input("x", [B * T, WIDTH]);
	const up = input("up", [INNER, WIDTH]);
	const down = input("down", [WIDTH, INNER]);
	const kv = input("kv", [B * T, HKV * D]);
	const [norm, wideNorm] = [input("norm", [WIDTH]), input("wideNorm", [INNER])];
	const normed = rmsNorm(x, norm, 1e-5);
	const keys = reshape(kv, [B, T, HKV, D]);
	const heads = (t: Tensor) => reshape(t, [B, T, H, D]);
	const mixed = reshape(attention(heads(normed), keys, mul(keys, keys), 0.2), [B * T, WIDTH]);
	const wide = rmsNorm(matmul(mixed, up, { transB: true }), wideNorm, 1e-6);
	const out = matmul(siluGate(wide, exp(mul(wide, wide))), down, { transB: true });
	const perRow = matmul(reshape(out, [B, T, WIDTH]), reshape(x, [B, T, WIDTH]), { transB: true });
	const logits = matmul(out, input("table", [V, WIDTH]), { transB: true });
	const loss = sumAll(crossEntropy(logits, input("targets", [B * T], "i32")));
	const single = matmul(input("single", [1, 517]), input("tall", [903, 517]), { transB: true });
	const wanted = { x, up, down, kv, norm, wideNorm };
	const gradients = gradient(loss, Object.values(wanted));
	const outputs: Record<string, Tensor> = { loss, perRow, single };
	Object.keys(wanted).forEach((name, i) => {
		outputs[`gradient.${name}`] = gradients[i]!;
	});
	const result = compile(machine, outputs).run({
		x: numbers(B * T * WIDTH, 0),
		up: numbers(INNER * WIDTH, 1),
		down: numbers(WIDTH * INNER, 2),
		kv: numbers(B * T * HKV * D, 3),
		norm: numbers(WIDTH, 4),
		table: numbers(V * WIDTH, 5),
		targets: Int32Array.from({ length: B * T }, (_, i) => (i * 7) % V),
		single: numbers(517, 6),
		tall: numbers(903 * 517, 7),
		wideNorm: numbers(INNER, 8),
	});
	return Object.keys(outputs)
		.sort()
		.map((name) => bytesOf(result[name]!));
}
