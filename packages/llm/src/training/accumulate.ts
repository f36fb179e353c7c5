// One update from several batches, for steps whose rows do not fit the machine at once. The sum of gradients begins at +0 and takes the
// batches' gradients in their order, element by element; the batches' weights are shares of the whole step, so nothing is divided afterwards.

import {
	add,
	type Buffer,
	compile,
	type Feed,
	gradient,
	input,
	type Machine,
	type Program,
	type Shape,
	type Tensor,
} from "@openledger/tensor";
import type { BatchShape, LossGraph, MicroBatch, StepOptions, StepResult } from "./trainer.js";

const SUM = "gradient.sum:";

export interface AccumulatorOptions {
	readonly machine: Machine;
	readonly shapes: ReadonlyMap<string, Shape>;
	readonly loss: LossGraph;
	/** The trained parameters, by graph input name. */
	readonly parameters: ReadonlyMap<string, Buffer>;
	/** Graph of one update from gradients: outputs by name. */
	readonly update: (gradients: readonly Tensor[]) => Readonly<Record<string, Tensor>>;
	/** Feeds of the update, which writes over them. */
	readonly state: Readonly<Record<string, Buffer>>;
}

export interface Accumulator {
	/** Sums the batches' gradients, then updates once. `scalars` are the update's other inputs. */
	step(batches: readonly MicroBatch[], scalars: Readonly<Record<string, Feed>>, options?: StepOptions): StepResult;
	/** Compiles what such batches need. */
	prepare(shapes: readonly BatchShape[]): void;
	close(): void;
}

export function createAccumulator(options: AccumulatorOptions): Accumulator {
	const { machine, shapes, loss, parameters, update, state } = options;
	const names = [...shapes.keys()];
	const sums: Record<string, Buffer> = {};
	for (const name of names) sums[SUM + name] = machine.buffer(shapes.get(name)!);
	const programs = new Map<string, Program<string>>();
	let last: Program<string> | undefined;

	function gradientsOf(shape: BatchShape): Program<string> {
		const key = `${shape.rows}×${shape.length}×${shape.slots ?? 0}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const inputs = new Map(names.map((name) => [name, input(name, shapes.get(name)!)]));
		const total = loss(inputs, shape);
		const outputs: Record<string, Tensor> = { loss: total };
		gradient(total, [...inputs.values()]).forEach((g, i) => {
			outputs[SUM + names[i]!] = add(input(SUM + names[i]!, shapes.get(names[i]!)!), g);
		});
		const compiled = compile(machine, outputs);
		programs.set(key, compiled);
		return compiled;
	}

	return {
		step(batches, scalars, { onOp } = {}) {
			for (const [name, shape] of shapes) sums[SUM + name]!.write(new Float32Array(shape.reduce((a, b) => a * b, 1)));
			let total = 0;
			for (const { shape, feeds } of batches) {
				const all = { ...feeds, ...Object.fromEntries(parameters), ...sums };
				total += gradientsOf(shape).run(all, { into: sums, read: ["loss"], onOp }).loss![0]!;
			}
			last ??= compile(machine, update(names.map((name) => input(SUM + name, shapes.get(name)!))));
			const { gradientNorm } = last.run({ ...scalars, ...sums, ...state }, { read: ["gradientNorm"], onOp });
			return { loss: total, gradientNorm: gradientNorm![0]! };
		},
		prepare(batches) {
			for (const shape of batches) gradientsOf(shape);
		},
		close() {
			for (const buffer of Object.values(sums)) buffer.free();
		},
	};
}
