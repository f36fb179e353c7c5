// Loads kernels that were built before: looks who could have written them, checks every kernel against WebAssembly, then hands them out.
import type { KernelSource } from "@openledger/tensor";
import { type Addon, type InstructionSet, openAddon } from "./addon.js";
import { findCached } from "./cacheFolder.js";
import { platformProblem } from "./findCompiler.js";
import { nativeKernels } from "./nativeKernels.js";
import { type Refusal, refused } from "./refusal.js";
import { selfCheck } from "./selfCheck.js";
import { readSources } from "./sources.js";

export interface LoadOptions {
	readonly folder: string;
	/** An instruction set other than the best: "avx512" or "avx2". */
	readonly set?: string;
	/** For tests: bytes of scratch that a thread of a machine may take; without it, what the host gives. */
	readonly mostScratch?: number;
}

export interface LoadedNative {
	readonly ok: true;
	readonly file: string;
	/** The instruction set picked. */
	readonly set: string;
	/** f32 numbers in one vector of it. A call of peak(n) is n × 16 × lanes floating-point operations. */
	readonly lanes: number;
	/** Names of the kernels that are native; the others are WebAssembly's. */
	readonly kernels: readonly string[];
	readonly checkMilliseconds: number;
	/** For `createMachine({ kernels })`. */
	readonly source: KernelSource;
}

const opened = new Map<string, Addon>();

/** Takes some tens of milliseconds; never throws for what the machine lacks. */
export function loadNative(options: LoadOptions): LoadedNative | Refusal {
	const problem = platformProblem();
	if (problem !== undefined) return problem;
	try {
		const cached = findCached(options.folder, readSources().key);
		return cached.ok ? loadFile(cached.file, options) : cached;
	} catch (cause) {
		return refused(
			"load-failed",
			`the native kernels cannot be looked for: ${cause instanceof Error ? cause.message : cause}`,
		);
	}
}

/** The same for a file that is known to be ours: the one just built. */
export function loadFile(
	file: string,
	{ set: wanted, mostScratch }: Omit<LoadOptions, "folder">,
): LoadedNative | Refusal {
	let addon = opened.get(file);
	if (addon === undefined) {
		const found = openAddon(file);
		if (!found.ok) return found;
		addon = found.addon;
		opened.set(file, addon);
	}
	const set = wanted === undefined ? addon.sets[0] : addon.sets.find(({ name }) => name === wanted);
	if (set === undefined)
		return refused("unsupported-processor", `this processor has no ${wanted}; it has ${names(addon.sets)}`);
	const begun = performance.now();
	const check = selfCheck(addon, set);
	if (!check.ok) return check;
	return {
		ok: true,
		file,
		set: set.name,
		lanes: set.lanes,
		kernels: [...check.checked],
		checkMilliseconds: Math.round((performance.now() - begun) * 10) / 10,
		source: nativeKernels(addon, set, check.checked, mostScratch),
	};
}

const names = (sets: readonly InstructionSet[]) => sets.map(({ name }) => name).join(", ");
