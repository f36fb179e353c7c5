import { binaryOperation } from "./elementwise.js";

/** 1 where a > b, else 0; no gradient flows */
export const greater = binaryOperation(
	"greater",
	4,
	(a, b) => (a > b ? 1 : 0),
	() => [undefined, undefined],
);
