// What the compiled addon exports, and how a file becomes one.
import { type Refusal, refused } from "./refusal.js";

/** An instruction set of this processor: its vectors' f32 lanes, and the kernels compiled for it by place; null where one is missing. */
export interface InstructionSet {
	readonly name: string;
	readonly lanes: number;
	readonly kernels: readonly (string | null)[];
}

/** Runs the kernel whose place and arguments stand in the array it was created with. Where scratch cannot be had it throws "native/scratch"; the array then begins with the bytes wanted and those there would be room for. */
export type NativeCall = () => void;

export interface Addon {
	/** The best first. */
	readonly sets: readonly InstructionSet[];
	/** `mostScratch`: bytes of scratch that a thread may take; without it, what the host gives. */
	create(args: Float64Array, threads: number, set: string, mostScratch?: number): NativeCall;
	attach(call: NativeCall, memory: ArrayBuffer): void;
	close(call: NativeCall): void;
}

/** Loads code: only for a file that nobody else could have written. */
export function openAddon(file: string): { readonly ok: true; readonly addon: Addon } | Refusal {
	try {
		const module = { exports: {} as Addon };
		process.dlopen(module, file);
		const { exports: addon } = module;
		if (addon.sets.length === 0)
			return refused("unsupported-processor", "this processor has neither AVX2 nor AVX-512; WebAssembly is used");
		return { ok: true, addon };
	} catch (cause) {
		return refused("load-failed", `${file} does not load: ${cause instanceof Error ? cause.message : cause}`);
	}
}
