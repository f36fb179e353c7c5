// The self-test on every engine this machine has: WebAssembly on 1, 2 and 4 threads, and the native twin where it is built.

import { compareEngines, type EngineComparison } from "@openledger/llm";

const THREADS = [2, 4];

/** Runs them all; `ok` says that every one computed the golden bits. */
export async function engineSelftest(): Promise<EngineComparison> {
	const shared = THREADS.map((threads) => ({ name: `WebAssembly, ${threads} threads`, threads }));
	return compareEngines([{ name: "WebAssembly, 1 thread" }, ...shared]);
}
