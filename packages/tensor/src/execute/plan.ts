// Decides in which order a graph runs and where each node's numbers live in the arena, from when they are first written to when they are
// last read. It touches no memory.

import { size, type Tensor } from "../graph/tensor.js";
import { creationOrder } from "../graph/topological.js";
import type { Kernels } from "../kernels/index.js";
import { constantOperation, inputOperation } from "../ops/input.js";
import { createHoles } from "./holes.js";

const ALIGN = 64;

export interface PlannedStep {
	readonly node: Tensor;
	readonly scratch: number;
	readonly scratchBytes: number;
	/** Bytes of the arena in use while it runs. */
	readonly aliveBytes: number;
}

export interface Plan {
	readonly steps: readonly PlannedStep[];
	/** The first step that writes over inputs of the program; all such steps stand at the end. */
	readonly firstUpdate: number;
	/** Arena offset of each node that is not an input, a scalar or a view. */
	readonly offsets: ReadonlyMap<Tensor, number>;
	/** Views: the node whose bytes they read, and how far in. */
	readonly views: ReadonlyMap<Tensor, { readonly root: Tensor; readonly byteOffset: number }>;
	readonly inputs: readonly Tensor[];
	/** Constants of one number; they are kept by the machine and cost no step. */
	readonly scalars: readonly Tensor[];
	readonly arenaBytes: number;
}

export function blockBytes(bytes: number): number {
	return Math.ceil(Math.max(bytes, 1) / ALIGN) * ALIGN;
}

const bytesOf = (n: Tensor) => blockBytes(4 * size(n.shape));

/** Plans a graph. `keep` lists nodes whose numbers must survive to the end (the outputs). */
export function plan(kernels: Kernels, keep: readonly Tensor[]): Plan {
	const made = creationOrder(keep);
	const order = [...made.filter((n) => !n.op.updates), ...made.filter((n) => n.op.updates)];
	const views = new Map<Tensor, { root: Tensor; byteOffset: number }>();
	const rootOf = (n: Tensor) => views.get(n)?.root ?? n;
	for (const n of order) {
		if (n.op.view === undefined) continue;
		const base = views.get(n.inputs[0]!);
		views.set(n, { root: rootOf(n.inputs[0]!), byteOffset: (base?.byteOffset ?? 0) + n.op.view(n) });
	}

	const lastUse = new Map<Tensor, number>();
	order.forEach((n, at) => {
		for (const i of n.inputs) lastUse.set(rootOf(i), at);
	});
	for (const n of keep) lastUse.set(rootOf(n), Number.POSITIVE_INFINITY);

	const holes = createHoles();
	const offsets = new Map<Tensor, number>();
	const steps: PlannedStep[] = [];
	const inputs: Tensor[] = [];
	const scalars: Tensor[] = [];
	let firstUpdate: number | undefined;
	let alive = 0;
	const take = (bytes: number) => {
		alive += bytes;
		return holes.take(bytes);
	};
	const give = (at: number, bytes: number) => {
		alive -= bytes;
		holes.give(at, bytes);
	};
	order.forEach((n, at) => {
		if (n.op === inputOperation) inputs.push(n);
		else if (n.op === constantOperation && size(n.shape) === 1) scalars.push(n);
		else if (n.op.bind !== undefined) place(n, at);
	});

	function place(n: Tensor, at: number): void {
		const roots = n.inputs.map(rootOf);
		const dying = [...new Set(roots)].filter((r) => lastUse.get(r) === at && offsets.has(r));
		// A place is taken over only where every number of it is read under the index that is then written.
		const aligned = (r: Tensor) =>
			size(r.shape) === size(n.shape) && n.inputs.every((i, k) => roots[k] !== r || size(i.shape) === size(n.shape));
		const reuse = n.op.inPlace?.map((i) => roots[i]!).find((r) => dying.includes(r) && aligned(r));
		if (!views.has(n)) offsets.set(n, reuse !== undefined ? offsets.get(reuse)! : take(bytesOf(n)));
		const wanted = n.op.scratchBytes?.(kernels, n) ?? 0;
		const scratchBytes = wanted > 0 ? blockBytes(wanted) : 0;
		const scratch = scratchBytes > 0 ? take(scratchBytes) : 0;
		if (n.op.updates) firstUpdate ??= steps.length;
		steps.push({ node: n, scratch, scratchBytes, aliveBytes: alive });
		if (scratchBytes > 0) give(scratch, scratchBytes);
		for (const r of dying) if (r !== reuse) give(offsets.get(r)!, bytesOf(r));
		if (!lastUse.has(n) && offsets.has(n)) give(offsets.get(n)!, bytesOf(n));
	}

	return {
		steps,
		firstUpdate: firstUpdate ?? steps.length,
		offsets,
		views,
		inputs,
		scalars,
		arenaBytes: holes.peak(),
	};
}
