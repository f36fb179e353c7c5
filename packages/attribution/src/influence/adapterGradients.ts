// Programs that take each row's adapter gradient in the optimiser's metric and reduce it, on the machine, to what is asked for.
// They must not know what the reduction is for.

import {
	type AdapterConfig,
	adapterModules,
	adapterParameterShapes,
	adapterScales,
	type Batch,
	type BatchShape,
	batchFeeds,
	type Engine,
	inputNameA,
	inputNameB,
	type LinearAddition,
	type LlamaConfig,
	llamaInputs,
	rowLosses,
} from "@openledger/llm";
import {
	add,
	compile,
	constant,
	type Feed,
	input,
	matmul,
	mul,
	type Program,
	reshape,
	sumAll,
	type Tensor,
	vjp,
} from "@openledger/tensor";
import type { Checkpoint } from "./checkpoint.js";

/** Keeps the metric of a number whose gradient was never seen finite. */
const MOMENT_FLOOR = 1e-12;
const METRIC = "metric:";

/** Makes outputs of one matrix's preconditioned gradients [rows, p, q]. */
export type Reduction = (gradients: Tensor, matrix: string) => Readonly<Record<string, Tensor>>;

export interface AdapterGradients {
	/** Matrices in order: graph input name and shape [p, q]. */
	readonly matrices: readonly { readonly name: string; readonly shape: readonly [number, number] }[];
	/** The reduction's outputs for a batch. The gradient is that of each row's summed loss of counted targets. */
	reduce(batch: Batch): Readonly<Record<string, Float32Array>>;
	/** Compiles what a batch of this shape needs; OutOfMemoryError where it does not fit. */
	prepare(shape: BatchShape): void;
	close(): void;
}

/**
 * Opens the reduction of adapter gradients at a checkpoint. Each gradient is multiplied by v̂^(−1/4), v̂ being AdamW's second moment, so that the
 * product of two of them is taken in the optimiser's metric v̂^(−1/2). What comes of a row never depends on the other rows of its batch.
 */
export function openAdapterGradients(
	engine: Engine,
	adapter: AdapterConfig,
	checkpoint: Checkpoint,
	reduction: Reduction,
	constants: ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }> = new Map(),
): AdapterGradients {
	const { machine } = engine;
	const { config } = engine.base;
	const shapes = adapterParameterShapes(config, adapter);
	const names = [...shapes.keys()];
	const fixed: Record<string, Feed> = { ...engine.resident };
	const owned: { free(): void }[] = [];
	const hold = (name: string, shape: readonly number[], values: Float32Array) => {
		const buffer = machine.buffer(shape, values);
		owned.push(buffer);
		fixed[name] = buffer;
	};
	const close = () => {
		for (const buffer of owned.splice(0)) buffer.free();
	};
	try {
		for (const name of names) {
			const shape = shapes.get(name)!;
			hold(name, shape, checkpoint.parameters.get(name)!);
			const metric = checkpoint.second.get(name)!.map((v) => 1 / Math.sqrt(Math.sqrt(v + MOMENT_FLOOR)));
			hold(METRIC + name, shape, metric);
		}
		for (const [name, { shape, values }] of constants) hold(name, shape, values);
	} catch (error) {
		close();
		throw error;
	}
	const programs = new Map<string, Program<string>>();

	function program({ rows, length }: BatchShape): Program<string> {
		const key = `${rows}×${length}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const { addition, gradientsOf } = probed(config, adapter, rows, length);
		const loss = sumAll(rowLosses(config, llamaInputs(config, rows, length), { rows, length }, addition));
		const gradients = gradientsOf(loss);
		const outputs: Record<string, Tensor> = {};
		names.forEach((name) => {
			const shape = shapes.get(name)!;
			const metric = reshape(input(METRIC + name, shape), [1, ...shape]);
			const reduced = reduction(mul(gradients.get(name)!, metric), name);
			// A matrix of which nothing is wanted leaves the program without this input, and a feed for it would be refused.
			if (Object.keys(reduced).length === 0) delete fixed[METRIC + name];
			Object.assign(outputs, reduced);
		});
		const compiled = compile(machine, outputs);
		programs.set(key, compiled);
		return compiled;
	}

	return {
		matrices: names.map((name) => ({ name, shape: shapes.get(name)! as readonly [number, number] })),
		reduce: (batch) => program(batch.shape).run({ ...fixed, ...batchFeeds(config, batch, batch.counted) }),
		prepare: (shape) => void program(shape),
		close,
	};
}

/**
 * The adapter's addition with zeros added to what each matrix gives. The loss's derivative by such a zero is all of a row's gradient that is
 * not known from the forward pass, so the matrices are shared by the rows and only their gradients [rows, p, q] are made for each.
 */
function probed(config: LlamaConfig, adapter: AdapterConfig, rows: number, length: number) {
	const scaleOf = adapterScales(adapter);
	const modules = new Map(adapterModules(config, adapter).map((module) => [module.path, module]));
	const probes: { readonly name: string; readonly zeros: Tensor; readonly by: Tensor }[] = [];
	const through = (name: string, by: Tensor, shape: readonly number[]): Tensor => {
		const zeros = constant(0, [rows * length, shape[0]!]);
		probes.push({ name, zeros, by });
		return add(matmul(by, input(name, shape), { transB: true }), zeros);
	};
	const addition: LinearAddition = (path, x) => {
		const module = modules.get(path);
		if (module === undefined) return undefined;
		const { rank, inputSize, outputSize } = module;
		const low = mul(through(inputNameA(path), x, [rank, inputSize]), constant(scaleOf(path, rank)));
		return through(inputNameB(path), low, [outputSize, rank]);
	};
	const byRow = (x: Tensor) => reshape(x, [rows, length, x.shape[1]!]);
	return {
		addition,
		/** By matrix; the loss must have been made with this addition. */
		gradientsOf(loss: Tensor): Map<string, Tensor> {
			const found = vjp(
				loss,
				probes.map(({ zeros }) => zeros),
				constant(1),
			);
			return new Map(
				probes.map(({ name, by }, i) => [name, matmul(byRow(found[i]!), byRow(by), { transA: true })] as const),
			);
		},
	};
}
