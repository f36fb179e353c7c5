import { binaryOperation } from "./elementwise.js";

/** a · b element by element, NumPy broadcasting */
export const mul = binaryOperation(
	"mul",
	2,
	(a, b) => a * b,
	(n, dy) => [mul(dy, n.inputs[1]!), mul(dy, n.inputs[0]!)],
);
