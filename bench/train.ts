// A training step of models of about 3 M, 15 M and 135 M parameters: LoRA (rank 16 on all linears) and every parameter, WebAssembly and the
// native twin, one thread and two; beside it PyTorch + PEFT where a Python with both is named in OPENLEDGER_PYTHON. Our steps, bare products
// and PyTorch's steps (on as many threads) take turns, so that what else the machine does meets all three. Arguments choose: 15M lora native.

import {
	type AdapterConfig,
	adapterLoss,
	adapterParameterShapes,
	batchFeeds,
	createTrainer,
	fullLoss,
	initialAdapter,
	inputNameA,
	inputNameB,
	LINEARS,
	type LlamaConfig,
	makeBatch,
	meanWeights,
	parameterShapes,
	planStep,
	stepGraph,
} from "@openledger/llm";
import {
	type Buffer,
	compile,
	createMachine,
	type Feed,
	input,
	type KernelSource,
	type Machine,
	matmul,
} from "@openledger/tensor";
import { BLOCK, count, MODELS, type Model, median, residentWeights } from "./models.js";
import { nativeForBench } from "./native.js";
import type { BenchOptions, BenchResult, BenchTarget } from "./run.js";
import { openTorch, type TorchPeer } from "./torchPeer.js";

const ADAPTER: AdapterConfig = { rank: 16, alpha: 32, targets: LINEARS };
const SETTINGS = { beta1: 0.9, beta2: 0.95, epsilon: 1e-8, epsilonRoot: 1e-12, weightDecay: 0, clip: 1 };
const KINDS = ["lora", "full"] as const;
type Kind = (typeof KINDS)[number];

/** Multiplications of a step and token: forward and backward through what stays is 4 FLOP a weight, with its gradient 6. */
function flopsPerToken(config: LlamaConfig, kind: Kind): number {
	const matrices = [...parameterShapes(config).values()].filter((shape) => shape.length === 2);
	if (kind === "full") return 6 * count(matrices);
	return 4 * count(matrices) + 6 * count(adapterParameterShapes(config, ADAPTER).values());
}

interface Speed {
	/** GFLOP/s by the clock, and by processor time, which other work on the machine does not stretch. */
	readonly wall: number;
	readonly cpu: number;
}

const speed = (flop: number, milliseconds: number, cpuMilliseconds: number): Speed => ({
	wall: flop / milliseconds / 1e6,
	cpu: flop / cpuMilliseconds / 1e6,
});

/** Milliseconds by the clock and of processor time, all threads together. */
function timed(work: () => void): { readonly wall: number; readonly cpu: number } {
	const [from, used] = [performance.now(), process.cpuUsage()];
	work();
	const wall = performance.now() - from;
	const { user, system } = process.cpuUsage(used);
	return { wall, cpu: (user + system) / 1000 };
}

/**
 * Products of 512 by 512 by 512, one after the other for so many milliseconds. All of that time counts: a median of single calls would leave
 * out the moments when other work has the processor, which a long step cannot.
 */
function gemmProbe(machine: Machine): (milliseconds: number) => Speed {
	const N = 512;
	const fill = Float32Array.from({ length: N * N }, (_, i) => BLOCK[i % BLOCK.length]!);
	const [a, b, y] = [0, 1, 2].map(() => machine.buffer([N, N], fill)) as [Buffer, Buffer, Buffer];
	const program = compile(machine, { y: matmul(input("a", [N, N]), input("b", [N, N])) });
	return (milliseconds) => {
		let calls = 0;
		const { wall, cpu } = timed(() => {
			for (const end = performance.now() + milliseconds; performance.now() < end; calls++)
				program.run({ a, b }, { into: { y }, read: [] });
		});
		return speed(2 * N ** 3 * calls, wall, cpu);
	};
}

function normals(shape: readonly number[]): Float32Array {
	const size = count([shape]);
	if (shape.length === 1) return new Float32Array(size).fill(1);
	return Float32Array.from({ length: size }, (_, i) => BLOCK[i % BLOCK.length]!);
}

