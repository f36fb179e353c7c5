// Instantiates the embedded kernel module over a memory. Runs in Node and in browsers; reads no file.
import { kernelModuleBase64 } from "./generated/module.js";
import type { KernelParts, Kernels } from "./kernels.js";
import { sharedModuleBytes } from "./sharedModule.js";

let compiled: WebAssembly.Module | undefined;
let compiledShared: WebAssembly.Module | undefined;

const moduleBytes = () => Uint8Array.from(atob(kernelModuleBase64), (c) => c.charCodeAt(0));

/** The kernel module, compiled once per realm. */
export function kernelModule(): WebAssembly.Module {
	compiled ??= new WebAssembly.Module(moduleBytes());
	return compiled;
}

/** The same code for a shared memory, compiled once per realm. */
export function sharedKernelModule(): WebAssembly.Module {
	compiledShared ??= new WebAssembly.Module(sharedModuleBytes(moduleBytes()) as BufferSource);
	return compiledShared;
}

/** The kernels over `memory`; the caller owns every byte of it. `shared` says that the memory is. */
export function createKernels(memory: WebAssembly.Memory, shared = false): Kernels & KernelParts {
	const module = shared ? sharedKernelModule() : kernelModule();
	return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels & KernelParts;
}
