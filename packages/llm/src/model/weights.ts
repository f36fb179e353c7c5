// The forms in which a model's matrices lie in a machine: as they came (to train), in panels (to generate, the same bits, faster), or as int8
// (to generate, other bits, a quarter of the memory). Norms and biases are f32 in all of them.

import {
	type Feed,
	gather,
	input,
	type Machine,
	matmul,
	PANEL,
	packPanels,
	panelGather,
	panelMatmul,
	quantisedGather,
	quantisedMatmul,
	quantiseWeights,
	type Tensor,
} from "@openledger/tensor";
import type { LlamaConfig } from "./config.js";
import { parameterShapes } from "./parameters.js";

export type WeightForm = "plain" | "packed" | "int8";

/** What the forward pass asks of a matrix [out, in] by its parameter's name. */
export interface Matrices {
	/** x [rows, in] · Wᵀ → [rows, out] */
	product(name: string, x: Tensor): Tensor;
	/** Rows of W by id. */
	rows(name: string, ids: Tensor): Tensor;
}

/** Matrices as they came; `parameters` holds them by name. */
export function plainMatrices(parameters: ReadonlyMap<string, Tensor>): Matrices {
	const at = (name: string) => parameters.get(name)!;
	return {
		product: (name, x) => matmul(x, at(name), { transB: true }),
		rows: (name, ids) => gather(at(name), ids),
	};
}

const panelsOf = (rows: number) => Math.ceil(rows / PANEL);
const scalesOf = (name: string) => `${name}.scales`;

/** Graph inputs of every matrix in a form, made once each. */
export function matrixInputs(config: LlamaConfig, form: Exclude<WeightForm, "plain">): Matrices {
	const shapes = parameterShapes(config);
	const made = new Map<string, Tensor>();
	const once = (name: string, make: () => Tensor): Tensor => {
		const known = made.get(name) ?? make();
		made.set(name, known);
		return known;
	};
	if (form === "packed") {
		const panels = (name: string) => {
			const [N, K] = shapes.get(name) as readonly [number, number];
			return once(name, () => input(name, [panelsOf(N), K, PANEL]));
		};
		return {
			product: (name, x) => panelMatmul(x, panels(name), shapes.get(name)![0]!),
			rows: (name, ids) => panelGather(panels(name), ids),
		};
	}
	const quantised = (name: string): [words: Tensor, scales: Tensor] => {
		const [N, K] = shapes.get(name) as readonly [number, number];
		return [
			once(name, () => input(name, [panelsOf(N), Math.ceil(K / 4), PANEL], "i32")),
			once(scalesOf(name), () => input(scalesOf(name), [panelsOf(N) * PANEL])),
		];
	};
	return {
		product: (name, x) => quantisedMatmul(x, ...quantised(name), shapes.get(name)![0]!),
		rows: (name, ids) => quantisedGather(...quantised(name), ids, shapes.get(name)![1]!),
	};
}

/** Bytes of `residentWeights`, but for the rounding of each buffer. */
export function weightBytes(config: LlamaConfig, form: WeightForm): number {
	let bytes = 0;
	for (const shape of parameterShapes(config).values()) {
		const [N, K] = shape as readonly [number, number];
		if (shape.length === 1) bytes += 4 * N;
		else if (form === "plain") bytes += 4 * N * K;
		else bytes += panelsOf(N) * PANEL * (form === "packed" ? 4 * K : 4 * Math.ceil(K / 4) + 4);
	}
	return bytes;
}

/**
 * A model's numbers as buffers of a machine, by input name. int8 is made here, the same from the same numbers everywhere. Throws the tensor
 * room's OutOfMemoryError, with nothing taken, where they do not fit.
 */
export function residentWeights(
	machine: Machine,
	config: LlamaConfig,
	parameters: Pick<ReadonlyMap<string, Float32Array>, "get">,
	form: WeightForm,
): Record<string, Feed> {
	machine.requireRoom(weightBytes(config, form), "the weights of the model");
	const out: Record<string, Feed> = {};
	for (const [name, shape] of parameterShapes(config)) {
		const numbers = parameters.get(name)!;
		const [N, K] = shape as readonly [number, number];
		if (shape.length === 1 || form === "plain") out[name] = machine.buffer(shape, numbers);
		else if (form === "packed") out[name] = machine.buffer([panelsOf(N), K, PANEL], packPanels(numbers, N, K));
		else {
			const { words, scales } = quantiseWeights(numbers, N, K);
			out[name] = machine.buffer([panelsOf(N), Math.ceil(K / 4), PANEL], words, "i32");
			out[scalesOf(name)] = machine.buffer([scales.length], scales);
		}
	}
	return out;
}
