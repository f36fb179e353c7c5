// A server that speaks vLLM's protocol over a real socket, for tests: paths, fields and shapes as vLLM's sources have them (main of
// autumn 2026; vllm/entrypoints: openai/{models,chat_completion,completion}, serve/{lora,tokenize}), strictly: a request with a field
// or a value that we have no reason to send is an error and is kept in `unexpected`. The answers are computed by our own engine,
// so that what a client makes of them can be compared. It is not vLLM, and passing against it does not prove that vLLM agrees.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { type Adapter, type Engine, type GenerateRequest, loadAdapter, promptTokens } from "@openledger/llm";
import { z } from "zod";
import { createChunks } from "./vllmChunks.js";

export interface VllmServerOptions {
	readonly engine: Engine;
	readonly name: string;
	readonly apiKey?: string;
	/** Errors as `{error: {…}}`, or flat, as before 0.10. */
	readonly errorForm?: "nested" | "flat";
	/** False: VLLM_ALLOW_RUNTIME_LORA_UPDATING is not set, and the routes are not there. */
	readonly allowsLoading?: boolean;
	/** False: return_token_ids is not known yet, as before 0.10.2. */
	readonly givesTokenIds?: boolean;
	/** VLLM_LORA_RESOLVER_CACHE_DIR of the filesystem resolver. */
	readonly resolverFolder?: string;
	/** Milliseconds between two tokens. */
	readonly tokenMs?: number;
}

/** What the next request that generates meets instead of an answer. */
export type Fault = "hang-up" | "busy" | "failed" | "silent" | "error-event" | "hang-up-midway" | "no-done";

export interface VllmServer {
	readonly url: string;
	/** Requests that vLLM's documents do not have, or that we should not send. Must be empty at the end of a test. */
	readonly unexpected: readonly string[];
	/** Names that are loaded. */
	loaded(): readonly string[];
	/** Generations begun, and those that the client broke off. */
	readonly generations: { begun: number; aborted: number };
	/** Most generations at one time. */
	peak(): number;
	fail(...faults: readonly Fault[]): void;
	/** As if the process were started anew: nothing is loaded. */
	restart(): void;
	close(): Promise<void>;
}

const settings = {
	model: z.string(),
	max_tokens: z.int().min(1),
	temperature: z.number().min(0).max(2),
	top_p: z.number().gt(0).max(1),
	top_k: z.int().min(0),
	min_p: z.number().min(0).max(1),
	repetition_penalty: z.number().gt(0),
	presence_penalty: z.literal(0),
	frequency_penalty: z.literal(0),
	seed: z.int(),
	stop: z.array(z.string().min(1)),
	n: z.literal(1),
	stream: z.literal(true),
	stream_options: z.strictObject({ include_usage: z.literal(true) }),
	return_token_ids: z.literal(true),
};
const messages = z.array(z.strictObject({ role: z.enum(["system", "user", "assistant"]), content: z.string() })).min(1);
const bodies = {
	"/v1/chat/completions": z.strictObject({
		...settings,
		messages,
		logprobs: z.literal(true).optional(),
		top_logprobs: z.int().min(0).max(20).optional(),
	}),
	"/v1/completions": z.strictObject({ ...settings, prompt: z.string(), logprobs: z.int().min(0).max(20).optional() }),
	"/tokenize": z.union([
		z.strictObject({ model: z.string(), messages, add_generation_prompt: z.literal(true) }),
		z.strictObject({ model: z.string(), prompt: z.string(), add_special_tokens: z.literal(true) }),
	]),
	"/v1/load_lora_adapter": z.strictObject({ lora_name: z.string().min(1), lora_path: z.string().min(1) }),
	"/v1/unload_lora_adapter": z.strictObject({ lora_name: z.string().min(1) }),
} as const;

