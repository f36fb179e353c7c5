// sin and cos, in one file because each is the other's derivative.

import { unaryOperation } from "./elementwise.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";

/** sin x by our own polynomial */
export const sin = unaryOperation("sin", 4, Math.sin, (n, dy) => mul(dy, cos(n.inputs[0]!)));

/** cos x by our own polynomial */
export const cos = unaryOperation("cos", 5, Math.cos, (n, dy) => neg(mul(dy, sin(n.inputs[0]!))));
