// A model that has learnt the facts: the run, its checkpoints, and what it answers. It must not know how influence is measured.

import { createReplayTrainer, type RecordedTraining, retrain } from "@openledger/attribution";
import {
	type Adapter,
	adapterModules,
	type Engine,
	inputNameA,
	inputNameB,
	readAdapter,
	type TrainerState,
	writeAdapterConfig,
	writeAdapterModel,
} from "@openledger/llm";
import { keptObject } from "../keep.js";
import type { FactsSet } from "../sets/facts.js";
import { recordSet } from "../sets/set.js";

/** Shares of the run after which gradients are taken. */
const CHECKPOINTS = [0.15, 0.35, 0.6];

export interface World {
	readonly engine: Engine;
	readonly set: FactsSet;
	readonly run: RecordedTraining;
	/** States on the way, in order. */
	readonly checkpoints: readonly TrainerState[];
	/** The run's last state. */
	readonly final: TrainerState;
}

/** A trained world; its states are kept in a folder, and trained, which takes some minutes, where they are not there for this `key`. */
export function trainWorld(
	engine: Engine,
	set: FactsSet,
	{ keep, key, log }: { readonly keep: string; readonly key: string; readonly log: (line: string) => void },
): World {
	const run = recordSet(engine, set);
	return { engine, set, run, ...keptObject(keep, "states", [key, CHECKPOINTS], () => train(run, log)) };
}

function train(run: RecordedTraining, log: (line: string) => void): Pick<World, "checkpoints" | "final"> {
	const steps = CHECKPOINTS.map((share) => Math.max(1, Math.round(share * run.total)));
	const checkpoints: TrainerState[] = [];
	const trainer = createReplayTrainer(run);
	try {
		const final = retrain(run, new Set(), {
			trainer,
			onStep(done, total) {
				if (steps.includes(done)) checkpoints.push(trainer.state());
				if (done % 100 === 0) log(`trained ${done} of ${total} steps`);
			},
		});
		return { checkpoints, final };
	} finally {
		trainer.close();
	}
}

function adapterOf({ engine, run }: World, { parameters }: TrainerState): Adapter {
	const { config } = engine.base;
	const weights = new Map(
		adapterModules(config, run.adapter).map(({ path }) => [
			path,
			{ A: parameters.get(inputNameA(path))!, B: parameters.get(inputNameB(path))! },
		]),
	);
	const stated = JSON.parse(JSON.stringify(writeAdapterConfig(run.adapter, engine.base.name)));
	return readAdapter(config, stated, writeAdapterModel(config, run.adapter, weights));
}

/** Whether the model gives the very words, for each question. */
export function answersRight(
	world: World,
	questions: readonly { readonly prompt: string; readonly response: string }[],
): boolean[] {
	const adapter = adapterOf(world, world.final);
	return questions.map(({ prompt, response }) => {
		const messages = [{ role: "user" as const, content: prompt }];
		const { text } = world.engine.generate({ messages, maxTokens: 32 }, adapter);
		return text.trim() === response;
	});
}
