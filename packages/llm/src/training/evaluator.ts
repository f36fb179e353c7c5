// What an adapter that is being trained loses on rows it does not learn from. It changes nothing.

import {
	type Buffer,
	compile,
	describeProgram,
	input,
	OutOfMemoryError,
	type Program,
	type Tensor,
} from "@openledger/tensor";
import type { Engine } from "../generation/engine.js";
import type { AdapterConfig } from "../lora/adapterConfig.js";
import { adapterAddition } from "../lora/adapterGraph.js";
import { llamaInputs } from "../model/llama.js";
import { type Batch, countedTargets, makeBatch, type TokenRow } from "./batch.js";
import { adapterParameterShapes, adapterTensors, batchFeeds, rowLosses } from "./loss.js";
import { mostRows } from "./mostRows.js";

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
	/** Mean loss over its own targets that count, for each row. */
	meanLosses(rows: readonly TokenRow[]): number[];
	/** Compiles what `meanLoss` of these rows needs most memory for, so that what does not fit the machine is refused before any work. */
	prepare(rows: readonly TokenRow[]): void;
}

/** Compiles a program for each shape of batch when it first meets one; OutOfMemoryError where one does not fit. */
export function createEvaluator({ engine, adapter, parameters, batchSize }: EvaluatorOptions): Evaluator {
	const { config, padding } = engine.base;
	const { machine } = engine;
	const shapes = adapterParameterShapes(config, adapter);
	const programs = new Map<string, Program<"losses">>();

	function graph(rows: number, length: number): { readonly losses: Tensor } {
		const inputs = new Map([...shapes].map(([name, shape]) => [name, input(name, shape)]));
		const addition = adapterAddition(adapter, adapterTensors(config, adapter, inputs), rows, length);
		return { losses: rowLosses(config, llamaInputs(config, rows, length), { rows, length }, addition) };
	}

	function program(rows: number, length: number): Program<"losses"> {
		const key = `${rows}×${length}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const compiled = compileLosses(rows, length);
		programs.set(key, compiled);
		return compiled;
	}

	/** Where there is no room, the error says how many rows would have fitted. */
	function compileLosses(rows: number, length: number): Program<"losses"> {
		try {
			return compile(machine, graph(rows, length));
		} catch (error) {
			if (!(error instanceof OutOfMemoryError)) throw error;
			const arenaOf = (fewer: number) => describeProgram(machine.kernels, graph(fewer, length)).arenaBytes;
			const most = mostRows((fewer) => arenaOf(fewer) <= error.roomBytes, rows);
			const advice = most === 0 ? "not even one row of that length fits" : `${most} rows of that length fit`;
			const what = `a validation of ${rows} rows of ${length} tokens`;
			throw new OutOfMemoryError(what, error.wantedBytes, error.roomBytes, advice);
		}
	}

	/** Places of the rows that are run at once: like lengths together, the longest last; only the last batch may be smaller. */
	function cut(rows: readonly TokenRow[]): number[][] {
		const order = rows.map((_, i) => i).sort((a, b) => rows[a]!.tokens.length - rows[b]!.tokens.length || a - b);
		const parts = Math.ceil(order.length / batchSize);
		return Array.from({ length: parts }, (_, n) => order.slice(n * batchSize, (n + 1) * batchSize));
	}

	function lay(rows: readonly TokenRow[], part: readonly number[]): Batch {
		return makeBatch(
			part.map((i) => rows[i]!),
			padding,
		);
	}

	/** Each row's sum of losses. */
	function sums(rows: readonly TokenRow[]): Float64Array {
		const out = new Float64Array(rows.length);
		for (const part of cut(rows)) {
			const batch = lay(rows, part);
			const feeds = batchFeeds(config, batch, batch.counted);
			const all = { ...engine.resident, ...feeds, ...Object.fromEntries(parameters) };
			const { losses } = program(batch.shape.rows, batch.shape.length).run(all);
			part.forEach((i, b) => {
				out[i] = losses[b]!;
			});
		}
		return out;
	}

	return {
		prepare(rows) {
			for (const part of cut(rows).slice(-2)) {
				const { shape } = lay(rows, part);
				program(shape.rows, shape.length);
			}
		},
		meanLosses: (rows) => [...sums(rows)].map((sum, i) => sum / countedTargets(rows[i]!)),
		meanLoss(rows) {
			const targets = rows.reduce((total, row) => total + countedTargets(row), 0);
			return sums(rows).reduce((total, one) => total + one, 0) / targets;
		},
	};
}
