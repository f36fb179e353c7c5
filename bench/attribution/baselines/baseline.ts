// What a baseline of the scoreboard is: a score of every row for every query, from their texts or from a model that has seen them.

import type { TokenRow } from "@openledger/llm";

export interface TextPair {
	readonly prompt: string;
	readonly response: string;
	/** The tokens a model reads; by default those of `encodeRow`. */
	readonly tokens?: TokenRow;
}

export interface Baseline {
	readonly name: string;
	/** One array of scores, by row, for each query; higher says more influence. Deterministic. */
	score(rows: readonly TextPair[], queries: readonly TextPair[]): Float64Array[];
}

/** What text baselines read of a row or a query. */
export function textOf({ prompt, response }: TextPair): string {
	return prompt === "" ? response : `${prompt} ${response}`;
}
