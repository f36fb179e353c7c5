// Softmax as a composition; the fused losses and attention are held to it.

import type { Tensor } from "../graph/tensor.js";
import { div } from "./div.js";
import { exp } from "./exp.js";
import { max } from "./max.js";
import { reshape } from "./reshape.js";
import { sub } from "./sub.js";
import { sum } from "./sum.js";

/** softmax over the last axis. */
export function softmax(x: Tensor): Tensor {
	const axis = x.shape.length - 1;
	const keep = [...x.shape.slice(0, -1), 1];
	const e = exp(sub(x, reshape(max(x, axis), keep)));
	return div(e, reshape(sum(e, axis), keep));
}
