// What an audit by derivative will take, before it is begun: one step of the run is taken in each direction and timed. For people; no result
// depends on it.

import { createReplay, type ReplayOptions } from "./magicReplay.js";
import type { RecordedTraining } from "./recordedTraining.js";

export interface MagicEstimate {
	/** Of one run forwards, as training takes it. */
	readonly secondsOfRun: number;
	/** Of the whole audit on this machine as it is loaded now. */
	readonly seconds: number;
	/** In the engine's machine, beside the base. */
	readonly machineBytes: number;
	/** States that are kept at once, in memory or in the store, and those of a segment that is replayed. */
	readonly keptBytes: number;
}

/** Takes three steps' time in each direction. Throws what `magic` throws for a run without a derivative, or where it does not fit. */
export function estimateMagic(
	training: RecordedTraining,
	queries: number,
	options: ReplayOptions & { readonly spacing?: number } = {},
): MagicEstimate {
	const { queriesAtOnce = 8, spacing = Math.max(1, Math.ceil(Math.sqrt(training.total))) } = options;
	const { total, engine } = training;
	const before = engine.machine.bytesInUse();
	const replay = createReplay(training, options);
	const { adjoint, beginning, sizes } = replay;
	try {
		const tokensOf = (index: number) =>
			training.step(index).batches.reduce((sum, { batch }) => sum + batch.shape.rows * batch.shape.length, 0);
		const tokens = Array.from({ length: total }, (_, index) => tokensOf(index));
		const all = tokens.reduce((a, b) => a + b, 0);
		const largest = tokens.indexOf(Math.max(...tokens));
		const step = training.step(largest);
		const batches = replay.batchesOf(step);
		const timed = (work: () => unknown) => {
			const begun = performance.now();
			work();
			return (performance.now() - begun) / 1000;
		};

		const once = () => {
			adjoint.restore(beginning);
			return adjoint.forward(batches, step.learningRate, true);
		};
		const trace = once();
		const forward = Math.min(timed(once), timed(once));
		const groups = Math.ceil(queries / queriesAtOnce);
		const cotangents = Array.from({ length: Math.ceil(queries / groups) }, () =>
			adjoint.cotangent({ parameters: beginning.first, first: beginning.first, second: beginning.first }),
		);
		const back = () => adjoint.backward(trace, batches, step.learningRate, cotangents);
		const compiled = timed(back);
		const backward = Math.min(timed(back), timed(back));

		const shapes = new Set<string>();
		for (let index = 0; index < total; index++)
			for (const { batch } of training.step(index).batches) shapes.add(JSON.stringify(batch.shape));
		const ofRun = (perStep: number) => (perStep * all) / tokens[largest]!;
		const numbers = [...sizes.values()].reduce((a, b) => a + b, 0);
		const compiling = shapes.size * Math.max(0, compiled - backward) * (queries % groups === 0 ? 1 : 2);
		return {
			secondsOfRun: ofRun(forward),
			seconds: 2 * ofRun(forward) + groups * ofRun(backward) + compiling,
			machineBytes: engine.machine.bytesInUse() - before + (queries - cotangents.length) * 12 * numbers,
			keptBytes: (Math.ceil(total / spacing) * 12 + Math.min(spacing, total) * 16) * numbers,
		};
	} finally {
		adjoint.close();
	}
}
