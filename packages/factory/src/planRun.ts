// How much work a run will be, before a step is taken: its steps, tokens and operations. It must not know how fast a machine is.

import { fittedRows } from "@openledger/attribution";
import { adapterParameterShapes, type Engine, type LlamaConfig, makeBatch } from "@openledger/llm";
import { encodeRows, type LeftOut } from "./encodeRows.js";
import { holdOut, type RunRow } from "./holdOut.js";
import { makeTrainer } from "./makeTrainer.js";
import { planSteps, type StepPlan } from "./planSteps.js";
import { adapterConfigOf, type Recipe } from "./recipe.js";
import { stepBatches } from "./stepBatches.js";
import { isValidated } from "./validation.js";

/** What there is to compute. Positions are those that the machine meets, padding included; operations are multiplications and additions. */
export interface Work {
	readonly tokens: number;
	readonly positions: number;
	readonly flops: number;
}

export interface PlannedRun {
	readonly steps: number;
	readonly stepsPerEpoch: number;
	/** Links of the commitment chain. */
	readonly links: number;
	readonly learnt: number;
	readonly heldOut: number;
	readonly leftOut: readonly LeftOut[];
	readonly training: Work;
	/** Looking at the rows held out, every time. */
	readonly validation: Work;
	/** Influence features of the rows learnt from. */
	readonly features: Work;
	/** Numbers that the adapter has. */
	readonly adapterParameters: number;
}

export interface PlanRun {
	readonly engine: Engine;
	readonly rows: readonly RunRow[];
	readonly recipe: Recipe;
}

interface Rectangle {
	readonly rows: number;
	readonly length: number;
}

/** Throws what `trainAdapter` throws for such rows and such a recipe, before it begins. Epochs are taken to be as large as the first. */
export function planRun(wanted: PlanRun): PlannedRun {
	const { engine, recipe } = wanted;
	const { plan, learnt, held, leftOut } = prepared(wanted);
	const adapterParameters = parametersOf(engine, recipe);
	const { laid } = stepBatches(engine, recipe, plan, learnt);
	const epoch: Rectangle[] = [];
	for (let step = 0; step < plan.perEpoch; step++) epoch.push(...laid(step).map(({ shape }) => shape));
	const cost = costOf(engine.base.config, adapterParameters);
	let [looks, links] = [0, 0];
	for (let step = 1; step <= plan.total; step++) {
		const isLook = isValidated(recipe, step, plan.total);
		if (isLook) looks++;
		if (isLook || step === plan.total || step % recipe.commitEvery === 0) links++;
	}
	const once = tokensOf(plan.usable.map((i) => learnt[i]!));
	const heldShapes = inBatches(held, recipe.batchSize, engine.base.padding);
	const fitted = fittedRows(plan.usable, recipe.seed).map((i) => learnt[i]!);
	const measured = [...fitted, ...fitted, ...plan.usable.map((i) => learnt[i]!)];
	const measuredShapes = inBatches(measured, MEASURED_AT_ONCE, engine.base.padding);
	return {
		steps: plan.total,
		stepsPerEpoch: plan.perEpoch,
		links,
		learnt: plan.usable.length,
		heldOut: held.length,
		leftOut,
		training: times(workOf(once, epoch, cost.step), recipe.epochs),
		validation: times(workOf(tokensOf(held), heldShapes, cost.forward), looks),
		features: workOf(tokensOf(measured), measuredShapes, cost.step),
		adapterParameters,
	};
}

const MEASURED_AT_ONCE = 16;
const WARM_STEPS = 1;
const MOST_STEPS = 4;

