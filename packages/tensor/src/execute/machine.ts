// Owns one WASM memory: kernels, long-lived buffers, and one arena that all programs share because they run one at a time.

import { OutOfMemoryError, TensorError } from "../errors.js";
import { type DType, type Shape, size } from "../graph/tensor.js";
import { createKernels, type Kernels, SHARED_MAXIMUM_PAGES } from "../kernels/index.js";
import { createHoles } from "./holes.js";
import { parallelKernels } from "./parallelKernels.js";
import { blockBytes } from "./plan.js";
import { canShareMemory, createTeam } from "./team.js";

const PAGE = 65536;

/** Numbers that live across runs: weights, adapters, optimiser state. */
export interface Buffer {
	readonly shape: Shape;
	readonly dtype: DType;
	readonly address: number;
	write(values: ArrayLike<number>): void;
	/** A copy. */
	read(): Float32Array;
	free(): void;
	/** Its place may hold something else by now; what is fed or written to it is refused. */
	readonly freed: boolean;
}

export interface MachineOptions {
	/** Bytes the machine may take in all; default 2 GiB. */
	readonly maxBytes?: number;
	/** Threads that share the work; default 1. The bits do not depend on it. Where threads cannot share memory it is 1. */
	readonly threads?: number;
	/** As many threads as asked for, also where there are fewer cores: slower, for tests. By default the cores' number is the most. */
	readonly beyondCores?: boolean;
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
	/** The most bytes `arena` could be asked for now. */
	arenaRoom(): number;
	/** Address of one f32 of this value, kept as long as the machine. */
	scalar(value: number): number;
	/** The largest buffer that could be made now, in bytes, if the host gives what was allowed. */
	room(): number;
	/** Throws OutOfMemoryError, before anything is taken, where so many bytes in several buffers cannot be had. */
	requireRoom(bytes: number, what: string): void;
	/** Buffers and arena, now and at the most so far. */
	bytesInUse(): number;
	peakBytes(): number;
	/** How many buffers were freed so far: who remembers buffers looks at them again when this has grown. */
	frees(): number;
	/** Parts that work is cut into; as many threads take them, unless there are fewer cores (`beyondCores`). */
	readonly threads: number;
	/** Whether all threads are up; until then the caller's thread does all the work. */
	ready(): boolean;
	/** Ends the machine's threads; what it still runs, it runs alone. */
	close(): void;
}

/** A machine of its own memory. Cheap until used; dropped like any object. */
export function createMachine(options: MachineOptions = {}): Machine {
	const maxBytes = options.maxBytes ?? 2 ** 31;
	const maximum = Math.min(SHARED_MAXIMUM_PAGES, Math.max(1, Math.ceil(maxBytes / PAGE)));
	const wanted = Math.max(1, Math.floor(options.threads ?? 1));
	const threads = options.kernels !== undefined || canShareMemory() ? wanted : 1;
	const shared = threads > 1 && options.kernels === undefined;
	const memory = new WebAssembly.Memory({ initial: Math.min(16, maximum), maximum, shared });
	const given = options.kernels?.(memory, threads);
	const own = createKernels(memory, shared);
	const team = shared ? createTeam(threads, memory, own, options) : undefined;
	const kernels = given?.kernels ?? (team === undefined ? own : parallelKernels(own, team, memory));
	// The module itself uses the first page for its constants; blocks start after it.
	const holes = createHoles(PAGE);
	const limit = Math.min(maximum * PAGE, Math.max(maxBytes, PAGE));
	let inUse = 0;
	let peakInUse = 0;
	let frees = 0;
	let arenaAt = 0;
	let arenaBytes = 0;
	const scalars = new Map<number, number>();

	/** Throws OutOfMemoryError with nothing taken. */
	function allocate(what: string, wanted: number): number {
		const bytes = blockBytes(wanted);
		const room = holes.room(limit);
		const advice = "use a smaller batch or shorter rows, free buffers or raise maxBytes";
		if (bytes > room) throw new OutOfMemoryError(what, bytes, room, `${advice} (${maxBytes} now)`);
		const at = holes.take(bytes);
		const missing = at + bytes - memory.buffer.byteLength;
		if (missing > 0) {
			try {
				memory.grow(Math.ceil(missing / PAGE));
			} catch {
				holes.give(at, bytes);
				const now = holes.room(memory.buffer.byteLength);
				throw new OutOfMemoryError(
					what,
					bytes,
					now,
					`the host gives no more than ${memory.buffer.byteLength} bytes; ${advice}`,
				);
			}
		}
		inUse += bytes;
		peakInUse = Math.max(peakInUse, inUse);
		return at;
	}

	function release(at: number, wanted: number): void {
		const bytes = blockBytes(wanted);
		inUse -= bytes;
		holes.give(at, bytes);
	}

	function buffer(shape: Shape, values?: ArrayLike<number>, dtype: DType = "f32"): Buffer {
		const count = size(shape);
		const address = allocate(`a buffer of [${shape}]`, 4 * count);
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
		if (values !== undefined && values.length !== count) {
			release(address, 4 * count);
			throw new TensorError("shape", `a buffer of [${shape}] takes ${count} numbers, got ${values.length}`);
		}
		if (values === undefined) view().fill(0);
		else write(values);
		return {
			shape,
			dtype,
			address,
			write,
			read: () => Float32Array.from(view()),
			free: () => {
				if (freed) return;
				release(address, 4 * count);
				freed = true;
				frees++;
			},
			get freed() {
				return freed;
			},
		};
	}

	function arena(bytes: number): number {
		if (bytes > arenaBytes) {
			if (arenaBytes > 0) release(arenaAt, arenaBytes);
			arenaBytes = 0;
			arenaAt = allocate("a program's arena", bytes);
			arenaBytes = blockBytes(bytes);
		}
		return arenaAt;
	}

	function arenaRoom(): number {
		if (arenaBytes === 0) return holes.room(limit);
		holes.give(arenaAt, arenaBytes);
		const room = holes.room(limit);
		holes.takeAt(arenaAt, arenaBytes);
		return room;
	}

	function scalar(value: number): number {
		const rounded = Math.fround(value);
		const bits = new Uint32Array(Float32Array.of(rounded).buffer)[0]!;
		const known = scalars.get(bits);
		if (known !== undefined) return known;
		const at = allocate("a constant", 4);
		new Float32Array(memory.buffer, at, 1)[0] = rounded;
		scalars.set(bits, at);
		return at;
	}

	return {
		kernels,
		memory,
		buffer,
		arena,
		arenaRoom,
		scalar,
		room: () => holes.room(limit),
		requireRoom(bytes, what) {
			const room = holes.total(limit);
			if (bytes > room)
				throw new OutOfMemoryError(what, bytes, room, `free buffers or raise maxBytes (${maxBytes} now)`);
		},
		bytesInUse: () => inUse,
		peakBytes: () => peakInUse,
		frees: () => frees,
		threads,
		ready: () => team?.ready() ?? true,
		close: () => {
			team?.close();
			given?.close();
		},
	};
}
