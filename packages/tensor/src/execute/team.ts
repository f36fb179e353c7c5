// Threads that run kernels over one shared memory. A job is one kernel called with different arguments by each member; nobody writes where
// another does, and all are done before the next job, so threads can change speed and nothing else. Node only; elsewhere there is no team.

import { type KernelParts, type Kernels, sharedKernelModule } from "../kernels/index.js";

export type AnyKernel = keyof (Kernels & KernelParts);

export interface Team {
	/** Parts that a job may have: the threads asked for, the caller included. */
	readonly size: number;
	/** Whether all members are up. */
	ready(): boolean;
	/** Runs `kernel` once for each list of arguments (at most `size` of them) and returns when all are done. */
	run(kernel: AnyKernel, calls: readonly (readonly number[])[]): void;
	close(): void;
}

const MOST_ARGUMENTS = 16;
/**
 * Shared words: parts not yet taken, parts not yet done, jobs so far, members asleep, whether the caller sleeps, the kernel, faults, members up.
 * Who takes a part, takes the last one left; a member that wakes late finds none, and the caller did not wait for it.
 */
const [FREE, UNDONE, JOB, ASLEEP, CALLER_ASLEEP, KERNEL, FAULT, UP] = [0, 16, 32, 33, 34, 35, 36, 37] as const;
const HEADER_BYTES = 256;
/** Loads of a word before sleep, some 50 µs: the next job is mostly nearer than a wake-up. */
const SPINS = 50_000;

/** A member's whole life. Kept as text, so that it needs no file and no bundler. */
const MEMBER = `
const { workerData } = require("node:worker_threads");
const { module, memory, control, size, names } = workerData;
const exports = new WebAssembly.Instance(module, { env: { memory } }).exports;
const kernels = names.map((name) => exports[name]);
const words = new Int32Array(control, 0, ${HEADER_BYTES / 4});
const places = Array.from({ length: size }, (_, i) => new Float64Array(control, ${HEADER_BYTES} + ${8 * MOST_ARGUMENTS} * i, ${MOST_ARGUMENTS}));
let seen = Atomics.load(words, ${JOB});
function takeAll() {
	for (let part = Atomics.sub(words, ${FREE}, 1) - 1; part >= 0; part = Atomics.sub(words, ${FREE}, 1) - 1) {
		const a = places[part];
		try {
			kernels[words[${KERNEL}]](a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15]);
		} catch {
			Atomics.store(words, ${FAULT}, 1);
		}
		if (Atomics.sub(words, ${UNDONE}, 1) === 1 && Atomics.load(words, ${CALLER_ASLEEP}) === 1) Atomics.notify(words, ${UNDONE});
	}
}
function waitForJob() {
	for (let i = 0; i < ${SPINS}; i++) if (Atomics.load(words, ${JOB}) !== seen) return;
	Atomics.add(words, ${ASLEEP}, 1);
	while (Atomics.load(words, ${JOB}) === seen) Atomics.wait(words, ${JOB}, seen);
	Atomics.sub(words, ${ASLEEP}, 1);
}
Atomics.add(words, ${UP}, 1);
for (;;) {
	waitForJob();
	seen = Atomics.load(words, ${JOB});
	if (Atomics.load(words, ${KERNEL}) < 0) break;
	takeAll();
}
`;

interface Threads {
	readonly Worker: new (
		code: string,
		options: object,
	) => { unref(): void; on(event: "error", listener: (cause: Error) => void): void };
}

function builtin<Module>(id: string): Module | undefined {
	if (typeof SharedArrayBuffer === "undefined" || typeof process === "undefined") return undefined;
	return (process as { getBuiltinModule?: (id: string) => unknown }).getBuiltinModule?.(id) as Module | undefined;
}

const threadsOfThisHost = () => builtin<Threads>("node:worker_threads");
const coresOfThisHost = () => builtin<{ availableParallelism(): number }>("node:os")?.availableParallelism() ?? 1;

/** True where `createTeam` can be called. */
export function canShareMemory(): boolean {
	return threadsOfThisHost() !== undefined;
}

export interface TeamOptions {
	/** Starts size − 1 threads whatever the cores are: slower, to prove that so many compute the same. Default false. */
	readonly beyondCores?: boolean;
}

/**
 * Starts threads over a shared memory: size − 1, but no more than there are other cores, since a thread that waits for a core holds up all.
 * Jobs have up to `size` parts all the same. Until the threads are up, the caller does all the work itself.
 */
export function createTeam(
	size: number,
	memory: WebAssembly.Memory,
	own: Kernels & KernelParts,
	{ beyondCores = false }: TeamOptions = {},
): Team {
	const { Worker } = threadsOfThisHost()!;
	const others = (beyondCores ? size : Math.min(size, coresOfThisHost())) - 1;
	const names = (Object.keys(own) as AnyKernel[]).sort();
	const indices = new Map(names.map((name, i) => [name, i]));
	const control = new SharedArrayBuffer(HEADER_BYTES + 8 * MOST_ARGUMENTS * size);
	const words = new Int32Array(control, 0, HEADER_BYTES / 4);
	const places = Array.from(
		{ length: size },
		(_, i) => new Float64Array(control, HEADER_BYTES + 8 * MOST_ARGUMENTS * i, MOST_ARGUMENTS),
	);
	for (let i = 0; i < others; i++) {
		const workerData = { module: sharedKernelModule(), memory, control, size, names };
		const worker = new Worker(MEMBER, { eval: true, execArgv: [], workerData });
		// A member that could not start never becomes ready, and the caller goes on alone.
		worker.on("error", () => {});
		worker.unref();
	}
	const ready = () => Atomics.load(words, UP) === others;
	let closed = false;

	function post(kernel: number, calls: readonly (readonly number[])[]): void {
		calls.forEach((numbers, part) => {
			const place = places[part]!;
			for (let i = 0; i < numbers.length; i++) place[i] = numbers[i]!;
		});
		Atomics.store(words, KERNEL, kernel);
		Atomics.store(words, UNDONE, calls.length);
		Atomics.store(words, FREE, calls.length);
		Atomics.add(words, JOB, 1);
		if (Atomics.load(words, ASLEEP) > 0) Atomics.notify(words, JOB);
	}

	function waitForOthers(): void {
		for (let i = 0; i < SPINS; i++) if (Atomics.load(words, UNDONE) === 0) return;
		Atomics.store(words, CALLER_ASLEEP, 1);
		for (let left = Atomics.load(words, UNDONE); left > 0; left = Atomics.load(words, UNDONE)) {
			Atomics.wait(words, UNDONE, left, 1);
		}
		Atomics.store(words, CALLER_ASLEEP, 0);
	}

	function run(kernel: AnyKernel, calls: readonly (readonly number[])[]): void {
		const call = own[kernel] as (...numbers: readonly number[]) => unknown;
		if (calls.length < 2 || closed || others === 0 || !ready()) {
			for (const numbers of calls) call(...numbers);
			return;
		}
		post(indices.get(kernel)!, calls);
		for (let part = Atomics.sub(words, FREE, 1) - 1; part >= 0; part = Atomics.sub(words, FREE, 1) - 1) {
			call(...calls[part]!);
			Atomics.sub(words, UNDONE, 1);
		}
		waitForOthers();
		if (Atomics.load(words, FAULT) !== 0)
			throw new Error(`a thread failed in kernel ${kernel}; the machine cannot go on`);
	}

	function close(): void {
		if (!closed) post(-1, []);
		closed = true;
	}

	return { size, ready, run, close };
}
