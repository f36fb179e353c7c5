// The self-test on every engine this machine has: WebAssembly on 1, 2 and 4 threads, and native kernels where they are built, for each
// instruction set that the processor has.

import { compareEngines, type EngineComparison, type EngineVariant } from "@openledger/llm";
import { loadNative } from "@openledger/native";
import { readConfig } from "./config.js";

export type EngineSelftestOptions = {
	/** Where native kernels are looked for; default: the configuration's. Nothing is built. */
	readonly nativeFolder?: string | undefined;
};

export type EngineSelftest = EngineComparison & {
	/** Why there was nothing native to test; undefined if there was. */
	readonly withoutNative: string | undefined;
};

const THREADS = [1, 2, 4];
const SETS = ["avx512", "avx2"];

/** Runs them all; `ok` says that every one computed the golden bits. */
export async function engineSelftest(options: EngineSelftestOptions = {}): Promise<EngineSelftest> {
	const [first, ...more] = THREADS.map((threads) => ({ name: `WebAssembly, ${counted(threads)}`, threads }));
	const native = nativeVariants("nativeFolder" in options ? options.nativeFolder : readConfig().nativeFolder);
	const compared = await compareEngines([first!, ...more, ...native.variants]);
	return { ...compared, withoutNative: native.reason };
}

function nativeVariants(folder: string | undefined): { variants: EngineVariant[]; reason: string | undefined } {
	if (folder === undefined) return { variants: [], reason: "OPENLEDGER_NATIVE is off" };
	const best = loadNative({ folder });
	if (!best.ok) return { variants: [], reason: best.reason };
	const variants = SETS.flatMap((set) => {
		const native = loadNative({ folder, set });
		if (!native.ok) return [];
		const kernels = native.source;
		return THREADS.map((threads) => ({ name: `native ${set}, ${counted(threads)}`, threads, kernels }));
	});
	return { variants, reason: undefined };
}

const counted = (threads: number) => `${threads} thread${threads === 1 ? "" : "s"}`;
