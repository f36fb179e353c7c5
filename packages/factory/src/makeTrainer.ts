// The trainer that a recipe asks for, at its beginning. It must not know rows.

import {
	type AdapterConfig,
	type AdapterWeights,
	adapterLoss,
	adapterModules,
	adapterParameterShapes,
	createTrainer,
	type Engine,
	initialAdapter,
	inputNameA,
	inputNameB,
	ModelError,
	type Trainer,
} from "@openledger/llm";
import { RunError } from "./errors.js";
import { adapterConfigOf, type Recipe } from "./recipe.js";

/** Throws RunError "recipe-malformed" where the recipe's targets do not suit the base: which layers a base has is known only here. */
export function checkTargets({ base }: Engine, recipe: Recipe): void {
	try {
		adapterModules(base.config, adapterConfigOf(recipe));
	} catch (cause) {
		if (!(cause instanceof ModelError)) throw cause;
		throw new RunError("recipe-malformed", `recipe.targets does not suit base ${base.name}: ${cause.message}`, {
			cause,
		});
	}
}

/** A trainer whose adapter is the recipe's first one and whose moments are zero. */
export function makeTrainer(engine: Engine, recipe: Recipe): Trainer {
	const config = adapterConfigOf(recipe);
	const initial = new Map<string, Float32Array>();
	for (const [path, { A, B }] of initialAdapter(engine.base.config, config, recipe.seed))
		initial.set(inputNameA(path), A).set(inputNameB(path), B);
	return createTrainer({
		machine: engine.machine,
		shapes: adapterParameterShapes(engine.base.config, config),
		initial,
		loss: adapterLoss(engine.base.config, config),
		settings: recipe,
	});
}

/** A trainer's parameters as an adapter's matrices. */
export function adapterWeights(
	engine: Engine,
	config: AdapterConfig,
	named: ReadonlyMap<string, Float32Array>,
): AdapterWeights {
	return new Map(
		adapterModules(engine.base.config, config).map((m) => [
			m.path,
			{ A: named.get(inputNameA(m.path))!, B: named.get(inputNameB(m.path))! },
		]),
	);
}
