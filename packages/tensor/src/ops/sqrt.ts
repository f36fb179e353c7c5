import { div } from "./div.js";
import { unaryOperation } from "./elementwise.js";
import { constant } from "./input.js";
import { mul } from "./mul.js";

/** √x, exact to the last bit (IEEE-754) */
export const sqrt = unaryOperation("sqrt", 3, Math.sqrt, (n, dy) => div(mul(dy, constant(0.5)), n));
