// What a training step will take, before anything is taken: bytes by what they are for, the peak, and how near it is to what is needed.

import { createMachine, describeProgram, type NodeBytes } from "@openledger/tensor";
import type { AdapterConfig } from "../lora/adapterConfig.js";
import type { LlamaConfig } from "../model/config.js";
import { parameterShapes } from "../model/parameters.js";
import type { AdamWSettings } from "./adamw.js";
import { adapterLoss, adapterParameterShapes, fullLoss } from "./loss.js";
import { FIRST, SECOND, stepGraph } from "./stepGraph.js";
import type { BatchShape } from "./trainer.js";

export interface StepPlan {
	/** Numbers of the base that stay as they are. */
	readonly weightBytes: number;
	/** What is trained: an adapter's matrices, or the whole base. */
	readonly trainedBytes: number;
	readonly momentBytes: number;
	readonly gradientBytes: number;
	/** What the backward pass reads of the forward pass, without the logits. */
	readonly activationBytes: number;
	readonly logitBytes: number;
	/** Tokens, targets, weights, tables. */
	readonly batchBytes: number;
	/** All of the above. */
	readonly needBytes: number;
	/** One block for everything but inputs; gradients lie where activations were. */
	readonly arenaBytes: number;
	/** Inputs and arena: the machine's peak. */
	readonly plannedBytes: number;
	/** planned / need */
	readonly ratio: number;
	/** Scratch of the one step that has most. */
	readonly scratchBytes: number;
	readonly steps: number;
	readonly flops: number;
	/** The fullest moment. */
	readonly peak: NodeBytes;
	readonly largest: readonly NodeBytes[];
}

export interface PlanStepOptions {
	readonly config: LlamaConfig;
	/** Absent: every parameter of the base is trained. */
	readonly adapter?: AdapterConfig;
	readonly shape: BatchShape;
	readonly settings?: AdamWSettings;
	/** The plan's scratch depends on how many share the work; default 1. */
	readonly threads?: number;
}

const SETTINGS: AdamWSettings = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 };

/** Plans one step of LoRA or of full fine-tuning. Takes a second at most and no memory to speak of. */
export function planStep({ config, adapter, shape, settings = SETTINGS, threads = 1 }: PlanStepOptions): StepPlan {
	const shapes = adapter === undefined ? parameterShapes(config) : adapterParameterShapes(config, adapter);
	const loss = adapter === undefined ? fullLoss(config) : adapterLoss(config, adapter);
	const graph = stepGraph(shapes, loss, settings, shape);
	const machine = createMachine({ threads });
	const found = describeProgram(machine.kernels, graph, graph.loss);
	machine.close();
	const base = parameterShapes(config);
	const total = (test: (input: (typeof found.inputs)[number]) => boolean) =>
		found.inputs.filter(test).reduce((sum, { bytes }) => sum + bytes, 0);
	const isMoment = (name: string) => name.startsWith(FIRST) || name.startsWith(SECOND);
	const isLogits = (n: NodeBytes) => n.shape.length === 2 && n.shape[1] === config.vocabSize;
	const bytes = (nodes: readonly NodeBytes[]) => nodes.reduce((sum, n) => sum + n.bytes, 0);
	const parts = {
		weightBytes: total(({ name, updated }) => base.has(name) && !updated),
		trainedBytes: total(({ name, updated }) => updated && !isMoment(name)),
		momentBytes: total(({ name }) => isMoment(name)),
		gradientBytes: found.gradientBytes,
		activationBytes: bytes(found.kept.filter((n) => !isLogits(n))),
		logitBytes: bytes(found.kept.filter(isLogits)),
		batchBytes: total(({ name, updated }) => !updated && !base.has(name)),
	};
	const needBytes = Object.values(parts).reduce((a, b) => a + b, 0);
	const plannedBytes = found.inputs.reduce((sum, input) => sum + input.bytes, 0) + found.arenaBytes;
	const { arenaBytes, scratchBytes, steps, flops, peak, largest } = found;
	return {
		...parts,
		needBytes,
		arenaBytes,
		plannedBytes,
		ratio: plannedBytes / needBytes,
		scratchBytes,
		steps,
		flops,
		peak,
		largest,
	};
}
