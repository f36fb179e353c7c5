// 200 clients that stream at once from `openledger serve`, a process of its own, over sockets: nothing lost, the same question always the same
// answer, memory flat, tenants served alike though one of them has half of all clients.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { loadBase, writeAdapterConfig, writeAdapterModel } from "@openledger/llm";
import { drawUniform } from "@openledger/tensor";
import { median } from "../models.js";
import type { BenchTarget } from "../run.js";
import { adapterConfig, madeUpAdapter, promptOf } from "./models.js";
import type { OpenLoraPartOptions, OpenLoraPartResult } from "./part.js";

const CLIENTS = 200;
const TENANTS = 10;
const ADAPTERS = 64;
const QUESTIONS = 40;
const ember = fileURLToPath(new URL("../../models/ember", import.meta.url));
const entry = fileURLToPath(new URL("../../test/e2e/main.ts", import.meta.url));
const digits = (x: number, n: number) => Number(x.toFixed(n));
const quantile = (sorted: readonly number[], q: number) =>
	sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;

/** The first of the tenants has half of the clients. */
const tenantOf = (client: number) => (client < CLIENTS / 2 ? 0 : 1 + (client % (TENANTS - 1)));
const keyOf = (tenant: number) => `bench-key-${tenant}`;

async function writeWorld(folder: string): Promise<void> {
	const base = await loadBase(ember);
	for (let i = 0; i < ADAPTERS; i++) {
		const own = join(folder, "adapters", `adapter-${i}`);
		mkdirSync(own, { recursive: true });
		const rank = [4, 8, 16][i % 3]!;
		const { weights } = madeUpAdapter(base, rank, i + 1);
		const config = writeAdapterConfig(adapterConfig(rank), base.name);
		writeFileSync(join(own, "adapter_config.json"), JSON.stringify(config));
		writeFileSync(join(own, "adapter_model.safetensors"), writeAdapterModel(base.config, adapterConfig(rank), weights));
	}
	const keys = Array.from({ length: TENANTS }, (_, i) => ({
		name: `tenant-${i}`,
		sha256: createHash("sha256").update(keyOf(i)).digest("hex"),
	}));
	writeFileSync(join(folder, "keys.json"), JSON.stringify({ keys }));
}

/** Starts the server; resolves with its address. */
async function startServer(folder: string) {
	const args = ["serve", "--base", ember, "--adapters", join(folder, "adapters"), "--keys", join(folder, "keys.json")];
	const child = spawn(process.execPath, ["--import", "tsx", "--conditions=source", entry, ...args, "--port", "0"], {
		stdio: ["ignore", "pipe", "pipe"],
		env: { ...process.env, NO_COLOR: "1" },
	});
	const said: string[] = [];
	const url = await new Promise<string>((resolve, reject) => {
		const look = (line: string) => {
			said.push(line);
			const found = /http:\/\/[\w.:[\]]+/.exec(line);
			if (found !== null) resolve(found[0]);
		};
		createInterface({ input: child.stdout }).on("line", look);
		createInterface({ input: child.stderr }).on("line", look);
		child.once("close", (code) => reject(new Error(`openledger serve ended with ${code}: ${said.join("\n")}`)));
	});
	return { child, url };
}

/** Resident bytes of a process, where /proc tells. */
function residentMegabytes(pid: number): number {
	const found = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
	return Number(found?.[1] ?? 0) / 1024;
}

interface Streamed {
	readonly text: string;
	readonly tokens: number;
	readonly firstMs: number;
	readonly done: boolean;
}

async function stream(url: string, key: string, body: object): Promise<Streamed | "refused"> {
	const from = performance.now();
	const response = await fetch(`${url}/v1/chat/completions`, {
		method: "POST",
		headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
		body: JSON.stringify({ ...body, stream: true, stream_options: { include_usage: true } }),
	});
	if (response.status === 429) {
		await response.text();
		return "refused";
	}
	if (response.status !== 200) throw new Error(`${response.status} ${await response.text()}`);
	let [text, tokens, firstMs, done, rest] = ["", 0, 0, false, ""];
	for await (const part of response.body!.pipeThrough(new TextDecoderStream())) {
		rest += part;
		const events = rest.split("\n\n");
		rest = events.pop()!;
		for (const event of events) {
			const data = event.slice(event.indexOf("data:") + 5).trim();
			if (data === "[DONE]") {
				done = true;
				continue;
			}
			const chunk = JSON.parse(data);
			const piece = chunk.choices?.[0]?.delta?.content ?? "";
			if (piece !== "" && firstMs === 0) firstMs = performance.now() - from;
			text += piece;
			tokens = chunk.usage?.completion_tokens ?? tokens;
		}
	}
	return { text, tokens, firstMs, done };
}

