// Our order in vLLM's fields. Every sampling field is written out: what a request leaves out, vLLM takes from the model's
// generation_config.json, and the order would not decide the answer. It must not know of connections.

import type { Order } from "../backend.js";

export interface VllmRequest {
	readonly path: "/v1/chat/completions" | "/v1/completions";
	readonly body: object;
}

/** The request for an order, served under a name of vLLM's; `logprobs` alternatives for each token, if given. */
export function vllmRequest(order: Order, servedName: string, logprobs?: number): VllmRequest {
	const common = {
		model: servedName,
		max_tokens: order.maxTokens,
		temperature: order.temperaturePpm / 1e6,
		top_p: order.topPPpm / 1e6,
		top_k: order.topK ?? 0,
		min_p: (order.minPPpm ?? 0) / 1e6,
		repetition_penalty: (order.repetitionPenaltyPpm ?? 1_000_000) / 1e6,
		presence_penalty: 0,
		frequency_penalty: 0,
		seed: order.seed,
		stop: order.stop ?? [],
		n: 1,
		stream: true,
		stream_options: { include_usage: true },
		return_token_ids: true,
	};
	if ("messages" in order) {
		const asked = logprobs === undefined ? {} : { logprobs: true, top_logprobs: logprobs };
		return { path: "/v1/chat/completions", body: { ...common, messages: order.messages, ...asked } };
	}
	const asked = logprobs === undefined ? {} : { logprobs };
	return { path: "/v1/completions", body: { ...common, prompt: order.prompt, ...asked } };
}

/** What /tokenize is asked for the same prompt: with the base's name, as an adapter does not change the tokens. */
export function tokenizeRequest(order: Order, baseName: string): object {
	return "messages" in order
		? { model: baseName, messages: order.messages, add_generation_prompt: true }
		: { model: baseName, prompt: order.prompt, add_special_tokens: true };
}
