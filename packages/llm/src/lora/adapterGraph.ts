// The adapter's part of a graph. One formulation serves training (one adapter for all rows) and per-row work (an adapter each).

import { constant, input, matmul, mul, reshape, type Tensor } from "@openledger/tensor";
import type { LinearAddition } from "../model/llama.js";
import { type AdapterConfig, type AdapterModule, adapterScale } from "./adapterConfig.js";

export interface AdapterTensors {
	/** [r, in], or [B, r, in] with one adapter a row. */
	readonly A: Tensor;
	/** [out, r], or [B, out, r]. */
	readonly B: Tensor;
}

export const inputNameA = (path: string): string => `${path}.lora_A`;
export const inputNameB = (path: string): string => `${path}.lora_B`;

/** Graph inputs for the adapter's numbers, shared by all rows. */
export function adapterInputs(modules: readonly AdapterModule[], rank: number): Map<string, AdapterTensors> {
	return new Map(
		modules.map((m) => [
			m.path,
			{ A: input(inputNameA(m.path), [rank, m.inputSize]), B: input(inputNameB(m.path), [m.outputSize, rank]) },
		]),
	);
}

/** The low-rank term for `llamaLogits`, for a batch of `rows` rows of T tokens. */
export function adapterAddition(
	adapter: AdapterConfig,
	tensors: ReadonlyMap<string, AdapterTensors>,
	rows: number,
	T: number,
): LinearAddition {
	const scale = constant(adapterScale(adapter));
	return (path, x) => {
		const own = tensors.get(path);
		if (own === undefined) return undefined;
		const perRow = own.A.shape.length === 3;
		const shaped = perRow ? reshape(x, [rows, T, x.shape[1]!]) : x;
		const low = mul(matmul(shaped, own.A, { transB: true }), scale);
		const high = matmul(low, own.B, { transB: true });
		return reshape(high, [rows * T, high.shape.at(-1)!]);
	};
}
