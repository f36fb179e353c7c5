// Where a program's inputs lie: a buffer where it is, an array in a slot behind the arena. Remembers the last run, so that a run with the
// same buffers looks at each once and does nothing.

import { TensorError } from "../errors.js";
import { size, type Tensor } from "../graph/tensor.js";
import type { Feed } from "./compile.js";
import type { Buffer, Machine } from "./machine.js";
import { blockBytes } from "./plan.js";

interface Slot {
	readonly name: string;
	readonly node: Tensor;
	readonly count: number;
	readonly updated: boolean;
	/** The buffer of the last run. */
	buffer?: Buffer;
	/** Offset from the arena's start, once an array was fed. */
	offset?: number;
	address: number;
	view?: Float32Array | Int32Array;
}

export interface BoundFeeds {
	readonly names: readonly string[];
	/** Undefined for a node that is no input. */
	addressOf(n: Tensor): number | undefined;
	/** Checks all feeds, then takes the arena and copies arrays in. `moved` lists the inputs that lie elsewhere than in the last run. */
	settle(feeds: Readonly<Record<string, Feed>>): { readonly arenaAt: number; readonly moved: readonly Tensor[] };
}

function isBuffer(feed: Feed): feed is Buffer {
	return !ArrayBuffer.isView(feed);
}

/** `updated` are inputs that the program writes over. */
export function bindFeeds(
	machine: Machine,
	inputs: readonly Tensor[],
	arenaBytes: number,
	updated: ReadonlySet<Tensor>,
): BoundFeeds {
	const { memory } = machine;
	const byName = new Map<string, Slot>();
	for (const node of inputs) {
		const name = node.attributes.name as string;
		if (byName.has(name))
			throw new TensorError("attribute", `compile: two inputs are named ${name}; names must differ`);
		byName.set(name, { name, node, count: size(node.shape), updated: updated.has(node), address: -1 });
	}
	const slots = [...byName.values()];
	const byNode = new Map(slots.map((slot) => [slot.node, slot]));
	let bytes = arenaBytes;
	let frees = machine.frees();

	function check({ name, node, count, updated }: Slot, feed: Feed | undefined): void {
		if (feed === undefined) throw new TensorError("missing-input", `run: input ${name} [${node.shape}] was not given`);
		if (updated && !isBuffer(feed))
			throw new TensorError("shape", `run: input ${name} is written over; feed a buffer, not an array`);
		if (isBuffer(feed) && feed.freed)
			throw new TensorError("closed", `run: the buffer fed as input ${name} was freed; feed one that is not`);
		const dtype = isBuffer(feed) ? feed.dtype : feed instanceof Int32Array ? "i32" : "f32";
		const given = isBuffer(feed) ? size(feed.shape) : feed.length;
		if (dtype !== node.dtype || given !== count) {
			throw new TensorError(
				"shape",
				`run: input ${name} wants ${node.dtype} [${node.shape}], got ${given} numbers of ${dtype}`,
			);
		}
	}

	function settle(feeds: Readonly<Record<string, Feed>>) {
		if (machine.frees() !== frees) {
			for (const slot of slots) slot.buffer = undefined;
			frees = machine.frees();
		}
		const changed: Slot[] = [];
		let known = 0;
		for (const slot of slots) {
			const feed = feeds[slot.name];
			known++;
			if (feed !== undefined && feed === slot.buffer) continue;
			check(slot, feed);
			changed.push(slot);
		}
		if (Object.keys(feeds).length !== known) {
			for (const name of Object.keys(feeds)) {
				if (byName.has(name)) continue;
				const names = [...byName.keys()].join(", ");
				throw new TensorError("missing-input", `run: no input is named ${name}; the inputs are ${names}`);
			}
		}
		for (const slot of changed) {
			if (isBuffer(feeds[slot.name]!) || slot.offset !== undefined) continue;
			slot.offset = bytes;
			bytes += blockBytes(4 * slot.count);
		}
		const arenaAt = machine.arena(bytes);
		const moved: Tensor[] = [];
		for (const slot of changed) {
			const feed = feeds[slot.name]!;
			const address = isBuffer(feed) ? feed.address : arenaAt + slot.offset!;
			if (address !== slot.address) moved.push(slot.node);
			if (isBuffer(feed)) slot.buffer = feed;
			else {
				slot.buffer = undefined;
				if (address !== slot.address || slot.view?.buffer !== memory.buffer)
					slot.view = new (slot.node.dtype === "i32" ? Int32Array : Float32Array)(memory.buffer, address, slot.count);
				slot.view.set(feed);
			}
			slot.address = address;
		}
		return { arenaAt, moved };
	}

	return { names: [...byName.keys()], addressOf: (n) => byNode.get(n)?.address, settle };
}
