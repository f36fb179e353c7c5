// Draws one of the tokens that are left: the number at (seed, position) decides, never what was drawn before.

import { drawUniform } from "@openledger/tensor";
import type { Candidates } from "./filterTokens.js";

const PURPOSE_SAMPLE = 0x5a3;

/** The token for `position`, each as likely as its weight. */
export function drawToken({ weights, idAt }: Candidates, seed: number, position: number): number {
	let total = 0;
	for (const weight of weights) total += weight;
	let left = drawUniform({ seed, purpose: PURPOSE_SAMPLE }, position) * total;
	for (let rank = 0; rank < weights.length; rank++) {
		left -= weights[rank]!;
		if (left < 0) return idAt(rank);
	}
	return idAt(weights.length - 1);
}