function setUp(machine: Machine, { config, rows, length }: Model, kind: Kind) {
	const shapes = kind === "full" ? parameterShapes(config) : adapterParameterShapes(config, ADAPTER);
	const loss = kind === "full" ? fullLoss(config) : adapterLoss(config, ADAPTER);
	const initial = new Map<string, Float32Array>();
	if (kind === "full") for (const [name, shape] of shapes) initial.set(name, normals(shape));
	else
		for (const [path, { A, B }] of initialAdapter(config, ADAPTER, 1))
			initial.set(inputNameA(path), A).set(inputNameB(path), B);
	const resident: Readonly<Record<string, Feed>> = kind === "full" ? {} : residentWeights(machine, config);
	const trainer = createTrainer({ machine, shapes, initial, loss, settings: SETTINGS });
	const batch = makeBatch(
		Array.from({ length: rows }, (_, b) => ({
			tokens: Array.from({ length: length + 1 }, (_, t) => (b * 131 + t * 17) % config.vocabSize),
			from: 1,
		})),
		0,
	);
	const feeds = { ...resident, ...batchFeeds(config, batch, meanWeights(batch)) };
	return {
		step: () => trainer.step(batch.shape, feeds, 1e-3),
		graph: () => stepGraph(shapes, loss, SETTINGS, batch.shape),
	};
}

/** Seconds to write the graph and compile it, without running it. */
function compileSeconds(machine: Machine, graph: () => ReturnType<typeof stepGraph>): number {
	const from = performance.now();
	compile(machine, graph());
	return (performance.now() - from) / 1000;
}

async function readyMachine(threads: number, kernels: KernelSource | undefined): Promise<Machine> {
	const machine = createMachine({ threads, maxBytes: 2 ** 32 - 65536, ...(kernels && { kernels }) });
	for (const end = performance.now() + 5000; !machine.ready() && performance.now() < end; )
		await new Promise((r) => setTimeout(r, 5));
	return machine;
}

interface Contender {
	readonly engine: "wasm" | "native";
	readonly threads: number;
	readonly kernels?: KernelSource;
}

async function measure(
	model: Model,
	kind: Kind,
	{ engine, threads, kernels }: Contender,
	torch: TorchPeer | undefined,
) {
	const machine = await readyMachine(threads, kernels);
	const gemm = gemmProbe(machine);
	const { step, graph } = setUp(machine, model, kind);
	const compiling = compileSeconds(machine, graph);
	const first = timed(step).wall;
	const window = Math.min(1000, Math.max(150, first / 2));
	const products: Speed[] = [];
	const [ours, cpu, theirs, theirCpu] = [[], [], [], []] as [number[], number[], number[], number[]];
	gemm(window);
	for (let round = 0; round < model.steps; round++) {
		products.push(gemm(window));
		const own = timed(step);
		ours.push(own.wall);
		cpu.push(own.cpu);
		products.push(gemm(window));
		const answer = await torch?.ask({ model, kind, adapter: ADAPTER, steps: 1, threads });
		if (answer === undefined) continue;
		theirs.push(1000 * (answer.seconds as unknown as readonly number[])[0]!);
		theirCpu.push(1000 * (answer.cpu as unknown as readonly number[])[0]!);
	}
	const { config, rows, length } = model;
	const milliseconds = median(ours);
	const flop = rows * length * flopsPerToken(config, kind);
	const { wall: gflops, cpu: cpuGflops } = speed(flop, milliseconds, median(cpu));
	const [wallPeak, cpuPeak] = [median(products.map((p) => p.wall)), median(products.map((p) => p.cpu))];
	const plan = planStep({ config, ...(kind === "lora" && { adapter: ADAPTER }), shape: { rows, length } });
	const bytes = machine.memory.buffer.byteLength;
	machine.close();
	return {
		model: model.name,
		kind,
		engine,
		threads,
		batch: `${rows}×${length}`,
		tokensPerSecond: Math.round((1000 * rows * length) / milliseconds),
		gflops: round(gflops, 1),
		gemm: round(wallPeak, 1),
		shareOfGemm: round(gflops / wallPeak, 2),
		cpuShareOfGemm: round(cpuGflops / cpuPeak, 2),
		compileSeconds: round(compiling, 3),
		/** Pages that are touched for the first time, and code that is not yet warm. */
		firstStepExtraSeconds: round(Math.max(0, (first - milliseconds) / 1000 - compiling), 2),
		needMB: round(plan.needBytes / 1e6, 0),
		peakMB: round(machine.peakBytes() / 1e6, 0),
		memoryRatio: round(bytes / plan.needBytes, 2),
		residentMB: round(process.memoryUsage().rss / 1e6, 0),
		...(theirs.length > 0 && {
			torchTokensPerSecond: Math.round((1000 * rows * length) / median(theirs)),
			ratio: round(median(theirs) / milliseconds, 2),
			/** The same in processor time, which other work on the machine does not stretch. */
			cpuRatio: round(median(theirCpu) / median(cpu), 2),
		}),
	};
}

