// What adapters of one run lose on queries: one program for all of them, so that a hundred counterfactuals cost a hundred forward passes.

import type { RecordedTraining } from "@openledger/attribution";
import { adapterParameterShapes, createEvaluator, type TokenRow } from "@openledger/llm";

export interface LossMeter {
	/** Mean loss per counted token of each query, under an adapter's numbers by graph input name. */
	losses(parameters: ReadonlyMap<string, Float32Array>): number[];
	close(): void;
}

const QUERIES_AT_ONCE = 16;

export function createLossMeter(
	{ engine, adapter, initial }: Pick<RecordedTraining, "engine" | "adapter" | "initial">,
	queries: readonly TokenRow[],
): LossMeter {
	const shapes = adapterParameterShapes(engine.base.config, adapter);
	const parameters = new Map(
		[...shapes].map(([name, shape]) => [name, engine.machine.buffer(shape, initial.get(name)!)]),
	);
	const evaluator = createEvaluator({ engine, adapter, parameters, batchSize: QUERIES_AT_ONCE });
	return {
		losses(numbers) {
			for (const [name, buffer] of parameters) buffer.write(numbers.get(name)!);
			return evaluator.meanLosses(queries);
		},
		close() {
			for (const buffer of parameters.values()) buffer.free();
		},
	};
}
