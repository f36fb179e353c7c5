// What happened, as plain numbers for /metrics, measured from our side of the connection. It must not know of requests' texts.

import type { BackendStats, HistogramData } from "../backend.js";
import type { AdapterCounts } from "./vllmAdapters.js";

export interface Timing {
	/** So many tokens came now. */
	took(tokens: number): void;
	read(promptTokens: number): void;
	hasBegun(): boolean;
	end(): void;
}

const FIRST_BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] as const;
const NEXT_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5] as const;
const LOAD_BOUNDS = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30] as const;
const NAMES_KEPT = 1000;
const WORKING_MS = 60_000;

export function createVllmStats() {
	const first = histogram(FIRST_BOUNDS);
	const next = histogram(NEXT_BOUNDS);
	const load = histogram(LOAD_BOUNDS);
	const requests = new Map<string, number>();
	const lastUsed = new Map<string, number>();
	let [waiting, running, promptTokensTotal, generatedTokensTotal] = [0, 0, 0, 0];

	function begin(name: string): Timing {
		const begun = performance.now();
		let last: number | undefined;
		waiting++;
		if (requests.has(name) || requests.size < NAMES_KEPT) requests.set(name, (requests.get(name) ?? 0) + 1);
		lastUsed.delete(name);
		lastUsed.set(name, begun);
		return {
			took(tokens) {
				const now = performance.now();
				if (last === undefined) {
					waiting--;
					running++;
					first.add((now - begun) / 1000);
				} else if (tokens > 0) next.add((now - last) / 1000 / tokens);
				last = now;
				generatedTokensTotal += tokens;
			},
			read: (tokens) => {
				promptTokensTotal += tokens;
			},
			hasBegun: () => last !== undefined,
			end: () => {
				if (last === undefined) waiting--;
				else running--;
			},
		};
	}

	function workingSet(): number {
		const since = performance.now() - WORKING_MS;
		for (const [name, at] of lastUsed) {
			if (at >= since) break;
			lastUsed.delete(name);
		}
		return lastUsed.size;
	}

	return {
		begin,
		read({ loads, registered, resident, bytes, hits, misses, evictions }: AdapterCounts): BackendStats {
			for (const seconds of loads) load.add(seconds);
			return {
				...{ waiting, running, promptTokensTotal, generatedTokensTotal },
				timeToFirstTokenSeconds: first.read(),
				interTokenSeconds: next.read(),
				adapters: {
					...{
						registered,
						resident,
						pinned: 0,
						bytes,
						hitsTotal: hits,
						missesTotal: misses,
						evictionsTotal: evictions,
					},
					// vLLM's own, and it does not say.
					budgetBytes: 0,
					loadSeconds: load.read(),
					workingSet: workingSet(),
					requestsByName: [...requests],
				},
			};
		},
	};
}

function histogram(bounds: readonly number[]) {
	const counts = new Array<number>(bounds.length + 1).fill(0);
	let sum = 0;
	return {
		add(value: number): void {
			const at = bounds.findIndex((bound) => value <= bound);
			counts[at < 0 ? bounds.length : at]!++;
			sum += value;
		},
		read: (): HistogramData => ({ bounds, counts: [...counts], sum }),
	};
}
