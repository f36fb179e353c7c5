// Chance: scores drawn by place, whatever the texts say.

import { drawUniform } from "@openledger/tensor";
import type { Baseline } from "./baseline.js";

const PURPOSE_CHANCE = 0xc4a;

export function random(seed = 1): Baseline {
	return {
		name: "random",
		score: (rows, queries) =>
			queries.map((_, step) =>
				Float64Array.from(rows, (_row, i) => drawUniform({ seed, purpose: PURPOSE_CHANCE, step }, i)),
			),
	};
}
