// The embedded backend: the deterministic engine behind a continuous batch, with adapters by name. Equal orders get equal answers, whatever
// is answered beside them. It must not know of payments or HTTP.

import { type Adapter, type Engine, type Generation, ModelError, promptTokens } from "@openledger/llm";
import { createAdapterRegistry, type NamedAdapter, type RegisteredAdapter } from "../adapters/registry.js";
import { ApiError } from "../errors.js";
import type { SchedulerLimits, SchedulerStats } from "../scheduler/createScheduler.js";
import type { Backend, BackendStats, GenerateOptions, Order, ServedModel } from "./backend.js";
import { createCanonicalAdmin } from "./canonicalAdmin.js";
import { answerRequest, promptOf } from "./canonicalOrder.js";
import { canonicalStats } from "./canonicalStats.js";
import { openServing, type Serving } from "./openServing.js";
import { createShownTokens } from "./shownTokens.js";

export { generateCanonically } from "./canonicalOrder.js";

export interface CanonicalBackendOptions {
	/** The base's name in requests. */
	readonly id: string;
	readonly owner: string;
	/** Whether the base answers too, without an adapter; default true. */
	readonly serveBase?: boolean;
	readonly batch?: {
		/** Answers that are made side by side; default 16. */
		readonly sequences?: number;
		/** Rows of one pass over the model; default 128. */
		readonly rows?: number;
		/** For keys and values; default: what twice as many sequences of full length take, at most 256 MiB. */
		readonly cacheBytes?: number;
		readonly blockTokens?: number;
	};
	/** Memory for adapters; default 64 MiB. */
	readonly adapterBytes?: number;
	readonly limits?: Partial<SchedulerLimits>;
	/** Most names of adapters; default 100,000. */
	readonly registered?: number;
}

export interface CanonicalBackend extends Backend {
	/** Many adapters at once; no file is read. The same name again points to the new one from the next request on. */
	register(adapters: readonly RegisteredAdapter[]): void;
	/** One that is in memory. */
	serve(model: {
		readonly id: string;
		readonly adapter: Adapter;
		readonly created: number;
		readonly owner: string;
		readonly pinned?: boolean;
	}): void;
	readonly adapters: NonNullable<Backend["adapters"]>;
	model(id: string): ServedModel | undefined;
	countPrompt(order: Order): number;
	stats(): BackendStats;
	/** Takes the memory now instead of with the first request; throws the tensor room's OutOfMemoryError where it is not there. */
	open(): void;
	/** Absent until the first request. */
	schedulerStats(): SchedulerStats | undefined;
}

const MOST_REGISTERED = 100_000;
/** Counting is for whoever asks next: of all limits, those of one tenant say nothing yet. */
const NOBODY = "\0";

