// One hash over every kernel's numbers, two training steps and a generation. Equal hashes on two machines mean equal engines.

import {
	add,
	attention,
	broadcastTo,
	compile,
	cos,
	createMachine,
	crossEntropy,
	div,
	drawNormals,
	exp,
	gather,
	gradient,
	greater,
	input,
	log,
	matmul,
	max,
	mul,
	neg,
	reshape,
	rmsNorm,
	rope,
	siluGate,
	sin,
	sqrt,
	sub,
	sum,
	sumAll,
	type Tensor,
	transpose,
} from "@openledger/tensor";
import { type Digest, sha256 } from "../digest.js";
import { engineId } from "../engineId.js";
import { createEngine } from "../generation/engine.js";
import { type AdapterConfig, initialAdapter } from "../lora/adapterConfig.js";
import { inputNameA, inputNameB } from "../lora/adapterGraph.js";
import { readAdapter, writeAdapterModel } from "../lora/peft.js";
import { writeAdapterConfig } from "../lora/peftConfig.js";
import { LINEARS } from "../model/parameters.js";
import { makeBatch, meanWeights } from "../training/batch.js";
import { adapterLoss, adapterParameterShapes, batchFeeds } from "../training/loss.js";
import { createTrainer } from "../training/trainer.js";
import { GOLDEN } from "./golden.js";
import { tinyBase } from "./tinyBase.js";

export interface SelftestResult {
	readonly engineId: Digest;
	readonly hash: Digest;
	readonly golden: Digest;
	readonly ok: boolean;
}

const bytes = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Every op forward and backward on odd sizes. */
function operations(threads: number): Uint8Array[] {
	const x = input("x", [2, 9, 4, 12]);
	const y = input("y", [2, 9, 2, 12]);
	const flat = reshape(x, [72, 12]);
	const w = reshape(sum(y, 0), [18, 12]);
	const positive = add(mul(flat, flat), sub(exp(neg(flat)), sin(mul(flat, cos(flat)))));
	const ids = input("ids", [7], "i32");
	const table = input("table", [9, 6]);
	const parts: Tensor[] = [
		attention(rope(x, table, reshape(transpose(table, [1, 0]), [9, 6])), y, y, 0.3),
		crossEntropy(gather(matmul(flat, w, { transB: true }), ids), ids),
		rmsNorm(flat, reshape(sum(sum(sum(y, 0), 0), 0), [12]), 1e-5),
		siluGate(
			flat,
			log(add(sqrt(mul(positive, positive)), broadcastTo(reshape(max(mul(flat, flat), 1), [72, 1]), [72, 12]))),
		),
		div(flat, add(greater(flat, neg(flat)), exp(flat))),
	];
	const loss = parts.map(sumAll).reduce(add);
	const [gx, gy] = gradient(loss, [x, y]) as [Tensor, Tensor];
	const outputs: Record<string, Tensor> = { gx, gy };
	parts.forEach((p, i) => {
		outputs[`p${i}`] = p;
	});
	const draw = (count: number, step: number) => drawNormals({ seed: 11, purpose: 0x5e1f, step }, count);
	const result = compile(createMachine({ threads }), outputs).run({
		x: draw(864, 0),
		y: draw(432, 1),
		table: draw(54, 2),
		ids: Int32Array.of(3, 0, 17, 5, 5, 11, 2),
	});
	return Object.keys(outputs)
		.sort()
		.map((name) => bytes(result[name]!));
}

/** Two LoRA steps and a greedy and a sampled answer on a tiny seeded base. */
function model(threads: number): Uint8Array[] {
	const base = tinyBase();
	const engine = createEngine(base, createMachine({ threads }));
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
		bytes(engine.nextLogits([1, 40, 90, 2], adapter)),
		Uint8Array.from([...greedy.responseTokens, ...sampled.responseTokens].flatMap((t) => [t & 255, t >> 8])),
	];
}

/** Runs it all on so many threads; takes well under a second. */
export function engineSelftest(threads = 1): SelftestResult {
	const hash = sha256(...operations(threads), ...model(threads));
	return { engineId: engineId(), hash, golden: GOLDEN, ok: hash === GOLDEN };
}