const round = (x: number, digits: number): number => Number(x.toFixed(digits));

/** What a run costs besides its kernels, in microseconds a step of the graph: the same program over kernels that do nothing. */
function overheadPerStep(): number {
	const machine = createMachine();
	const nothing = Object.fromEntries(
		Object.entries(machine.kernels).map(([name, own]) => [name, name.endsWith("Bytes") ? own : () => -1]),
	) as unknown as Machine["kernels"];
	const { config, rows, length } = MODELS[0]!;
	const graph = stepGraph(adapterParameterShapes(config, ADAPTER), adapterLoss(config, ADAPTER), SETTINGS, {
		rows,
		length,
	});
	const program = compile({ ...machine, kernels: nothing }, graph);
	const shapes = [...parameterShapes(config), ...adapterParameterShapes(config, ADAPTER)];
	const feeds: Record<string, Feed> = {};
	for (const [name, shape] of shapes)
		for (const prefix of ["", "adamw.first:", "adamw.second:"]) feeds[prefix + name] = machine.buffer(shape);
	const tokens = new Int32Array(rows * length);
	const others: Record<string, Feed> = { tokens, targets: tokens, weights: new Float32Array(rows * length) };
	for (const table of ["ropeCos", "ropeSin"]) others[table] = new Float32Array((length * config.headDim) / 2);
	for (const scalar of ["learningRate", "correction1", "correction2"]) others[scalar] = new Float32Array(1);
	const known = new Set(program.inputNames);
	const all = Object.fromEntries(Object.entries({ ...feeds, ...others }).filter(([name]) => known.has(name)));
	const times: number[] = [];
	for (let i = 0; i < 400; i++) {
		const from = performance.now();
		program.run(all, { read: ["loss"] });
		times.push(performance.now() - from);
	}
	return (1000 * median(times.slice(200))) / program.steps;
}

function targetsOf(row: Awaited<ReturnType<typeof measure>>): BenchTarget[] {
	const what = `${row.model} ${row.kind}, ${row.engine}, ${row.threads} threads`;
	const least = row.engine === "native" ? 1 : 0.35;
	const at = (name: string, value: number, limit: number, sign: "≥" | "≤"): BenchTarget => ({
		what: `${name}: ${what}`,
		value,
		target: `${sign} ${limit}`,
		ok: sign === "≥" ? value >= limit : value <= limit,
	});
	return [
		...(row.model === "15M" ? [at("share of GEMM", Math.min(row.shareOfGemm, row.cpuShareOfGemm), 0.6, "≥")] : []),
		...(row.ratio === undefined || row.threads !== 2 ? [] : [at("speed to PyTorch's", row.ratio, least, "≥")]),
		at("peak memory to need", row.memoryRatio, 1.5, "≤"),
		...(row.model === "135M" ? [at("seconds to compile 30 layers", row.compileSeconds, 1, "≤")] : []),
	];
}

export async function run({ args, log }: BenchOptions): Promise<BenchResult> {
	const among = <T extends string>(all: readonly T[]): readonly T[] => {
		const chosen = all.filter((x) => args.includes(x));
		return chosen.length === 0 ? all : chosen;
	};
	const names = among(MODELS.map(({ name }) => name));
	const native = among(["wasm", "native"] as const).includes("native") ? await nativeForBench() : undefined;
	const contenders: readonly Contender[] = among(["wasm", "native"] as const).flatMap((engine) =>
		engine === "native" && native === undefined
			? []
			: among(["1", "2"]).map((threads) => ({
					engine,
					threads: Number(threads),
					...(engine === "native" && { kernels: native!.source }),
				})),
	);
	const torch = openTorch("torchTrain.py", log);
	const rows: Record<string, string | number>[] = [];
	const overhead = round(overheadPerStep(), 3);
	const targets: BenchTarget[] = [
		{
			what: "microseconds a graph step costs besides its kernel",
			value: overhead,
			target: "≤ 0.5",
			ok: overhead <= 0.5,
		},
	];
	for (const model of MODELS.filter(({ name }) => names.includes(name))) {
		for (const kind of among(KINDS)) {
			for (const contender of contenders) {
				const row = await measure(model, kind, contender, torch);
				rows.push(row);
				targets.push(...targetsOf(row));
				log(JSON.stringify(row));
			}
		}
	}
	torch?.close();
	return { rows, targets };
}
