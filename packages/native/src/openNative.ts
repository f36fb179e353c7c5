// Loads the native kernels, building them first if they are not there.
import { type BuildOptions, buildNative } from "./buildNative.js";
import { type LoadedNative, loadFile, loadNative } from "./loadNative.js";
import type { Refusal } from "./refusal.js";

export interface OpenNativeOptions extends BuildOptions {
	/** An instruction set other than the best: "avx512" or "avx2". */
	readonly set?: string;
	/** For tests; see `LoadOptions`. */
	readonly mostScratch?: number;
}

/** What cannot be had comes back as a reason. */
export async function openNative(options: OpenNativeOptions): Promise<LoadedNative | Refusal> {
	const loaded = loadNative(options);
	if (loaded.ok || !(loaded.code === "not-built" || loaded.code === "damaged-file")) return loaded;
	const built = await buildNative(options);
	return built.ok ? loadFile(built.file, options) : built;
}
