// Matches whole texts against patterns in time linear in the text. Patterns come from strangers, and a backtracking engine would
// let a short one run for ever. Method: a program of tests and forks, followed at all its places at once (Thompson 1968).

import { ModelError } from "../errors.js";
import { type PatternNode, parsePattern, type Test } from "./parsePattern.js";

type Step =
	| { readonly op: "test"; readonly test: Test }
	| { readonly op: "fork"; first: number; second: number }
	| { readonly op: "start" | "end" | "match" };

const MAX_STEPS = 4000;

function compilePattern(source: string): Step[] {
	const steps: Step[] = [];
	let work = 0;
	const emit = <S extends Step>(step: S): S => {
		steps.push(step);
		return step;
	};
	function write(node: PatternNode): void {
		if (++work > MAX_STEPS || steps.length > MAX_STEPS)
			throw new ModelError("adapter-unsupported", `pattern ${JSON.stringify(source.slice(0, 100))}: is too large`);
		if (node.kind === "test") emit({ op: "test", test: node.test });
		else if (node.kind === "start" || node.kind === "end") emit({ op: node.kind });
		else if (node.kind === "all") node.parts.forEach(write);
		else if (node.kind === "any") {
			const leaves: { first: number; second: number }[] = [];
			node.parts.forEach((part, i) => {
				const fork = i + 1 < node.parts.length ? emit({ op: "fork", first: steps.length + 1, second: 0 }) : undefined;
				write(part);
				if (fork === undefined) return;
				leaves.push(emit({ op: "fork", first: 0, second: 0 }));
				fork.second = steps.length;
			});
			for (const leave of leaves) leave.first = leave.second = steps.length;
		} else {
			for (let i = 0; i < node.least; i++) write(node.part);
			if (node.most === Number.POSITIVE_INFINITY) {
				const again = steps.length;
				const fork = emit({ op: "fork", first: again + 1, second: 0 });
				write(node.part);
				emit({ op: "fork", first: again, second: again });
				fork.second = steps.length;
			} else {
				const forks = Array.from({ length: node.most - node.least }, () => {
					const fork = emit({ op: "fork", first: steps.length + 1, second: 0 });
					write(node.part);
					return fork;
				});
				for (const fork of forks) fork.second = steps.length;
			}
		}
	}
	write(parsePattern(source));
	emit({ op: "match" });
	return steps;
}

/** A test for whole texts, as Python's `re.fullmatch`. Throws `adapter-unsupported` for patterns it does not read. */
export function matchPattern(source: string): (text: string) => boolean {
	const steps = compilePattern(source);
	return (text) => {
		let here: number[] = [];
		/** Puts a place and all that forks lead to into `into`; each once, so loops that take nothing end. */
		const follow = (from: number, position: number, into: number[], seen: Uint8Array): void => {
			const waiting = [from];
			for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
				if (seen[at]) continue;
				seen[at] = 1;
				const step = steps[at]!;
				if (step.op === "fork") waiting.push(step.second, step.first);
				else if (step.op === "start") {
					if (position === 0) waiting.push(at + 1);
				} else if (step.op === "end") {
					if (position === text.length) waiting.push(at + 1);
				} else into.push(at);
			}
		};
		follow(0, 0, here, new Uint8Array(steps.length));
		for (let position = 0; position < text.length && here.length > 0; position++) {
			const next: number[] = [];
			const seen = new Uint8Array(steps.length);
			const code = text.charCodeAt(position);
			for (const at of here) {
				const step = steps[at]!;
				if (step.op === "test" && step.test(code)) follow(at + 1, position + 1, next, seen);
			}
			here = next;
		}
		return here.some((at) => steps[at]!.op === "match");
	};
}
