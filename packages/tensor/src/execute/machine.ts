// Owns one WASM memory: kernels, long-lived buffers, and one arena that all programs share because they run one at a time.

import { TensorError } from "../errors.js";
import { type DType, type Shape, size } from "../graph/tensor.js";
import { createKernels, type Kernels, SHARED_MAXIMUM_PAGES } from "../kernels/index.js";
import { parallelKernels } from "./parallelKernels.js";
import { canShareMemory, createTeam } from "./team.js";

const PAGE = 65536;
const ALIGN = 64;

/** Numbers that live across runs: weights, adapters, optimiser state. */
export interface Buffer {
	readonly shape: Shape;
	readonly dtype: DType;
	readonly address: number;
	write(values: ArrayLike<number>): void;
	/** A copy. */
	read(): Float32Array;
	free(): void;
}

export interface MachineOptions {
	/** Bytes the machine may take in all; default 2 GiB. */
	readonly maxBytes?: number;
	/** Threads that share the work; default 1. The bits do not depend on it. Where threads cannot share memory it is 1. */
	readonly threads?: number;
	/** Other kernels with the same bits, for instance a native twin; they share work among `threads` by themselves. */
	readonly kernels?: KernelSource;
}

/** Makes kernels over a memory that may grow later; `close` ends what they hold. */
export type KernelSource = (memory: WebAssembly.Memory, threads: number) => { kernels: Kernels; close(): void };

export interface Machine {
	readonly kernels: Kernels;
	readonly memory: WebAssembly.Memory;
	buffer(shape: Shape, values?: ArrayLike<number>, dtype?: DType): Buffer;
	/** Address of a shared block of at least this many bytes; what it held before is lost. */
	arena(bytes: number): number;
	bytesInUse(): number;
	readonly threads: number;
	/** Whether all threads are up; until then the caller's thread does all the work. */
	ready(): boolean;
	/** Ends the machine's threads; what it still runs, it runs alone. */
	close(): void;
}

function roundUp(n: number, to: number): number {
	return Math.ceil(n / to) * to;
}

/** A machine of its own memory. Cheap until used; dropped like any object. */
export function createMachine(options: MachineOptions = {}): Machine {
	const maxBytes = options.maxBytes ?? 2 ** 31;
	const maximum = Math.min(SHARED_MAXIMUM_PAGES, Math.ceil(maxBytes / PAGE));
	const wanted = Math.max(1, Math.floor(options.threads ?? 1));
	const threads = options.kernels !== undefined || canShareMemory() ? wanted : 1;
	const shared = threads > 1 && options.kernels === undefined;
	const memory = new WebAssembly.Memory({ initial: 16, maximum, shared });
	const given = options.kernels?.(memory, threads);
	const own = given?.kernels ?? createKernels(memory, shared);
	const team = shared ? createTeam(threads, memory, own) : undefined;
	const kernels = team === undefined ? own : parallelKernels(own, team);
	// The module itself uses the first page for its constants; blocks start after it.
	let top = PAGE;
	const free: { at: number; bytes: number }[] = [];
	let inUse = 0;
	let arenaAt = 0;
	let arenaBytes = 0;

	function allocate(wanted: number): number {
		const bytes = roundUp(Math.max(wanted, 1), ALIGN);
		inUse += bytes;
		const hole = free.findIndex((f) => f.bytes >= bytes);
		if (hole >= 0) {
			const f = free[hole]!;
			if (f.bytes === bytes) free.splice(hole, 1);
			else free[hole] = { at: f.at + bytes, bytes: f.bytes - bytes };
			return f.at;
		}
		const at = top;
		top += bytes;
		const missing = top - memory.buffer.byteLength;
		if (missing > 0) {
			try {
				memory.grow(Math.ceil(missing / PAGE));
			} catch (cause) {
				top = at;
				inUse -= bytes;
				throw new TensorError(
					"out-of-memory",
					`needs ${bytes} more bytes, over the machine's limit of ${maxBytes}; use a smaller batch or raise maxBytes (${cause})`,
				);
			}
		}
		return at;
	}

	function release(at: number, bytes: number): void {
		const rounded = roundUp(Math.max(bytes, 1), ALIGN);
		inUse -= rounded;
		free.push({ at, bytes: rounded });
		free.sort((a, b) => a.at - b.at);
		for (let i = free.length - 1; i > 0; i--) {
			const [before, after] = [free[i - 1]!, free[i]!];
			if (before.at + before.bytes === after.at) {
				before.bytes += after.bytes;
				free.splice(i, 1);
			}
		}
	}

	function buffer(shape: Shape, values?: ArrayLike<number>, dtype: DType = "f32"): Buffer {
		const count = size(shape);
		const address = allocate(4 * count);
		let freed = false;
		const view = () => {
			if (freed) throw new TensorError("closed", "this buffer was freed");
			return dtype === "f32"
				? new Float32Array(memory.buffer, address, count)
				: new Int32Array(memory.buffer, address, count);
		};
		const write = (from: ArrayLike<number>) => {
			if (from.length !== count)
				throw new TensorError("shape", `a buffer of [${shape}] takes ${count} numbers, got ${from.length}`);
			view().set(from);
		};
		if (values === undefined) view().fill(0);
		else write(values);
		return {
			shape,
			dtype,
			address,
			write,
			read: () => Float32Array.from(view()),
			free: () => {
				if (!freed) release(address, 4 * count);
				freed = true;
			},
		};
	}

	function arena(bytes: number): number {
		if (bytes > arenaBytes) {
			if (arenaBytes > 0) release(arenaAt, arenaBytes);
			arenaBytes = 0;
			arenaAt = allocate(bytes);
			arenaBytes = bytes;
		}
		return arenaAt;
	}

	return {
		kernels,
		memory,
		buffer,
		arena,
		bytesInUse: () => inUse,
		threads,
		ready: () => team?.ready() ?? true,
		close: () => {
			team?.close();
			given?.close();
		},
	};
}
