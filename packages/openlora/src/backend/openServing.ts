// The parts that answer: a batch in the engine's machine, the adapters beside it, the scheduler before both. It must not know names.

import type { Engine } from "@openledger/llm";
import { type AdapterCache, createAdapterCache } from "../adapters/adapterCache.js";
import { createScheduler, type Scheduler } from "../scheduler/createScheduler.js";
import type { CanonicalBackendOptions } from "./canonicalBackend.js";

export interface Serving {
	readonly cache: AdapterCache;
	readonly scheduler: Scheduler;
	/** Ends what is left and gives the memory back. */
	close(): void;
}

const SEQUENCES = 16;
const ROWS = 128;
const BLOCK_TOKENS = 16;
const ADAPTER_BYTES = 64 * 2 ** 20;
const MOST_CACHE_BYTES = 256 * 2 ** 20;

/** Throws the tensor room's OutOfMemoryError where caches or adapters do not fit into the machine. */
export function openServing(
	engine: Engine,
	{ batch: asked = {}, adapterBytes = ADAPTER_BYTES, limits }: CanonicalBackendOptions,
): Serving {
	const { config } = engine.base;
	const { sequences = SEQUENCES, blockTokens = BLOCK_TOKENS } = asked;
	const rows = Math.max(sequences, asked.rows ?? ROWS);
	const blockBytes = 8 * config.layers * blockTokens * config.kvHeads * config.headDim;
	const full = 2 * sequences * Math.ceil(config.maxPositions / blockTokens) * blockBytes;
	const cacheBytes = asked.cacheBytes ?? Math.max(blockBytes, Math.min(full, MOST_CACHE_BYTES));
	const batch = engine.openPaged({ rows, sequences, cacheBytes, adapterBytes, blockTokens });
	const now = () => performance.now();
	const cache = createAdapterCache({ batch, bytes: adapterBytes, now, onChange: () => scheduler.wake() });
	const scheduler = createScheduler({ base: engine.base, batch, cache, now, ...(limits && { limits }) });
	return {
		cache,
		scheduler,
		close() {
			scheduler.close();
			cache.close();
			batch.close();
		},
	};
}
