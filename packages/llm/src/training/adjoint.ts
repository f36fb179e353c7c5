// Takes recorded training steps forwards and backwards: forwards with the bits of the trainer, backwards by vector–Jacobian products with
// cotangents of the state (reverse mode through the optimiser; REPLAY, arXiv 2504.16430, section 3). It knows neither queries nor rows.

import { type Buffer, compile, type Feed, input, type Machine, type Program, type Shape } from "@openledger/tensor";
import { type AdamWSettings, momentCorrection } from "./adamw.js";
import {
	ALONG,
	COTANGENT,
	GRADIENT,
	gradientAdjointGraph,
	gradientGraph,
	SLOPES,
	updateAdjointGraph,
} from "./adjointGraph.js";
import { FIRST, parameterInputs, SECOND, updateGraph } from "./stepGraph.js";
import type { BatchShape, LossGraph, MicroBatch, TrainerState } from "./trainer.js";

/** What is kept of a step for the way back: the state before it, and its gradient. */
export interface StepTrace {
	readonly state: TrainerState;
	readonly gradient: ReadonlyMap<string, Float32Array>;
	/** Before clipping. */
	readonly gradientNorm: number;
}

/** ∂(some number)/∂(state), one number for each of the state's. It lies in the machine until it is closed. */
export interface Cotangent {
	readonly parameters: ReadonlyMap<string, Buffer>;
	readonly first: ReadonlyMap<string, Buffer>;
	readonly second: ReadonlyMap<string, Buffer>;
	close(): void;
}

export interface Adjoint {
	/** Puts a state back, from which `forward` goes on. */
	restore(state: TrainerState): void;
	state(): TrainerState;
	/** Takes the next step; its trace where it is wanted. The state has the bits of `Trainer.stepOver`. */
	forward(batches: readonly MicroBatch[], learningRate: number, isTraced: true): StepTrace;
	forward(batches: readonly MicroBatch[], learningRate: number, isTraced: boolean): StepTrace | undefined;
	/** Loss of a batch at the present state, and its gradient as a cotangent; the moments' parts are zeros. */
	cotangentOf(batch: MicroBatch): { readonly loss: number; readonly cotangent: Cotangent };
	/** A cotangent of these numbers; whoever makes it closes it. */
	cotangent(values: Omit<TrainerState, "step">): Cotangent;
	/**
	 * Turns cotangents of the state after a step, in place, into those of the state before it. Returns for each cotangent and batch
	 * ∂/∂weight for every target's weight, f32 [rows·length]. No bit of one depends on the others.
	 */
	backward(
		trace: StepTrace,
		batches: readonly MicroBatch[],
		learningRate: number,
		cotangents: readonly Cotangent[],
	): Float32Array[][];
	close(): void;
}

export interface AdjointOptions {
	readonly machine: Machine;
	readonly shapes: ReadonlyMap<string, Shape>;
	/** It must weigh each target by an input named `weights`. */
	readonly loss: LossGraph;
	readonly settings: AdamWSettings;
	/** Cotangents that share a forward pass at most; more take more memory. Default 8. */
	readonly atOnce?: number;
}

