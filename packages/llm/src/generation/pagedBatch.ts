// Many conversations over one base, each with an adapter of its own or none: any mix of prompt chunks and new tokens in one pass, keys and values
// in blocks that prompts which begin alike share. A row's logits have the bits of the full forward pass over its sequence alone.

import type { Buffer, Feed, Machine } from "@openledger/tensor";
import { ModelError } from "../errors.js";
import type { Adapter } from "../lora/peft.js";
import type { BaseModel } from "../model/baseModel.js";
import type { WeightForm } from "../model/weights.js";
import { checkTokens } from "./checkTokens.js";
import { keysOf, valuesOf } from "./decodeGraph.js";
import { createPagedAdapters, type HeldAdapter, type ResidentAdapter } from "./pagedAdapters.js";
import { createPagedBlocks, type FullBlock } from "./pagedBlocks.js";
import { createPagedProgram, type PagedRun } from "./pagedProgram.js";

export type { ResidentAdapter } from "./pagedAdapters.js";

export interface PagedBatchOptions {
	/** Most rows of one step: new tokens and prompt chunks of all sequences together. */
	readonly rows: number;
	/** Most sequences in one step; more may be open. */
	readonly sequences: number;
	/** Bytes for keys and values, taken at once, in whole blocks. */
	readonly cacheBytes: number;
	/** Bytes for adapters, taken at once; default 64 MiB. */
	readonly adapterBytes?: number;
	/** Tokens of a block, a multiple of 8; default 16. */
	readonly blockTokens?: number;
}

export interface PagedSequence {
	/** Tokens taken so far, those found in the cache included. */
	readonly length: number;
	/** Tokens of the prompt that were found in the cache when it was opened. */
	readonly reused: number;
	/** Blocks that it holds. */
	readonly blocks: number;
	/** Gives its blocks back; its full ones stay known until room is needed. */
	close(): void;
}

export interface PagedWork {
	readonly sequence: PagedSequence;
	readonly tokens: readonly number[];
	/** Whether the logits after the last of them are wanted. */
	readonly logits: boolean;
}

export interface PagedBatch {
	readonly rows: number;
	readonly sequences: number;
	readonly blockTokens: number;
	readonly blockBytes: number;
	readonly blocks: number;
	/** Blocks that a step could take now, those that only wait to be found again included. */
	freeBlocks(): number;
	adapterBytes(): { readonly budget: number; readonly used: number };
	/** What `makeResident` would take. */
	residentBytes(adapter: Adapter): number;
	/** Copies an adapter into machine memory. Throws OutOfMemoryError, with nothing taken, where it does not fit. */
	makeResident(adapter: Adapter): ResidentAdapter;
	/** A sequence for this prompt. Whole blocks of it that are known under the same adapter are shared, never its last token. */
	open(prompt: readonly number[], adapter?: ResidentAdapter): PagedSequence;
	/** Blocks that a step would take for so many more tokens of a sequence. */
	blocksNeeded(sequence: PagedSequence, tokens: number): number;
	/**
	 * Takes tokens of several sequences in one pass; the answer stands in the order of `work`. Refused as a whole, with nothing taken: `cache-full`,
	 * `sequence-too-long`, `request-malformed`.
	 */
	step(work: readonly PagedWork[]): (Float32Array | undefined)[];
	/** Prompt tokens found and not found by `open`, known blocks that nobody holds, and those given up for room. */
	prefix(): {
		readonly hits: number;
		readonly misses: number;
		readonly kept: number;
		readonly evictions: number;
	};
	/** Gives all memory back. */
	close(): void;
}

/** What a batch knows of a sequence. */
interface Held extends PagedSequence {
	readonly adapter: HeldAdapter | undefined;
	/** Its blocks in order: `chain` first, then its own. */
	readonly places: number[];
	readonly chain: FullBlock[];
	/** Tokens behind the chain. */
	readonly tail: number[];
	taken: number;
	open: boolean;
}

const DEFAULT_ADAPTER_BYTES = 64 * 2 ** 20;

function requireWhole(name: string, value: number, least: number): void {
	if (!Number.isSafeInteger(value) || value < least)
		throw new ModelError("request-malformed", `${name} must be a whole number from ${least} on; got ${value}`);
}

