// For tests only: the native kernels, built once into the system's temporary folder; and what to do where they cannot be had.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "vitest";
import { createKernels, type Kernels } from "../../tensor/src/index.js";
import type { LoadedNative } from "./loadNative.js";
import { openNative } from "./openNative.js";

/** Not in the checkout: folders above that may be writable for a group, and then nothing is loaded from it. */
export const testFolder = join(tmpdir(), `openledger-native-${process.getuid?.() ?? "user"}`);

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
