// The span module's instances: WebAssembly made from assembly/spans, in a memory that threads can share. It must not know rows or proofs.

import { fromBase64 } from "./base64.js";
import { spanModuleBase64 } from "./generated/module.js";

/** Bytes below this are the module's own constants. */
export const FIRST_FREE_BYTE = 4096;
const PAGE = 65536;
const MAX_PAGES = 65536;

export interface SpanModule {
	readonly memory: WebAssembly.Memory;
	/** 0, or 1 if there was no memory left. */
	sortSuffixes(text: number, bytes: number, out: number, scratch: number): number;
	/** Pointers to text, suffixes, fields and the three trees' nodes, see segment.ts; 0, or 1 if there was no memory left. */
	buildSegment(...places: readonly number[]): number;
	hashOne(tag: number, bytes: number, length: number, out: number, state: number): void;
}

let compiled: WebAssembly.Module | undefined;

/** The compiled module; compiling it takes a millisecond, once. */
export function spanWasm(): WebAssembly.Module {
	compiled ??= new WebAssembly.Module(fromBase64(spanModuleBase64));
	return compiled;
}

/** An instance with a memory of its own of at least `bytes`. A RangeError says that there is no such memory. */
export function openSpanModule(bytes: number): SpanModule {
	const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE), maximum: MAX_PAGES, shared: true });
	const { exports } = new WebAssembly.Instance(spanWasm(), { env: { memory } });
	return { memory, ...(exports as unknown as Omit<SpanModule, "memory">) };
}
