// LoRA training step (rank 16 on all linears) at about 3 M, 15 M and 135 M parameters, one thread and two, as tokens/s and as a share of
// what GEMM alone reaches in the same run; beside it PyTorch + PEFT where a Python with both is named in OPENLEDGER_PYTHON.

import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	type AdapterConfig,
	adapterLoss,
	adapterModules,
	adapterParameterShapes,
	batchFeeds,
	createTrainer,
	initialAdapter,
	inputNameA,
	inputNameB,
	LINEARS,
	type LlamaConfig,
	makeBatch,
	meanWeights,
	parameterShapes,
	parseConfig,
} from "@openledger/llm";
import { compile, createMachine, drawNormals, type Feed, input, type Machine, matmul, size } from "@openledger/tensor";
import type { BenchOptions, BenchResult, BenchTarget } from "./run.js";

type Model = {
	readonly name: string;
	readonly config: LlamaConfig;
	readonly rows: number;
	readonly length: number;
	readonly steps: number;
};

const llama = (fields: Record<string, unknown>): LlamaConfig =>
	parseConfig({ model_type: "llama", max_position_embeddings: 256, tie_word_embeddings: true, ...fields });

const MODELS: readonly Model[] = [
	{
		name: "3M",
		config: llama({
			hidden_size: 208,
			intermediate_size: 560,
			num_hidden_layers: 5,
			num_attention_heads: 4,
			vocab_size: 2048,
		}),
		rows: 16,
		length: 64,
		steps: 7,
	},
	{
		name: "15M",
		config: llama({
			hidden_size: 288,
			intermediate_size: 768,
			num_hidden_layers: 6,
			num_attention_heads: 6,
			vocab_size: 32000,
		}),
		rows: 8,
		length: 128,
		steps: 5,
	},
	{
		name: "135M",
		config: llama({
			hidden_size: 576,
			intermediate_size: 1536,
			num_hidden_layers: 30,
			num_attention_heads: 9,
			num_key_value_heads: 3,
			vocab_size: 49152,
		}),
		rows: 2,
		length: 128,
		steps: 3,
	},
];

const ADAPTER: AdapterConfig = { rank: 16, alpha: 32, targets: LINEARS };
const SETTINGS = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 };
const BLOCK = drawNormals({ seed: 1, purpose: 0xbe }, 1 << 16).map((x) => 0.02 * x);

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;
const count = (shapes: Iterable<readonly number[]>): number => [...shapes].reduce((n, shape) => n + size(shape), 0);

/** Multiplications that a training step does: 4 FLOP a base weight and token, 6 an adapter weight and token. */
function flopsPerToken(config: LlamaConfig): number {
	const matrices = [...parameterShapes(config)].filter(([, shape]) => shape.length === 2).map(([, shape]) => shape);
	return 4 * count(matrices) + 6 * count(adapterParameterShapes(config, ADAPTER).values());
}

async function ready(threads: number): Promise<Machine> {
	const machine = createMachine({ threads, maxBytes: 4 * 1024 ** 3 - 65536 });
	for (const end = performance.now() + 5000; !machine.ready() && performance.now() < end; )
		await new Promise((r) => setTimeout(r, 5));
	return machine;
}

/** GFLOP/s of a 512³ product on this machine. */
function gemmSpeed(machine: Machine): number {
	const N = 512;
	const [a, b, y] = [0, 1, 2].map(() =>
		machine.buffer(
			[N, N],
			Float32Array.from({ length: N * N }, (_, i) => BLOCK[i % BLOCK.length]!),
		),
	);
	const program = compile(machine, { y: matmul(input("a", [N, N]), input("b", [N, N])) });
	const times: number[] = [];
	for (let i = 0; i < 25; i++) {
		const from = performance.now();
		program.run({ a: a!, b: b! }, { into: { y: y! }, read: [] });
		times.push(performance.now() - from);
	}
	return (2 * N ** 3) / median(times) / 1e6;
}

