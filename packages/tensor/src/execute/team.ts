// Threads that run kernels over one shared memory. A job is one kernel called with different arguments by each member; nobody writes where
// another does, and all are done before the next job, so threads can change speed and nothing else. Node only; elsewhere there is no team.

import { type KernelParts, type Kernels, sharedKernelModule } from "../kernels/index.js";

export type AnyKernel = keyof (Kernels & KernelParts);

export interface Team {
	/** Members, the caller included. */
	readonly size: number;
	/** Whether all members are up. */
	ready(): boolean;
	/** Runs `kernel` once for each list of arguments (at most `size` of them) and returns when all are done. */
	run(kernel: AnyKernel, calls: readonly (readonly number[])[]): void;
	close(): void;
}

const MOST_ARGUMENTS = 16;
/** Words of the whole team: members still at work, whether the caller sleeps, members that are up, faults. */
const [LEFT, ASLEEP, UP, FAULT] = [0, 1, 2, 3] as const;
/** Words of one member: jobs posted to it, whether it sleeps, its kernel. A cache line each, then the arguments. */
const [JOB, RESTS, KERNEL] = [0, 1, 2] as const;
const LINE = 64;
const MEMBER_BYTES = LINE + 8 * MOST_ARGUMENTS;
/** Loads of a word before sleep, some 50 µs: the next job is mostly nearer than a wake-up. Where threads outnumber cores, next to none. */
const SPINS = 50_000;
const SPINS_CROWDED = 20;

/** A member's whole life. Kept as text, so that it needs no file and no bundler. */
const MEMBER = `
const { workerData } = require("node:worker_threads");
const { module, memory, control, index, names, spins } = workerData;
const exports = new WebAssembly.Instance(module, { env: { memory } }).exports;
const kernels = names.map((name) => exports[name]);
const team = new Int32Array(control, 0, ${LINE / 4});
const own = new Int32Array(control, ${LINE} + ${MEMBER_BYTES} * index, ${LINE / 4});
const a = new Float64Array(control, ${LINE} + ${MEMBER_BYTES} * index + ${LINE}, ${MOST_ARGUMENTS});
let seen = 0;
function next() {
	for (let i = 0; i < spins; i++) if (Atomics.load(own, ${JOB}) !== seen) return;
	Atomics.store(own, ${RESTS}, 1);
	while (Atomics.load(own, ${JOB}) === seen) Atomics.wait(own, ${JOB}, seen);
	Atomics.store(own, ${RESTS}, 0);
}
Atomics.add(team, ${UP}, 1);
for (;;) {
	next();
	seen = Atomics.load(own, ${JOB});
	const kernel = own[${KERNEL}];
	if (kernel < 0) break;
	try {
		kernels[kernel](a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11], a[12], a[13], a[14], a[15]);
	} catch {
		Atomics.store(team, ${FAULT}, 1);
	}
	if (Atomics.sub(team, ${LEFT}, 1) === 1 && Atomics.load(team, ${ASLEEP}) === 1) Atomics.notify(team, ${LEFT});
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

/** Starts size − 1 threads over a shared memory. Until they are up, the caller does all the work itself. */
export function createTeam(size: number, memory: WebAssembly.Memory, own: Kernels & KernelParts): Team {
	const { Worker } = threadsOfThisHost()!;
	const spins = size > coresOfThisHost() ? SPINS_CROWDED : SPINS;
	const names = (Object.keys(own) as AnyKernel[]).sort();
	const places = new Map(names.map((name, i) => [name, i]));
	const control = new SharedArrayBuffer(LINE + MEMBER_BYTES * (size - 1));
	const team = new Int32Array(control, 0, LINE / 4);
	const module = sharedKernelModule();
	const members = Array.from({ length: size - 1 }, (_, index) => {
		const workerData = { module, memory, control, index, names, spins };
		const worker = new Worker(MEMBER, { eval: true, execArgv: [], workerData });
		// A member that could not start never becomes ready, and the caller goes on alone.
		worker.on("error", () => {});
		worker.unref();
		const at = LINE + MEMBER_BYTES * index;
		return {
			words: new Int32Array(control, at, LINE / 4),
			numbers: new Float64Array(control, at + LINE, MOST_ARGUMENTS),
		};
	});
	let closed = false;

	function post(index: number, kernel: number, numbers: readonly number[]): void {
		const member = members[index]!;
		for (let i = 0; i < numbers.length; i++) member.numbers[i] = numbers[i]!;
		member.words[KERNEL] = kernel;
		Atomics.add(member.words, JOB, 1);
		if (Atomics.load(member.words, RESTS) === 1) Atomics.notify(member.words, JOB);
	}

	function waitForAll(): void {
		for (let i = 0; i < spins; i++) if (Atomics.load(team, LEFT) === 0) return;
		Atomics.store(team, ASLEEP, 1);
		for (let left = Atomics.load(team, LEFT); left > 0; left = Atomics.load(team, LEFT)) {
			Atomics.wait(team, LEFT, left, 1);
		}
		Atomics.store(team, ASLEEP, 0);
	}

	function run(kernel: AnyKernel, calls: readonly (readonly number[])[]): void {
		const call = own[kernel] as (...numbers: readonly number[]) => unknown;
		if (calls.length < 2 || closed || Atomics.load(team, UP) < size - 1) {
			for (const numbers of calls) call(...numbers);
			return;
		}
		Atomics.store(team, LEFT, calls.length - 1);
		const place = places.get(kernel)!;
		for (let i = 1; i < calls.length; i++) post(i - 1, place, calls[i]!);
		call(...calls[0]!);
		waitForAll();
		if (Atomics.load(team, FAULT) !== 0)
			throw new Error(`a thread failed in kernel ${kernel}; the machine cannot go on`);
	}

	function close(): void {
		if (!closed) for (let i = 0; i < members.length; i++) post(i, -1, []);
		closed = true;
	}

	return { size, ready: () => Atomics.load(team, UP) === size - 1, run, close };
}