/** Takes a few steps of the run and forgets them; about `seconds` long, at least one step that is not the first. */
export function measureSteps(wanted: PlanRun, { seconds = 1.5 } = {}): Work & { readonly seconds: number } {
	const { engine, recipe } = wanted;
	const { plan, learnt } = prepared(wanted);
	const { laid, micro, learningRate } = stepBatches(engine, recipe, plan, learnt);
	const trainer = makeTrainer(engine, recipe);
	try {
		const cost = costOf(engine.base.config, parametersOf(engine, recipe));
		const shapes: Rectangle[] = [];
		let [tokens, spent] = [0, 0];
		for (let k = 0; k < WARM_STEPS + MOST_STEPS; k++) {
			const step = Math.min(Math.max(0, k - WARM_STEPS), plan.total - 1);
			// Programs are compiled once for each shape in a run; here they would be most of the time.
			trainer.prepare(laid(step).map(({ shape }) => shape));
			const batches = micro(step);
			const from = performance.now();
			trainer.stepOver(batches, learningRate(step));
			if (k < WARM_STEPS) continue;
			spent += (performance.now() - from) / 1000;
			shapes.push(...batches.map(({ shape }) => shape));
			tokens += tokensOf(
				plan
					.batches(step)
					.flat()
					.map((i) => learnt[i]!),
			);
			if (spent > seconds) break;
		}
		return { ...workOf(tokens, shapes, cost.step), seconds: spent };
	} finally {
		trainer.close();
	}
}

function parametersOf({ base }: Engine, recipe: Recipe): number {
	const shapes = [...adapterParameterShapes(base.config, adapterConfigOf(recipe)).values()];
	return shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

function prepared({ engine, rows, recipe }: PlanRun) {
	const encoded = encodeRows(engine, rows, recipe);
	const usable = encoded.rows.flatMap((row, i) => (row === undefined ? [] : [i]));
	const heldOut = new Set(holdOut(rows, usable, recipe));
	const learnt = encoded.rows.map((row, i) => (heldOut.has(i) ? undefined : row));
	const plan: StepPlan = planSteps(learnt, recipe);
	return { plan, learnt, held: [...heldOut].map((i) => encoded.rows[i]!), leftOut: encoded.leftOut };
}

/**
 * Operations of a rectangle. Forward: two for each weight of the base and of the adapter at each position, and attention over all pairs of
 * positions. Backward: the same again for what flows through the frozen base, twice that for the adapter, whose weights learn.
 */
function costOf(config: LlamaConfig, adapterParameters: number) {
	const { hiddenSize: d, intermediateSize: m, layers, heads, kvHeads, headDim, vocabSize } = config;
	const base = layers * (d * headDim * (2 * heads + 2 * kvHeads) + 3 * d * m) + d * vocabSize;
	const attention = ({ rows, length }: Rectangle) => 4 * layers * rows * length * length * heads * headDim;
	const forward = (shape: Rectangle) => 2 * (base + adapterParameters) * shape.rows * shape.length + attention(shape);
	const step = (shape: Rectangle) =>
		(4 * base + 6 * adapterParameters) * shape.rows * shape.length + 3 * attention(shape);
	return { forward, step };
}

function workOf(tokens: number, shapes: readonly Rectangle[], cost: (shape: Rectangle) => number): Work {
	const positions = shapes.reduce((sum, { rows, length }) => sum + rows * length, 0);
	return { tokens, positions, flops: shapes.reduce((sum, shape) => sum + cost(shape), 0) };
}

const times = ({ tokens, positions, flops }: Work, n: number): Work => ({
	...{ tokens: tokens * n, positions: positions * n, flops: flops * n },
});

const tokensOf = (rows: readonly { readonly tokens: readonly number[] }[]): number =>
	rows.reduce((sum, { tokens }) => sum + tokens.length - 1, 0);

function inBatches(rows: Parameters<typeof makeBatch>[0], size: number, padding: number): Rectangle[] {
	const ordered = [...rows].sort((a, b) => a.tokens.length - b.tokens.length);
	const shapes: Rectangle[] = [];
	for (let at = 0; at < ordered.length; at += size) shapes.push(makeBatch(ordered.slice(at, at + size), padding).shape);
	return shapes;
}
