// Adapters side by side in one pool of a machine's memory, each as it came, whatever its rank and modules, once for any number of sequences.

import {
	type Buffer,
	createHoles,
	lowRankSizes,
	type Machine,
	OutOfMemoryError,
	packLowRankA,
	packLowRankB,
	storedRank,
} from "@openledger/tensor";
import { sha256 } from "../digest.js";
import { ModelError } from "../errors.js";
import { adapterModules, adapterScales } from "../lora/adapterConfig.js";
import type { Adapter } from "../lora/peft.js";
import type { LlamaConfig } from "../model/config.js";
import { LINEARS, linearPath } from "../model/parameters.js";

/** An adapter in machine memory. */
export interface ResidentAdapter {
	readonly digest: string;
	/** What it takes of the pool. */
	readonly bytes: number;
	/** Open sequences that run with it. */
	readonly uses: number;
	/** Gives its memory back. Throws `adapter-in-use` while a sequence runs with it. */
	free(): void;
}

/** What one linear layer reads of it: numbers of a group of `lowRankAdd` behind its rows. */
export interface ResidentModule {
	readonly rank: number;
	readonly A: number;
	readonly B: number;
	readonly scaleBits: number;
}

/** The same with what only decoding knows. */
export interface HeldAdapter extends ResidentAdapter {
	readonly serial: number;
	/** What it computes: its numbers and, since a digest is of numbers alone, every module's scale. */
	readonly kind: string;
	/** By the linear layer's number; undefined where the adapter leaves it alone. */
	readonly modules: readonly (ResidentModule | undefined)[];
	use(by: 1 | -1): void;
}

export interface PagedAdapters {
	readonly pool: Buffer;
	/** Linear layers of the model by their paths, in the order of their numbers. */
	readonly numbers: ReadonlyMap<string, number>;
	bytesOf(adapter: Adapter): number;
	make(adapter: Adapter): HeldAdapter;
	/** Whether it was made here and not freed. */
	has(adapter: ResidentAdapter): adapter is HeldAdapter;
	used(): number;
	close(): void;
}

/** Places in the pool are multiples of this many numbers, a line of the cache. */
const ALIGN = 16;
const roundUp = (n: number) => Math.ceil(n / ALIGN) * ALIGN;
const kindOf = (digest: string, modules: readonly { readonly path: string; readonly scaleBits: number }[]) =>
	sha256(new TextEncoder().encode(JSON.stringify([digest, modules.map((m) => [m.path, m.scaleBits])])));
const bitsOf = (x: number) => new Int32Array(Float32Array.of(x).buffer)[0]!;

/** A pool of `bytes`, taken at once; throws OutOfMemoryError where the machine has no room for it. */
export function createPagedAdapters(config: LlamaConfig, machine: Machine, bytes: number): PagedAdapters {
	const size = Math.max(ALIGN, Math.floor(bytes / 4 / ALIGN) * ALIGN);
	const pool = machine.buffer([size]);
	const holes = createHoles();
	const numbers = new Map<string, number>();
	for (let layer = 0; layer < config.layers; layer++)
		for (const linear of LINEARS) numbers.set(linearPath(layer, linear), numbers.size);
	const here = new Set<ResidentAdapter>();
	let used = 0;
	let serial = 0;

	/** Places of all matrices, from 0 on, and where they end. */
	function lay(adapter: Adapter) {
		const scaleOf = adapterScales(adapter.config);
		let end = 0;
		const modules = adapterModules(config, adapter.config).map(({ path, rank, inputSize, outputSize }) => {
			const sizes = lowRankSizes(rank, inputSize, outputSize);
			const A = end;
			const B = A + roundUp(sizes.A);
			end = B + roundUp(sizes.B);
			return { path, rank, inputSize, outputSize, A, B, scaleBits: bitsOf(scaleOf(path, rank)) };
		});
		return { modules, count: end };
	}

	function make(adapter: Adapter): HeldAdapter {
		const { modules, count } = lay(adapter);
		const room = holes.room(size);
		if (count > room)
			throw new OutOfMemoryError(
				`adapter ${adapter.digest}`,
				4 * count,
				4 * room,
				`free other adapters or raise adapterBytes (${bytes} now)`,
			);
		const at = holes.take(count);
		used += count;
		const numbersOfPool = new Float32Array(machine.memory.buffer, pool.address, size);
		const held: (ResidentModule | undefined)[] = Array.from({ length: numbers.size }, () => undefined);
		for (const { path, rank, inputSize, outputSize, A, B, scaleBits } of modules) {
			const own = adapter.weights.get(path)!;
			numbersOfPool.set(packLowRankA(own.A, rank, inputSize), at + A);
			numbersOfPool.set(packLowRankB(own.B, outputSize, rank), at + B);
			held[numbers.get(path)!] = { rank: storedRank(rank), A: at + A, B: at + B, scaleBits };
		}
		let uses = 0;
		const own: HeldAdapter = {
			digest: adapter.digest,
			bytes: 4 * count,
			serial: serial++,
			kind: kindOf(adapter.digest, modules),
			modules: held,
			get uses() {
				return uses;
			},
			use: (by) => {
				uses += by;
			},
			free() {
				if (!here.has(own)) return;
				if (uses > 0)
					throw new ModelError(
						"adapter-in-use",
						`adapter ${adapter.digest}: ${uses} sequences run with it; close them first`,
					);
				here.delete(own);
				used -= count;
				holes.give(at, count);
			},
		};
		here.add(own);
		return own;
	}

	return {
		pool,
		numbers,
		bytesOf: (adapter) => 4 * lay(adapter).count,
		make,
		has: (adapter): adapter is HeldAdapter => here.has(adapter),
		used: () => 4 * used,
		close: () => pool.free(),
	};
}
