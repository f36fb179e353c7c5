// The adapters that a run would have given without somebody's rows, each trained once and kept in a folder. A kill costs the one under way.
// It must not know who the somebodies are.

import { join } from "node:path";
import { createReplayTrainer, type RecordedTraining } from "@openledger/attribution";
import { readSafetensors, sha256, type Trainer, writeSafetensors } from "@openledger/llm";
import { type Hex, utf8 } from "@openledger/protocol";
import { stateDigest } from "../history.js";
import { readIfThere, writeDurably } from "../runFolder.js";
import { checkReplay, type RecordedRun } from "./recordedTrainingOf.js";
import { retrainInTurns } from "./retrainInTurns.js";

export type AdapterNumbers = ReadonlyMap<string, Float32Array>;

export interface CounterfactualsOptions {
	readonly training: RecordedTraining;
	readonly run: RecordedRun & { readonly runCommitment: Hex };
	/** One folder a run. */
	readonly directory: string;
}

export interface AskOptions {
	/** After each step of a training that had to be done. */
	readonly onStep?: (done: number, total: number) => void;
	readonly signal?: AbortSignal;
}

export interface Counterfactuals {
	/** The adapter if it is kept whole in the folder; what is damaged or another run's counts as missing. */
	find(without: ReadonlySet<number>): Promise<AdapterNumbers | undefined>;
	/** The adapter without these rows, trained now if need be; durable before it is returned. With none left out it is held against the run. */
	adapter(without: ReadonlySet<number>, options?: AskOptions): Promise<AdapterNumbers>;
	close(): void;
}

/** Bytes that an adapter takes in the folder, but for a header of a few kilobytes. */
export function counterfactualBytes({ initial }: Pick<RecordedTraining, "initial">): number {
	return [...initial.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

export function openCounterfactuals({ training, run, directory }: CounterfactualsOptions): Counterfactuals {
	let trainer: Trainer | undefined;
	const nameOf = (without: ReadonlySet<number>): Hex => {
		const rows = [...without].sort((a, b) => a - b).join(",");
		return sha256(utf8(`openledger/counterfactual/v1\n${run.runCommitment}\n${run.keptStep}\n${rows}`));
	};
	const fileOf = (name: Hex) => join(directory, `${name.slice(2, 34)}.safetensors`);

	async function find(without: ReadonlySet<number>): Promise<AdapterNumbers | undefined> {
		const name = nameOf(without);
		const file = fileOf(name);
		const bytes = await readIfThere(file);
		if (bytes === undefined) return undefined;
		try {
			const { tensors, metadata } = readSafetensors(bytes, file);
			const numbers = new Map([...tensors].map(([key, { data }]) => [key, data]));
			const sound = metadata.counterfactual === name && metadata.digest === stateDigest(numbers);
			return sound && sameNames(numbers, training.initial) ? numbers : undefined;
		} catch {
			return undefined;
		}
	}

	return {
		find,
		async adapter(without, options = {}) {
			const kept = await find(without);
			if (kept !== undefined) return kept;
			trainer ??= createReplayTrainer(training);
			const state = await retrainInTurns(training, without, { ...options, trainer });
			if (without.size === 0) checkReplay(run, state);
			const name = nameOf(without);
			const tensors = new Map([...state.parameters].map(([key, data]) => [key, { shape: [data.length], data }]));
			const metadata = { counterfactual: name, digest: stateDigest(state.parameters) };
			await writeDurably(fileOf(name), writeSafetensors(tensors, "F32", metadata));
			return state.parameters;
		},
		close: () => trainer?.close(),
	};
}

function sameNames(a: AdapterNumbers, b: AdapterNumbers): boolean {
	return a.size === b.size && [...b].every(([name, { length }]) => a.get(name)?.length === length);
}
