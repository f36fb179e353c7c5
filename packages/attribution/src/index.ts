// Proof of Attribution: which rows moved the model towards an answer, in integers that anyone can recompute.

export * from "./audit/index.js";
export * from "./features/index.js";
export * from "./influence/index.js";
export * from "./shares/index.js";
export * from "./spans/index.js";
export * from "./verify/index.js";
