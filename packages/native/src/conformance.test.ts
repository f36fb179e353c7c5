// Every test of the WebAssembly kernels against their twins, run over the native ones: the best instruction set, two threads.
import { testKernels } from "../../tensor/src/kernels/testing.js";
import { nativeForTests, withRoom } from "./testing.js";

const native = await nativeForTests();
if (native !== undefined) {
	testKernels((memory) => withRoom(native.source(memory, 2).kernels));
	await import("../../tensor/src/kernels/kernels.test.js");
	await import("../../tensor/src/kernels/attention.test.js");
	await import("../../tensor/src/kernels/serving.test.js");
	await import("../../tensor/src/kernels/adamw.test.js");
	await import("../../tensor/src/kernels/quantised.test.js");
}
