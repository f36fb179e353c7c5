// How an estimate was made, in a sentence.

import { formatCount } from "../../shared/format/open.js";
import type { Estimate } from "./modelTypes.js";

export function sayFrom(from: Estimate["from"]): string {
	if (from === null) return "no run of this node was timed yet";
	const speed = `${formatCount(Math.round(from.tokensPerSecond))} tokens/s, ${sayFlops(from.flopsPerSecond)}/s`;
	if (from.kind === "steps") return `a few steps of this very run, taken now and forgotten: ${speed}`;
	return `${from.runs === 1 ? "the last run" : `the middle of the last ${from.runs} runs`} of this node: ${speed}`;
}

const UNITS = ["", "k", "M", "G", "T", "P", "E"] as const;

/** "3.2 TFLOP": multiplications and additions. */
export function sayFlops(flops: number): string {
	let value = flops;
	let unit = 0;
	while (value >= 1000 && unit < UNITS.length - 1) {
		value /= 1000;
		unit++;
	}
	return `${value.toFixed(value < 10 ? 1 : 0)} ${UNITS[unit]}FLOP`;
}

export function sayBytes(bytes: number): string {
	return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
