// For tests only: the native kernels, built once into node_modules/.cache; and what to do where they cannot be had.
import { fileURLToPath } from "node:url";
import { test } from "vitest";
import { createKernels, type Kernels } from "../../tensor/src/index.js";
import type { LoadedNative } from "./loadNative.js";
import { openNative } from "./openNative.js";

export const testFolder = fileURLToPath(new URL("../../../node_modules/.cache/openledger-native", import.meta.url));

/** The kernels, or undefined after registering one skipped test that says why. A build that fails although it could be made is an error. */
export async function nativeForTests(set?: string): Promise<LoadedNative | undefined> {
	const loaded = await openNative({ folder: testFolder, ...(set === undefined ? {} : { set }) });
	if (loaded.ok) return loaded;
	if (!["unsupported-platform", "no-compiler", "no-headers", "unsupported-processor"].includes(loaded.code))
		throw new Error(`${loaded.code}: ${loaded.reason}`);
	test.skip(`no native kernels: ${loaded.reason}`);
	return undefined;
}

/** The same kernels with WebAssembly's scratch: parts of its kernels, which some tests call too, need theirs. */
export function withRoom(kernels: Kernels): Kernels {
	const wasm = createKernels(new WebAssembly.Memory({ initial: 1 }));
	const scratch = Object.entries(wasm).filter(([name]) => name.endsWith("ScratchBytes"));
	return { ...kernels, ...Object.fromEntries(scratch) };
}
