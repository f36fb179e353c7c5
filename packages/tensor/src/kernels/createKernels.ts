// Instantiates the embedded kernel module over a memory. Runs in Node and in browsers; reads no file.
import { kernelModuleBase64 } from "./generated/module.js";
import type { Kernels } from "./kernels.js";

let compiled: WebAssembly.Module | undefined;

/** The kernel module, compiled once per realm. */
export function kernelModule(): WebAssembly.Module {
	compiled ??= new WebAssembly.Module(Uint8Array.from(atob(kernelModuleBase64), (c) => c.charCodeAt(0)));
	return compiled;
}

/** The kernels over `memory` (not shared); the caller owns every byte of it. */
export function createKernels(memory: WebAssembly.Memory): Kernels {
	return new WebAssembly.Instance(kernelModule(), { env: { memory } }).exports as unknown as Kernels;
}
