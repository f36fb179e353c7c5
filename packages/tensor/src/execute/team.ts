// Threads that run kernels over one shared memory. A job is one kernel called with different arguments by each member; nobody writes where
// another does, and all are done before the next job, so threads can change speed and nothing else. Node only; elsewhere there is no team.

import { type Kernels, sharedKernelModule } from "../kernels/index.js";

export interface Team {
	/** Members, the caller included. */
	readonly size: number;
	/** Whether all members are up. */
	ready(): boolean;
	/** Runs `kernel` once for each list of arguments (at most `size` of them) and returns when all are done. */
	run(kernel: keyof Kernels, calls: readonly (readonly number[])[]): void;
	close(): void;
}

const MOST_ARGUMENTS = 16;
/** Places in the control words. */
const [JOB, WAITING, READY, KERNEL, CALLS, FAULT] = [0, 1, 2, 3, 4, 5];
const HEADER_BYTES = 64;
const SPINS = 4000;

/** A member's whole life. Kept as text, so that it needs no file and no bundler. */
const MEMBER = `
const { workerData } = require("node:worker_threads");
const { module, memory, control, index, names, spins, most } = workerData;
const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports;
const words = new Int32Array(control, 0, 16);
const mine = new Float64Array(control, ${HEADER_BYTES} + 8 * most * index, most);
let seen = 0;
Atomics.add(words, ${READY}, 1);
for (;;) {
	for (let i = 0; i < spins && Atomics.load(words, ${JOB}) === seen; i++);
	while (Atomics.load(words, ${JOB}) === seen) Atomics.wait(words, ${JOB}, seen);
	seen = Atomics.load(words, ${JOB});
	const kernel = Atomics.load(words, ${KERNEL});
	if (kernel < 0) break;
	if (index + 1 < Atomics.load(words, ${CALLS})) {
		try {
			kernels[names[kernel]](...mine);
		} catch {
			Atomics.store(words, ${FAULT}, 1);
		}
	}
	if (Atomics.sub(words, ${WAITING}, 1) === 1) Atomics.notify(words, ${WAITING});
}
`;

interface Threads {
	readonly Worker: new (
		code: string,
		options: object,
	) => { unref(): void; on(event: "error", listener: (cause: Error) => void): void };
}

function threadsOfThisHost(): Threads | undefined {
	if (typeof SharedArrayBuffer === "undefined" || typeof process === "undefined") return undefined;
	const builtin = (process as { getBuiltinModule?: (id: string) => unknown }).getBuiltinModule;
	return builtin?.("node:worker_threads") as Threads | undefined;
}

/** True where `createTeam` can be called. */
export function canShareMemory(): boolean {
	return threadsOfThisHost() !== undefined;
}

/** Starts size − 1 threads over a shared memory. Until they are up, the caller does all the work itself. */
export function createTeam(size: number, memory: WebAssembly.Memory, own: Kernels): Team {
	const { Worker } = threadsOfThisHost()!;
	const names = (Object.keys(own) as (keyof Kernels)[]).sort();
	const control = new SharedArrayBuffer(HEADER_BYTES + 8 * MOST_ARGUMENTS * (size - 1));
	const words = new Int32Array(control, 0, 16);
	const module = sharedKernelModule();
	for (let index = 0; index < size - 1; index++) {
		const workerData = { module, memory, control, index, names, spins: SPINS, most: MOST_ARGUMENTS };
		const worker = new Worker(MEMBER, { eval: true, execArgv: [], workerData });
		// A member that could not start never becomes ready, and the caller goes on alone.
		worker.on("error", () => {});
		worker.unref();
	}
	const places = Array.from(
		{ length: size - 1 },
		(_, i) => new Float64Array(control, HEADER_BYTES + 8 * MOST_ARGUMENTS * i, MOST_ARGUMENTS),
	);
	let closed = false;

	function post(kernel: number, calls: number): void {
		Atomics.store(words, KERNEL!, kernel);
		Atomics.store(words, CALLS!, calls);
		Atomics.store(words, WAITING!, size - 1);
		Atomics.add(words, JOB!, 1);
		Atomics.notify(words, JOB!);
	}

	function run(kernel: keyof Kernels, calls: readonly (readonly number[])[]): void {
		const call = own[kernel] as (...numbers: readonly number[]) => unknown;
		if (closed || calls.length < 2 || Atomics.load(words, READY!) < size - 1) {
			for (const numbers of calls) call(...numbers);
			return;
		}
		calls.slice(1).forEach((numbers, i) => {
			places[i]!.set(numbers);
		});
		post(names.indexOf(kernel), calls.length);
		call(...calls[0]!);
		for (let i = 0; i < SPINS && Atomics.load(words, WAITING!) > 0; i++);
		for (let left = Atomics.load(words, WAITING!); left > 0; left = Atomics.load(words, WAITING!))
			Atomics.wait(words, WAITING!, left, 1);
		if (Atomics.load(words, FAULT!) !== 0)
			throw new Error(`a thread failed in kernel ${kernel}; the machine cannot go on`);
	}

	function close(): void {
		if (!closed) post(-1, 0);
		closed = true;
	}

	return { size, ready: () => Atomics.load(words, READY!) === size - 1, run, close };
}
