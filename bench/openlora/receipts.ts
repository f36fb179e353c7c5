// What a receipt costs: the shipped world's model behind the real node, over a socket, with answers that carry none (free, same backend), with
// receipts made after the answer (deferred; waited for in the end) and before it (inline), paid by a prepaid key. 16 clients side by side.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { demoSeed, openNode, readConfig, runMainJob } from "@openledger/node";
import { createOpenLora, freeBilling, listenOpenLora } from "@openledger/openlora";
import { createKey, createPayingFetch } from "@openledger/sdk";
import { receiptsIdle } from "../../apps/node/src/inference/answerPaid.js";
import { fundPayer } from "../../apps/node/src/inference/fundPayer.js";
import { median } from "../models.js";
import type { BenchTarget } from "../run.js";
import type { OpenLoraPartOptions, OpenLoraPartResult } from "./part.js";

const CLIENTS = 16;
const OPEN = 10n ** 18n;
const world = fileURLToPath(new URL("../../examples/world/", import.meta.url));
const digits = (x: number, n: number) => Number(x.toFixed(n));

interface Measured {
	readonly perSecond: number;
	readonly latencyMs: number;
	readonly processorMs: number;
}

/** Asks for so long and then waits for `settle`; the rate counts both. */
async function ask(url: string, key: string, seconds: number, settle: () => Promise<unknown>): Promise<Measured> {
	const latencies: number[] = [];
	const from = performance.now();
	const cpu = process.cpuUsage();
	const client = async (id: number) => {
		for (let i = 0; performance.now() - from < 1000 * seconds; i++) {
			const asked = performance.now();
			const content = `What is the capital of country ${(id * 31 + i) % 97}?`;
			const response = await fetch(`${url}/v1/chat/completions`, {
				method: "POST",
				headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
				body: JSON.stringify({ model: "world-1", messages: [{ role: "user", content }], max_tokens: 16 }),
			});
			const text = await response.text();
			if (!response.ok) throw new Error(`${response.status} ${text}`);
			latencies.push(performance.now() - asked);
		}
	};
	await Promise.all(Array.from({ length: CLIENTS }, (_, id) => client(id)));
	await settle();
	const took = (performance.now() - from) / 1000;
	const { user, system } = process.cpuUsage(cpu);
	return {
		perSecond: latencies.length / took,
		latencyMs: median(latencies),
		processorMs: (user + system) / 1000 / latencies.length,
	};
}

export async function run({ quick, log }: OpenLoraPartOptions): Promise<OpenLoraPartResult> {
	const rounds = quick ? 1 : 3;
	const seconds = quick ? 5 : 12;
	const home = mkdtempSync(join(tmpdir(), "openledger-bench-"));
	const config = readConfig({ home, port: 0, seed: demoSeed, log: () => {} });
	const measured = { off: [] as Measured[], deferred: [] as Measured[], inline: [] as Measured[] };
	let node = await openNode(config);
	try {
		const files = readdirSync(world).filter((name) => name.endsWith(".jsonl"));
		const data = files.map((name) => ({ name, content: readFileSync(join(world, name)) }));
		log("training the shipped world's model");
		await runMainJob(node, { data, datanet: "world", questions: [{ prompt: "What is the capital of Peru?" }] });
		let { url } = await node.serve();
		await fundPayer(node.parts);
		const pay = createPayingFetch({
			account: node.parts.keys.account("payer"),
			...{ chainId: config.chainId, token: node.parts.ledger.addresses.openToken, maxWeiPerRequest: 100n * OPEN },
		});
		const { key } = await createKey({ url, fetch: pay, amountWei: 20n * OPEN });
		for (let round = 0; round < rounds; round++) {
			for (const way of ["inline", "off", "deferred"] as const) {
				if (way !== "off") {
					await node.close();
					node = await openNode({ ...config, receipts: way });
					({ url } = await node.serve());
				}
				const { backend } = node.parts;
				const free = createOpenLora({ backend, billing: freeBilling(backend) });
				const listening = await listenOpenLora(free.fetch, { port: 0, host: "127.0.0.1" });
				const at = way === "off" ? listening.url : url;
				const settle = () => receiptsIdle(node.parts);
				await ask(at, key, 1, settle);
				measured[way].push(await ask(at, key, seconds, settle));
				await listening.close({ withinMs: 1000 });
				log(`${way}: ${JSON.stringify(measured[way].at(-1))}`);
			}
		}
	} finally {
		await node.close();
		rmSync(home, { recursive: true, force: true });
	}
	const middle = (way: keyof typeof measured, field: keyof Measured) => median(measured[way].map((m) => m[field]));
	const rows = (["off", "deferred", "inline"] as const).map((receipts) => ({
		receipts,
		answersPerSecond: digits(middle(receipts, "perSecond"), 1),
		ofOff: digits(middle(receipts, "perSecond") / middle("off", "perSecond"), 3),
		latencyMsP50: digits(middle(receipts, "latencyMs"), 1),
		processorMs: digits(middle(receipts, "processorMs"), 1),
	}));
	const targets: BenchTarget[] = [];
	return { rows, targets };
}
