// A finished training in lines of facts: one row is not "1 rows".

import { expect, test } from "vitest";
import { trainingFacts } from "./training.js";

type Told = Parameters<typeof trainingFacts>[0];

test("default: steps, rows held out and rows left out are counted in words that fit", () => {
	const told = {
		history: [{ step: 1, loss: 4 }],
		seconds: 1,
		plannedSteps: 1,
		keptStep: 1,
		validations: [{ step: 1, loss: 3, perplexity: 20 }],
		rowsUsed: { learnt: [0, 1], heldOut: [2], leftOut: [{ row: 3, reason: "has 40 tokens" }] },
	} as unknown as Told;
	expect(trainingFacts(told)).toEqual([
		["Training", "1 step in 1.0 s, loss 4.000 → 4.000"],
		["Held out", "1 row, loss 3.000, perplexity 20.00 after step 1"],
		["Left out", "1 row; row 3 has 40 tokens"],
	]);
});
