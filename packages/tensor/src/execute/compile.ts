// Turns a graph into a program bound to a machine: addresses are worked out once, a run only calls kernels.

import { TensorError } from "../errors.js";
import { size, type Tensor } from "../graph/tensor.js";
import type { Buffer, Machine } from "./machine.js";
import { plan } from "./plan.js";

export type Feed = Buffer | Float32Array | Int32Array;

export interface RunOptions<Names extends string> {
	/** Outputs to be copied into long-lived buffers after the run; they may be inputs of the same run. */
	readonly into?: Partial<Record<Names, Buffer>>;
	/** Outputs to be returned as arrays; default: all that are not in `into`. */
	readonly read?: readonly Names[];
}

export interface Program<Names extends string> {
	readonly inputNames: readonly string[];
	readonly arenaBytes: number;
	readonly steps: number;
	run(feeds: Readonly<Record<string, Feed>>, options?: RunOptions<Names>): Record<Names, Float32Array>;
}

function isBuffer(feed: Feed): feed is Buffer {
	return !ArrayBuffer.isView(feed);
}

/**
 * Compiles named outputs. Feeds are checked by name, length and dtype; a Buffer is used where it lies, an array is copied in.
 * A run whose outputs hold NaN or infinity throws TensorError "not-finite" naming the first op that made one.
 */
export function compile<Names extends string>(
	machine: Machine,
	outputs: Readonly<Record<Names, Tensor>>,
): Program<Names> {
	const { kernels, memory } = machine;
	const names = Object.keys(outputs) as Names[];
	const nodes = names.map((name) => outputs[name]);
	const planned = plan(kernels, nodes);
	const inputs = new Map<string, Tensor>();
	for (const n of planned.inputs) {
		const name = n.attributes.name as string;
		if (inputs.has(name))
			throw new TensorError("attribute", `compile: two inputs are named ${name}; names must differ`);
		inputs.set(name, n);
	}
	// Arrays fed in get a slot after the planned arena.
	let arenaBytes = planned.arenaBytes;
	const slots = new Map<Tensor, number>();
	for (const n of planned.inputs) {
		slots.set(n, arenaBytes);
		arenaBytes += Math.ceil((4 * size(n.shape)) / 64) * 64;
	}

	let base = -1;
	const bound = new Map<Tensor, number>();
	const addressOf = (n: Tensor): number => {
		const view = planned.views.get(n);
		if (view !== undefined) return addressOf(view.root) + view.byteOffset;
		return bound.get(n) ?? base + planned.offsets.get(n)!;
	};

	function bind(feeds: Readonly<Record<string, Feed>>): void {
		base = machine.arena(arenaBytes);
		for (const name of Object.keys(feeds)) {
			if (!inputs.has(name))
				throw new TensorError(
					"missing-input",
					`run: no input is named ${name}; the inputs are ${[...inputs.keys()].join(", ")}`,
				);
		}
		for (const [name, n] of inputs) {
			const feed = feeds[name];
			if (feed === undefined) throw new TensorError("missing-input", `run: input ${name} [${n.shape}] was not given`);
			const dtype = isBuffer(feed) ? feed.dtype : feed instanceof Int32Array ? "i32" : "f32";
			const count = isBuffer(feed) ? size(feed.shape) : feed.length;
			if (dtype !== n.dtype || count !== size(n.shape)) {
				throw new TensorError(
					"shape",
					`run: input ${name} wants ${n.dtype} [${n.shape}], got ${count} numbers of ${dtype}`,
				);
			}
			if (isBuffer(feed)) {
				bound.set(n, feed.address);
			} else {
				const at = base + slots.get(n)!;
				bound.set(n, at);
				if (n.dtype === "i32") new Int32Array(memory.buffer, at, count).set(feed);
				else new Float32Array(memory.buffer, at, count).set(feed);
			}
		}
	}

	function execute(watch: boolean): void {
		for (const { node, scratch } of planned.steps) {
			const output = addressOf(node);
			node.op.execute!(kernels, node, { inputs: node.inputs.map(addressOf), output, scratch: base + scratch }, memory);
			if (watch && kernels.firstNonFinite(output, size(node.shape)) >= 0) {
				throw new TensorError(
					"not-finite",
					`run: op ${node.op.name} of shape [${node.shape}] gave NaN or infinity; nothing was kept`,
				);
			}
		}
	}

	function run(feeds: Readonly<Record<string, Feed>>, options: RunOptions<Names> = {}): Record<Names, Float32Array> {
		bind(feeds);
		execute(false);
		if (nodes.some((n) => n.dtype === "f32" && kernels.firstNonFinite(addressOf(n), size(n.shape)) >= 0)) {
			execute(true);
			throw new TensorError("not-finite", "run: an input holds NaN or infinity; nothing was kept");
		}
		const into = options.into ?? {};
		const out = {} as Record<Names, Float32Array>;
		const read = new Set<Names>(options.read ?? names.filter((name) => !(name in into)));
		names.forEach((name, i) => {
			const at = addressOf(nodes[i]!);
			const count = size(nodes[i]!.shape);
			if (read.has(name)) out[name] = new Float32Array(memory.buffer, at, count).slice();
		});
		names.forEach((name, i) => {
			const target = (into as Partial<Record<Names, Buffer>>)[name];
			if (target === undefined) return;
			const count = size(nodes[i]!.shape);
			if (size(target.shape) !== count)
				throw new TensorError("shape", `run: output ${name} has ${count} numbers, its buffer ${size(target.shape)}`);
			new Uint8Array(memory.buffer).copyWithin(target.address, addressOf(nodes[i]!), addressOf(nodes[i]!) + 4 * count);
		});
		return out;
	}

	return { inputNames: [...inputs.keys()], arenaBytes, steps: planned.steps.length, run };
}
