// Decides where each node's numbers live in the arena, from when they are first written to when they are last read.

import { size, type Tensor } from "../graph/tensor.js";
import { topological } from "../graph/topological.js";
import type { Kernels } from "../kernels/index.js";

const ALIGN = 64;

export interface PlannedStep {
	readonly node: Tensor;
	readonly scratch: number;
}

export interface Plan {
	readonly steps: readonly PlannedStep[];
	/** Arena offset of each node that is not an input or a view. */
	readonly offsets: ReadonlyMap<Tensor, number>;
	/** Views: the node whose bytes they read, and how far in. */
	readonly views: ReadonlyMap<Tensor, { readonly root: Tensor; readonly byteOffset: number }>;
	readonly inputs: readonly Tensor[];
	readonly arenaBytes: number;
}

function bytesOf(n: Tensor): number {
	return Math.ceil((4 * size(n.shape)) / ALIGN) * ALIGN;
}

/** First-fit over a sorted list of holes; the last hole is endless. */
class Holes {
	private holes: { at: number; end: number }[] = [{ at: 0, end: Number.POSITIVE_INFINITY }];
	peak = 0;

	take(bytes: number): number {
		const i = this.holes.findIndex((h) => h.end - h.at >= bytes);
		const hole = this.holes[i]!;
		const at = hole.at;
		hole.at += bytes;
		if (hole.at === hole.end) this.holes.splice(i, 1);
		this.peak = Math.max(this.peak, at + bytes);
		return at;
	}

	give(at: number, bytes: number): void {
		let i = this.holes.findIndex((h) => h.at > at);
		if (i < 0) i = this.holes.length;
		this.holes.splice(i, 0, { at, end: at + bytes });
		const next = this.holes[i + 1];
		if (next !== undefined && next.at === at + bytes) {
			this.holes[i]!.end = next.end;
			this.holes.splice(i + 1, 1);
		}
		const before = this.holes[i - 1];
		if (before !== undefined && before.end === at) {
			before.end = this.holes[i]!.end;
			this.holes.splice(i, 1);
		}
	}
}

/** Plans a graph. `keep` lists nodes whose numbers must survive to the end (the outputs). */
export function plan(kernels: Kernels, keep: readonly Tensor[]): Plan {
	const order = topological(keep);
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

	const holes = new Holes();
	const offsets = new Map<Tensor, number>();
	const steps: PlannedStep[] = [];
	const inputs: Tensor[] = [];
	order.forEach((n, at) => {
		if (n.op.name === "input") {
			inputs.push(n);
			return;
		}
		if (views.has(n)) return;
		const dying = [...new Set(n.inputs.map(rootOf))].filter((r) => lastUse.get(r) === at && offsets.has(r));
		const first = n.inputs[0];
		const reuse =
			n.op.inPlace && first !== undefined && dying.includes(first) && size(first.shape) === size(n.shape)
				? first
				: undefined;
		offsets.set(n, reuse !== undefined ? offsets.get(reuse)! : holes.take(bytesOf(n)));
		const scratchBytes = n.op.scratchBytes?.(kernels, n) ?? 0;
		const scratch = scratchBytes > 0 ? holes.take(Math.ceil(scratchBytes / ALIGN) * ALIGN) : 0;
		steps.push({ node: n, scratch });
		if (scratchBytes > 0) holes.give(scratch, Math.ceil(scratchBytes / ALIGN) * ALIGN);
		for (const r of dying) if (r !== reuse) holes.give(offsets.get(r)!, bytesOf(r));
		if (!lastUse.has(n)) holes.give(offsets.get(n)!, bytesOf(n));
	});
	return { steps, offsets, views, inputs, arenaBytes: holes.peak };
}
