// The native twin of the kernels: the same bits, compiled on this machine when a C++ compiler is there.
export { type BuildOptions, type Built, buildNative } from "./buildNative.js";
export { type Compiler, type FindCompilerOptions, findCompiler } from "./findCompiler.js";
export { type LoadedNative, type LoadOptions, loadNative } from "./loadNative.js";
export { type OpenNativeOptions, openNative } from "./openNative.js";
export { NativeError, type NativeProblem, type Refusal } from "./refusal.js";
