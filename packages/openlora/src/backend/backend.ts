// What serves models. A backend says what it can prove; the server does not care which one it has.
// It must not know of payments or of HTTP.

import type { Generation } from "@openledger/llm";
import type { ChatOrder } from "../chat/chatOrder.js";
import type { TextOrder } from "../completions/textOrder.js";

/** One answer's worth of a request: everything that decides the answer, and nothing else. */
export type Order = ChatOrder | TextOrder;

export interface ServedModel {
	/** The name in requests, for instance "world-1". */
	readonly id: string;
	/** The base it was trained on; absent for a base itself. */
	readonly parent?: string;
	/** Digest of the adapter's bytes, or of the base; absent while the bytes have not been read, or are another server's. */
	readonly digest?: `0x${string}`;
	/** Seconds since 1970. */
	readonly created: number;
	readonly owner: string;
	/** Whether requests may name it; where a backend does not say, models on a base are served and the base is not. */
	readonly served?: boolean;
	/** How many tokens prompt and answer may have together. */
	readonly contextTokens?: number;
	/** Of adapters: where the weights are now. */
	readonly state?: "resident" | "on-disk" | "loading";
	readonly pinned?: boolean;
	/** Bytes of the weights in memory. */
	readonly bytes?: number;
	readonly rank?: number;
	/** The folder it came from; shown to the operator only. */
	readonly path?: string;
}

/** A token as OpenAI shows it: its text, its bytes where the text alone does not tell, natural logarithm of its probability. */
export interface ShownToken {
	readonly token: string;
	readonly bytes: readonly number[] | null;
	readonly logprob: number;
}

export interface TokenLogprob extends ShownToken {
	/** The likeliest tokens at this place, the likeliest first. */
	readonly top: readonly ShownToken[];
}

/** A piece of an answer, as soon as it is certain; the pieces' texts, joined, are the answer's text. */
export interface AnswerPiece {
	readonly text: string;
	/** How many tokens this piece brings: 0 where it only gives what was held back. */
	readonly tokens: number;
	/** One for each of its tokens, if they were asked for. */
	readonly logprobs?: readonly TokenLogprob[];
}

export interface GenerateOptions {
	/** Stops the work between two tokens; `generate` then rejects with an `ApiError` of status 499. */
	readonly signal?: AbortSignal;
	/** Whose request it is; tenants share the machine fairly. */
	readonly tenant?: string;
	/** It was paid for: it may wait even where so many wait already that others are refused. */
	readonly isPromised?: boolean;
	readonly onPiece?: (piece: AnswerPiece) => void;
	/** 0 to 20 alternatives for each token; absent for no log-probabilities at all. */
	readonly logprobs?: number;
}

/** Adapters put in and taken out while running. Errors are `ApiError`s: 400 malformed, 404 not there, 409 in use or taken. */
export interface AdapterAdmin {
	/** The same name again points to the new weights from the next request on. `path` must lie below an allowed root. */
	load(adapter: { readonly name: string; readonly path: string; readonly pinned?: boolean }): Promise<ServedModel>;
	/** New requests are refused at once; requests under way finish. */
	unload(name: string): Promise<void>;
	pin(name: string, pinned: boolean): Promise<ServedModel>;
	list(): readonly ServedModel[];
}

/** A histogram as plain data: `counts[i]` values were at most `bounds[i]`, and beyond the one before it; one more count for the rest. */
export interface HistogramData {
	readonly bounds: readonly number[];
	readonly counts: readonly number[];
	readonly sum: number;
}

/** What /metrics shows of a backend. Totals since the start are named `…Total`; seconds and bytes as they say. */
export interface BackendStats {
	readonly waiting: number;
	readonly running: number;
	readonly promptTokensTotal: number;
	readonly generatedTokensTotal: number;
	readonly stepsTotal?: number;
	/** Sequences in a step, as a distribution over steps. */
	readonly batchSize?: HistogramData;
	readonly timeToFirstTokenSeconds?: HistogramData;
	readonly interTokenSeconds?: HistogramData;
	readonly kvBlocks?: number;
	readonly kvBlocksFree?: number;
	readonly prefixTokensHitTotal?: number;
	readonly prefixTokensQueriedTotal?: number;
	readonly adapters?: {
		readonly registered: number;
		readonly resident: number;
		readonly pinned: number;
		readonly bytes: number;
		readonly budgetBytes: number;
		readonly hitsTotal: number;
		readonly missesTotal: number;
		readonly evictionsTotal: number;
		readonly loadSeconds?: HistogramData;
		/** Different adapters used in the last minute. */
		readonly workingSet?: number;
		/** Requests by adapter name since the start; the server caps how many it shows. */
		readonly requestsByName?: readonly (readonly [name: string, requests: number])[];
	};
}

export interface Backend {
	/** "bit-exact": anybody with the same engine gets the same bits. */
	readonly proves: "bit-exact" | "nothing";
	/** The base first, then the models on it. */
	models(): readonly ServedModel[];
	/** One model by name, where that is cheaper than looking through `models()`. */
	model?(id: string): ServedModel | undefined;
	/**
	 * Tokens of the prompt as the model will see it. Throws an `ApiError`: model_not_found for an unknown name,
	 * context_length_exceeded if it and `maxTokens` do not fit.
	 */
	countPrompt(order: Order): number | Promise<number>;
	/** Rejects with an `ApiError`: model_not_found, 429 overloaded, 499 cancelled, 503 draining. */
	generate(order: Order, options?: GenerateOptions): Promise<Generation>;
	/** Undefined where a backend cannot load adapters while it runs. */
	readonly adapters?: AdapterAdmin;
	stats?(): BackendStats;
	/** Takes no new work; resolves when the running work is done. */
	drain(): Promise<void>;
	close(): Promise<void>;
}
