import { unaryOperation } from "./elementwise.js";
import { mul } from "./mul.js";

/** eˣ by our own polynomial */
export const exp = unaryOperation("exp", 1, Math.exp, (n, dy) => mul(dy, n));
