// Instantiates the embedded scan module over a memory. It must not know what the memory holds: callers lay it out, beyond its first page.

import { scanModuleBase64 } from "./generated/scanModule.js";

export interface ScanKernels {
	scan(records: number, stride: number, rows: number, query: number, scores: number): void;
	firstLowest(records: number, stride: number, rows: number): number;
	sumsOf(scores: number, rows: number, out: number): void;
	bestOf(scores: number, rows: number, first: number, heap: number, held: number, k: number): number;
	leafHashes(
		records: number,
		stride: number,
		rows: number,
		first: number,
		tag: number,
		tagBytes: number,
		scratch: number,
		out: number,
	): void;
	pairHash(text: number, scratch: number, out: number): void;
}

export const PAGE_BYTES = 65536;
/** 4 GiB, which every memory of the module declares as its most. */
export const MAXIMUM_PAGES = 65536;
/** Where what is the caller's begins: the module's constants lie below. */
export const FIRST_FREE = PAGE_BYTES;

let compiled: WebAssembly.Module | undefined;

/** The module, compiled once per realm. */
export function scanModule(): WebAssembly.Module {
	compiled ??= new WebAssembly.Module(Uint8Array.from(atob(scanModuleBase64), (c) => c.charCodeAt(0)));
	return compiled;
}

/** A memory that threads can share, of at least so many bytes. */
export function createScanMemory(bytes: number, maximumBytes = MAXIMUM_PAGES * PAGE_BYTES): WebAssembly.Memory {
	const pages = (size: number) => Math.min(MAXIMUM_PAGES, Math.ceil(size / PAGE_BYTES));
	return new WebAssembly.Memory({
		initial: pages(bytes),
		maximum: Math.max(pages(bytes), pages(maximumBytes)),
		shared: true,
	});
}

export function createScanKernels(memory: WebAssembly.Memory): ScanKernels {
	return new WebAssembly.Instance(scanModule(), { env: { memory } }).exports as unknown as ScanKernels;
}
