// f32 matrix products of the deterministic engine, in WebAssembly and in the native twin, on one thread and two, against loops that only
// multiply and add in registers; beside them onnxruntime-node and jax-js. All take turns, round after round, in one process. What runs on one
// thread is timed by the processor time it takes, which other work on the machine leaves alone; what runs on more, by the clock.
import { loadavg } from "node:os";
import { createMachine, type Machine, packPanels } from "@openledger/tensor";
import { openReader } from "./bandwidth.js";
import { installPeers, jaxPeer, onnxPeer, type Peer, type Product } from "./gemmPeers.js";
import { median } from "./models.js";
import { nativeForBench } from "./native.js";
import type { BenchOptions, BenchResult, BenchTarget, BenchValue } from "./run.js";

/** transB: the weight is stored [N,K], as linear layers keep it. */
const shapes: readonly Product[] = [
	{ M: 1, N: 1536, K: 576, transB: 1 },
	{ M: 16, N: 1536, K: 576, transB: 1 },
	{ M: 128, N: 1536, K: 576, transB: 1 },
	{ M: 256, N: 576, K: 1536, transB: 1 },
	{ M: 384, N: 512, K: 192, transB: 1 },
	{ M: 256, N: 256, K: 256, transB: 0 },
	{ M: 512, N: 512, K: 512, transB: 0 },
	{ M: 1024, N: 1024, K: 1024, transB: 0 },
];
/** Rows of A up to which decoding uses weights packed once. */
const FEW = 16;
const ROUNDS = 15;
const SLICE = 10;
const WASM_PEAK_FLOPS = 56;
/** Of the native loop, a call and lane. */
const NATIVE_PEAK_FLOPS = 16;

type Contender = {
	readonly engine: string;
	readonly threads: number;
	readonly flops: number;
	/** By the clock, of each round. */
	readonly milliseconds: number[];
	/** Of processor time. */
	readonly processor: number[];
	/** What its speed is a share of: the register loop of the same engine, in the same round. */
	readonly ceiling?: Contender;
	run(): void | Promise<void>;
};

const round = (x: number, digits = 2): number => Number(x.toFixed(digits));
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
// Small numbers of both signs: nothing overflows and nothing becomes subnormal.
const numbers = (n: number, step: number) =>
	Float32Array.from({ length: n }, (_, i) => (((i * step) % 2001) - 1000) / 1000);

/** Milliseconds of one call, over a slice of time. The first call is not counted: it wakes threads and fills caches. */
async function measure(contender: Contender): Promise<void> {
	await contender.run();
	const used = process.cpuUsage();
	const from = performance.now();
	let calls = 0;
	let now = from;
	for (; calls === 0 || now - from < SLICE; now = performance.now()) {
		// Awaiting what is not a promise would cost a microtask a call.
		const done = contender.run();
		if (done !== undefined) await done;
		calls++;
	}
	const { user, system } = process.cpuUsage(used);
	contender.milliseconds.push((now - from) / calls);
	contender.processor.push((user + system) / 1000 / calls);
}

/** Milliseconds of each round by the clock that counts. */
const times = ({ threads, milliseconds, processor }: Contender) => (threads === 1 ? processor : milliseconds);
const gflops = ({ flops }: Contender, milliseconds: number) => flops / milliseconds / 1e6;

async function ready(machine: Machine): Promise<Machine> {
	for (const end = performance.now() + 5000; !machine.ready() && performance.now() < end; ) await pause(5);
	return machine;
}

/** The product on a machine of ours. */
function onMachine(machine: Machine, product: Product, a: Float32Array, b: Float32Array): () => void {
	const { M, N, K, transB } = product;
	const { kernels } = machine;
	const [x, y, c] = [machine.buffer([M, K], a), machine.buffer([K, N], b), machine.buffer([M, N])];
	const scratch = machine.arena(kernels.gemmScratchBytes(M, N, K));
	return () => kernels.gemm(x.address, y.address, c.address, M, N, K, 0, transB, scratch);
}

/** A few rows against a weight laid out once, as a model that only generates keeps it. */
function packedOnMachine(machine: Machine, { M, N, K }: Product, a: Float32Array, b: Float32Array): () => void {
	const panels = packPanels(b, N, K);
	const [x, p, c] = [machine.buffer([M, K], a), machine.buffer([panels.length], panels), machine.buffer([M, N])];
	return () => machine.kernels.gemmPacked(x.address, p.address, c.address, M, N, K, 0, Math.ceil(N / 16));
}

