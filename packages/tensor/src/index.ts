// The deterministic machine: graphs of primitives, their derivatives, and an executor whose bits never change.

export { gradient, vjp } from "./autodiff/gradient.js";
export { OutOfMemoryError, TensorError, type TensorErrorCode } from "./errors.js";
export { compile, type Feed, type OnOp, type Program, type RanOp, type RunOptions } from "./execute/compile.js";
export { describeProgram, type NodeBytes, type ProgramDescription } from "./execute/describe.js";
export { createHoles, type Holes } from "./execute/holes.js";
export { type Buffer, createMachine, type KernelSource, type Machine, type MachineOptions } from "./execute/machine.js";
export { evaluateReference, type ReferenceFeeds } from "./execute/reference.js";
export { type DType, type Shape, size, type Tensor } from "./graph/tensor.js";
export {
	createKernels,
	type Kernels,
	kernelModuleDigest,
	lowRankSizes,
	PANEL,
	packLowRankA,
	packLowRankB,
	packPanels,
	type QuantisedWeights,
	quantiseWeights,
	storedRank,
} from "./kernels/index.js";
export { canonicalCos, canonicalExp, canonicalLog, canonicalPow, canonicalSin } from "./math/canonical.js";
export { type DrawKey, drawNormals, drawPermutation, drawUint32, drawUniform, philox } from "./math/philox.js";
export { type AdamWStepSettings, adamwStep } from "./ops/adamwStep.js";
export { add } from "./ops/add.js";
export { attention } from "./ops/attention.js";
export { cachedAttention } from "./ops/cachedAttention.js";
export { crossEntropy } from "./ops/crossEntropy.js";
export { div } from "./ops/div.js";
export { exp } from "./ops/exp.js";
export { gather, scatterAdd } from "./ops/gather.js";
export { greater } from "./ops/greater.js";
export { groupedMatmul } from "./ops/groupedMatmul.js";
export { constant, input } from "./ops/input.js";
export { log } from "./ops/log.js";
export { LOW_RANK, lowRankAdd, MOST_LOW_RANK } from "./ops/lowRankAdd.js";
export { type MatmulOptions, matmul } from "./ops/matmul.js";
export { max } from "./ops/max.js";
export { mul } from "./ops/mul.js";
export { neg } from "./ops/neg.js";
export { packedAttention } from "./ops/packedAttention.js";
export { type PagedPools, pagedAttention } from "./ops/pagedAttention.js";
export { panelGather, panelMatmul } from "./ops/panelMatmul.js";
export { quantisedGather, quantisedMatmul } from "./ops/quantisedMatmul.js";
export { reshape } from "./ops/reshape.js";
export { rmsNorm } from "./ops/rmsNorm.js";
export { rope } from "./ops/rope.js";
export { SEGMENT } from "./ops/segments.js";
export { siluGate } from "./ops/siluGate.js";
export { cos, sin } from "./ops/sin.js";
export { pad, slice } from "./ops/slice.js";
export { softmax } from "./ops/softmax.js";
export { sqrt } from "./ops/sqrt.js";
export { sub } from "./ops/sub.js";
export { broadcastTo, sum, sumAll, sumTo } from "./ops/sum.js";
export { transpose } from "./ops/transpose.js";
export { OPERATIONS_VERSION } from "./version.js";