export async function run({ quick, log }: OpenLoraPartOptions): Promise<OpenLoraPartResult> {
	const seconds = quick ? 20 : 300;
	const folder = mkdtempSync(join(tmpdir(), "openledger-bench-"));
	await writeWorld(folder);
	const { child, url } = await startServer(folder);
	try {
		const answers = new Map<number, string>();
		const perTenant = Array.from({ length: TENANTS }, () => 0);
		const first: number[] = [];
		const memory: { at: number; megabytes: number }[] = [];
		let [requests, lost, refused, other, failures, tokens] = [0, 0, 0, 0, 0, 0];
		const from = performance.now();
		const end = from + 1000 * seconds;
		const timer = setInterval(() => {
			memory.push({ at: (performance.now() - from) / 1000, megabytes: residentMegabytes(child.pid!) });
			if (memory.length % 10 === 0)
				log(
					`${Math.round((performance.now() - from) / 1000)} s: ${requests} answers, ${Math.round(memory.at(-1)!.megabytes)} MB`,
				);
		}, 1000);
		const client = async (id: number) => {
			for (let i = 0; performance.now() < end; i++) {
				const draw = (purpose: number, n: number) => Math.floor(drawUniform({ seed: id, purpose }, i) * n);
				const [question, adapter] = [draw(1, QUESTIONS), draw(2, ADAPTERS)];
				const messages = [{ role: "user", content: promptOf(question) }];
				try {
					const got = await stream(url, keyOf(tenantOf(id)), {
						...{ model: `adapter-${adapter}`, messages, max_tokens: 24, temperature: 0.8, seed: question },
					});
					if (got === "refused") {
						refused++;
						await new Promise((resolve) => setTimeout(resolve, 200));
						continue;
					}
					requests++;
					if (!got.done) lost++;
					first.push(got.firstMs);
					tokens += got.tokens;
					perTenant[tenantOf(id)]! += got.tokens;
					const key = question * ADAPTERS + adapter;
					const known = answers.get(key) ?? got.text;
					answers.set(key, known);
					if (known !== got.text) other++;
				} catch (error) {
					failures++;
					if (failures < 5) log(String(error));
				}
			}
		};
		await Promise.all(Array.from({ length: CLIENTS }, (_, id) => client(id)));
		clearInterval(timer);
		const took = (performance.now() - from) / 1000;
		const metrics = await (await fetch(`${url}/metrics`)).text();
		const exited = new Promise((resolve) => child.once("close", resolve));
		child.kill("SIGTERM");
		const code = await exited;
		const settled = memory.filter(({ at }) => at > took * 0.2);
		const half = settled.length >> 1;
		const megabytes = (part: typeof settled) => median(part.map((m) => m.megabytes));
		const growth = megabytes(settled.slice(half)) / megabytes(settled.slice(0, half));
		const sorted = first.filter((x) => x > 0).sort((a, b) => a - b);
		const fairness = Math.min(...perTenant) / Math.max(...perTenant);
		const rows = [
			{
				...{ clients: CLIENTS, tenants: TENANTS, adapters: ADAPTERS, seconds: digits(took, 1), requests, tokens },
				tokensPerSecond: digits(tokens / took, 0),
				firstTokenMsP50: digits(quantile(sorted, 0.5), 0),
				firstTokenMsP99: digits(quantile(sorted, 0.99), 0),
				...{ lost, failures, refused, differentAnswers: other },
				memoryMegabytesFirstHalf: digits(megabytes(settled.slice(0, half)), 1),
				memoryMegabytesSecondHalf: digits(megabytes(settled.slice(half)), 1),
				leastTenantTokens: Math.min(...perTenant),
				mostTenantTokens: Math.max(...perTenant),
				exitCode: Number(code),
				metricsLines: metrics.split("\n").length,
			},
		];
		const none = (what: string, value: number): BenchTarget => ({ what, value, target: "0", ok: value === 0 });
		return {
			rows,
			targets: [
				none("streams lost or failed", lost + failures),
				none("answers that differ from the first to the same question", other),
				none("exit code after SIGTERM", Number(code)),
				{
					what: "memory, second half over first",
					value: digits(growth, 3),
					target: "≤ 1.05",
					ok: growth <= 1.05,
				},
				{
					what: "tokens of the least served tenant over the most served (half of all clients are one tenant's)",
					value: digits(fairness, 2),
					target: "≥ 0.8",
					ok: fairness >= 0.8,
				},
			],
		};
	} finally {
		child.kill("SIGKILL");
		rmSync(folder, { recursive: true, force: true });
	}
}