async function contendersOf(
	product: Product,
	machines: readonly { readonly engine: string; readonly machine: Machine; readonly peakFlops: number }[],
	peers: readonly Peer[],
): Promise<Contender[]> {
	const { M, N, K } = product;
	const [a, b] = [numbers(M * K, 7919), numbers(K * N, 7907)];
	const flops = 2 * M * N * K;
	const out: Contender[] = [];
	for (const { engine, machine, peakFlops } of machines) {
		let ceiling: Contender | undefined;
		if (machine.threads === 1) {
			const iterations = 20_000;
			const run = () => void machine.kernels.peak(iterations);
			ceiling = {
				engine: `${engine} registers`,
				threads: 1,
				flops: peakFlops * iterations,
				milliseconds: [],
				processor: [],
				run,
			};
			out.push(ceiling);
		}
		const rest = { threads: machine.threads, flops, ...(ceiling && { ceiling }) };
		out.push({ ...rest, engine, milliseconds: [], processor: [], run: onMachine(machine, product, a, b) });
		if (M <= FEW) {
			const run = packedOnMachine(machine, product, a, b);
			out.push({ ...rest, engine: `${engine}, weight packed before`, milliseconds: [], processor: [], run });
		}
	}
	for (const peer of peers) {
		const { run } = await peer.prepare(product, a, b);
		out.push({ engine: peer.name, threads: peer.threads, flops, milliseconds: [], processor: [], run });
	}
	return out;
}

export async function run({ args, log }: BenchOptions): Promise<BenchResult> {
	const native = await nativeForBench();
	const machines = [];
	for (const threads of [1, 2]) {
		machines.push({ engine: "wasm", machine: await ready(createMachine({ threads })), peakFlops: WASM_PEAK_FLOPS });
		if (native !== undefined) {
			const machine = createMachine({ threads, kernels: native.source });
			machines.push({ engine: "native", machine, peakFlops: NATIVE_PEAK_FLOPS * native.lanes });
		}
	}
	const peers = args.includes("alone") || !installPeers(log) ? [] : [onnxPeer(1), onnxPeer(2), await jaxPeer()];
	const rows: Record<string, BenchValue>[] = [];
	const targets: BenchTarget[] = [];
	const target = (what: string, value: number, least: number, unit = "") =>
		targets.push({ what, value: round(value), target: `≥ ${least}${unit}`, ok: value >= least });
	for (const product of shapes) {
		const shape = `${product.M}×${product.K}×${product.N}`;
		const contenders = await contendersOf(product, machines, peers);
		// Compilers warm to their code before anything counts.
		for (const contender of contenders) for (let i = 0; i < 3; i++) await measure(contender);
		for (const contender of contenders) contender.milliseconds.length = contender.processor.length = 0;
		const reader = product.M === 1 ? await openReader(4 * product.N * product.K, 1) : undefined;
		const readings: number[] = [];
		for (let i = 0; i < ROUNDS; i++) {
			if (reader !== undefined) readings.push(await reader.read());
			for (const contender of contenders) {
				await measure(contender);
				// Its threads spin for a while before they sleep, and their processor time is this process's.
				await pause(contender.threads === 1 ? 1 : 25);
			}
		}
		await reader?.close();
		const bandwidth = readings.length > 0 ? median(readings) : undefined;
		const load = round(loadavg()[0]!, 1);
		for (const contender of contenders) {
			const { engine, threads, milliseconds, ceiling } = contender;
			const time = median(times(contender));
			const one = contenders.find((other) => other.engine === engine && other.threads === 1);
			const perRound = (f: (i: number) => number) => median(milliseconds.map((_, i) => f(i)));
			const speed = (of: Contender, i: number) => gflops(of, times(of)[i]!);
			const share = ceiling && perRound((i) => speed(contender, i) / speed(ceiling, i));
			const speedup = threads === 2 && one && perRound((i) => one.milliseconds[i]! / milliseconds[i]!);
			const row = {
				shape,
				transB: product.transB,
				engine,
				threads,
				milliseconds: round(time, 4),
				gflops: round(gflops(contender, time), 1),
				...(share !== undefined && { shareOfPeak: round(share) }),
				...(speedup && { overOneThread: round(speedup) }),
				loadAverage: load,
			};
			// A row alone uses each weight once: no loop over it is faster than reading it.
			const gigabytes = (4 * product.N * product.K) / time / 1e6;
			if (product.M === 1 && threads === 1 && bandwidth !== undefined && !engine.endsWith("registers"))
				Object.assign(row, {
					weightGigabytesPerSecond: round(gigabytes, 1),
					readGigabytesPerSecond: round(bandwidth, 1),
					shareOfReading: round(gigabytes / bandwidth),
				});
			rows.push(row);
			log(JSON.stringify(row));
			if (product.M === 1 && engine.startsWith("wasm, ") && threads === 1 && bandwidth !== undefined)
				target(`${engine} ${shape}, share of what one thread reads`, gigabytes / bandwidth, 0.85);
			if (engine.startsWith("wasm") && !engine.endsWith("registers") && share !== undefined)
				target(`${engine} ${shape}, share of the register loop`, share, 0.85);
			if (engine === "wasm" && speedup && product.M >= 256) target(`wasm ${shape}, two threads over one`, speedup, 1.5);
			if (engine.startsWith("native") && !engine.endsWith("registers") && threads === 1)
				target(`${engine} ${shape}, one thread`, row.gflops, 40, " GFLOP/s");
		}
	}
	for (const { machine } of machines) machine.close();
	return { rows, targets };
}
