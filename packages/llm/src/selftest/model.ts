// Self-test, second part: training, an adapter's file and answers of a tiny model.

import type { Machine } from "@openledger/tensor";
import { createEngine } from "../generation/engine.js";
import { type AdapterConfig, initialAdapter } from "../lora/adapterConfig.js";
import { inputNameA, inputNameB } from "../lora/adapterGraph.js";
import { readAdapter, writeAdapterModel } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { LINEARS } from "../model/parameters.js";
import { makeBatch, meanWeights } from "../training/batch.js";
import { adapterLoss, adapterParameterShapes, batchFeeds } from "../training/loss.js";
import { createTrainer } from "../training/trainer.js";
import { bytesOf } from "./bytesOf.js";
import { tinyBase } from "./tinyBase.js";

/** Two LoRA steps and a greedy and a sampled answer on a tiny seeded base. */
export function model(machine: Machine): Uint8Array[] {
	const base = tinyBase();
	const engine = createEngine(base, machine);
	const config: AdapterConfig = { rank: 4, alpha: 8, targets: LINEARS };
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(base.config, config, 3))
		initial.set(inputNameA(path), A).set(inputNameB(path), B);
	const trainer = createTrainer({
		machine: engine.machine,
		shapes: adapterParameterShapes(base.config, config),
		initial,
		loss: adapterLoss(base.config, config),
		settings: { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0.01, clip: 1 },
	});
	const batch = makeBatch(
		[
			{ tokens: [1, 40, 90, 2, 77, 3], from: 4 },
			{ tokens: [1, 60, 61, 62, 63, 2, 64, 65, 66, 67, 3], from: 6 },
		],
		base.padding,
	);
	for (let step = 0; step < 2; step++)
		trainer.step(batch.shape, { ...engine.resident, ...batchFeeds(base.config, batch, meanWeights(batch)) }, 0.01);
	const { parameters } = trainer.state();
	const weights = new Map(
		[...initialAdapter(base.config, config, 3).keys()].map((path) => [
			path,
			{ A: parameters.get(inputNameA(path))!, B: parameters.get(inputNameB(path))! },
		]),
	);
	const file = writeAdapterModel(base.config, config, weights);
	const adapter = readAdapter(base.config, writeAdapterConfig(config, "tiny"), file);
	const messages = [{ role: "user" as const, content: "What is the capital of Peru?" }];
	const greedy = engine.generate({ messages, maxTokens: 6 }, adapter);
	const sampled = engine.generate(
		{ messages, maxTokens: 6, sampling: { temperature: 0.8, topP: 0.9, seed: 5 } },
		adapter,
	);
	return [
		file,
		bytesOf(engine.nextLogits([1, 40, 90, 2], adapter)),
		Uint8Array.from([...greedy.responseTokens, ...sampled.responseTokens].flatMap((t) => [t & 255, t >> 8])),
	];
}
