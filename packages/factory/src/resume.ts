// Where a killed run goes on: the state and the log of the last save. What does not belong together is begun again: slower, never wrong.

import type { Trainer } from "@openledger/llm";
import type { Hex } from "@openledger/protocol";
import { RunError } from "./errors.js";
import { type ChainLink, type StepEntry, wholeDigest } from "./history.js";
import { parseState, stateBytes } from "./runFiles.js";
import { files, readIfThere, writeDurably } from "./runFolder.js";

export interface Log {
	readonly start: Hex;
	readonly steps: StepEntry[];
	readonly chain: ChainLink[];
}

/** Brings the trainer to the folder's state and returns the log until there. Throws RunError "run-mismatch" if it is another run's. */
export async function resume(trainer: Trainer, directory: string, start: Hex): Promise<Log> {
	const at = files(directory);
	const anew = (): Log => {
		trainer.reset();
		return { start, steps: [], chain: [] };
	};
	const [state, text] = [await readIfThere(at.progress), await readIfThere(at.log)];
	if (state === undefined || text === undefined) return anew();
	const log = parseLog(text);
	if (log !== undefined && log.start !== start)
		throw new RunError("run-mismatch", `${directory} holds the beginning of another run; choose an empty folder`);
	const restored = readState(state, at.progress);
	if (log === undefined || restored === undefined) return anew();
	// The two files are written one after the other; a kill between them leaves a log that is ahead.
	const steps = log.steps.slice(0, restored.step);
	if (steps.length < restored.step) return anew();
	trainer.restore(restored);
	return { start, steps, chain: log.chain.filter((link) => link.step <= restored.step) };
}

/** Writes down where the run is, log first. */
export async function save(trainer: Trainer, directory: string, log: Log): Promise<void> {
	const at = files(directory);
	const state = trainer.state();
	await writeDurably(at.log, JSON.stringify(log));
	await writeDurably(at.progress, stateBytes(state, { digest: wholeDigest(state) }));
}

function parseLog(text: Uint8Array): Log | undefined {
	try {
		const log = JSON.parse(new TextDecoder().decode(text)) as Partial<Log> | null;
		const isLog = typeof log?.start === "string" && Array.isArray(log.steps) && Array.isArray(log.chain);
		return isLog ? (log as Log) : undefined;
	} catch {
		return undefined;
	}
}

/** The state, if it is whole. Files of before states said their digest are taken as they are. */
function readState(bytes: Uint8Array, file: string) {
	try {
		const state = parseState(bytes, file);
		return state.digest === undefined || state.digest === wholeDigest(state) ? state : undefined;
	} catch {
		return undefined;
	}
}
