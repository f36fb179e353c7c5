import { div } from "./div.js";
import { unaryOperation } from "./elementwise.js";

/** Natural logarithm by our own polynomial */
export const log = unaryOperation("log", 2, Math.log, (n, dy) => div(dy, n.inputs[0]!));
