// Whether a run is smooth enough for its derivative to say what leaving rows out would do: measured by training again twice, with a few rows
// weighed a hair more and without them. It must not know how the derivative is computed, so that it can judge it.

import { batchFeeds, type Trainer, type TrainerState } from "@openledger/llm";
import { drawPermutation } from "@openledger/tensor";
import type { RecordedTraining } from "./recordedTraining.js";
import { createReplayTrainer, weighRows } from "./retrain.js";
import { type SmoothnessSign, smoothnessSigns } from "./smoothnessSigns.js";

export interface JudgeSmoothnessOptions {
	/** The state after the run as it was, where it is known already; it saves one training. */
	readonly final?: TrainerState;
	/** The rows that are tried; default one in a hundred, at least one, drawn by `seed`, one of them from the first step. */
	readonly rows?: ReadonlySet<number>;
	readonly seed?: number;
	readonly onStep?: (done: number, total: number) => void;
	readonly signal?: AbortSignal;
	/** A trainer to use again, from `createReplayTrainer`. */
	readonly trainer?: Trainer;
}

export interface SmoothnessFigures {
	/** Cosine between the change of the adapter a hair's weight makes and the one that leaving the rows out makes; 1 where all is linear. */
	readonly agreement: number;
	/** ‖change by a hair‖/(hair · ‖change by leaving out‖); 1 where all is linear, large where the run amplifies. */
	readonly amplification: number;
	/** How many rows were tried. */
	readonly rows: number;
	/** Trainings that it took. */
	readonly trainings: number;
}

export interface SmoothnessJudgement {
	/** Whether an audit may rest on the derivative; else it trains again without the rows. */
	readonly smooth: boolean;
	readonly why: string;
	readonly figures: SmoothnessFigures;
	/** What the recipe alone says; no part of the judgement. */
	readonly signs: readonly SmoothnessSign[];
}

/** A hair: small beside 1, large beside the roundings of f32. */
const HAIR = 1e-3;
/**
 * Between what was measured on a small language model (24 steps of 16 rows, one row tried, 16 subsets of 2%): cosines of 0.90–0.92 with an LDS
 * of 0.98, 0.86–0.89 with 0.97, 0.68–0.71 with 0.89.
 */
const LEAST_AGREEMENT = 0.8;
const MOST_AMPLIFICATION = 1.5;

/**
 * Judges a run by two trainings, three where `final` is not given. Throws the signal's reason when it is aborted and RangeError where no row
 * can be tried.
 */
export async function judgeSmoothness(
	training: RecordedTraining,
	{ final, rows, seed = 1, onStep, signal, trainer: given }: JudgeSmoothnessOptions = {},
): Promise<SmoothnessJudgement> {
	const tried = rows ?? drawRows(training, seed);
	if (tried.size === 0) throw new RangeError("no row is given to be tried; give some that the run met");
	const trainings = final === undefined ? 3 : 2;
	const trainer = given ?? createReplayTrainer(training);
	let done = 0;
	const train = async (weight: number): Promise<TrainerState> => {
		trainer.reset();
		for (let index = 0; index < training.total; index++) {
			// Other work of the process has its turn between steps; a judgement takes as long as trainings do.
			await new Promise((resolve) => setImmediate(resolve));
			signal?.throwIfAborted();
			takeStep(training, trainer, index, (row) => (tried.has(row) ? weight : 1));
			onStep?.(++done, trainings * training.total);
		}
		return trainer.state();
	};
	try {
		signal?.throwIfAborted();
		const base = final ?? (await train(1));
		const hair = change(base, await train(1 + HAIR));
		const out = change(await train(0), base);
		const [dot, hairs, outs] = products(hair, out);
		const figures = {
			agreement: hairs === 0 || outs === 0 ? 0 : dot / Math.sqrt(hairs * outs),
			amplification: outs === 0 ? Number.POSITIVE_INFINITY : Math.sqrt(hairs / outs) / HAIR,
			rows: tried.size,
			trainings,
		};
		return { ...judge(figures), figures, signs: smoothnessSigns(training) };
	} finally {
		if (given === undefined) trainer.close();
	}
}

function takeStep(
	training: RecordedTraining,
	trainer: Trainer,
	index: number,
	dataWeight: (row: number) => number,
): void {
	const { engine } = training;
	const { batches, learningRate } = training.step(index);
	const fed = batches.map((recorded) => ({
		shape: recorded.batch.shape,
		feeds: {
			...engine.resident,
			...batchFeeds(engine.base.config, recorded.batch, weighRows(recorded, dataWeight)),
		},
	}));
	trainer.stepOver(fed, learningRate);
}

function judge({ agreement, amplification }: SmoothnessFigures): { readonly smooth: boolean; readonly why: string } {
	const said = `a hair's weight and leaving the rows out move the adapter in directions of cosine ${agreement.toFixed(3)}, at ${amplification.toFixed(2)} times the length`;
	if (agreement < LEAST_AGREEMENT)
		return { smooth: false, why: `rough: ${said}; an audit by derivative wants a cosine of ${LEAST_AGREEMENT}` };
	if (amplification > MOST_AMPLIFICATION)
		return { smooth: false, why: `rough: ${said}; an audit by derivative wants at most ${MOST_AMPLIFICATION} times` };
	return { smooth: true, why: `smooth: ${said}` };
}

/**
 * One row in a hundred of those that the run met, at least one, and the first of them from the first step: there the moments are youngest, so
 * that a run is rough there if it is anywhere. A draw without such a row found a run smooth whose derivative said nothing.
 */
function drawRows(training: RecordedTraining, seed: number): Set<number> {
	const met = new Set<number>();
	for (let index = 0; index < training.total; index++)
		for (const { rows } of training.step(index).batches) for (const row of rows) met.add(row);
	const all = [...met].sort((a, b) => a - b);
	const count = Math.min(all.length, Math.max(1, Math.round(all.length / 100)));
	const drawn = drawPermutation({ seed, purpose: 71, step: 0 }, all.length).map((at) => all[at]!);
	const early = new Set(training.step(0).batches.flatMap(({ rows }) => rows));
	const first = drawn.filter((row) => early.has(row)).slice(0, 1);
	return new Set([...new Set([...first, ...drawn])].slice(0, count));
}

/** to − from, parameter by parameter. */
function change(from: TrainerState, to: TrainerState): Float64Array[] {
	return [...from.parameters].map(([name, values]) => {
		const after = to.parameters.get(name)!;
		return Float64Array.from(values, (value, i) => after[i]! - value);
	});
}

/** a·b, a·a, b·b */
function products(a: readonly Float64Array[], b: readonly Float64Array[]): [number, number, number] {
	let [ab, aa, bb] = [0, 0, 0];
	a.forEach((part, n) => {
		part.forEach((x, i) => {
			const y = b[n]![i]!;
			ab += x * y;
			aa += x * x;
			bb += y * y;
		});
	});
	return [ab, aa, bb];
}
