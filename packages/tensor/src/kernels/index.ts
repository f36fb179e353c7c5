// Kernels of the deterministic engine: the WASM module's interface, and the scalar twins of its elementary functions.
export { createKernels, kernelModule, sharedKernelModule } from "./createKernels.js";
export { kernelModuleDigest } from "./generated/module.js";
export type { KernelParts, Kernels } from "./kernels.js";
export { SHARED_MAXIMUM_PAGES } from "./sharedModule.js";
export {
	lowRankSizes,
	packLowRankA,
	packLowRankB,
	storedRank,
} from "./twin/lowRank.js";
export { twinCos, twinExp, twinLog, twinSin } from "./twin/math.js";
export { PANEL, packPanels, unpackPanels } from "./twin/packed.js";
export { GREATEST_K, type QuantisedWeights, quantisedRow, quantiseRow, quantiseWeights } from "./twin/quantised.js";
