// LoRA training step (rank 16 on all linears) at about 3 M, 15 M and 135 M parameters, one thread and two, as tokens/s and as a share of
// what GEMM alone reaches in the same run; beside it PyTorch + PEFT where a Python with both is named in OPENLEDGER_PYTHON.

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
} from "@openledger/llm";
import { compile, input, type Machine, matmul } from "@openledger/tensor";
import { askTorch, BLOCK, count, MODELS, type Model, median, ready, residentWeights } from "./models.js";
import type { BenchOptions, BenchResult, BenchTarget } from "./run.js";

const ADAPTER: AdapterConfig = { rank: 16, alpha: 32, targets: LINEARS };
const SETTINGS = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 };

/** Multiplications that a training step does: 4 FLOP a base weight and token, 6 an adapter weight and token. */
function flopsPerToken(config: LlamaConfig): number {
	const matrices = [...parameterShapes(config)].filter(([, shape]) => shape.length === 2).map(([, shape]) => shape);
	return 4 * count(matrices) + 6 * count(adapterParameterShapes(config, ADAPTER).values());
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
	const base = residentWeights(machine, config);
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

export async function run({ args, log }: BenchOptions): Promise<BenchResult> {
	const chosen = MODELS.filter(({ name }) => args.length === 0 || args.includes(name));
	const peer = askTorch("torchTrain.py", { rank: ADAPTER.rank, alpha: ADAPTER.alpha, targets: ADAPTER.targets }, log);
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
