// Binds the addon to a machine's memory. Arguments travel through one array of numbers, which costs a tenth of what N-API takes to convert
// them. Kernels that the addon lacks, or that were not checked, are WebAssembly's.
import { createKernels, type KernelSource, type Kernels, OutOfMemoryError } from "@openledger/tensor";
import type { Addon, InstructionSet } from "./addon.js";
import { NativeError } from "./refusal.js";

const MOST_THREADS = 256;
const MOST_ARGUMENTS = 15;

/** Kernels whose scratch is the team's own when they are native. */
const SCRATCH: Readonly<Record<string, readonly string[]>> = {
	gemmScratchBytes: ["gemm", "gemmBatch"],
	attentionScratchBytes: ["attention", "attentionCached"],
	attentionGradScratchBytes: ["attentionGrad"],
	attentionPagedScratchBytes: ["attentionPaged"],
	lowRankScratchBytes: ["lowRankAdd"],
};

/**
 * Kernels over a memory that is not shared; `checked` names those that may be native. A call whose scratch cannot be had throws OutOfMemoryError;
 * its result is then partly written, and the next call is as good as ever.
 */
export function nativeKernels(
	addon: Addon,
	set: InstructionSet,
	checked: ReadonlySet<string>,
	mostScratch: number = Number.MAX_SAFE_INTEGER,
): KernelSource {
	return (memory, threads) => {
		const args = new Float64Array(1 + MOST_ARGUMENTS);
		const call = addon.create(args, Math.min(Math.max(1, threads), MOST_THREADS), set.name, mostScratch);
		const nowhere = new ArrayBuffer(0);
		let attached: ArrayBuffer = nowhere;
		let closed = false;

		function attach(): void {
			if (closed)
				throw new NativeError("native/closed", "these kernels were closed with their machine; make a new one");
			const { buffer } = memory;
			if (!(buffer instanceof ArrayBuffer))
				throw new NativeError(
					"native/memory",
					"native kernels take a memory that is not shared; they have threads of their own",
				);
			addon.attach(call, buffer);
			attached = buffer;
		}

		function told(cause: unknown, name: string): unknown {
			if ((cause as { readonly code?: unknown } | undefined)?.code !== "native/scratch") return cause;
			const advice = "use a smaller batch or shorter rows, or free memory of the host";
			return new OutOfMemoryError(`a thread's scratch of native ${name}`, args[0]!, args[1]!, advice);
		}

		function bind(place: number, name: string) {
			return (
				a = 0,
				b = 0,
				c = 0,
				d = 0,
				e = 0,
				f = 0,
				g = 0,
				h = 0,
				i = 0,
				j = 0,
				k = 0,
				l = 0,
				m = 0,
				n = 0,
				o = 0,
			): number => {
				// A memory that has grown leaves its former buffer empty.
				if (attached.byteLength === 0) attach();
				args[0] = place;
				args[1] = a;
				args[2] = b;
				args[3] = c;
				args[4] = d;
				args[5] = e;
				args[6] = f;
				args[7] = g;
				args[8] = h;
				args[9] = i;
				args[10] = j;
				args[11] = k;
				args[12] = l;
				args[13] = m;
				args[14] = n;
				args[15] = o;
				try {
					call();
				} catch (cause) {
					throw told(cause, name);
				}
				return args[0]!;
			};
		}

		const kernels: Record<string, unknown> = { ...createKernels(memory) };
		const native = new Set<string>();
		set.kernels.forEach((name, place) => {
			if (name === null || !checked.has(name)) return;
			native.add(name);
			kernels[name] = bind(place, name);
		});
		for (const [name, users] of Object.entries(SCRATCH)) {
			if (users.every((user) => native.has(user))) kernels[name] = () => 0;
		}
		return {
			kernels: kernels as unknown as Kernels,
			close() {
				closed = true;
				attached = nowhere;
				addon.close(call);
			},
		};
	};
}
