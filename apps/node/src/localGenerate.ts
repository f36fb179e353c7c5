// Generates with a base and an adapter from folders: no chain, no database, no payment. It must not know of models' names.

import { createEngine, engineId, loadAdapter, loadBase } from "@openledger/llm";

export type LocalGenerate = {
	readonly base: string;
	readonly adapter?: string;
	readonly prompt: string;
	readonly maxTokens: number;
	/** 0, the default, is greedy. */
	readonly temperature?: number;
	readonly topP?: number;
	readonly seed?: number;
};

/** Throws the llm room's `ModelError`, naming the file at fault. */
export async function localGenerate(wanted: LocalGenerate) {
	const base = await loadBase(wanted.base);
	const adapter = wanted.adapter === undefined ? undefined : await loadAdapter(wanted.adapter, base);
	const { temperature = 0, topP = 1, seed = 0 } = wanted;
	const generation = createEngine(base).generate(
		{
			messages: [{ role: "user", content: wanted.prompt }],
			maxTokens: wanted.maxTokens,
			sampling: { temperature, topP, seed },
		},
		adapter,
	);
	return {
		engineId: engineId(),
		baseDigest: base.digest,
		adapterDigest: adapter?.digest,
		text: generation.text,
		promptTokens: generation.promptTokens,
		responseTokens: generation.responseTokens,
		finishReason: generation.finishReason,
	};
}
