// Kernels of the deterministic engine: the WASM module's interface, and the scalar twins of its elementary functions.
export { createKernels, kernelModule } from "./createKernels.js";
export { kernelModuleDigest } from "./generated/module.js";
export type { Kernels } from "./kernels.js";
export { twinCos, twinExp, twinLog, twinSin } from "./twin/math.js";
