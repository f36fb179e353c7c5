// How fast this machine reads memory: a block as large as a model, read from end to end by as many threads as the model is given, by 16-byte
// loads in WebAssembly and nothing else. No kernel that needs its weights once per token can be faster.

import { Worker } from "node:worker_threads";
import asc from "assemblyscript/asc";

const SOURCE = `
export function read(at: usize, bytes: usize): i32 {
	let a = i32x4.splat(0), b = a, c = a, d = a;
	for (const end = at + bytes; at < end; at += 128) {
		a = v128.or(a, v128.or(v128.load(at), v128.load(at, 16)));
		b = v128.or(b, v128.or(v128.load(at, 32), v128.load(at, 48)));
		c = v128.or(c, v128.or(v128.load(at, 64), v128.load(at, 80)));
		d = v128.or(d, v128.or(v128.load(at, 96), v128.load(at, 112)));
	}
	a = v128.or(v128.or(a, b), v128.or(c, d));
	return i32x4.extract_lane(a, 0) | i32x4.extract_lane(a, 3);
}`;

/** Waits for a turn, reads its part \`passes\` times, says when it began and ended. */
const READER = `
const { parentPort, workerData: { module, memory, words, from, bytes } } = require("node:worker_threads");
const { read } = new WebAssembly.Instance(module, { env: { memory } }).exports;
const turns = new Int32Array(words);
for (let i = 0; i < 200; i++) read(from, Math.min(bytes, 1 << 16));
parentPort.on("message", (passes) => {
	Atomics.add(turns, 0, 1);
	while (Atomics.load(turns, 0) % turns[1] !== 0);
	const start = performance.timeOrigin + performance.now();
	for (let i = 0; i < passes; i++) read(from, bytes);
	parentPort.postMessage([start, performance.timeOrigin + performance.now()]);
});
parentPort.postMessage([0, 0]);
`;

async function readerModule(): Promise<WebAssembly.Module> {
	const options = {
		optimizeLevel: 3,
		runtime: "stub",
		enable: ["simd", "threads"],
		importMemory: true,
		sharedMemory: true,
	};
	const limits = { initialMemory: 1, maximumMemory: 65536, noExportMemory: true };
	const { binary, error, stderr } = await asc.compileString(SOURCE, { ...options, ...limits } as never);
	if (binary === null) throw new Error(`bandwidth: ${error?.message} ${stderr.toString()}`);
	return new WebAssembly.Module(binary as BufferSource);
}

let module: Promise<WebAssembly.Module> | undefined;

export interface MemoryReader {
	/** GB/s of one reading of a twentieth of a second or more. */
	read(): Promise<number>;
	close(): Promise<unknown>;
}

/** Readers of `bytes` in all, one for each thread, each with a part of its own. */
export async function openReader(bytes: number, threads: number): Promise<MemoryReader> {
	module ??= readerModule();
	const part = Math.ceil(bytes / threads / 128) * 128;
	const pages = Math.ceil((part * threads + 1024) / 65536);
	const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536, shared: true });
	new Uint8Array(memory.buffer).fill(1);
	const words = new SharedArrayBuffer(8);
	new Int32Array(words)[1] = threads;
	const compiled = await module;
	const workers = Array.from({ length: threads }, (_, index) => {
		const workerData = { module: compiled, memory, words, from: 1024 + index * part, bytes: part };
		return new Worker(READER, { eval: true, execArgv: [], workerData });
	});
	const answers = () =>
		Promise.all(workers.map((w) => new Promise<[number, number]>((resolve) => w.once("message", resolve))));
	await answers();
	let passes = 1;

	async function read(): Promise<number> {
		for (;;) {
			const all = answers();
			for (const worker of workers) worker.postMessage(passes);
			const times = await all;
			const seconds = (Math.max(...times.map(([, end]) => end)) - Math.min(...times.map(([start]) => start))) / 1000;
			if (seconds >= 0.05) return (part * threads * passes) / seconds / 1e9;
			passes = Math.max(2 * passes, Math.ceil((passes * 0.07) / Math.max(seconds, 1e-3)));
		}
	}

	return { read, close: () => Promise.all(workers.map((w) => w.terminate())) };
}
