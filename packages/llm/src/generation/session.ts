// One conversation with a model over a key–value cache: tokens go in once, logits come out after each feed, with the bits that a full
// forward pass over everything so far would give.

import { cachedAttention, compile, type Feed, input, type Machine, type Program } from "@openledger/tensor";
import { ModelError } from "../errors.js";
import { type AdapterConfig, adapterModules } from "../lora/adapterConfig.js";
import { adapterAddition, adapterInputs } from "../lora/adapterGraph.js";
import type { BaseModel } from "../model/baseModel.js";
import { llamaInputs, llamaLogits } from "../model/llama.js";
import { ropeTables } from "../model/ropeTables.js";

export interface Session {
	/** Tokens taken so far. */
	readonly length: number;
	/** Takes tokens and returns the logits [vocab] after the last of them. Throws `sequence-too-long` past the capacity. */
	feed(tokens: readonly number[]): Float32Array;
	/** Gives the cache's memory back. */
	close(): void;
}

/** Makes sessions on a machine; programs are compiled once for each shape. */
export interface SessionMaker {
	/** A session of at most `capacity` tokens; `feeds` are the adapter's numbers by input name. */
	open(
		capacity: number,
		adapter?: { readonly config: AdapterConfig; readonly feeds: Readonly<Record<string, Feed>> },
	): Session;
}

/** Fed tokens are padded to a multiple of this, and capacities to a multiple of the second, so that few shapes are ever compiled. */
const FEED_STEP = 16;
const CAPACITY_STEP = 64;

const roundUp = (n: number, step: number) => Math.ceil(n / step) * step;
const keysOf = (layer: number) => `cache.keys.${layer}`;
const valuesOf = (layer: number) => `cache.values.${layer}`;

export function createSessionMaker(
	base: Pick<BaseModel, "config" | "padding">,
	machine: Machine,
	resident: Readonly<Record<string, Feed>>,
): SessionMaker {
	const { config } = base;
	const programs = new Map<string, Program<"logits">>();

	function program(T: number, capacity: number, adapter: AdapterConfig | undefined): Program<"logits"> {
		const key = `${T}|${capacity}|${adapter === undefined ? "" : JSON.stringify(adapter)}`;
		const known = programs.get(key);
		if (known !== undefined) return known;
		const cache = [1, capacity, config.kvHeads, config.headDim];
		const start = input("start", [1], "i32");
		const logits = llamaLogits(config, llamaInputs(config, 1, T), 1, T, {
			...(adapter !== undefined && {
				addition: adapterAddition(adapter, adapterInputs(adapterModules(config, adapter)), 1, T),
			}),
			attend: (layer, q, k, v, scale) =>
				cachedAttention(q, k, v, input(keysOf(layer), cache), input(valuesOf(layer), cache), start, scale),
			positions: input("last", [1], "i32"),
		});
		const compiled = compile(machine, { logits });
		programs.set(key, compiled);
		return compiled;
	}

	return {
		open(wanted, adapter) {
			const capacity = roundUp(roundUp(wanted, FEED_STEP), CAPACITY_STEP);
			const cache: Record<string, ReturnType<Machine["buffer"]>> = {};
			for (let layer = 0; layer < config.layers; layer++) {
				for (const name of [keysOf(layer), valuesOf(layer)])
					cache[name] = machine.buffer([1, capacity, config.kvHeads, config.headDim]);
			}
			let length = 0;
			return {
				get length() {
					return length;
				},
				feed(tokens) {
					const count = tokens.length;
					if (count === 0 || length + count > wanted) {
						throw new ModelError(
							"sequence-too-long",
							`${length} tokens and ${count} more; this session takes 1 to ${wanted}`,
						);
					}
					// What is padded writes behind the last token, where it is never seen before it is written over.
					const T = count === 1 ? 1 : Math.min(roundUp(count, FEED_STEP), capacity - length);
					const tables = ropeTables(config, T, length);
					const padded = new Int32Array(T).fill(base.padding);
					padded.set(tokens);
					const { logits } = program(T, capacity, adapter?.config).run({
						...resident,
						...adapter?.feeds,
						...cache,
						tokens: padded,
						ropeCos: tables.cos,
						ropeSin: tables.sin,
						start: Int32Array.of(length),
						last: Int32Array.of(count - 1),
					});
					length += count;
					return logits;
				},
				close() {
					for (const buffer of Object.values(cache)) buffer.free();
				},
			};
		},
	};
}
