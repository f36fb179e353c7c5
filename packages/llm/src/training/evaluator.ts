// What an adapter that is being trained loses on rows it does not learn from. It changes nothing.

import { type Buffer, compile, input, type Program } from "@openledger/tensor";
import type { Engine } from "../generation/engine.js";
import type { AdapterConfig } from "../lora/adapterConfig.js";
import { adapterAddition } from "../lora/adapterGraph.js";
import { llamaInputs } from "../model/llama.js";
import { countedTargets, makeBatch, type TokenRow } from "./batch.js";
import { adapterParameterShapes, adapterTensors, batchFeeds, rowLosses } from "./loss.js";

export interface EvaluatorOptions {
	readonly engine: Engine;
	readonly adapter: AdapterConfig;
	/** The adapter's numbers as they are now, by graph input name. */
	readonly parameters: ReadonlyMap<string, Buffer>;
	/** Rows that are run at once; changes no bit. */
	readonly batchSize: number;
}

export interface Evaluator {
	/** Mean loss over all targets of the rows that count: each row's sum is f32, the rows' sums are added in f64 in the order given. */
	meanLoss(rows: readonly TokenRow[]): number;
}

/** Compiles a program for each shape of batch when it first meets one; OutOfMemoryError where one does not fit. */
export function createEvaluator({ engine, adapter, parameters, batchSize }: EvaluatorOptions): Evaluator {
	const { config, padding } = engine.base;
	const shapes = adapterParameterShapes(config, adapter);
	const programs = new Map<string, Program<"losses">>();

	function program(rows: number, length: number): Program<"losses"> {
		const key = `${rows}×${length}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const inputs = new Map([...shapes].map(([name, shape]) => [name, input(name, shape)]));
		const addition = adapterAddition(adapter, adapterTensors(config, adapter, inputs), rows, length);
		const losses = rowLosses(config, llamaInputs(config, rows, length), { rows, length }, addition);
		const compiled = compile(engine.machine, { losses });
		programs.set(key, compiled);
		return compiled;
	}

	return {
		meanLoss(rows) {
			const byLength = rows.map((row, i) => ({ row, i }));
			byLength.sort((a, b) => a.row.tokens.length - b.row.tokens.length || a.i - b.i);
			const sums = new Float64Array(rows.length);
			for (let at = 0; at < byLength.length; at += batchSize) {
				const part = byLength.slice(at, at + batchSize);
				const batch = makeBatch(
					part.map(({ row }) => row),
					padding,
				);
				const feeds = batchFeeds(config, batch, batch.counted);
				const all = { ...engine.resident, ...feeds, ...Object.fromEntries(parameters) };
				const { losses } = program(batch.shape.rows, batch.shape.length).run(all);
				part.forEach(({ i }, b) => {
					sums[i] = losses[b]!;
				});
			}
			const targets = rows.reduce((total, row) => total + countedTargets(row), 0);
			return sums.reduce((total, one) => total + one, 0) / targets;
		},
	};
}
