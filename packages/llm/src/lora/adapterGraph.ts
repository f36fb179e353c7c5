// The adapter's part of a graph. One formulation serves training (one adapter for all rows) and per-row work (an adapter each).

import { constant, groupedMatmul, input, matmul, mul, reshape, type Tensor } from "@openledger/tensor";
import type { LinearAddition } from "../model/llama.js";
import { type AdapterConfig, type AdapterModule, adapterScales } from "./adapterConfig.js";

export interface AdapterTensors {
	/** [r, in], or [B, r, in] with one adapter a row. */
	readonly A: Tensor;
	/** [out, r], or [B, out, r]. */
	readonly B: Tensor;
}

export const inputNameA = (path: string): string => `${path}.lora_A`;
export const inputNameB = (path: string): string => `${path}.lora_B`;

/** Graph inputs for the adapter's numbers, shared by all rows. */
export function adapterInputs(modules: readonly AdapterModule[]): Map<string, AdapterTensors> {
	return new Map(
		modules.map(({ path, inputSize, outputSize, rank }) => [
			path,
			{ A: input(inputNameA(path), [rank, inputSize]), B: input(inputNameB(path), [outputSize, rank]) },
		]),
	);
}

/** The low-rank term for `llamaLogits`, for a batch of `rows` rows of T tokens. Ranks are those of the tensors. */
export function adapterAddition(
	adapter: AdapterConfig,
	tensors: ReadonlyMap<string, AdapterTensors>,
	rows: number,
	T: number,
): LinearAddition {
	const scaleOf = adapterScales(adapter);
	return (path, x) => {
		const own = tensors.get(path);
		if (own === undefined) return undefined;
		const perRow = own.A.shape.length === 3;
		const shaped = perRow ? reshape(x, [rows, T, x.shape[1]!]) : x;
		const low = mul(matmul(shaped, own.A, { transB: true }), constant(scaleOf(path, own.A.shape.at(-2)!)));
		const high = matmul(low, own.B, { transB: true });
		return reshape(high, [rows * T, high.shape.at(-1)!]);
	};
}

/** Graph inputs for stacks of adapters: A [places, r, in], B [places, out, r] for each module. */
export function stackedInputs(modules: readonly AdapterModule[], places: number): Map<string, AdapterTensors> {
	return new Map(
		modules.map(({ path, inputSize, outputSize, rank }) => [
			path,
			{ A: input(inputNameA(path), [places, rank, inputSize]), B: input(inputNameB(path), [places, outputSize, rank]) },
		]),
	);
}

/** The low-rank term where each slot's rows have the adapter at its place; rows of none keep their bits (they get −0). */
export function stackedAddition(
	adapter: AdapterConfig,
	tensors: ReadonlyMap<string, AdapterTensors>,
	segments: Tensor,
): LinearAddition {
	const scaleOf = adapterScales(adapter);
	return (path, x) => {
		const own = tensors.get(path);
		if (own === undefined) return undefined;
		const low = mul(groupedMatmul(x, own.A, segments), constant(scaleOf(path, own.A.shape[1]!)));
		return groupedMatmul(low, own.B, segments);
	};
}
