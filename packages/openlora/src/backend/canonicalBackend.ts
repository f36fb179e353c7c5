// The embedded backend: the deterministic engine with adapters by name. A name is a pointer to a digest.
// It must not know of payments.

import { type Adapter, type Engine, encodeChat, type Generation, ModelError } from "@openledger/llm";
import type { ChatOrder } from "../chat/chatOrder.js";
import { ApiError } from "../errors.js";
import type { Backend, Order, ServedModel } from "./backend.js";

export interface CanonicalBackend extends Backend {
	/** Serves an adapter under a name; the same name again points to the new adapter from the next request on. */
	serve(model: {
		readonly id: string;
		readonly adapter: Adapter;
		readonly created: number;
		readonly owner: string;
	}): void;
}

/** The answer to an order by an engine and an adapter: the same numbers wherever it runs. Throws the llm room's `ModelError`. */
export function generateCanonically(engine: Engine, order: ChatOrder, adapter: Adapter): Generation {
	const { messages, maxTokens, temperaturePpm, topPPpm, seed, topK, minPPpm, repetitionPenaltyPpm, stop } = order;
	const sampling = {
		temperature: temperaturePpm / 1e6,
		topP: topPPpm / 1e6,
		seed,
		...(topK !== undefined && { topK }),
		...(minPPpm !== undefined && { minP: minPPpm / 1e6 }),
		...(repetitionPenaltyPpm !== undefined && { repetitionPenalty: repetitionPenaltyPpm / 1e6 }),
	};
	return engine.generate({ messages, maxTokens, sampling, ...(stop !== undefined && { stop }) }, adapter);
}

/** Makes a backend on an engine. Requests are answered one at a time, so none sees another's weights. */
export function createCanonicalBackend(
	engine: Engine,
	base: { readonly id: string; readonly owner: string },
): CanonicalBackend {
	const served = new Map<string, { readonly model: ServedModel; readonly adapter: Adapter }>();
	const baseModel: ServedModel = { ...base, digest: engine.base.digest, created: 0 };
	let last: Promise<unknown> = Promise.resolve();

	function adapterOf(order: Order): Adapter {
		const found = served.get(order.model);
		if (found !== undefined) return found.adapter;
		const names = [...served.keys()].join(", ") || "none yet";
		if (order.model === base.id) {
			const message = `${base.id} is a base, served only beneath its models; ask one of: ${names}`;
			throw new ApiError(404, "model_not_served", message, { param: "model", type: "not_found_error" });
		}
		const message = `there is no model ${JSON.stringify(order.model)}; models: ${names}`;
		throw new ApiError(404, "model_not_found", message, { param: "model", type: "not_found_error" });
	}

	function chatOnly(order: Order): ChatOrder {
		if ("messages" in order) return order;
		throw new ApiError(400, "unsupported_endpoint", "plain completions are not served yet; use /v1/chat/completions");
	}

	function countPrompt(asked: Order): number {
		adapterOf(asked);
		const order = chatOnly(asked);
		// One place is kept for the end token, which attribution adds.
		const room = engine.base.config.maxPositions - 1;
		const tooLong = (tokens: string) => {
			const message = `messages take ${tokens} tokens and max_tokens is ${order.maxTokens}; together at most ${room}`;
			return new ApiError(400, "context_length_exceeded", message, { param: "messages" });
		};
		// Nobody has paid yet, so what cannot fit is refused before it costs us an encoding.
		const bytes = order.messages.reduce((sum, { content }) => sum + Buffer.byteLength(content.normalize("NFC")), 0);
		const atLeast = Math.ceil(bytes / engine.base.tokenizer.longestTokenBytes);
		if (atLeast + order.maxTokens > room) throw tooLong(`at least ${atLeast}`);
		const tokens = encodeChat(engine.base, order.messages).length;
		if (tokens + order.maxTokens > room) throw tooLong(String(tokens));
		return tokens;
	}

	async function run(order: Order): Promise<Generation> {
		// One turn of the event loop between answers keeps the rest of the process alive under load.
		await new Promise((resolve) => setImmediate(resolve));
		try {
			return generateCanonically(engine, chatOnly(order), adapterOf(order));
		} catch (cause) {
			if (!(cause instanceof ModelError)) throw cause;
			throw new ApiError(400, cause.code, cause.message, { param: "messages", cause });
		}
	}

	return {
		proves: "bit-exact",
		models: () => [baseModel, ...[...served.values()].map(({ model }) => model)],
		countPrompt,
		drain: async () => {
			await last;
		},
		close: async () => {
			await last;
		},
		generate(order) {
			const turn = last.then(() => run(order));
			last = turn.catch(() => {});
			return turn;
		},
		serve({ id, adapter, created, owner }) {
			if (id === base.id) throw new ApiError(409, "name_taken", `${id} is the base's name; choose another`);
			served.set(id, { model: { id, parent: base.id, digest: adapter.digest, created, owner }, adapter });
		},
	};
}
