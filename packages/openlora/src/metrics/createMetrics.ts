// What the server counts, and what its backend tells, for Prometheus. Labels are bounded: routes, statuses, codes of ours, never names
// that clients make up.

import { Counter, collectDefaultMetrics, Gauge, Histogram, type Metric, Registry } from "prom-client";
import type { Backend } from "../backend/backend.js";
import { backendFamilies, type Family } from "./backendFamilies.js";

export interface Metrics {
	/** An answered, refused or failed HTTP request. */
	answered(request: { readonly route: string; readonly status: number; readonly seconds: number }): void;
	refused(code: string): void;
	/** The first piece of an answer, since the request came. */
	firstToken(seconds: number): void;
	/** Log-probabilities, several answers: counted by answer. */
	finished(reason: "stop" | "length"): void;
	clientGone(): void;
	inFlight(change: 1 | -1): void;
	/** The text that Prometheus reads, and its content type; without `names`, adapters are counted together. */
	text(options?: { readonly names?: boolean }): Promise<{ readonly body: string; readonly contentType: string }>;
}

const LATENCIES = [
	0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160,
];
const CODES_SHOWN = 64;

/** `processMetrics`: also memory, processor time, event loop and handles of the whole process. */
export function createMetrics(backend: Pick<Backend, "stats">, { processMetrics = false } = {}): Metrics {
	const registry = new Registry();
	const registers = [registry];
	if (processMetrics) collectDefaultMetrics({ register: registry });
	const requests = new Counter({
		name: "openledger_http_requests_total",
		help: "HTTP requests by route and status.",
		labelNames: ["route", "status"],
		registers,
	});
	const latency = new Histogram({
		name: "openledger_e2e_request_latency_seconds",
		help: "From a request for an answer to the end of its response.",
		buckets: LATENCIES,
		registers,
	});
	const first = new Histogram({
		name: "openledger_time_to_first_token_seconds",
		help: "From a request for an answer to its first piece of text.",
		buckets: LATENCIES,
		registers,
	});
	const finished = new Counter({
		name: "openledger_request_success_total",
		help: "Answers by why they ended.",
		labelNames: ["finished_reason"],
		registers,
	});
	const refusals = new Counter({
		name: "openledger_http_refused_total",
		help: "Requests that got an error, by its code.",
		labelNames: ["code"],
		registers,
	});
	const gone = new Counter({
		name: "openledger_http_clients_gone_total",
		help: "Requests whose client left before the end.",
		registers,
	});
	const flying = new Gauge({
		name: "openledger_http_requests_in_flight",
		help: "Requests for answers under way.",
		registers,
	});
	const codes = new Set<string>();

	return {
		answered({ route, status, seconds }) {
			requests.inc({ route, status: String(status) });
			if (route.endsWith("completions")) latency.observe(seconds);
		},
		refused(code) {
			if (codes.size < CODES_SHOWN) codes.add(code);
			refusals.inc({ code: codes.has(code) ? code : "other" });
		},
		firstToken: (seconds) => first.observe(seconds),
		finished: (reason) => finished.inc({ finished_reason: reason }),
		clientGone: () => gone.inc(),
		inFlight: (change) => flying.inc(change),
		async text({ names = true } = {}) {
			const stats = backend.stats?.();
			const told = new Registry();
			for (const family of stats === undefined ? [] : backendFamilies(stats, { names })) {
				told.registerMetric(asMetric(family));
			}
			const body = (await registry.metrics()) + (await told.metrics());
			return { body, contentType: registry.contentType };
		},
	};
}

/** What the registry asks of a metric is that it can be got; these numbers are counted elsewhere. */
function asMetric(family: Family): Metric {
	const { name, help, type } = family;
	const values = family.type === "histogram" ? histogramValues(family) : family.samples.map(plainValue);
	return { name, get: () => ({ name, help, type, values, aggregator: "sum" }) } as unknown as Metric;
}

const plainValue = ({ value, labels = {} }: { value: number; labels?: Readonly<Record<string, string>> }) => ({
	value,
	labels,
});

function histogramValues({ name, data }: Extract<Family, { type: "histogram" }>) {
	let count = 0;
	const buckets = data.counts.map((n, i) => {
		count += n;
		return { metricName: `${name}_bucket`, labels: { le: data.bounds[i] ?? "+Inf" }, value: count };
	});
	return [
		...buckets,
		{ metricName: `${name}_sum`, labels: {}, value: data.sum },
		{ metricName: `${name}_count`, labels: {}, value: count },
	];
}
