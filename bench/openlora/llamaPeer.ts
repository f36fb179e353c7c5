// llama.cpp by its Node binding, serving the same base and adapters: requests of one adapter share a batch, others cannot. It lives in
// bench/peers/llama with a lock file of its own. Knows nothing of our engine.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What of node-llama-cpp 3.22.1 is used here. */
interface LlamaContext {
	getSequence(): {
		evaluate(
			tokens: readonly number[],
			options: { readonly temperature: number; readonly yieldEogToken: boolean },
		): AsyncIterable<number>;
	};
	dispose(): Promise<void>;
}
interface LlamaModel {
	createContext(options: Readonly<Record<string, unknown>>): Promise<LlamaContext>;
	dispose(): Promise<void>;
}

/** Requests that go together: all of one adapter, or of none. */
export interface PeerGroup {
	readonly adapter?: string;
	readonly prompts: readonly (readonly number[])[];
}

export interface LlamaPeer {
	/** Greedy tokens of every request, group by group, and the seconds from the first prompt to the last token. */
	serve(groups: readonly PeerGroup[], tokens: number): Promise<{ tokens: number[][]; seconds: number }>;
	close(): Promise<void>;
}

const folder = fileURLToPath(new URL("../peers/llama/", import.meta.url));

function install(log: (line: string) => void): boolean {
	if (existsSync(join(folder, "node_modules", ".package-lock.json"))) return true;
	log("installing node-llama-cpp into bench/peers/llama (once, some 85 MB, no install scripts)");
	try {
		const args = ["ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund"];
		execFileSync("npm", args, { cwd: folder, stdio: "pipe" });
		return true;
	} catch (cause) {
		log(`node-llama-cpp left out: npm ci failed (${(cause as Error).message.split("\n")[0]})`);
		return false;
	}
}

/** Undefined, after a line that says why, where the peer cannot run. */
export async function openLlamaPeer(
	modelPath: string,
	threads: number,
	log: (line: string) => void,
): Promise<LlamaPeer | undefined> {
	if (!install(log)) return undefined;
	let model: LlamaModel;
	try {
		const entry = join(folder, "node_modules", "node-llama-cpp", "dist", "index.js");
		const { getLlama } = await import(pathToFileURL(entry).href);
		const llama = await getLlama({ build: "never", gpu: false, logLevel: "error", maxThreads: threads });
		model = await llama.loadModel({ modelPath });
	} catch (cause) {
		log(`node-llama-cpp left out: ${(cause as Error).message.split("\n")[0]}`);
		return undefined;
	}
	return {
		async serve(groups, count) {
			const open = await Promise.all(
				groups.map(({ adapter, prompts }) =>
					model.createContext({
						contextSize: Math.max(...prompts.map((p) => p.length)) + count + 8,
						sequences: prompts.length,
						threads,
						...(adapter !== undefined && { lora: { adapters: [{ filePath: adapter }] } }),
					}),
				),
			);
			const from = performance.now();
			const all = open.flatMap((context, at) =>
				groups[at]!.prompts.map(async (prompt) => {
					const out: number[] = [];
					for await (const token of context.getSequence().evaluate(prompt, { temperature: 0, yieldEogToken: true })) {
						out.push(token);
						if (out.length >= count) break;
					}
					return out;
				}),
			);
			const tokens = await Promise.all(all);
			const seconds = (performance.now() - from) / 1000;
			for (const context of open) await context.dispose();
			return { tokens, seconds };
		},
		close: () => model.dispose(),
	};
}
