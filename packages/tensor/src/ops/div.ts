import { binaryOperation } from "./elementwise.js";
import { mul } from "./mul.js";
import { neg } from "./neg.js";

/** a / b, NumPy broadcasting */
export const div = binaryOperation(
	"div",
	3,
	(a, b) => a / b,
	(n, dy) => {
		const da = div(dy, n.inputs[1]!);
		return [da, neg(mul(da, n))];
	},
);
