// An adapter folded into its base's weights, and taken out again.

import { add, compile, constant, createMachine, input, matmul, mul, sub } from "@openledger/tensor";
import { sha256 } from "../digest.js";
import type { BaseModel } from "../model/baseModel.js";
import { adapterModules, adapterScales } from "./adapterConfig.js";
import type { Adapter } from "./peft.js";

function fold(base: BaseModel, adapter: Adapter, sign: "merge" | "unmerge"): BaseModel {
	const parameters = new Map(base.parameters);
	const scaleOf = adapterScales(adapter.config);
	for (const { path, inputSize, outputSize, rank } of adapterModules(base.config, adapter.config)) {
		const W = input("W", [outputSize, inputSize]);
		const product = matmul(input("B", [outputSize, rank]), input("A", [rank, inputSize]));
		const change = mul(product, constant(scaleOf(path, rank)));
		// A machine of its own for each, so that memory never holds more than one module.
		const program = compile(createMachine(), { W: sign === "merge" ? add(W, change) : sub(W, change) });
		const name = `${path}.weight`;
		const { A, B } = adapter.weights.get(path)!;
		parameters.set(name, program.run({ W: parameters.get(name)!, A, B }).W);
	}
	const digest = sha256(new TextEncoder().encode(`${sign}\n${base.digest}\n${adapter.digest}`));
	return { ...base, parameters, digest };
}

/**
 * The base with W + s·(B A) in place of W for every module of the adapter; other parameters are shared, not copied.
 *
 * Bits, all f32: p = Σ B[o,k]·A[k,i] over k = 0 … r−1 in order, each product rounded, then each sum (the machine's matmul);
 * then p·s, rounded once, with s of `adapterScales`; then W + p·s, rounded once. Answers agree with the unmerged pair to
 * rounding, not in bits. The digest is sha256 of `merge`, the base's and the adapter's digests, a line each: the model has no
 * files yet; once written to a folder, it has that folder's digest.
 */
export function mergeAdapter(base: BaseModel, adapter: Adapter): BaseModel {
	return fold(base, adapter, "merge");
}

/**
 * The way back: W − s·(B A) with the bits of `mergeAdapter`'s second term. Each weight returns to within 2⁻²³·(|W| + |s·(B A)|)
 * of where it was (two roundings), not to its bits; keep the base if those are wanted.
 */
export function unmergeAdapter(base: BaseModel, adapter: Adapter): BaseModel {
	return fold(base, adapter, "unmerge");
}
