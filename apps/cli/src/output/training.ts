// How a finished training is told. It must not know of terminals.

import type { TrainedModel } from "../client/records.js";
import { seconds } from "./amounts.js";

type Told = Pick<TrainedModel, "history" | "seconds" | "plannedSteps" | "keptStep" | "validations">;

/** Lines of facts: steps, losses and, where rows were held out, what was lost on those. */
export function trainingFacts({
	history,
	seconds: spent,
	plannedSteps,
	keptStep,
	validations,
}: Told): [string, string][] {
	const [first, last] = [history[0], history.at(-1)];
	const steps = last?.step ?? 0;
	const early = steps < plannedSteps ? ` of ${plannedSteps}, stopped early` : "";
	const kept = keptStep < steps ? `, the adapter of step ${keptStep}` : "";
	const loss = first && last ? `, loss ${first.loss.toFixed(3)} → ${last.loss.toFixed(3)}` : "";
	const trained: [string, string] = ["Training", `${steps} steps${early} in ${seconds(spent)}${loss}${kept}`];
	const told = validations.find(({ step }) => step === keptStep) ?? validations.at(-1);
	if (told === undefined) return [trained];
	return [
		trained,
		["Held out", `loss ${told.loss.toFixed(3)}, perplexity ${told.perplexity.toFixed(2)} after step ${told.step}`],
	];
}
