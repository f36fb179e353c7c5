// Steps an optimiser over named parameters. It knows neither where rows come from nor what is done with the result.
// One program per batch shape, compiled when first met; the state lives in the machine between steps.

import {
	type Buffer,
	compile,
	describeProgram,
	type Feed,
	type Machine,
	type OnOp,
	OutOfMemoryError,
	type Program,
	type Shape,
	size,
	type Tensor,
} from "@openledger/tensor";
import { type Accumulator, createAccumulator } from "./accumulate.js";
import { type AdamWSettings, momentCorrection } from "./adamw.js";
import { mostRows } from "./mostRows.js";
import { FIRST, parameterInputs, SECOND, stepGraph, updateGraph } from "./stepGraph.js";

export interface BatchShape {
	readonly rows: number;
	readonly length: number;
	/** The one row of the rectangle holds at most so many rows, end to end; see packedBatch.ts. */
	readonly slots?: number;
}

/** A batch that is one of several in a step. */
export interface MicroBatch {
	readonly shape: BatchShape;
	readonly feeds: Readonly<Record<string, Feed>>;
}

/** Builds the loss (one number) for a batch shape from the parameters' graph inputs. */
export type LossGraph = (parameters: ReadonlyMap<string, Tensor>, shape: BatchShape) => Tensor;

export interface TrainerState {
	/** Completed steps. */
	readonly step: number;
	readonly parameters: ReadonlyMap<string, Float32Array>;
	readonly first: ReadonlyMap<string, Float32Array>;
	readonly second: ReadonlyMap<string, Float32Array>;
}

export interface StepResult {
	readonly loss: number;
	/** Global gradient norm before clipping. */
	readonly gradientNorm: number;
}

export interface StepOptions {
	/** Told of every op of the step in order, the update's last; see `RunOptions.onOp`. */
	readonly onOp?: OnOp | undefined;
}

export interface Trainer {
	step(
		shape: BatchShape,
		feeds: Readonly<Record<string, Feed>>,
		learningRate: number,
		options?: StepOptions,
	): StepResult;
	/** Compiles what a step of such batches needs, so that what does not fit the machine is refused before the first step. */
	prepare(shapes: readonly BatchShape[]): void;
	/** One update from several batches, whose weights are shares of the whole; a single one is `step`. See accumulate.ts. */
	stepOver(batches: readonly MicroBatch[], learningRate: number, options?: StepOptions): StepResult;
	state(): TrainerState;
	restore(state: TrainerState): void;
	/** Back to the initial parameters and zero moments. */
	reset(): void;
	close(): void;
	/** Buffers of the current parameters, for programs that only read them. */
	readonly parameters: ReadonlyMap<string, Buffer>;
}

export interface TrainerOptions {
	readonly machine: Machine;
	readonly shapes: ReadonlyMap<string, Shape>;
	readonly initial: ReadonlyMap<string, Float32Array>;
	readonly loss: LossGraph;
	readonly settings: AdamWSettings;
}

/** Makes a trainer whose parameters start at `initial` and whose moments start at zero. */
export function createTrainer({ machine, shapes, initial, loss, settings }: TrainerOptions): Trainer {
	const names = [...shapes.keys()];
	const count = [...shapes.values()].reduce((sum, shape) => sum + size(shape), 0);
	machine.requireRoom(12 * count, `the state of ${count} trained numbers and their moments`);
	const make = (prefix: string) =>
		new Map(
			names.map((name) => [name, machine.buffer(shapes.get(name)!, prefix === "" ? initial.get(name)! : undefined)]),
		);
	const parameters = make("");
	const first = make(FIRST);
	const second = make(SECOND);
	const own: Record<string, Buffer> = {};
	for (const name of names) {
		for (const [prefix, buffers] of [
			["", parameters],
			[FIRST, first],
			[SECOND, second],
		] as const) {
			own[prefix + name] = buffers.get(name)!;
		}
	}
	const programs = new Map<string, Program<string>>();
	let done = 0;

	function program(shape: BatchShape): Program<string> {
		const key = `${shape.rows}×${shape.length}×${shape.slots ?? 0}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const compiled = compileStep(shape);
		programs.set(key, compiled);
		return compiled;
	}

	/** Compiles a step; where there is no room for it, the error says how many rows would have fitted. */
	function compileStep(shape: BatchShape): Program<string> {
		try {
			return compile(machine, stepGraph(shapes, loss, settings, shape));
		} catch (error) {
			if (!(error instanceof OutOfMemoryError)) throw error;
			const arenaOf = (rows: number) =>
				describeProgram(machine.kernels, stepGraph(shapes, loss, settings, { ...shape, rows })).arenaBytes;
			const most = mostRows((rows) => arenaOf(rows) <= error.roomBytes, shape.rows);
			const advice = most === 0 ? "not even one row of that length fits" : `${most} rows of that length fit`;
			const what = `a training step of ${shape.rows} rows of ${shape.length} tokens`;
			throw new OutOfMemoryError(what, error.wantedBytes, error.roomBytes, advice);
		}
	}

	const scalars = (learningRate: number) => ({
		learningRate: Float32Array.of(learningRate),
		correction1: momentCorrection(settings.beta1, done + 1),
		correction2: momentCorrection(settings.beta2, done + 1),
	});
	let accumulator: Accumulator | undefined;
	function several(): Accumulator {
		const update = (gradients: readonly Tensor[]) => updateGraph(parameterInputs(shapes), gradients, settings);
		accumulator ??= createAccumulator({ machine, shapes, loss, parameters, update, state: own });
		return accumulator;
	}

	return {
		parameters,
		step(shape, feeds, learningRate, { onOp } = {}) {
			const result = program(shape).run(
				{ ...feeds, ...own, ...scalars(learningRate) },
				{ read: ["loss", "gradientNorm"], onOp },
			);
			done++;
			return { loss: result.loss![0]!, gradientNorm: result.gradientNorm![0]! };
		},
		prepare(batches) {
			const [only] = batches;
			if (batches.length === 1) program(only!);
			else several().prepare(batches);
		},
		stepOver(batches, learningRate, options = {}) {
			const [only] = batches;
			if (batches.length === 1) return this.step(only!.shape, only!.feeds, learningRate, options);
			const result = several().step(batches, scalars(learningRate), options);
			done++;
			return result;
		},
		state() {
			const copy = (buffers: ReadonlyMap<string, Buffer>) => new Map([...buffers].map(([name, b]) => [name, b.read()]));
			return { step: done, parameters: copy(parameters), first: copy(first), second: copy(second) };
		},
		restore(state) {
			for (const name of names) {
				parameters.get(name)!.write(state.parameters.get(name)!);
				first.get(name)!.write(state.first.get(name)!);
				second.get(name)!.write(state.second.get(name)!);
			}
			done = state.step;
		},
		reset() {
			for (const name of names) {
				parameters.get(name)!.write(initial.get(name)!);
				const zeros = new Float32Array(initial.get(name)!.length);
				first.get(name)!.write(zeros);
				second.get(name)!.write(zeros);
			}
			done = 0;
		},
		close() {
			for (const buffer of Object.values(own)) buffer.free();
			accumulator?.close();
		},
	};
}
