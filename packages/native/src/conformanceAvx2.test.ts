// Every test of the WebAssembly kernels against their twins, run over the native ones: AVX2, whatever else the processor has, one thread.
import { testKernels } from "../../tensor/src/kernels/testing.js";
import { nativeForTests, withRoom } from "./testing.js";

const native = await nativeForTests("avx2");
if (native !== undefined) {
	testKernels((memory) => withRoom(native.source(memory, 1).kernels));
	await import("../../tensor/src/kernels/kernels.test.js");
	await import("../../tensor/src/kernels/attention.test.js");
	await import("../../tensor/src/kernels/serving.test.js");
	await import("../../tensor/src/kernels/adamw.test.js");
	await import("../../tensor/src/kernels/quantised.test.js");
}