/** Makes one; its state begins at zeros, so `restore` first. Programs are compiled when a batch of their shape is first met. */
export function createAdjoint({ machine, shapes, loss, settings, atOnce = 8 }: AdjointOptions): Adjoint {
	const names = [...shapes.keys()];
	const owned: Buffer[] = [];
	const make = (): Map<string, Buffer> => {
		const made = new Map(names.map((name) => [name, machine.buffer(shapes.get(name)!)]));
		owned.push(...made.values());
		return made;
	};
	const prefixed = (prefix: string, buffers: ReadonlyMap<string, Buffer>) =>
		Object.fromEntries([...buffers].map(([name, buffer]) => [prefix + name, buffer]));
	const [parameters, first, second, sums] = [make(), make(), make(), make()];
	const own = { ...prefixed("", parameters), ...prefixed(FIRST, first), ...prefixed(SECOND, second) };
	const gradients = prefixed(GRADIENT, sums);
	const along = Array.from({ length: atOnce }, make);
	const programs = new Map<string, Program<string>>();
	let done = 0;

	function program(key: string, graph: () => Parameters<typeof compile<string>>[1]): Program<string> {
		const known = programs.get(key) ?? compile(machine, graph());
		programs.set(key, known);
		return known;
	}

	const shapeKey = (shape: BatchShape) => `${shape.rows}×${shape.length}×${shape.slots ?? 0}`;
	const scalars = (learningRate: number, step: number): Record<string, Feed> => ({
		learningRate: Float32Array.of(learningRate),
		correction1: momentCorrection(settings.beta1, step + 1),
		correction2: momentCorrection(settings.beta2, step + 1),
	});

	/** The batches' summed gradient at the present state, into `sums`; in their order, from +0 where they are several. */
	function sumGradients(batches: readonly MicroBatch[]): number {
		const isAdded = batches.length > 1;
		if (isAdded) for (const buffer of sums.values()) buffer.write(new Float32Array(buffer.read().length));
		let total = 0;
		for (const { shape, feeds } of batches) {
			const run = program(`gradient ${isAdded} ${shapeKey(shape)}`, () => gradientGraph(shapes, loss, shape, isAdded));
			const all = { ...feeds, ...prefixed("", parameters), ...(isAdded && gradients) };
			total += run.run(all, { into: gradients, read: ["loss"] }).loss![0]!;
		}
		return total;
	}

	function write(into: ReadonlyMap<string, Buffer>, values: ReadonlyMap<string, Float32Array>): void {
		for (const name of names) into.get(name)!.write(values.get(name)!);
	}

	const read = (buffers: ReadonlyMap<string, Buffer>) => new Map([...buffers].map(([name, b]) => [name, b.read()]));

	function restore(state: TrainerState): void {
		write(parameters, state.parameters);
		write(first, state.first);
		write(second, state.second);
		done = state.step;
	}

	const state = (): TrainerState => ({
		step: done,
		parameters: read(parameters),
		first: read(first),
		second: read(second),
	});

	function blank(): Cotangent {
		const parts = { parameters: make(), first: make(), second: make() };
		const close = () => {
			for (const part of Object.values(parts)) for (const buffer of part.values()) buffer.free();
		};
		return { ...parts, close };
	}

	function cotangent(values: Omit<TrainerState, "step">): Cotangent {
		const made = blank();
		for (const key of ["parameters", "first", "second"] as const) write(made[key], values[key]);
		return made;
	}

	const cotangentFeeds = (c: Cotangent) => ({
		...prefixed(COTANGENT, c.parameters),
		...prefixed(COTANGENT + FIRST, c.first),
		...prefixed(COTANGENT + SECOND, c.second),
	});

	/** Through the update; the gradients' cotangents go into `along`. */
	function throughUpdate(trace: StepTrace, learningRate: number, cotangents: readonly Cotangent[]): void {
		const isClipped = trace.gradientNorm > Math.fround(settings.clip);
		const run = program(`update ${isClipped}`, () => updateAdjointGraph(shapes, settings, isClipped));
		cotangents.forEach((cotangent, n) => {
			const feeds = cotangentFeeds(cotangent);
			const all: Record<string, Feed> = { ...own, ...gradients, ...scalars(learningRate, trace.state.step), ...feeds };
			const wanted = Object.fromEntries(run.inputNames.map((name) => [name, all[name]!]));
			run.run(wanted, { into: { ...feeds, ...prefixed(ALONG, along[n]!) }, read: [] });
		});
	}

	/** Through the gradients of one batch; the cotangents of the parameters grow by what comes of it. */
	function throughGradient({ shape, feeds }: MicroBatch, cotangents: readonly Cotangent[]): Float32Array[] {
		const count = cotangents.length;
		const run = program(`adjoint ${count} ${shapeKey(shape)}`, () => gradientAdjointGraph(shapes, loss, shape, count));
		const into = Object.assign({}, ...cotangents.map((c, n) => prefixed(`${n}.${COTANGENT}`, c.parameters)));
		const directions = Object.assign({}, ...cotangents.map((_, n) => prefixed(`${n}.${ALONG}`, along[n]!)));
		const slopes = cotangents.map((_, n) => `${n}.${SLOPES}`);
		const out = run.run({ ...feeds, ...prefixed("", parameters), ...into, ...directions }, { into, read: slopes });
		return slopes.map((name) => out[name]!);
	}

	return {
		restore,
		state,
		cotangent,
		forward: ((batches, learningRate, isTraced) => {
			const before = isTraced ? state() : undefined;
			sumGradients(batches);
			const update = program("step", () =>
				updateGraph(
					parameterInputs(shapes),
					names.map((name) => input(GRADIENT + name, shapes.get(name)!)),
					settings,
				),
			);
			const all = { ...own, ...gradients, ...scalars(learningRate, done) };
			const gradientNorm = update.run(all, { read: ["gradientNorm"] }).gradientNorm![0]!;
			done++;
			return before && { state: before, gradient: read(sums), gradientNorm };
		}) as Adjoint["forward"],
		cotangentOf(batch) {
			const total = sumGradients([batch]);
			const cotangent = blank();
			write(cotangent.parameters, read(sums));
			return { loss: total, cotangent };
		},
		backward(trace, batches, learningRate, cotangents) {
			restore(trace.state);
			write(sums, trace.gradient);
			const out: Float32Array[][] = [];
			for (const part of parts(cotangents, atOnce)) {
				throughUpdate(trace, learningRate, part);
				const slopes = batches.map((batch) => throughGradient(batch, part));
				part.forEach((_, n) => {
					out.push(slopes.map((ofBatch) => ofBatch[n]!));
				});
			}
			return out;
		},
		close() {
			for (const buffer of owned) buffer.free();
		},
	};
}

/** Parts of nearly one size, none larger than `most`: few sizes are ever compiled. */
function parts<T>(items: readonly T[], most: number): T[][] {
	const count = Math.ceil(items.length / most);
	const at = (n: number) => Math.floor((n * items.length) / count);
	return Array.from({ length: count }, (_, n) => items.slice(at(n), at(n + 1)));
}
