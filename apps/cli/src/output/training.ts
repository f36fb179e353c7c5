// How a finished training is told. It must not know of terminals.

import type { TrainedModel } from "../client/records.js";
import { counted, seconds } from "./amounts.js";

type Told = Pick<TrainedModel, "history" | "seconds" | "plannedSteps" | "keptStep" | "validations" | "rowsUsed">;

/** Lines of facts: steps, losses and, where rows were held out or left out, what was lost on those and why these were not used. */
export function trainingFacts(told: Told): [string, string][] {
	const { history, seconds: spent, plannedSteps, keptStep, validations, rowsUsed } = told;
	const [first, last] = [history[0], history.at(-1)];
	const steps = last?.step ?? 0;
	const early = steps < plannedSteps ? ` of ${plannedSteps}, stopped early` : "";
	const kept = keptStep < steps ? `, the adapter of step ${keptStep}` : "";
	const loss = first && last ? `, loss ${first.loss.toFixed(3)} → ${last.loss.toFixed(3)}` : "";
	const facts: [string, string][] = [
		["Training", `${counted(steps, "step")}${early} in ${seconds(spent)}${loss}${kept}`],
	];
	const looked = validations.find(({ step }) => step === keptStep) ?? validations.at(-1);
	if (looked !== undefined) {
		const { step, loss: held, perplexity } = looked;
		const rows = rowsUsed === undefined ? "" : `${counted(rowsUsed.heldOut.length, "row")}, `;
		facts.push(["Held out", `${rows}loss ${held.toFixed(3)}, perplexity ${perplexity.toFixed(2)} after step ${step}`]);
	}
	const [out] = rowsUsed?.leftOut ?? [];
	if (out !== undefined)
		facts.push(["Left out", `${counted(rowsUsed!.leftOut.length, "row")}; row ${out.row} ${out.reason}`]);
	return facts;
}
