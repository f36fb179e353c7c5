// The embedded backend's numbers in the words that every backend uses. It must not know where they are shown.

import type { AdapterCacheStats } from "../adapters/adapterCache.js";
import type { AdapterRegistry } from "../adapters/registry.js";
import type { SchedulerStats } from "../scheduler/createScheduler.js";
import type { BackendStats } from "./backend.js";

/** Names with counts of their own; the rest is one sum. */
const NAMES_COUNTED = 100;

/** Cache and scheduler are absent until the first request. */
export function canonicalStats(
	registry: AdapterRegistry,
	cache: AdapterCacheStats | undefined,
	scheduler: SchedulerStats | undefined,
): BackendStats {
	const base = { waiting: 0, running: 0, promptTokensTotal: 0, generatedTokensTotal: 0 };
	const adapters = {
		registered: registry.size,
		resident: cache?.resident ?? 0,
		pinned: cache?.pinned ?? 0,
		bytes: cache?.bytes ?? 0,
		budgetBytes: cache?.budgetBytes ?? 0,
		hitsTotal: cache?.hits ?? 0,
		missesTotal: cache?.misses ?? 0,
		evictionsTotal: cache?.evictions ?? 0,
		...(cache !== undefined && { loadSeconds: cache.loadSeconds, workingSet: cache.workingSet }),
		requestsByName: requestsByName(registry),
	};
	if (scheduler === undefined) return { ...base, adapters };
	return {
		waiting: scheduler.waiting,
		running: scheduler.running,
		promptTokensTotal: scheduler.promptTokens,
		generatedTokensTotal: scheduler.generatedTokens,
		stepsTotal: scheduler.steps,
		batchSize: scheduler.batchSize,
		timeToFirstTokenSeconds: scheduler.firstTokenSeconds,
		interTokenSeconds: scheduler.interTokenSeconds,
		kvBlocks: scheduler.blocks,
		kvBlocksFree: scheduler.blocksFree,
		prefixTokensHitTotal: scheduler.prefixTokensHit,
		prefixTokensQueriedTotal: scheduler.prefixTokensHit + scheduler.prefixTokensMissed,
		adapters,
	};
}

/** The names asked for most, and the rest together as "other" where there are more. */
function requestsByName(registry: AdapterRegistry): (readonly [string, number])[] {
	const all: (readonly [string, number])[] = [];
	for (const { id, requests } of registry.all()) if (requests > 0) all.push([id, requests]);
	all.sort(([, a], [, b]) => b - a);
	const rest = all.slice(NAMES_COUNTED).reduce((sum, [, requests]) => sum + requests, 0);
	return rest === 0 ? all : [...all.slice(0, NAMES_COUNTED), ["other", rest]];
}
