// Our engine's pieces as the chunks that vLLM streams: the role and the prompt's ids first, one chunk a token, the last token with
// the finish reason, the usage at the end. For tests.

import type { Engine, Generation, GenerationPiece, LogProbabilities } from "@openledger/llm";

export interface ChunksOptions {
	readonly isChat: boolean;
	readonly model: string;
	readonly engine: Engine;
	readonly logprobs: number | undefined;
	readonly promptIds: readonly number[] | undefined;
}

export function createChunks({ isChat, model, engine, logprobs, promptIds }: ChunksOptions) {
	const { base } = engine;
	const head = {
		id: isChat ? "chatcmpl-0a1b2c3d4e5f" : "cmpl-0a1b2c3d4e5f",
		object: isChat ? "chat.completion.chunk" : "text_completion",
		created: 1_790_000_000,
		model,
	};
	/** A token waits until it is known whether it is the last; text that was held back comes with the token before it. */
	let held = { text: "", tokens: [] as readonly number[], logprobs: [] as readonly LogProbabilities[] };
	let isFirst = true;

	const textOf = (token: number) => base.tokenizer.decode([token]);
	const shown = ({ token, logprob }: { readonly token: number; readonly logprob: number }) => ({
		token: textOf(token),
		logprob,
		bytes: [...new TextEncoder().encode(textOf(token))],
	});

	function shownLogprobs(found: readonly LogProbabilities[]): object | null {
		if (logprobs === undefined) return null;
		if (isChat) return { content: found.map((one) => ({ ...shown(one), top_logprobs: one.top.map(shown) })) };
		// The chosen one stands among them even where it is none of the likeliest.
		const tops = found.map((one) => Object.fromEntries([one, ...one.top].map((t) => [textOf(t.token), t.logprob])));
		return {
			text_offset: found.map(() => 0),
			token_logprobs: found.map(({ logprob }) => logprob),
			tokens: found.map(({ token }) => textOf(token)),
			top_logprobs: tops,
		};
	}

	function chunk(end: object = {}): object {
		const choice = {
			index: 0,
			...(isChat ? { delta: { content: held.text } } : { text: held.text }),
			logprobs: shownLogprobs(held.logprobs),
			finish_reason: null,
			...end,
			...(promptIds && { token_ids: held.tokens }),
			...(promptIds && isFirst && !isChat && { prompt_token_ids: promptIds }),
		};
		isFirst = false;
		return { ...head, choices: [choice] };
	}

	return {
		begin(): object[] {
			if (!isChat) return [];
			const choice = { index: 0, delta: { role: "assistant", content: "" }, logprobs: null, finish_reason: null };
			return [{ ...head, choices: [choice], ...(promptIds && { prompt_token_ids: promptIds }) }];
		},
		take({ text, token, logprobs: found }: GenerationPiece): object[] {
			if (token === undefined) {
				held = { ...held, text: held.text + text };
				return [];
			}
			const before = held.tokens.length > 0 ? [chunk()] : [];
			held = { text, tokens: [token], logprobs: found === undefined ? [] : [found] };
			return before;
		},
		end({ finishReason, stoppedBy, promptTokens, responseTokens }: Generation): object[] {
			const hasEndToken = finishReason === "stop" && stoppedBy === undefined;
			if (hasEndToken) {
				const logprob = { token: base.endOfText, logprob: -0.5, top: [] };
				held = { ...held, tokens: [...held.tokens, base.endOfText], logprobs: [...held.logprobs, logprob] };
			}
			const last = chunk({ finish_reason: finishReason, stop_reason: stoppedBy ?? null });
			const [prompt_tokens, completion_tokens] = [promptTokens.length, responseTokens.length + (hasEndToken ? 1 : 0)];
			const usage = { prompt_tokens, total_tokens: prompt_tokens + completion_tokens, completion_tokens };
			return [last, { ...head, choices: [], usage }];
		},
	};
}
