// Models served by a vLLM server: our orders in its API, adapters put in and taken out of it while it runs. What it computes
// nobody can repeat bit for bit, so it proves nothing. It must not know of payments.

import type { Generation } from "@openledger/llm";
import { ApiError } from "../../errors.js";
import type { Backend, BackendStats, GenerateOptions, Order, ServedModel } from "../backend.js";
import { createAnswerReader } from "./answerReader.js";
import { retried } from "./retried.js";
import { createVllmAdapters, type VllmAdapter, type VllmRegistration } from "./vllmAdapters.js";
import { readVllmBase } from "./vllmBase.js";
import { createVllmClient, type VllmTarget } from "./vllmClient.js";
import { cancelled, notVllm } from "./vllmErrors.js";
import { tokenizeRequest, vllmRequest } from "./vllmFields.js";
import { createVllmStats } from "./vllmStats.js";

export interface VllmBackendOptions extends VllmTarget {
	/** Which of vLLM's models the adapters are for; by default the only one it has. */
	readonly base?: string;
	/** Folder into which adapters are copied for vLLM to read. */
	readonly resolverFolder: string;
	/** The same folder as vLLM sees it, where that is another machine or a container. */
	readonly resolverFolderThere?: string;
	readonly owner?: string;
}

export interface VllmBackend extends Backend {
	readonly adapters: NonNullable<Backend["adapters"]>;
	/** Serves many adapters at once, without reading them. A name that is there already gets the new folder. */
	register(adapters: readonly VllmRegistration[]): void;
}

/** Asks vLLM which base it has. Throws `ApiError` 503 if it does not answer, 404 if it has no such base. */
export async function openVllmBackend(options: VllmBackendOptions): Promise<VllmBackend> {
	const client = createVllmClient(options);
	const { owner = "vllm" } = options;
	const base = await readVllmBase(client, options.base);
	const adapters = createVllmAdapters({
		client,
		base,
		owner,
		folder: options.resolverFolder,
		folderThere: options.resolverFolderThere ?? options.resolverFolder,
	});
	const stats = createVllmStats();
	const ending = new AbortController();
	const running = new Set<Promise<unknown>>();
	let isDraining = false;
	const { contextTokens } = base;
	const known = contextTokens === undefined ? {} : { contextTokens };
	const baseModel: ServedModel = { id: base.id, created: 0, owner, served: true, ...known };

	function adapterOf(order: Order): VllmAdapter | undefined {
		return order.model === base.id ? undefined : adapters.find(order.model);
	}

	async function countPrompt(order: Order): Promise<number> {
		adapterOf(order);
		const answer = parseCount(await retried(() => client.post("/tokenize", tokenizeRequest(order, base.id))));
		const { count, room } = answer;
		if (count + order.maxTokens <= room) return count;
		const message = `the prompt takes ${count} tokens and max_tokens is ${order.maxTokens}; together at most ${room}`;
		throw new ApiError(400, "context_length_exceeded", message, { param: "messages" in order ? "messages" : "prompt" });
	}

	/** One try; `begun` says whether vLLM had written something by the time it failed. */
	async function answer(order: Order, servedName: string, options: GenerateOptions): Promise<Generation> {
		const { onPiece, logprobs } = options;
		const { path, body } = vllmRequest(order, servedName, logprobs);
		const reader = createAnswerReader(logprobs);
		const signals = [ending.signal, ...(options.signal === undefined ? [] : [options.signal])];
		const timing = stats.begin(order.model);
		try {
			for await (const chunk of client.stream(path, body, AbortSignal.any(signals))) {
				const piece = reader.take(chunk);
				if (piece === undefined) continue;
				timing.took(piece.tokens);
				onPiece?.(piece);
			}
			const generation = reader.end();
			timing.read(generation.promptTokens.length);
			return generation;
		} catch (error) {
			throw timing.hasBegun() ? new Unrepeatable(error) : error;
		} finally {
			timing.end();
		}
	}

	async function generate(order: Order, options: GenerateOptions): Promise<Generation> {
		const adapter = adapterOf(order);
		if (adapter === undefined) return await retried(() => answer(order, base.id, options), options.signal);
		return await adapters.using(adapter, options.signal, (servedName) =>
			retried(() => answer(order, servedName, options), options.signal),
		);
	}

	async function drain(): Promise<void> {
		isDraining = true;
		while (running.size > 0) await Promise.allSettled(running);
	}

	return {
		proves: "nothing",
		models: () => [baseModel, ...adapters.list()],
		model: (id) => (id === base.id ? baseModel : adapters.model(id)),
		countPrompt,
		async generate(order, options = {}) {
			if (isDraining) {
				throw new ApiError(503, "draining", "the server is closing; ask again when it is up", { retryAfter: 5 });
			}
			if (options.signal?.aborted) throw cancelled();
			const work = generate(order, options);
			running.add(work);
			try {
				return await work;
			} catch (error) {
				throw error instanceof Unrepeatable ? error.cause : error;
			} finally {
				running.delete(work);
			}
		},
		adapters,
		register: (many) => adapters.register(many),
		stats: (): BackendStats => stats.read(adapters.counts()),
		drain,
		async close() {
			isDraining = true;
			ending.abort();
			await drain();
			await adapters.close();
		},
	};
}

/** What failed after pieces had gone out: the same request again would give its beginning twice. */
class Unrepeatable extends Error {
	constructor(cause: unknown) {
		super("failed in the middle of an answer", { cause });
		this.name = "Unrepeatable";
	}
}

function parseCount(text: string): { readonly count: number; readonly room: number } {
	let json: { count?: unknown; max_model_len?: unknown } | null;
	try {
		json = JSON.parse(text) as typeof json;
	} catch (cause) {
		throw notVllm("/tokenize is not JSON", cause);
	}
	const { count, max_model_len: room } = json ?? {};
	if (typeof count !== "number" || typeof room !== "number") throw notVllm("/tokenize has no count and max_model_len");
	return { count, room };
}