function tokensPerSecond(
	machine: Machine,
	{ config, rows, length, steps }: Model,
): { perSecond: number; compileSeconds: number } {
	const base: Record<string, Feed> = {};
	for (const [name, shape] of parameterShapes(config)) {
		const values = new Float32Array(size(shape));
		for (let at = 0; at < values.length; at += BLOCK.length)
			values.set(BLOCK.subarray(0, Math.min(BLOCK.length, values.length - at)), at);
		base[name] = machine.buffer(shape, shape.length === 1 ? values.fill(1) : values);
	}
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(config, ADAPTER, 1))
		initial.set(inputNameA(path), A).set(inputNameB(path), B);
	const trainer = createTrainer({
		machine,
		shapes: adapterParameterShapes(config, ADAPTER),
		initial,
		loss: adapterLoss(config, ADAPTER),
		settings: SETTINGS,
	});
	const batch = makeBatch(
		Array.from({ length: rows }, (_, b) => ({
			tokens: Array.from({ length: length + 1 }, (_, t) => (b * 131 + t * 17) % config.vocabSize),
			from: 1,
		})),
		0,
	);
	const feeds = { ...base, ...batchFeeds(config, batch, meanWeights(batch)) };
	const first = performance.now();
	trainer.step(batch.shape, feeds, 1e-3);
	const cold = performance.now() - first;
	const times: number[] = [];
	for (let i = 0; i < steps; i++) {
		const from = performance.now();
		trainer.step(batch.shape, feeds, 1e-3);
		times.push(performance.now() - from);
	}
	return {
		perSecond: (1000 * rows * length) / median(times),
		compileSeconds: Math.max(0, cold - median(times)) / 1000,
	};
}

/** Tokens/s of PyTorch + PEFT on the same shapes, or undefined with a line that says why. */
function torch(log: (line: string) => void): Record<string, number> | undefined {
	const python = process.env.OPENLEDGER_PYTHON;
	if (python === undefined) {
		log("PyTorch left out: name a Python with torch, transformers and peft in OPENLEDGER_PYTHON");
		return undefined;
	}
	const models = MODELS.map(({ name, config, rows, length, steps }) => ({ name, config, rows, length, steps }));
	const script = join(dirname(fileURLToPath(import.meta.url)), "peers", "torchTrain.py");
	const done = spawnSync(python, [script], {
		input: JSON.stringify({ models, rank: ADAPTER.rank, alpha: ADAPTER.alpha, targets: ADAPTER.targets }),
		encoding: "utf8",
	});
	if (done.status === 0) return JSON.parse(done.stdout.trim().split("\n").at(-1)!) as Record<string, number>;
	log(`PyTorch left out: ${done.stderr.trim().split("\n").at(-1) ?? done.error?.message}`);
	return undefined;
}

export async function run({ args, log }: BenchOptions): Promise<BenchResult> {
	const chosen = MODELS.filter(({ name }) => args.length === 0 || args.includes(name));
	const peer = torch(log);
	const rows: Record<string, string | number>[] = [];
	const targets: BenchTarget[] = [];
	for (const model of chosen) {
		for (const threads of [1, 2]) {
			const machine = await ready(threads);
			const gemm = gemmSpeed(machine);
			const { perSecond, compileSeconds } = tokensPerSecond(machine, model);
			machine.close();
			const gflops = (perSecond * flopsPerToken(model.config)) / 1e9;
			const row = {
				model: model.name,
				parameters: count(parameterShapes(model.config).values()),
				adapterModules: adapterModules(model.config, ADAPTER).length,
				batch: `${model.rows}×${model.length}`,
				threads,
				tokensPerSecond: Math.round(perSecond),
				gflops: Number(gflops.toFixed(1)),
				shareOfGemm: Number((gflops / gemm).toFixed(2)),
				compileSeconds: Number(compileSeconds.toFixed(2)),
				...(peer?.[model.name] !== undefined && {
					torchTokensPerSecond: Math.round(peer[model.name]!),
					ratio: Number((perSecond / peer[model.name]!).toFixed(2)),
				}),
			};
			rows.push(row);
			log(JSON.stringify(row));
			if (threads === 1 && model.name === "15M")
				targets.push({
					what: "share of GEMM at 15M, one thread",
					value: row.shareOfGemm,
					target: "≥ 0.6",
					ok: row.shareOfGemm >= 0.6,
				});
			if (threads === 2 && row.ratio !== undefined)
				targets.push({
					what: `ratio to PyTorch at ${model.name}`,
					value: row.ratio,
					target: "≥ 0.35",
					ok: row.ratio >= 0.35,
				});
		}
	}
	return { rows, targets };
}
