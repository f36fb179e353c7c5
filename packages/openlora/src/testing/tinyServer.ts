// The whole server on a real socket: a tiny base made up on the spot, two adapters of different ranks, the engine's own answers.

import { type Adapter, createEngine, readAdapter, tinyAdapter, tinyBase, writeAdapterConfig } from "@openledger/llm";
import OpenAI from "openai";
import type { Backend } from "../backend/backend.js";
import { createCanonicalBackend } from "../backend/canonicalBackend.js";
import { freeBilling } from "../freeBilling.js";
import { createOpenLora, type OpenLoraOptions } from "../server/createOpenLora.js";
import { type ListenOptions, listenOpenLora } from "../server/listen.js";

export interface TinyServerOptions extends Partial<Omit<OpenLoraOptions<never>, "backend" | "billing">> {
	readonly listen?: Partial<ListenOptions>;
	/** Instead of the tiny base's own. */
	readonly wrap?: (backend: Backend) => Backend;
}

/** Models "tiny" (the base), "tiny-1" and "team/two". Close what it gives. */
export async function tinyServer({ listen, wrap = (b) => b, ...options }: TinyServerOptions = {}) {
	const base = tinyBase();
	const engine = createEngine(base);
	const own = createCanonicalBackend(engine, { id: "tiny", owner: "us" });
	const adapters: Record<string, Adapter> = {};
	for (const [id, rank] of [
		["tiny-1", 4],
		["team/two", 2],
	] as const) {
		const made = tinyAdapter(base, { rank, alpha: 8, targets: ["q_proj", "v_proj"] });
		const adapter = readAdapter(base.config, writeAdapterConfig(made.config, "tiny"), made.model);
		adapters[id] = adapter;
		own.serve({ id, adapter, created: 1, owner: "us" });
	}
	const backend = wrap(own);
	const server = createOpenLora({ backend, billing: freeBilling(backend), ...options });
	const listening = await listenOpenLora(server.fetch, { port: 0, ...listen });
	return {
		base,
		engine,
		adapters,
		backend,
		server,
		listening,
		url: listening.url,
		client: (apiKey = "none") => new OpenAI({ baseURL: `${listening.url}/v1`, apiKey, maxRetries: 0 }),
		async close() {
			await listening.close({ withinMs: 1000 });
			await backend.close();
		},
	};
}

export type TinyServer = Awaited<ReturnType<typeof tinyServer>>;
