// An order as the engine takes it, and its answer by the engine alone: what a receipt is verified with. It must not know names or batches.

import type { Adapter, AnswerRequest, Engine, Generation, Prompt } from "@openledger/llm";
import type { Order } from "./backend.js";

/** What of an order decides the answer beside prompt and model. */
export function answerRequest(order: Order, logprobs?: number): AnswerRequest {
	const { maxTokens, temperaturePpm, topPPpm, seed, topK, minPPpm, repetitionPenaltyPpm, stop } = order;
	const sampling = {
		temperature: temperaturePpm / 1e6,
		topP: topPPpm / 1e6,
		seed,
		...(topK !== undefined && { topK }),
		...(minPPpm !== undefined && { minP: minPPpm / 1e6 }),
		...(repetitionPenaltyPpm !== undefined && { repetitionPenalty: repetitionPenaltyPpm / 1e6 }),
	};
	return { maxTokens, sampling, ...(stop !== undefined && { stop }), ...(logprobs !== undefined && { logprobs }) };
}

export function promptOf(order: Order): Prompt {
	return "messages" in order ? { messages: order.messages } : { prompt: order.prompt };
}

/**
 * The answer to an order by an engine and an adapter, or by the base alone: the same numbers wherever it runs, and the same as the batch's.
 * Throws the llm room's `ModelError`.
 */
export function generateCanonically(engine: Engine, order: Order, adapter?: Adapter): Generation {
	return engine.generate({ ...promptOf(order), ...answerRequest(order) }, adapter);
}
