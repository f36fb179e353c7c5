// The native kernels for benches: built once into the system's temporary folder, used where they can be had.

import { tmpdir } from "node:os";
import { join } from "node:path";
import { type LoadedNative, openNative } from "@openledger/native";

const folder = join(tmpdir(), `openledger-native-${process.getuid?.() ?? "user"}`);

/** The loaded kernels (`.source` goes to `createMachine({ kernels })`), or undefined after one line on stderr that says why not. */
export async function nativeForBench(options: { readonly set?: string } = {}): Promise<LoadedNative | undefined> {
	const loaded = await openNative({ folder, ...options });
	if (loaded.ok) return loaded;
	process.stderr.write(`native kernels left out: ${loaded.reason}\n`);
	return undefined;
}
