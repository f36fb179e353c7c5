// What a program will take, before anything is taken: bytes by kind, where the peak lies, and what no executor could do without.

import { size, type Tensor } from "../graph/tensor.js";
import { creationOrder } from "../graph/topological.js";
import type { Kernels } from "../kernels/index.js";
import { blockBytes, plan } from "./plan.js";

export interface NodeBytes {
	/** Place in the order of steps. */
	readonly step: number;
	readonly op: string;
	readonly shape: readonly number[];
	readonly bytes: number;
}

export interface ProgramDescription {
	readonly steps: number;
	/** Additions and multiplications of products and attention; one an element for everything else. */
	readonly flops: number;
	/** Every input by name; those that the program writes over are parameters in training or their moments. */
	readonly inputs: readonly { readonly name: string; readonly bytes: number; readonly updated: boolean }[];
	/** Numbers of the forward pass that the backward pass reads; empty where `loss` is not given. */
	readonly kept: readonly NodeBytes[];
	/** Gradients that the updates read. */
	readonly gradientBytes: number;
	/** The largest scratch of one step. */
	readonly scratchBytes: number;
	readonly arenaBytes: number;
	/** The most that lives in the arena at once, and the step where it does: what a perfect placement would take. */
	readonly peak: NodeBytes;
	/** Nodes by size, the largest first. */
	readonly largest: readonly NodeBytes[];
}

/** Describes the program that `compile` would make of these outputs; the forward pass is what `loss` needs. */
export function describeProgram(
	kernels: Kernels,
	outputs: Readonly<Record<string, Tensor>>,
	loss?: Tensor,
): ProgramDescription {
	const planned = plan(kernels, Object.values(outputs));
	const { steps, views, firstUpdate } = planned;
	const stepOf = new Map(steps.map(({ node }, at) => [node, at]));
	const rootOf = (n: Tensor) => views.get(n)?.root ?? n;
	const row = (n: Tensor): NodeBytes => ({
		step: stepOf.get(n)!,
		op: n.op.name,
		shape: n.shape,
		bytes: blockBytes(4 * size(n.shape)),
	});
	const own = steps.map(({ node }) => node).filter((n) => planned.offsets.has(n));

	const forward = new Set(loss === undefined ? own : creationOrder([loss]));
	const backward = steps.filter(({ node }) => !forward.has(node));
	const read = new Set(backward.flatMap(({ node }) => node.inputs.map(rootOf)));
	const updates = steps.slice(firstUpdate).map(({ node }) => node);
	const updated = new Set(updates.flatMap((n) => n.op.updates!.map((i) => n.inputs[i]!)));
	const gradients = new Set(
		updates
			.flatMap((n) => n.inputs.filter((i) => size(i.shape) === size(n.shape)).map(rootOf))
			.filter((r) => stepOf.has(r)),
	);
	const fullest = steps.reduce((best, step) => (step.aliveBytes > best.aliveBytes ? step : best));
	return {
		steps: steps.length,
		flops: steps.reduce((sum, { node }) => sum + (node.op.flops?.(node) ?? size(node.shape)), 0),
		inputs: planned.inputs.map((n) => ({
			name: n.attributes.name as string,
			bytes: blockBytes(4 * size(n.shape)),
			updated: updated.has(n),
		})),
		kept: own.filter((n) => forward.has(n) && read.has(n)).map(row),
		gradientBytes: [...gradients].reduce((sum, n) => sum + row(n).bytes, 0),
		scratchBytes: Math.max(0, ...steps.map((s) => s.scratchBytes)),
		arenaBytes: planned.arenaBytes,
		peak: { ...row(fullest.node), bytes: fullest.aliveBytes },
		largest: own.map(row).sort((a, b) => b.bytes - a.bytes || a.step - b.step),
	};
}
