// A backend's numbers as families of Prometheus metrics, named after vLLM's where it has the same. Plain data in, plain data out.

import type { BackendStats, HistogramData } from "../backend/backend.js";

export interface Sample {
	readonly value: number;
	readonly labels?: Readonly<Record<string, string>>;
}

export type Family = { readonly name: string; readonly help: string } & (
	| { readonly type: "gauge" | "counter"; readonly samples: readonly Sample[] }
	| { readonly type: "histogram"; readonly data: HistogramData }
);

/** Adapters shown by name; the rest is summed under `other`. */
export const ADAPTERS_SHOWN = 100;

/** Only what the backend tells; a number it does not have is absent, not nought. Without `names`, all adapters are `other`. */
export function backendFamilies(stats: BackendStats, { names = true } = {}): Family[] {
	const { adapters, kvBlocks, kvBlocksFree } = stats;
	const families: (Family | undefined)[] = [
		gauge("num_requests_waiting", "Requests in the queue.", stats.waiting),
		gauge("num_requests_running", "Requests in the batch.", stats.running),
		counter("prompt_tokens_total", "Tokens of prompts that were read.", stats.promptTokensTotal),
		counter("generation_tokens_total", "Tokens that were generated.", stats.generatedTokensTotal),
		counter("steps_total", "Steps of the batch.", stats.stepsTotal),
		histogram("batch_size", "Sequences in a step.", stats.batchSize),
		histogram("queue_to_first_token_seconds", "From the queue to the first token.", stats.timeToFirstTokenSeconds),
		histogram("inter_token_latency_seconds", "Between two tokens of an answer.", stats.interTokenSeconds),
		gauge("kv_blocks", "Blocks of the key-value cache.", kvBlocks),
		gauge("kv_blocks_free", "Blocks that no sequence uses.", kvBlocksFree),
		gauge("kv_cache_usage_perc", "Used part of the key-value cache, 0 to 1.", usage(kvBlocks, kvBlocksFree)),
		counter(
			"prefix_cache_queries_total",
			"Prompt tokens looked up in the prefix cache.",
			stats.prefixTokensQueriedTotal,
		),
		counter("prefix_cache_hits_total", "Prompt tokens found in the prefix cache.", stats.prefixTokensHitTotal),
	];
	if (adapters !== undefined) {
		families.push(
			gauge("adapters_registered", "Adapters that can be asked for.", adapters.registered),
			gauge("adapters_resident", "Adapters in memory.", adapters.resident),
			gauge("adapters_pinned", "Adapters that stay in memory.", adapters.pinned),
			gauge("adapters_working_set", "Different adapters asked for in the last minute.", adapters.workingSet),
			gauge("adapter_cache_bytes", "Bytes of adapters in memory.", adapters.bytes),
			gauge("adapter_cache_budget_bytes", "Bytes that adapters may take.", adapters.budgetBytes),
			counter("adapter_cache_hits_total", "Requests whose adapter was in memory.", adapters.hitsTotal),
			counter("adapter_cache_misses_total", "Requests whose adapter had to be loaded.", adapters.missesTotal),
			counter("adapter_cache_evictions_total", "Adapters put out of memory.", adapters.evictionsTotal),
			histogram("adapter_load_seconds", "Loading an adapter.", adapters.loadSeconds),
			adapters.requestsByName && byAdapter(adapters.requestsByName, names ? ADAPTERS_SHOWN : 0),
		);
	}
	return families.filter((family) => family !== undefined);
}

const usage = (all: number | undefined, free: number | undefined) =>
	all === undefined || free === undefined ? undefined : all === 0 ? 0 : (all - free) / all;

const one =
	(type: "gauge" | "counter") =>
	(name: string, help: string, value: number | undefined): Family | undefined =>
		value === undefined ? undefined : { name: `openledger_${name}`, help, type, samples: [{ value }] };
const gauge = one("gauge");
const counter = one("counter");

const histogram = (name: string, help: string, data: HistogramData | undefined): Family | undefined =>
	data === undefined ? undefined : { name: `openledger_${name}`, help, type: "histogram", data };

/** The most asked ones by name, so that labels are bounded however many adapters there are. */
function byAdapter(requests: readonly (readonly [string, number])[], most: number): Family {
	const sorted = [...requests].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
	const shown = sorted.filter(([name]) => name !== "other").slice(0, most);
	const all = sorted.reduce((sum, [, n]) => sum + n, 0);
	const other = all - shown.reduce((sum, [, n]) => sum + n, 0);
	const samples = shown.map(([adapter, value]) => ({ value, labels: { adapter } }));
	return {
		name: "openledger_adapter_requests_total",
		help: `Requests by adapter, the ${ADAPTERS_SHOWN} most asked ones by name.`,
		type: "counter",
		samples: other === 0 ? samples : [...samples, { value: other, labels: { adapter: "other" } }],
	};
}
