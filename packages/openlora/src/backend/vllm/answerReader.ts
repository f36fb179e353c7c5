// From vLLM's chunks to pieces and a whole answer. It must not know how chunks come.

import type { Generation } from "@openledger/llm";
import type { AnswerPiece, ShownToken, TokenLogprob } from "../backend.js";
import { notVllm } from "./vllmErrors.js";

export interface AnswerReader {
	/** The piece that a chunk brings, if it brings one. Throws `backend_malformed`. */
	take(chunk: unknown): AnswerPiece | undefined;
	/** The whole answer, once its last chunk was taken. Throws `backend_malformed` before that. */
	end(): Generation;
}

interface ChatLogprobs {
	readonly content?: readonly (ShownToken & { readonly top_logprobs?: readonly ShownToken[] })[] | null;
}
interface TextLogprobs {
	readonly tokens?: readonly string[];
	readonly token_logprobs?: readonly (number | null)[];
	readonly top_logprobs?: readonly (Readonly<Record<string, number>> | null)[];
}
interface Choice {
	readonly text?: string;
	readonly delta?: { readonly content?: string | null };
	readonly token_ids?: readonly number[] | null;
	readonly prompt_token_ids?: readonly number[] | null;
	readonly logprobs?: (ChatLogprobs & TextLogprobs) | null;
	readonly finish_reason?: string | null;
	readonly stop_reason?: string | number | null;
}
interface Chunk {
	readonly usage?: { readonly completion_tokens?: unknown } | null;
	readonly prompt_token_ids?: readonly number[] | null;
	readonly choices?: readonly Choice[];
}

/** `logprobs`: alternatives that were asked for with each token. */
export function createAnswerReader(logprobs?: number): AnswerReader {
	let text = "";
	let promptTokens: readonly number[] | undefined;
	const responseTokens: number[] = [];
	let finishReason: "stop" | "length" | undefined;
	let stoppedBy: string | undefined;
	let tokens = 0;
	/** How many tokens vLLM says it made. */
	let said: unknown;

	function take(json: unknown): AnswerPiece | undefined {
		const chunk = json as Chunk | null;
		if (!Array.isArray(chunk?.choices)) throw notVllm("a chunk has no choices");
		const [choice] = chunk.choices as readonly Choice[];
		said = chunk.usage?.completion_tokens ?? said;
		promptTokens ??= idsOf(chunk.prompt_token_ids ?? choice?.prompt_token_ids, "prompt_token_ids");
		// The last chunk of all only has the usage.
		if (choice === undefined) return undefined;
		if (promptTokens === undefined)
			throw notVllm("it has no prompt_token_ids; vLLM gives them from 0.10.2 on, when asked for return_token_ids");
		const piece = choice.delta?.content ?? choice.text ?? "";
		let ids = idsOf(choice.token_ids, "token_ids") ?? [];
		tokens += ids.length;
		let shown = logprobs === undefined ? undefined : logprobsOf(choice, logprobs);
		if (choice.finish_reason != null) {
			finishReason = finishOf(choice.finish_reason);
			if (typeof choice.stop_reason === "string") stoppedBy = choice.stop_reason;
			else if (finishReason === "stop" && ids.length > 0) {
				// The end token is vLLM's last token; answers here are without it.
				ids = ids.slice(0, -1);
				shown = shown?.slice(0, ids.length);
			}
		}
		if (shown !== undefined && shown.length !== ids.length)
			throw notVllm("it has not one log-probability for each token");
		text += piece;
		responseTokens.push(...ids);
		if (piece === "" && ids.length === 0) return undefined;
		return { text: piece, tokens: ids.length, ...(shown && { logprobs: shown }) };
	}

	return {
		take,
		end() {
			if (finishReason === undefined || promptTokens === undefined) throw notVllm("it ended without a finish_reason");
			// With a reasoning parser some versions keep tokens back; what cannot be counted cannot be charged for.
			if (typeof said === "number" && said !== tokens)
				throw notVllm(`it made ${said} tokens and gave the ids of ${tokens}; start vLLM without a reasoning parser`);
			return { text, promptTokens, responseTokens, finishReason, ...(stoppedBy !== undefined && { stoppedBy }) };
		},
	};
}

function idsOf(value: unknown, name: string): readonly number[] | undefined {
	if (value === undefined || value === null) return undefined;
	if (Array.isArray(value) && value.every((id) => Number.isSafeInteger(id) && id >= 0)) return value as number[];
	throw notVllm(`${name} are not token ids`);
}

function finishOf(reason: string): "stop" | "length" {
	if (reason === "stop" || reason === "length") return reason;
	throw notVllm(`finish_reason is ${JSON.stringify(reason.slice(0, 40))}`);
}

/** One entry a token: of a chat chunk as it is, of a plain completion's parallel lists put together. */
function logprobsOf({ logprobs }: Choice, count: number): TokenLogprob[] {
	if (logprobs == null) return [];
	if (logprobs.content != null) {
		return logprobs.content.map((one) => ({ ...shownOf(one), top: likeliest(one.top_logprobs ?? [], count) }));
	}
	const { tokens = [], token_logprobs: values = [], top_logprobs: tops = [] } = logprobs;
	return tokens.map((token, i) => {
		const top = Object.entries(tops[i] ?? {}).map(([other, logprob]) => ({ token: other, bytes: null, logprob }));
		return { token, bytes: null, logprob: values[i] ?? LEAST, top: likeliest(top, count) };
	});
}

/** What vLLM writes for minus infinity, which JSON cannot. */
const LEAST = -9999;

/** vLLM adds the chosen token to the likeliest, and a JSON object has an order of its own. */
const likeliest = (tokens: readonly ShownToken[], count: number): ShownToken[] =>
	[...tokens]
		.sort((a, b) => b.logprob - a.logprob)
		.slice(0, count)
		.map(shownOf);

const shownOf = ({ token, bytes, logprob }: ShownToken): ShownToken => ({ token, bytes: bytes ?? null, logprob });
