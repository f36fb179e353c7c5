// Bases and adapters that the parts share: ember as it is shipped and a made-up 15 M model, neither of which ever ends an answer by itself, and
// adapters made of a seed. Knows nothing of serving.

import { fileURLToPath } from "node:url";
import { type Adapter, type AdapterConfig, type BaseModel, initialAdapter, LINEARS, loadBase } from "@openledger/llm";
import { drawNormals } from "@openledger/tensor";
import { MODELS, madeUpParameters } from "../models.js";

const EMBER = fileURLToPath(new URL("../../models/ember", import.meta.url));

/** Answers go on to their limit, so that every request is the same work. */
const endless = (base: BaseModel): BaseModel => ({ ...base, endOfText: -1, endTokens: [] });

export async function benchBase(name: "ember" | "15M"): Promise<BaseModel> {
	const ember = endless(await loadBase(EMBER));
	if (name === "ember") return ember;
	const { config } = MODELS.find((model) => model.name === name)!;
	const made = madeUpParameters(config);
	const parameters = { get: (key: string) => made.get(key) } as BaseModel["parameters"];
	// Its vocabulary is larger than the tokenizer's: ids are shown as letters.
	const decode = (ids: readonly number[]) => ids.map((id) => String.fromCharCode(97 + (id % 26))).join("");
	return { ...ember, name, config, parameters, tokenizer: { ...ember.tokenizer, decode } };
}

export const adapterConfig = (rank: number): AdapterConfig => ({ rank, alpha: 2 * rank, targets: [...LINEARS] });

/** An adapter whose numbers follow from its seed; small, so that answers stay text-like. */
export function madeUpAdapter(
	base: BaseModel,
	rank: number,
	seed: number,
	targets: readonly string[] = LINEARS,
): Adapter {
	const config = { ...adapterConfig(rank), targets };
	const weights = initialAdapter(base.config, config, seed);
	const normals = drawNormals({ seed, purpose: 0xbe }, 4096);
	for (const { B } of weights.values()) for (let i = 0; i < B.length; i++) B[i] = 0.02 * normals[i % 4096]!;
	return { config, weights, digest: `0x${seed.toString(16).padStart(64, "0")}` };
}

/** What a request asks: some 20 tokens, different for each from its beginning on, so that nothing is found that was read before. */
export const promptOf = (i: number): string =>
	`${i} is the question: which river runs through the town of that number?`;
