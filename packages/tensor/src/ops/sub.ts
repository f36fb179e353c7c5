import { binaryOperation } from "./elementwise.js";
import { neg } from "./neg.js";

/** a − b, NumPy broadcasting */
export const sub = binaryOperation(
	"sub",
	1,
	(a, b) => a - b,
	(_n, dy) => [dy, neg(dy)],
);
