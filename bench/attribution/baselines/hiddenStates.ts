// The hidden states that a model reads its next token from: the forward pass of the llm room, stopped before the head.

import {
	type AdapterConfig,
	adapterAddition,
	adapterParameterShapes,
	adapterTensors,
	batchFeeds,
	type Engine,
	type LlamaInputs,
	llamaInputs,
	llamaLogits,
	makeBatch,
	type TokenRow,
} from "@openledger/llm";
import { compile, type Feed, gather, input, matmul, type Program } from "@openledger/tensor";

/** An adapter as training holds it: its numbers by graph input name. */
export interface TrainedAdapter {
	readonly config: AdapterConfig;
	readonly parameters: ReadonlyMap<string, Float32Array>;
}

export interface RowStates {
	/** Positions with a state: every token of the row but its last. */
	readonly positions: number;
	/** f32 [positions · width], after the last norm. */
	readonly states: Float32Array;
	readonly width: number;
}

const ROWS_AT_ONCE = 16;

/** Calls `each` with the states of every row, in an order of its own. A row's states depend on that row alone. */
export function hiddenStates(
	engine: Engine,
	rows: readonly TokenRow[],
	each: (row: number, states: RowStates) => void,
	adapter?: TrainedAdapter,
): void {
	const { base, machine, resident } = engine;
	const { config, padding } = base;
	const width = config.hiddenSize;
	const adapterFeeds: Record<string, Feed> = Object.fromEntries(adapter?.parameters ?? []);
	const programs = new Map<string, Program<"states">>();
	const program = (B: number, T: number): Program<"states"> => {
		const key = `${B}×${T}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const plain = llamaInputs(config, B, T);
		const at = (name: string) => plain.parameters.get(name)!;
		const head = config.tiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight";
		const inputs: LlamaInputs = {
			...plain,
			matrices: {
				// What the head is asked to multiply is the answer here.
				product: (name, x) => (name === head ? x : matmul(x, at(name), { transB: true })),
				rows: (name, ids) => gather(at(name), ids),
			},
		};
		const named = new Map(
			[...(adapter === undefined ? [] : adapterParameterShapes(config, adapter.config))].map(([name, shape]) => [
				name,
				input(name, shape),
			]),
		);
		const addition = adapter && adapterAddition(adapter.config, adapterTensors(config, adapter.config, named), B, T);
		const states = llamaLogits(config, inputs, B, T, addition === undefined ? {} : { addition });
		const compiled = compile(machine, { states });
		programs.set(key, compiled);
		return compiled;
	};
	const order = rows.map((_, i) => i).sort((a, b) => rows[a]!.tokens.length - rows[b]!.tokens.length || a - b);
	for (let at = 0; at < order.length; at += ROWS_AT_ONCE) {
		const part = order.slice(at, at + ROWS_AT_ONCE);
		const batch = makeBatch(
			part.map((i) => rows[i]!),
			padding,
		);
		const { rows: B, length } = batch.shape;
		const { tokens, ropeCos, ropeSin } = batchFeeds(config, batch, batch.counted) as Record<string, Feed>;
		const { states } = program(B, length).run({
			...resident,
			...adapterFeeds,
			tokens: tokens!,
			ropeCos: ropeCos!,
			ropeSin: ropeSin!,
		});
		part.forEach((row, b) => {
			const positions = rows[row]!.tokens.length - 1;
			each(row, { positions, width, states: states.subarray(b * length * width, (b * length + positions) * width) });
		});
	}
}
