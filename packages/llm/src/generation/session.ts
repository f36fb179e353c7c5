// Conversations with a model over key–value caches: tokens go in once, logits come out after each feed, with the bits that a full forward
// pass over everything so far would give, whatever else the batch holds.

import { type Buffer, compile, type Feed, type Machine, type Program, SEGMENT } from "@openledger/tensor";
import { ModelError } from "../errors.js";
import { type AdapterConfig, type AdapterModule, type AdapterWeights, adapterModules } from "../lora/adapterConfig.js";
import { inputNameA, inputNameB } from "../lora/adapterGraph.js";
import type { BaseModel } from "../model/baseModel.js";
import { createRopeRows } from "../model/ropeTables.js";
import type { WeightForm } from "../model/weights.js";
import { checkTokens } from "./checkTokens.js";
import { type AdapterForm, type DecodeShape, decodeGraph, keysOf, valuesOf } from "./decodeGraph.js";

export interface Session {
	/** Tokens taken so far. */
	readonly length: number;
	/**
	 * Takes tokens and returns the logits [vocab] after the last of them. Throws `sequence-too-long` past the capacity, `request-malformed` for
	 * an id that the model has not.
	 */
	feed(tokens: readonly number[]): Float32Array;
	/** Gives the cache's memory back. */
	close(): void;
}

/** Slots for sequences that decode together; each comes, goes and grows on its own. */
export interface Batch {
	readonly slots: number;
	/** Tokens that a slot has taken. */
	length(slot: number): number;
	/**
	 * Takes tokens for each slot (none: it rests) and returns, for each that took any, the logits [vocab] after its last. Nothing is taken
	 * when one of them is refused (`sequence-too-long`, `request-malformed`).
	 */
	feed(tokens: readonly (readonly number[] | undefined)[]): (Float32Array | undefined)[];
	/** Empties a slot for another sequence, which runs with this adapter, or with none. */
	reset(slot: number, adapter?: AdapterWeights): void;
	/** Gives the caches' and adapters' memory back. */
	close(): void;
}

/** Makes sessions and batches on a machine; programs are compiled once for each shape. */
export interface SessionMaker {
	/** A session of at most `capacity` tokens; `feeds` are the adapter's numbers by input name. */
	open(
		capacity: number,
		adapter?: { readonly config: AdapterConfig; readonly feeds: Readonly<Record<string, Feed>> },
	): Session;
	/** `slots` sequences of at most `capacity` tokens; with `adapters`, each slot may have one of that configuration. */
	openBatch(slots: number, capacity: number, adapters?: AdapterConfig): Batch;
}

/** Row counts above one are rounded up to powers of two and then to multiples of this, capacities to the second: few shapes are compiled. */
const ROW_STEP = 16;
const CAPACITY_STEP = 64;
/** Shapes of long prompts are many; what was not used for longest is compiled anew when it is. */
const PROGRAMS_KEPT = 64;

const roundUp = (n: number, step: number) => Math.ceil(n / step) * step;
const roundRows = (n: number) => (n >= ROW_STEP ? roundUp(n, ROW_STEP) : 1 << (32 - Math.clz32(n - 1)));

/** A compiled shape with the feeds that change from run to run, refilled in place. */
interface Step {
	readonly program: Program<"logits">;
	readonly feeds: Readonly<Record<string, Feed>>;
	readonly tokens: Int32Array;
	readonly positions: Int32Array;
	readonly ropeCos: Float32Array;
	readonly ropeSin: Float32Array;
}

/**
 * `resident` are the base's matrices by input name in the form that `form` names, as `residentWeights` makes them; logits are f32. Opening throws the
 * tensor room's OutOfMemoryError where caches or adapters do not fit.
 */