export async function startVllmServer(options: VllmServerOptions): Promise<VllmServer> {
	const { engine, name, errorForm = "nested", allowsLoading = true, givesTokenIds = true } = options;
	const adapters = new Map<string, { readonly adapter: Adapter; readonly path: string }>();
	const unexpected: string[] = [];
	const faults: Fault[] = [];
	const generations = { begun: 0, aborted: 0 };
	let [now, most] = [0, 0];
	const sockets = new Set<Socket>();

	function refuse(response: ServerResponse, status: number, type: string, message: string): void {
		const info = { message, type, param: null, code: status };
		response.writeHead(status, { "content-type": "application/json" });
		response.end(JSON.stringify(errorForm === "nested" ? { error: info } : { object: "error", ...info }));
	}
	function surprise(response: ServerResponse, what: string): void {
		unexpected.push(what);
		refuse(response, 400, "BadRequestError", what);
	}
	function say(response: ServerResponse, value: unknown): void {
		response.writeHead(200, { "content-type": "application/json" });
		response.end(JSON.stringify(value));
	}

	function cards(): object {
		const card = { object: "model", created: 1_790_000_000, owned_by: "vllm", permission: [] };
		const max_model_len = engine.base.config.maxPositions;
		const own = [...adapters].map(([id, { path }]) => ({ id, ...card, root: path, parent: name, max_model_len: null }));
		return { object: "list", data: [{ id: name, ...card, root: `org/${name}`, parent: null, max_model_len }, ...own] };
	}

	async function load(response: ServerResponse, body: z.infer<(typeof bodies)["/v1/load_lora_adapter"]>) {
		const { lora_name: id, lora_path: path } = body;
		if (adapters.has(id)) {
			const said = `The lora adapter '${id}' has already been loaded. If you want to load the adapter in place, set 'load_inplace' to True.`;
			return refuse(response, 400, "InvalidUserInput", said);
		}
		try {
			adapters.set(id, { adapter: await loadAdapter(path, engine.base), path });
		} catch (error) {
			const isMissing = (error as { code?: string }).code === "file-missing";
			if (isMissing)
				return refuse(response, 404, "NotFoundError", `Loading lora ${id} failed: No adapter found for ${path}`);
			return refuse(response, 500, "InternalServerError", `Loading lora ${id} failed: ${(error as Error).message}`);
		}
		response.end(`Success: LoRA adapter '${id}' added successfully.`);
	}

	/** As the filesystem resolver does for a name that is not known: a folder of that name, whose config names the base. */
	async function resolveAdapter(id: string): Promise<Adapter | undefined> {
		const known = adapters.get(id)?.adapter;
		if (known !== undefined || options.resolverFolder === undefined) return known;
		const path = join(options.resolverFolder, id);
		const adapter = await loadAdapter(path, engine.base).catch(() => undefined);
		if (adapter !== undefined) adapters.set(id, { adapter, path });
		return adapter;
	}

	async function generate(
		response: ServerResponse,
		path: "/v1/chat/completions" | "/v1/completions",
		body: z.infer<(typeof bodies)["/v1/chat/completions"]> | z.infer<(typeof bodies)["/v1/completions"]>,
	) {
		const fault = faults.shift();
		if (fault === "hang-up") return response.destroy();
		if (fault === "busy") return refuse(response, 503, "ServiceUnavailableError", "the engine is paused");
		if (fault === "failed") return refuse(response, 500, "InternalServerError", "EngineCore encountered an issue");
		if (fault === "silent") return undefined;
		const adapter = body.model === name ? undefined : await resolveAdapter(body.model);
		if (body.model !== name && adapter === undefined)
			return refuse(response, 404, "NotFoundError", `The model \`${body.model}\` does not exist.`);
		const count = "top_logprobs" in body ? body.top_logprobs : body.logprobs;
		const logprobs = typeof count === "number" ? count : undefined;
		const request = {
			...("messages" in body ? { messages: body.messages } : { prompt: body.prompt }),
			maxTokens: body.max_tokens,
			stop: body.stop,
			sampling: {
				temperature: body.temperature,
				topP: body.top_p,
				seed: body.seed,
				...(body.top_k > 0 && { topK: body.top_k }),
				minP: body.min_p,
				repetitionPenalty: body.repetition_penalty,
			},
			...(logprobs !== undefined && { logprobs }),
		} as GenerateRequest;
		generations.begun++;
		most = Math.max(most, ++now);
		try {
			const steps = engine.stream(request, adapter);
			let step: ReturnType<typeof steps.next>;
			try {
				step = steps.next();
			} catch (error) {
				return refuse(response, 400, "BadRequestError", (error as Error).message);
			}
			const promptIds = givesTokenIds ? promptTokens(engine.base, request) : undefined;
			const isChat = path === "/v1/chat/completions";
			const chunks = createChunks({ isChat, model: body.model, engine, logprobs, promptIds });
			response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
			const send = (chunk: object) => response.write(`data: ${JSON.stringify(chunk)}\n\n`);
			for (const chunk of chunks.begin()) send(chunk);
			for (let sent = 0; step.done !== true; step = steps.next(), sent++) {
				for (const chunk of chunks.take(step.value)) send(chunk);
				if (sent === 2 && fault === "hang-up-midway") {
					// What was written must be on its way, or nothing has been begun.
					await new Promise((resolve) => setTimeout(resolve, 50));
					return response.destroy();
				}
				if (sent === 2 && fault === "error-event") {
					const error = {
						message: "EngineCore encountered an issue",
						type: "InternalServerError",
						param: null,
						code: 500,
					};
					send({ error });
					return response.end("data: [DONE]\n\n");
				}
				await (options.tokenMs ? new Promise((resolve) => setTimeout(resolve, options.tokenMs)) : turn());
				if (response.destroyed) {
					generations.aborted++;
					steps.return(undefined as never);
					return undefined;
				}
			}
			for (const chunk of chunks.end(step.value)) send(chunk);
			return response.end(fault === "no-done" ? "" : "data: [DONE]\n\n");
		} finally {
			now--;
		}
	}

	async function route(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
		const { method = "", url: path = "" } = request;
		if (options.apiKey !== undefined && request.headers.authorization !== `Bearer ${options.apiKey}`) {
			response.writeHead(401, { "content-type": "application/json" });
			return response.end(JSON.stringify({ error: "Unauthorized" }));
		}
		if (method === "GET" && path === "/v1/models") return say(response, cards());
		if (method === "GET" && path === "/version") return say(response, { version: "0.0.0.protocol" });
		const isLora = path.endsWith("_lora_adapter");
		if (method !== "POST" || !Object.hasOwn(bodies, path)) return surprise(response, `${method} ${path}`);
		if (isLora && !allowsLoading) {
			response.writeHead(404, { "content-type": "application/json" });
			return response.end(JSON.stringify({ detail: "Not Found" }));
		}
		const text = (await readAll(request)).toString("utf8");
		const parsed = bodies[path as keyof typeof bodies].safeParse(JSON.parse(text));
		if (!parsed.success)
			return surprise(
				response,
				`${path}: ${parsed.error.issues[0]?.path.join(".")} ${parsed.error.issues[0]?.message}`,
			);
		const body = parsed.data as never;
		if (path === "/v1/load_lora_adapter") return await load(response, body);
		if (path === "/v1/unload_lora_adapter") {
			const { lora_name: id } = body as { lora_name: string };
			if (!adapters.delete(id))
				return refuse(response, 404, "NotFoundError", `The lora adapter '${id}' cannot be found.`);
			return response.end(`Success: LoRA adapter '${id}' removed successfully.`);
		}
		if (path === "/tokenize") {
			const asked = body as { readonly model: string } & GenerateRequest;
			if (asked.model !== name) return surprise(response, "/tokenize with an adapter's name loads it for nothing");
			const tokens = promptTokens(engine.base, asked);
			const max_model_len = engine.base.config.maxPositions;
			return say(response, { count: tokens.length, max_model_len, tokens, token_strs: null });
		}
		return await generate(response, path as "/v1/completions", body);
	}

	const server = createServer((request, response) => {
		route(request, response).catch((error: unknown) => {
			unexpected.push(`failed: ${error instanceof Error ? error.message : String(error)}`);
			response.destroy();
		});
	});
	server.on("connection", (socket) => {
		sockets.add(socket);
		socket.once("close", () => sockets.delete(socket));
	});
	await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		unexpected,
		generations,
		loaded: () => [...adapters.keys()],
		peak: () => most,
		fail: (...more) => void faults.push(...more),
		restart: () => adapters.clear(),
		async close() {
			for (const socket of sockets) socket.destroy();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
	const parts: Buffer[] = [];
	for await (const part of request) parts.push(part as Buffer);
	return Buffer.concat(parts);
}
