import { unaryOperation } from "./elementwise.js";

/** −x */
export const neg = unaryOperation(
	"neg",
	0,
	(x) => -x,
	(_n, dy) => neg(dy),
);
