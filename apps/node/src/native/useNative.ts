// The native kernels of this node, if they are there and sound; if not, a build for the next start, in the background. Neither may delay or
// fail a start: what is missing is only speed.

import { buildNative, loadNative } from "@openledger/native";
import type { KernelSource } from "@openledger/tensor";
import { errorText } from "../errors.js";

export type NativeUse = {
	/** For the machine; undefined: WebAssembly computes. */
	readonly kernels: KernelSource | undefined;
	/** Ends a build that is under way. */
	close(): Promise<void>;
};

/** Short commands open a node too, and are gone before a build would repay itself. */
const BUILD_AFTER_MS = 10_000;
/** As low as it goes: what the node does comes first. */
const NICENESS = 19;
/** What nobody has to hear of at every start; `openledger engine native` says it. */
const QUIET = ["no-compiler", "no-headers", "unsupported-platform", "unsupported-processor", "aborted"];

export function useNative(
	folder: string | undefined,
	log: (line: string) => void,
	{ buildAfterMs = BUILD_AFTER_MS }: { readonly buildAfterMs?: number } = {},
): NativeUse {
	if (folder === undefined) return { kernels: undefined, close: async () => {} };
	const loaded = loadNative({ folder });
	const ending = new AbortController();
	let building: Promise<void> | undefined;
	let timer: NodeJS.Timeout | undefined;
	if (!loaded.ok) {
		if (loaded.code === "not-built" || loaded.code === "damaged-file")
			timer = setTimeout(() => {
				building = build(folder, ending.signal, log);
			}, buildAfterMs).unref();
		else if (!QUIET.includes(loaded.code)) log(`WebAssembly computes instead of native kernels: ${loaded.reason}`);
	}
	return {
		kernels: loaded.ok ? loaded.source : undefined,
		async close() {
			clearTimeout(timer);
			ending.abort();
			await building;
		},
	};
}

async function build(folder: string, signal: AbortSignal, log: (line: string) => void): Promise<void> {
	try {
		const built = await buildNative({ folder, signal, niceness: NICENESS, jobs: 1 });
		if (built.ok) log(`native kernels built in ${built.seconds} s; the next start uses them`);
		else if (!QUIET.includes(built.code)) log(`native kernels were not built, WebAssembly computes: ${built.reason}`);
	} catch (error) {
		log(`native kernels were not built, WebAssembly computes: ${errorText(error)}`);
	}
}
