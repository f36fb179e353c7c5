// Orders a graph so that every node stands after its inputs; iterative, since graphs are thousands of nodes deep.

import type { Tensor } from "./tensor.js";

/** All nodes that `outputs` need, inputs first. `stopAt` nodes are listed but not walked through. */
export function topological(outputs: readonly Tensor[], stopAt: ReadonlySet<Tensor> = new Set()): Tensor[] {
	const order: Tensor[] = [];
	const state = new Map<Tensor, "open" | "done">();
	const stack: Tensor[] = [...outputs].reverse();
	while (stack.length > 0) {
		const top = stack[stack.length - 1]!;
		const seen = state.get(top);
		if (seen === "done") {
			stack.pop();
		} else if (seen === "open" || stopAt.has(top)) {
			stack.pop();
			state.set(top, "done");
			order.push(top);
		} else {
			state.set(top, "open");
			for (let i = top.inputs.length - 1; i >= 0; i--) {
				const input = top.inputs[i]!;
				if (!state.has(input)) stack.push(input);
			}
		}
	}
	return order;
}

/** The same nodes as they were made, which is inputs first too: a backward pass then follows the layers and lets go of each in turn. */
export function creationOrder(outputs: readonly Tensor[]): Tensor[] {
	const seen = new Set<Tensor>(outputs);
	for (const n of seen) for (const input of n.inputs) seen.add(input);
	return [...seen].sort((a, b) => a.serial - b.serial);
}