/**
 * A batch over the base's matrices in a machine (`resident`, in the form that `form` names). Throws the tensor room's OutOfMemoryError where caches
 * or adapters do not fit.
 */
export function createPagedBatch(
	base: Pick<BaseModel, "config" | "padding">,
	machine: Machine,
	resident: Readonly<Record<string, Feed>>,
	form: WeightForm,
	options: PagedBatchOptions,
): PagedBatch {
	const { config } = base;
	const { rows, sequences, cacheBytes, adapterBytes = DEFAULT_ADAPTER_BYTES, blockTokens = 16 } = options;
	requireWhole("rows", rows, 1);
	requireWhole("sequences", sequences, 1);
	requireWhole("adapterBytes", adapterBytes, 0);
	requireWhole("blockTokens", blockTokens, 8);
	if (blockTokens % 8 !== 0)
		throw new ModelError("request-malformed", `blockTokens must be a multiple of 8; got ${blockTokens}`);
	const blockBytes = 8 * config.layers * blockTokens * config.kvHeads * config.headDim;
	requireWhole("cacheBytes", cacheBytes, blockBytes);
	const pool = createPagedBlocks(Math.floor(cacheBytes / blockBytes));
	machine.requireRoom(pool.count * blockBytes + adapterBytes, `${pool.count} blocks of the cache and the adapters`);
	const cache: Record<string, Buffer> = {};
	for (let layer = 0; layer < config.layers; layer++) {
		for (const name of [keysOf(layer), valuesOf(layer)])
			cache[name] = machine.buffer([pool.count, blockTokens, config.kvHeads, config.headDim]);
	}
	const adapters = createPagedAdapters(config, machine, adapterBytes);
	const program = createPagedProgram({
		base,
		machine,
		feeds: { ...resident, ...cache, adapters: adapters.pool },
		form,
		sizes: {
			sequences,
			blocks: pool.count,
			blockTokens,
			mostBlocks: Math.min(pool.count, Math.ceil(config.maxPositions / blockTokens)),
			pool: adapters.pool.shape[0]!,
		},
		numbers: adapters.numbers,
	});
	const opened = new Set<PagedSequence>();
	let hits = 0;
	let misses = 0;
	let closed = false;

	/** What a sequence of this adapter begins with. */
	const rootOf = (adapter: HeldAdapter | undefined) => adapter?.kind ?? "base";
	const parentOf = (own: Held) => own.chain.at(-1) ?? rootOf(own.adapter);
	const needed = (own: Held, count: number) =>
		Math.max(0, Math.ceil((own.taken + count) / blockTokens) - own.places.length);

	function held(sequence: PagedSequence): Held {
		if (!opened.has(sequence))
			throw new ModelError("request-malformed", "the sequence was closed or belongs to another batch; open one here");
		return sequence as Held;
	}

	function open(prompt: readonly number[], adapter?: ResidentAdapter): PagedSequence {
		if (closed) throw new ModelError("request-malformed", "this batch was closed; open another");
		if (prompt.length === 0 || prompt.length > config.maxPositions)
			throw new ModelError(
				"sequence-too-long",
				`${prompt.length} tokens; this model takes 1 to ${config.maxPositions}`,
			);
		checkTokens(prompt, config.vocabSize);
		if (adapter !== undefined && !adapters.has(adapter))
			throw new ModelError("adapter-unsupported", `adapter ${adapter.digest} is not in this batch; make it resident`);
		const own: HeldAdapter | undefined = adapter;
		const chain: FullBlock[] = [];
		for (let end = blockTokens; end < prompt.length; end += blockTokens) {
			const found = pool.find(chain.at(-1) ?? rootOf(own), prompt.slice(end - blockTokens, end));
			if (found === undefined) break;
			chain.push(found);
		}
		const reused = chain.length * blockTokens;
		hits += reused;
		misses += prompt.length - reused;
		own?.use(1);
		const sequence: Held = {
			adapter: own,
			places: chain.map(({ block }) => block),
			chain,
			tail: [],
			taken: reused,
			open: true,
			reused,
			get length() {
				return sequence.taken;
			},
			get blocks() {
				return sequence.places.length;
			},
			close() {
				if (!sequence.open) return;
				sequence.open = false;
				opened.delete(sequence);
				for (const block of sequence.places.slice(sequence.chain.length)) pool.give(block);
				pool.release(sequence.chain);
				own?.use(-1);
			},
		};
		opened.add(sequence);
		return sequence;
	}

	/** Throws where any of the work cannot be taken; says how many blocks it takes. */
	function check(work: readonly PagedWork[]): number {
		if (work.length === 0 || work.length > sequences)
			throw new ModelError(
				"request-malformed",
				`${work.length} sequences in a step; this batch takes 1 to ${sequences}`,
			);
		const seen = new Set<PagedSequence>();
		let count = 0;
		let blocks = 0;
		for (const { sequence, tokens } of work) {
			const own = held(sequence);
			if (tokens.length === 0 || seen.has(sequence))
				throw new ModelError("request-malformed", "a step takes each sequence once, with at least one token");
			seen.add(sequence);
			checkTokens(tokens, config.vocabSize);
			if (own.taken + tokens.length > config.maxPositions)
				throw new ModelError(
					"sequence-too-long",
					`${own.taken} tokens and ${tokens.length} more; this model takes at most ${config.maxPositions}`,
				);
			count += tokens.length;
			blocks += needed(own, tokens.length);
		}
		if (count > rows)
			throw new ModelError("request-malformed", `${count} tokens in a step; this batch takes at most ${rows}`);
		return blocks;
	}

	/** Tokens that are in the cache now: whole blocks of them become known. */
	function keep(own: Held, tokens: readonly number[]): void {
		own.taken += tokens.length;
		own.tail.push(...tokens);
		while (own.tail.length >= blockTokens) {
			const at = own.chain.length;
			const full = pool.settle(parentOf(own), own.tail.splice(0, blockTokens), own.places[at]!);
			own.places[at] = full.block;
			own.chain.push(full);
		}
	}

	function step(work: readonly PagedWork[]): (Float32Array | undefined)[] {
		if (closed) throw new ModelError("request-malformed", "this batch was closed; open another");
		const wanted = check(work);
		if (wanted > pool.free())
			throw new ModelError(
				"cache-full",
				`the step needs ${wanted} blocks of ${blockTokens} tokens, ${pool.free()} of ${pool.count} are free; close sequences or take fewer tokens`,
			);
		// Those of one adapter side by side: its matrices are then read once for all of them.
		const order = work.map((own, at) => ({ own: own.sequence as Held, work: own, at }));
		order.sort((a, b) => (a.own.adapter?.serial ?? -1) - (b.own.adapter?.serial ?? -1) || a.at - b.at);
		const taken: { readonly own: Held; readonly count: number }[] = [];
		const runs = order.map(({ own, work: { tokens, logits } }): PagedRun => {
			const count = needed(own, tokens.length);
			for (let i = 0; i < count; i++) own.places.push(pool.take());
			taken.push({ own, count });
			return { tokens, start: own.taken, blocks: own.places, logits, modules: own.adapter?.modules };
		});
		let logits: (Float32Array | undefined)[];
		try {
			logits = program.run(runs);
		} catch (cause) {
			for (const { own, count } of taken) for (let i = 0; i < count; i++) pool.give(own.places.pop()!);
			throw cause;
		}
		const out: (Float32Array | undefined)[] = work.map(() => undefined);
		order.forEach(({ own, work: { tokens }, at }, i) => {
			keep(own, tokens);
			out[at] = logits[i];
		});
		return out;
	}

	return {
		rows,
		sequences,
		blockTokens,
		blockBytes,
		blocks: pool.count,
		freeBlocks: pool.free,
		adapterBytes: () => ({ budget: 4 * adapters.pool.shape[0]!, used: adapters.used() }),
		residentBytes: adapters.bytesOf,
		makeResident(adapter) {
			if (closed) throw new ModelError("request-malformed", "this batch was closed; open another");
			return adapters.make(adapter);
		},
		open,
		blocksNeeded: (sequence, tokens) => needed(held(sequence), tokens),
		step,
		prefix: () => ({ hits, misses, kept: pool.kept(), evictions: pool.evictions() }),
		close() {
			if (closed) return;
			for (const sequence of [...opened]) sequence.close();
			closed = true;
			program.close();
			adapters.close();
			for (const buffer of Object.values(cache)) buffer.free();
		},
	};
}
