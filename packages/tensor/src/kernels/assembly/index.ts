// Exports of the kernel module. Kernels hold no state and allocate nothing: every pointer is a byte offset from the caller.
export { adamw } from "./adamw";
export { attention, attentionCached, attentionHeads, attentionScratchBytes } from "./attention";
export { attentionGrad, attentionGradGroups, attentionGradScratchBytes } from "./attentionGrad";
export { attentionPaged, attentionPagedHeads, attentionPagedScratchBytes } from "./attentionPaged";
// Exported so that the optimiser does not inline them: in a function of their own their loops keep all they need in registers.
export { block5, blockInPlace } from "./block";
export { binary, fill, firstNonFinite, unary } from "./elementwise";
export { gemm, gemmBatch, gemmPart, gemmScratchBytes } from "./gemm";
export { copyStrided, copyStridedPart } from "./layout";
export { crossEntropy, crossEntropyGrad, siluGate, siluGateGrad, siluGateGradPart } from "./loss";
export { lowRankAdd, lowRankRows, lowRankScratchBytes, multiplyPieces } from "./lowRank";
export { rmsNorm, rmsNormGradW, rmsNormGradWPart, rmsNormGradX, rope } from "./norm";
export { peak } from "./peak";
export { gatherRows, reduceMax, reduceSum, scatterAddRows } from "./reduce";
export { gatherPacked, gemmPacked } from "./packed";
export { gatherQuantised, gemmQuantised, gemmQuantisedScratchBytes } from "./quantised";