export function createSessionMaker(
	base: Pick<BaseModel, "config" | "padding">,
	machine: Machine,
	resident: Readonly<Record<string, Feed>>,
	form: WeightForm = "plain",
): SessionMaker {
	const { config } = base;
	const programs = new Map<string, Program<"logits">>();
	const rope = createRopeRows(config);

	function program(shape: DecodeShape, adapter: AdapterForm | undefined): Program<"logits"> {
		const { rows, wanted, slots, capacity } = shape;
		const key = `${rows}|${wanted}|${slots}|${capacity}|${adapter === undefined ? "" : JSON.stringify(adapter)}`;
		const compiled = programs.get(key) ?? compile(machine, { logits: decodeGraph(config, form, shape, adapter) });
		programs.delete(key);
		programs.set(key, compiled);
		if (programs.size > PROGRAMS_KEPT) programs.delete(programs.keys().next().value!);
		return compiled;
	}

	/** Slots with their caches. Without a form there is no adapter; `feeds` are the adapter's numbers, whatever its form. */
	function openSlots(
		slots: number,
		wantedCapacity: number,
		adapter: AdapterForm | undefined,
		feeds: Readonly<Record<string, Feed>>,
	) {
		const capacity = roundUp(wantedCapacity, CAPACITY_STEP);
		const cache: Record<string, Buffer> = {};
		const cacheBytes = 8 * config.layers * slots * capacity * config.kvHeads * config.headDim;
		machine.requireRoom(cacheBytes, `the caches of ${slots} sequences of ${capacity} tokens`);
		for (let layer = 0; layer < config.layers; layer++) {
			for (const name of [keysOf(layer), valuesOf(layer)])
				cache[name] = machine.buffer([slots, capacity, config.kvHeads, config.headDim]);
		}
		const lengths = new Int32Array(slots);
		const places = new Int32Array(slots).fill(-1);
		const segments = new Int32Array(SEGMENT * slots);
		const steps = new Map<string, Step>();

		function step(rows: number, wanted: number): Step {
			const key = `${rows}|${wanted}`;
			const known = steps.get(key);
			if (known !== undefined) return known;
			const half = config.headDim / 2;
			const own = {
				tokens: new Int32Array(rows),
				positions: new Int32Array(wanted),
				ropeCos: new Float32Array(rows * half),
				ropeSin: new Float32Array(rows * half),
			};
			const made = {
				program: program({ rows, wanted, slots, capacity }, adapter),
				feeds: { ...resident, ...feeds, ...cache, ...own, segments },
				...own,
			};
			steps.set(key, made);
			return made;
		}

		function feed(tokens: readonly (readonly number[] | undefined)[]): (Float32Array | undefined)[] {
			let rows = 0;
			let wanted = 0;
			for (let slot = 0; slot < slots; slot++) {
				const count = tokens[slot]?.length ?? 0;
				checkTokens(tokens[slot] ?? [], config.vocabSize);
				if (lengths[slot]! + count > wantedCapacity)
					throw new ModelError(
						"sequence-too-long",
						`${lengths[slot]} tokens and ${count} more in slot ${slot}; it takes at most ${wantedCapacity}`,
					);
				rows += count;
				if (count > 0) wanted++;
			}
			if (wanted === 0) return Array.from({ length: slots }, () => undefined);
			const at = step(roundRows(rows), roundRows(wanted));
			at.tokens.fill(base.padding);
			at.positions.fill(0);
			let first = 0;
			let filled = 0;
			for (let slot = 0; slot < slots; slot++) {
				const own = tokens[slot] ?? [];
				segments.set([first, own.length, lengths[slot]!, places[slot]!], SEGMENT * slot);
				if (own.length === 0) continue;
				at.tokens.set(own, first);
				rope.write(lengths[slot]!, own.length, at.ropeCos, at.ropeSin, first);
				first += own.length;
				at.positions[filled++] = first - 1;
			}
			const { logits } = at.program.run(at.feeds);
			const size = config.vocabSize;
			filled = 0;
			return Array.from({ length: slots }, (_, slot) => {
				const count = tokens[slot]?.length ?? 0;
				if (count === 0) return undefined;
				lengths[slot] = lengths[slot]! + count;
				const from = size * filled++;
				return logits.length === size ? logits : logits.subarray(from, from + size);
			});
		}

		const close = () => {
			for (const buffer of Object.values(cache)) buffer.free();
		};
		return { lengths, places, feed, close };
	}

	function open(capacity: number, adapter?: Parameters<SessionMaker["open"]>[1]): Session {
		const form = adapter && { config: adapter.config, stacked: false };
		const { lengths, feed, close } = openSlots(1, capacity, form, adapter?.feeds ?? {});
		return {
			get length() {
				return lengths[0]!;
			},
			feed(tokens) {
				if (tokens.length === 0)
					throw new ModelError("sequence-too-long", `no tokens; this session takes 1 to ${capacity}`);
				return feed([tokens])[0]!;
			},
			close,
		};
	}

	function openBatch(slots: number, capacity: number, adapters?: AdapterConfig): Batch {
		const modules = adapters === undefined ? [] : adapterModules(config, adapters);
		const stackBytes = modules.reduce((n, m) => n + 4 * slots * m.rank * (m.inputSize + m.outputSize), 0);
		machine.requireRoom(stackBytes, `the adapters of ${slots} sequences`);
		const stacks: Record<string, Buffer> = {};
		for (const { path, rank, inputSize, outputSize } of modules) {
			stacks[inputNameA(path)] = machine.buffer([slots, rank, inputSize]);
			stacks[inputNameB(path)] = machine.buffer([slots, outputSize, rank]);
		}
		const form = adapters && { config: adapters, stacked: true };
		const { lengths, places, feed, close } = openSlots(slots, capacity, form, stacks);
		const held: (AdapterWeights | undefined)[] = Array.from({ length: slots }, () => undefined);

		function put(slot: number, m: AdapterModule, weights: AdapterWeights): void {
			const own = weights.get(m.path);
			const count = m.rank * (m.inputSize + m.outputSize);
			if (own === undefined || own.A.length + own.B.length !== count)
				throw new ModelError("adapter-unsupported", `the adapter is not of this batch's configuration at ${m.path}`);
			for (const [name, numbers] of [
				[inputNameA(m.path), own.A],
				[inputNameB(m.path), own.B],
			] as const) {
				const at = stacks[name]!.address + 4 * slot * numbers.length;
				new Float32Array(machine.memory.buffer, at, numbers.length).set(numbers);
			}
		}

		function reset(slot: number, adapter?: AdapterWeights): void {
			if (adapter !== undefined && adapters === undefined)
				throw new ModelError("adapter-unsupported", "this batch was opened without adapters");
			if (adapter !== undefined && held[slot] !== adapter) for (const m of modules) put(slot, m, adapter);
			held[slot] = adapter ?? held[slot];
			places[slot] = adapter === undefined ? -1 : slot;
			lengths[slot] = 0;
		}

		return {
			slots,
			length: (slot) => lengths[slot]!,
			feed,
			reset,
			close() {
				close();
				for (const buffer of Object.values(stacks)) buffer.free();
			},
		};
	}

	return { open, openBatch };
}
