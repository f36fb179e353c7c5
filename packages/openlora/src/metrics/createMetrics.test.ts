import { describe, expect, test } from "vitest";
import type { BackendStats } from "../backend/backend.js";
import { ADAPTERS_SHOWN } from "./backendFamilies.js";
import { createMetrics } from "./createMetrics.js";

/** The text format as Prometheus documents it, read strictly: every sample beneath its TYPE, no sample twice. */
function read(text: string) {
	const types = new Map<string, string>();
	const samples = new Map<string, number>();
	for (const line of text.split("\n")) {
		if (line === "" || line.startsWith("# HELP ")) continue;
		const [, typed, type] = /^# TYPE ([a-z_]\w*) (counter|gauge|histogram)$/.exec(line) ?? [];
		if (typed !== undefined) {
			expect(types.has(typed), typed).toBe(false);
			types.set(typed, type!);
			continue;
		}
		const found = /^([a-z_]\w*)(\{(?:[a-z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)+\})? (\S+)$/.exec(line);
		if (found === null) throw new Error(`not in the text format: ${line}`);
		const [, name, labels = "", value] = found;
		const family = types.has(name!) ? name! : name!.replace(/_(bucket|sum|count)$/, "");
		expect(types.get(family), line).toBeDefined();
		expect(samples.has(name! + labels), line).toBe(false);
		samples.set(name! + labels, Number(value));
	}
	return { types, samples };
}

const histogram = { bounds: [0.1, 1], counts: [3, 2, 1], sum: 4.5 };
const stats: BackendStats = {
	waiting: 2,
	running: 3,
	promptTokensTotal: 100,
	generatedTokensTotal: 50,
	batchSize: histogram,
	kvBlocks: 40,
	kvBlocksFree: 30,
	adapters: {
		...{ registered: 10_000, resident: 4, pinned: 1, bytes: 1000, budgetBytes: 4000 },
		...{ hitsTotal: 7, missesTotal: 3, evictionsTotal: 1, loadSeconds: histogram, workingSet: 4 },
		requestsByName: [['odd "name"\\\n', 5], ["other", 3], ...names(500)],
	},
};
function names(n: number): [string, number][] {
	return Array.from({ length: n }, (_, i) => [`m${i}`, 1]);
}

describe("metrics", () => {
	test("default: what the server counts and what the backend tells, in Prometheus' text format", async () => {
		const metrics = createMetrics({ stats: () => stats });
		metrics.answered({ route: "/v1/chat/completions", status: 200, seconds: 0.3 });
		metrics.answered({ route: "/v1/chat/completions", status: 429, seconds: 0.001 });
		metrics.refused("overloaded");
		metrics.firstToken(0.05);
		metrics.finished("stop");
		metrics.inFlight(1);
		metrics.clientGone();
		const { body, contentType } = await metrics.text();
		expect(contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
		const { types, samples } = read(body);
		expect(Object.fromEntries(samples)).toMatchObject({
			'openledger_http_requests_total{route="/v1/chat/completions",status="200"}': 1,
			'openledger_http_refused_total{code="overloaded"}': 1,
			openledger_http_requests_in_flight: 1,
			openledger_http_clients_gone_total: 1,
			'openledger_request_success_total{finished_reason="stop"}': 1,
			openledger_time_to_first_token_seconds_count: 1,
			openledger_num_requests_waiting: 2,
			openledger_num_requests_running: 3,
			openledger_kv_cache_usage_perc: 0.25,
			openledger_adapter_cache_hits_total: 7,
			openledger_adapter_load_seconds_sum: 4.5,
		});
		expect(types.get("openledger_batch_size")).toBe("histogram");
		expect(['le="0.1"', 'le="1"', 'le="+Inf"'].map((le) => samples.get(`openledger_batch_size_bucket{${le}}`))).toEqual(
			[3, 5, 6],
		);
		expect(samples.get("openledger_batch_size_count")).toBe(6);
	});

	test("behavior: adapters by name are capped, odd names are escaped, and nothing is lost in the sum", async () => {
		const { samples } = read((await createMetrics({ stats: () => stats }).text()).body);
		const by = [...samples].filter(([name]) => name.startsWith("openledger_adapter_requests_total"));
		expect(by).toHaveLength(ADAPTERS_SHOWN + 1);
		expect(by[0]).toEqual([String.raw`openledger_adapter_requests_total{adapter="odd \"name\"\\\n"}`, 5]);
		expect(by.reduce((sum, [, n]) => sum + n, 0)).toBe(508);
	});

	test("behavior: without names, adapters are one number", async () => {
		const { body } = await createMetrics({ stats: () => stats }).text({ names: false });
		const by = [...read(body).samples].filter(([name]) => name.startsWith("openledger_adapter_requests_total"));
		expect(by).toEqual([['openledger_adapter_requests_total{adapter="other"}', 508]]);
		expect(body).not.toMatch(/odd|m499/);
		expect(body).toContain("openledger_adapters_registered 10000");
	});

	test("behavior: codes are bounded; a backend without numbers has none; the process's own are there when asked for", async () => {
		const metrics = createMetrics({});
		for (let i = 0; i < 1000; i++) metrics.refused(`code_${i}`);
		const { samples } = read((await metrics.text()).body);
		const refused = [...samples].filter(([name]) => name.startsWith("openledger_http_refused_total"));
		expect(refused).toHaveLength(65);
		expect(refused.reduce((sum, [, n]) => sum + n, 0)).toBe(1000);
		expect([...samples.keys()].some((name) => name.includes("adapter"))).toBe(false);
		const whole = await createMetrics({}, { processMetrics: true }).text();
		expect(whole.body).toContain("process_resident_memory_bytes");
	});
});
