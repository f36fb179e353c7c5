// Self-test, first part: every op forward and backward on odd sizes, too small to be shared among threads.

import {
	add,
	attention,
	broadcastTo,
	compile,
	cos,
	crossEntropy,
	div,
	drawNormals,
	exp,
	gather,
	gradient,
	greater,
	input,
	log,
	type Machine,
	matmul,
	max,
	mul,
	neg,
	reshape,
	rmsNorm,
	rope,
	siluGate,
	sin,
	sqrt,
	sub,
	sum,
	sumAll,
	type Tensor,
	transpose,
} from "@openledger/tensor";
import { bytesOf } from "./bytesOf.js";

/** Every op forward and backward on odd sizes. */
export function operations(machine: Machine): Uint8Array[] {
	const x = input("x", [2, 9, 4, 12]);
	const y = input("y", [2, 9, 2, 12]);
	const flat = reshape(x, [72, 12]);
	const w = reshape(sum(y, 0), [18, 12]);
	const positive = add(mul(flat, flat), sub(exp(neg(flat)), sin(mul(flat, cos(flat)))));
	const ids = input("ids", [7], "i32");
	const table = input("table", [9, 6]);
	const parts: Tensor[] = [
		attention(rope(x, table, reshape(transpose(table, [1, 0]), [9, 6])), y, y, 0.3),
		crossEntropy(gather(matmul(flat, w, { transB: true }), ids), ids),
		rmsNorm(flat, reshape(sum(sum(sum(y, 0), 0), 0), [12]), 1e-5),
		siluGate(
			flat,
			log(add(sqrt(mul(positive, positive)), broadcastTo(reshape(max(mul(flat, flat), 1), [72, 1]), [72, 12]))),
		),
		div(flat, add(greater(flat, neg(flat)), exp(flat))),
	];
	const loss = parts.map(sumAll).reduce(add);
	const [gx, gy] = gradient(loss, [x, y]) as [Tensor, Tensor];
	const outputs: Record<string, Tensor> = { gx, gy };
	parts.forEach((p, i) => {
		outputs[`p${i}`] = p;
	});
	const draw = (count: number, step: number) => drawNormals({ seed: 11, purpose: 0x5e1f, step }, count);
	const result = compile(machine, outputs).run({
		x: draw(864, 0),
		y: draw(432, 1),
		table: draw(54, 2),
		ids: Int32Array.of(3, 0, 17, 5, 5, 11, 2),
	});
	return Object.keys(outputs)
		.sort()
		.map((name) => bytesOf(result[name]!));
}
