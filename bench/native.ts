// The native kernels for benches: built once into node_modules/.cache, used where they can be had.

import { fileURLToPath } from "node:url";
import { type LoadedNative, openNative } from "@openledger/native";

const folder = fileURLToPath(new URL("../node_modules/.cache/openledger-native", import.meta.url));

/** The loaded kernels (`.source` goes to `createMachine({ kernels })`), or undefined after one line on stderr that says why not. */
export async function nativeForBench(options: { readonly set?: string } = {}): Promise<LoadedNative | undefined> {
	const loaded = await openNative({ folder, ...options });
	if (loaded.ok) return loaded;
	process.stderr.write(`native kernels left out: ${loaded.reason}\n`);
	return undefined;
}
