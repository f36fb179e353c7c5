// A run with everything a recipe can ask for, as a program to be killed: `node killedRun.ts DIRECTORY` trains and tells every step in a line.

import { createEngine, tinyBase } from "@openledger/llm";
import { parseRecipe } from "../parseRecipe.js";
import { trainAdapter } from "../trainAdapter.js";

export const killedRows = Array.from({ length: 24 }, (_, i) => ({
	prompt: `Say ${String.fromCharCode(97 + i)}${i}?`,
	response: `${i}.`,
}));
export const killedSnapshot = `0x${"12".repeat(32)}` as const;
/** A rate so high that the validation loss soon turns. */
export const killedRecipe = {
	epochs: 12,
	batchSize: 4,
	accumulate: 2,
	packing: true,
	learningRate: 0.05,
	schedule: "constant",
	validation: 6,
	validateEvery: 2,
	patience: 3,
	keepBest: true,
};

const [, script, directory] = process.argv;
if (script?.endsWith("killedRun.ts") && directory !== undefined) {
	const small = { rank: 4, alpha: 8, commitEvery: 4, checkpoints: [0.3, 0.8] };
	await trainAdapter({
		engine: createEngine(tinyBase()),
		rows: killedRows,
		snapshotRoot: killedSnapshot,
		recipe: parseRecipe({ ...small, ...killedRecipe }),
		directory,
		onProgress: ({ stage, done }) => process.stdout.write(`${stage} ${done}\n`),
	});
}
