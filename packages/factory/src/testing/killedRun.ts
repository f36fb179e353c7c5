// A run with everything a recipe can ask for, as a program to be killed: `killedRun.ts DIRECTORY` trains and tells every step in a line.

import { createEngine, tinyBase } from "@openledger/llm";
import { parseRecipe } from "../parseRecipe.js";
import { trainAdapter } from "../trainAdapter.js";
import { killedRecipe, killedRows, killedSnapshot } from "./killedRecipe.js";

await trainAdapter({
	engine: createEngine(tinyBase()),
	rows: killedRows,
	snapshotRoot: killedSnapshot,
	recipe: parseRecipe({ rank: 4, alpha: 8, commitEvery: 4, checkpoints: [0.3, 0.8], ...killedRecipe }),
	directory: process.argv[2]!,
	onProgress: ({ stage, done }) => process.stdout.write(`${stage} ${done}\n`),
});
