// A finished run from its folder.

import type { Engine } from "@openledger/llm";
import { readRun, type TrainedRun } from "./readRun.js";
import { readIfThere, runFile } from "./runFolder.js";

/** Reads and checks every file; throws as `readRun`. */
export function loadRun(directory: string, engine: Engine): Promise<TrainedRun> {
	return readRun(directory, (name) => readIfThere(runFile(directory, name)), engine);
}
