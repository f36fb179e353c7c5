// Turns a graph into a program bound to a machine: places, shapes and attributes are worked out once, a run is a list of calls.

import { OutOfMemoryError, TensorError } from "../errors.js";
import { type Shape, size, type Tensor } from "../graph/tensor.js";
import { bindFeeds } from "./bindFeeds.js";
import type { Buffer, Machine } from "./machine.js";
import { plan } from "./plan.js";

export type Feed = Buffer | Float32Array | Int32Array;

export interface RunOptions<Names extends string> {
	/** Outputs to be copied into long-lived buffers after the run; they may be inputs of the same run. */
	readonly into?: Partial<Record<Names, Buffer>>;
	/** Outputs to be returned as arrays; default: all that are not in `into`. */
	readonly read?: readonly Names[];
	/** Told of every op after it ran, in the program's order; without it nothing is looked at and nothing costs more. */
	readonly onOp?: OnOp | undefined;
}

/** One op of a run: `written` are the bytes it wrote, as they lie in the machine until the next op runs. */
export interface RanOp {
	/** Its place in the program, from 0. */
	readonly index: number;
	readonly name: string;
	readonly shape: Shape;
	readonly written: readonly Uint8Array[];
}

export type OnOp = (op: RanOp) => void;

export interface Program<Names extends string> {
	readonly inputNames: readonly string[];
	/** What the graph's own numbers take; arrays that are fed take their own size besides. */
	readonly arenaBytes: number;
	readonly steps: number;
	run(feeds: Readonly<Record<string, Feed>>, options?: RunOptions<Names>): Record<Names, Float32Array>;
}

/**
 * Compiles named outputs. Feeds are checked by name, length and dtype; a Buffer is used where it lies, an array is copied in.
 * A run whose outputs hold NaN or infinity throws TensorError "not-finite" naming the first op that made one, before any input is updated.
 * Throws OutOfMemoryError, with nothing taken, where the machine has no room for the arena.
 */
export function compile<Names extends string>(
	machine: Machine,
	outputs: Readonly<Record<Names, Tensor>>,
): Program<Names> {
	const { kernels, memory } = machine;
	const names = Object.keys(outputs) as Names[];
	const nodes = names.map((name) => outputs[name]);
	const planned = plan(kernels, nodes);
	const { steps, firstUpdate, offsets, views } = planned;
	if (planned.arenaBytes > machine.arenaRoom()) {
		throw new OutOfMemoryError(
			`a program of ${steps.length} steps`,
			planned.arenaBytes,
			machine.arenaRoom(),
			"use a smaller batch or shorter rows, free buffers or raise maxBytes",
		);
	}
	const updated = new Set(steps.slice(firstUpdate).flatMap(({ node }) => node.op.updates!.map((i) => node.inputs[i]!)));
	const feed = bindFeeds(machine, planned.inputs, planned.arenaBytes, updated);
	const scalars = new Map(planned.scalars.map((n) => [n, machine.scalar(n.attributes.value as number)]));
	const rootOf = (n: Tensor) => views.get(n)?.root ?? n;
	const readers = new Map<Tensor, number[]>(planned.inputs.map((n) => [n, []]));
	steps.forEach(({ node }, at) => {
		for (const n of node.inputs) readers.get(rootOf(n))?.push(at);
	});

	const calls = new Array<() => void>(steps.length);
	let base = -1;

	function addressOf(n: Tensor): number {
		const view = views.get(n);
		if (view !== undefined) return addressOf(view.root) + view.byteOffset;
		return feed.addressOf(n) ?? scalars.get(n) ?? base + offsets.get(n)!;
	}

	function bindStep(at: number): void {
		const { node, scratch } = steps[at]!;
		const place = { inputs: node.inputs.map(addressOf), output: addressOf(node), scratch: base + scratch };
		calls[at] = node.op.bind!(kernels, node, place, memory);
	}

	/** Binds what has moved since the last run; where nothing has, this does nothing. */
	function settle(feeds: Readonly<Record<string, Feed>>): void {
		const { arenaAt, moved } = feed.settle(feeds);
		if (arenaAt !== base) {
			base = arenaAt;
			for (let at = 0; at < steps.length; at++) bindStep(at);
		} else if (moved.length > 0) {
			for (const at of new Set(moved.flatMap((n) => readers.get(n)!))) bindStep(at);
		}
	}

	const finite = (n: Tensor) => n.dtype !== "f32" || kernels.firstNonFinite(addressOf(n), size(n.shape)) < 0;
	const checked = nodes.filter((n) => !n.op.updates);

	/** Runs again, looking at every step, to say where the first NaN or infinity came from. */
	function blame(): never {
		for (let at = 0; at < firstUpdate; at++) {
			calls[at]!();
			const { node } = steps[at]!;
			if (!finite(node)) {
				throw new TensorError(
					"not-finite",
					`run: op ${node.op.name} of shape [${node.shape}] gave NaN or infinity; nothing was kept`,
				);
			}
		}
		throw new TensorError("not-finite", "run: an input holds NaN or infinity; nothing was kept");
	}

	/** What a step wrote: its own numbers, or the inputs that it updates. */
	function writtenBy(node: Tensor): Uint8Array[] {
		const nodes = node.op.updates?.map((i) => node.inputs[i]!) ?? [node];
		return nodes.map((n) => new Uint8Array(memory.buffer, addressOf(n), 4 * size(n.shape)));
	}

	function runSteps(from: number, to: number, onOp: OnOp | undefined): void {
		if (onOp === undefined) {
			for (let at = from; at < to; at++) calls[at]!();
			return;
		}
		for (let at = from; at < to; at++) {
			calls[at]!();
			const { node } = steps[at]!;
			onOp({ index: at, name: node.op.name, shape: node.shape, written: writtenBy(node) });
		}
	}

	function run(feeds: Readonly<Record<string, Feed>>, options: RunOptions<Names> = {}): Record<Names, Float32Array> {
		const into: Partial<Record<Names, Buffer>> = options.into ?? {};
		names.forEach((name, i) => {
			const count = size(nodes[i]!.shape);
			if (into[name]?.freed) throw new TensorError("closed", `run: the buffer given for output ${name} was freed`);
			if (into[name] !== undefined && size(into[name].shape) !== count)
				throw new TensorError(
					"shape",
					`run: output ${name} has ${count} numbers, its buffer ${size(into[name].shape)}`,
				);
		});
		settle(feeds);
		const { onOp } = options;
		runSteps(0, firstUpdate, onOp);
		if (!checked.every(finite)) blame();
		runSteps(firstUpdate, calls.length, onOp);
		const out = {} as Record<Names, Float32Array>;
		for (const name of options.read ?? names.filter((name) => !(name in into))) {
			const n = outputs[name];
			out[name] = new Float32Array(memory.buffer, addressOf(n), size(n.shape)).slice();
		}
		names.forEach((name, i) => {
			const target = into[name];
			if (target === undefined) return;
			const from = addressOf(nodes[i]!);
			new Uint8Array(memory.buffer).copyWithin(target.address, from, from + 4 * size(nodes[i]!.shape));
		});
		return out;
	}

	return { inputNames: feed.names, arenaBytes: planned.arenaBytes, steps: steps.length, run };
}