/** The machine's memory for caches and adapters is taken with the first request. */
export function createCanonicalBackend(engine: Engine, options: CanonicalBackendOptions): CanonicalBackend {
	const { base } = engine;
	const { id: baseName, owner, serveBase = true } = options;
	const contextTokens = base.config.maxPositions - 1;
	const baseModel: ServedModel = {
		id: baseName,
		owner,
		digest: base.digest,
		created: 0,
		served: serveBase,
		contextTokens,
	};
	const prompts = new WeakMap<Order, readonly number[]>();
	let serving: Serving | undefined;
	let shown: ReturnType<typeof createShownTokens> | undefined;
	let refusing: "draining" | "closed" | undefined;
	const registry = createAdapterRegistry({
		base,
		baseName,
		most: options.registered ?? MOST_REGISTERED,
		onRetired: (source) => serving?.cache.drop(source),
		onPinned: (source) => open().cache.pin(source, true),
	});

	function open(): Serving {
		if (refusing === "closed") throw goingDown();
		serving ??= openServing(engine, options);
		return serving;
	}

	const goingDown = () =>
		new ApiError(503, refusing ?? "closed", "this server is going down; ask again later", { retryAfter: 5 });

	function find(order: Order): NamedAdapter | undefined {
		if (order.model !== baseName) return registry.find(order.model);
		if (serveBase) return undefined;
		const message = `${baseName} is a base, served only beneath its models; ask one of: ${registry.names()}`;
		throw new ApiError(404, "model_not_served", message, { param: "model", type: "not_found_error" });
	}

	/** The prompt's tokens, if they fit together with what was asked for. */
	function readPrompt(order: Order): readonly number[] {
		const known = prompts.get(order);
		if (known !== undefined) return known;
		const chat = "messages" in order;
		const param = chat ? "messages" : "prompt";
		// One place is kept for the end token, which attribution adds.
		const room = contextTokens;
		const tooLong = (tokens: string) => {
			const takes = chat ? "messages take" : "the prompt takes";
			const message = `${takes} ${tokens} tokens and max_tokens is ${order.maxTokens}; together at most ${room}`;
			return new ApiError(400, "context_length_exceeded", message, { param });
		};
		// Nobody has paid yet, so what cannot fit is refused before it costs us an encoding.
		const texts = chat ? order.messages.map(({ content }) => content) : [order.prompt];
		const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text.normalize("NFC")), 0);
		const atLeast = Math.ceil(bytes / base.tokenizer.longestTokenBytes);
		if (atLeast + order.maxTokens > room) throw tooLong(`at least ${atLeast}`);
		const tokens = asCaller(() => promptTokens(base, promptOf(order)), param);
		if (tokens.length + order.maxTokens > room) throw tooLong(String(tokens.length));
		prompts.set(order, tokens);
		return tokens;
	}

	async function generate(order: Order, asked: GenerateOptions = {}): Promise<Generation> {
		const { signal, tenant = "", onPiece, logprobs, isPromised = false } = asked;
		const found = find(order);
		if (refusing !== undefined) throw goingDown();
		const prompt = readPrompt(order);
		const { scheduler } = open();
		shown ??= createShownTokens(base.tokenizer);
		const show = shown;
		const generation = await scheduler.submit({
			...{ tenant, prompt, isPromised, request: answerRequest(order, logprobs) },
			...(found !== undefined && { source: found.source }),
			...(signal !== undefined && { signal }),
			...(onPiece !== undefined && {
				onPiece: ({ text, token, logprobs: told }) =>
					onPiece({ text, tokens: token === undefined ? 0 : 1, ...(told !== undefined && { logprobs: [show(told)] }) }),
			}),
		});
		if (found !== undefined) {
			found.requests++;
			found.tokens += generation.responseTokens.length;
		}
		return generation;
	}

	function shownModel({ id, owner, created, source }: NamedAdapter): ServedModel {
		const { digest, bytes, rank, folder } = source;
		return {
			...{ id, parent: baseName, owner, created, served: true, contextTokens },
			...(digest !== undefined && { digest }),
			state: serving?.cache.state(source) ?? "on-disk",
			pinned: serving?.cache.isPinned(source) ?? false,
			...(bytes > 0 && { bytes }),
			...(rank !== undefined && { rank }),
			...(folder !== undefined && { path: folder }),
		};
	}

	return {
		proves: "bit-exact",
		models: () => [baseModel, ...[...registry.all()].map(shownModel)],
		model(id) {
			if (id === baseName) return baseModel;
			const found = registry.get(id);
			return found && shownModel(found);
		},
		countPrompt(order) {
			const source = find(order)?.source;
			const tokens = readPrompt(order);
			// Whoever pays after this must not be turned away.
			if (refusing !== undefined) throw goingDown();
			serving?.scheduler.check({
				tenant: NOBODY,
				...(source && { source }),
				prompt: tokens,
				request: answerRequest(order),
			});
			return tokens.length;
		},
		generate: (order, asked) => generate(order, asked).catch(rethrow(order)),
		register(adapters) {
			for (const adapter of adapters) registry.put(adapter);
		},
		serve({ adapter, ...model }) {
			registry.put({ ...model, digest: adapter.digest, load: () => Promise.resolve(adapter) });
		},
		adapters: createCanonicalAdmin({ base, owner, registry, cache: () => open().cache, shown: shownModel }),
		stats: () => canonicalStats(registry, serving?.cache.stats(), serving?.scheduler.stats()),
		open: () => void open(),
		schedulerStats: () => serving?.scheduler.stats(),
		drain() {
			refusing ??= "draining";
			return serving?.scheduler.drain() ?? Promise.resolve();
		},
		async close() {
			refusing = "closed";
			serving?.close();
			serving = undefined;
		},
	};
}

/** What the engine refuses is the caller's to change. */
function asCaller<T>(work: () => T, param: string): T {
	try {
		return work();
	} catch (cause) {
		throw callerError(cause, param);
	}
}

const rethrow = (order: Order) => (error: unknown) => {
	throw callerError(error, "messages" in order ? "messages" : "prompt");
};

function callerError(cause: unknown, param: string): unknown {
	return cause instanceof ModelError ? new ApiError(400, cause.code, cause.message, { param, cause }) : cause;
}
