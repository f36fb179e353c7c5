import { binaryOperation } from "./elementwise.js";

/** a + b, NumPy broadcasting */
export const add = binaryOperation(
	"add",
	0,
	(a, b) => a + b,
	(_n, dy) => [dy, dy],
);
