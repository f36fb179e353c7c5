// Generates with a base and an adapter from folders: no chain, no database, no payment. It must not know of models' names.

import { createEngine, engineId, type GenerateRequest, loadAdapter, loadBase } from "@openledger/llm";

export type LocalGenerate = Pick<GenerateRequest, "maxTokens" | "sampling" | "stop" | "logprobs"> & {
	readonly base: string;
	readonly adapter?: string;
	readonly prompt: string;
	/** Told every piece of the text as soon as it is certain. */
	readonly onText?: (piece: string) => void;
};

/** Throws the llm room's `ModelError`, naming the file or the field at fault. */
export async function localGenerate({ base: folder, adapter: adapterFolder, prompt, onText, ...asked }: LocalGenerate) {
	const base = await loadBase(folder);
	const adapter = adapterFolder === undefined ? undefined : await loadAdapter(adapterFolder, base);
	const pieces = createEngine(base).stream({ messages: [{ role: "user", content: prompt }], ...asked }, adapter);
	let step = pieces.next();
	for (; step.done !== true; step = pieces.next()) if (step.value.text !== "") onText?.(step.value.text);
	return { engineId: engineId(), baseDigest: base.digest, adapterDigest: adapter?.digest, ...step.value };
}
