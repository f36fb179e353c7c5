import type { Digest } from "../digest.js";

/**
 * The hash of `engineSelftest` for the current op definitions. It may change only together with OPERATIONS_VERSION or the kernels;
 * take the new value from `openledger engine selftest --json` after the kernel twins have confirmed the new bits.
 */
export const GOLDEN: Digest = "0xb3ca26808768d740a7d6050b1eafb4db72d139eefb67c264194d62d88405c002";
