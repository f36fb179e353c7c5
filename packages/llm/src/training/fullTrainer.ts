// Full fine-tuning: every parameter of a base is trained, the embeddings and a tied head as one.

import type { Machine } from "@openledger/tensor";
import type { BaseModel } from "../model/baseModel.js";
import { parameterShapes } from "../model/parameters.js";
import type { AdamWSettings } from "./adamw.js";
import { fullLoss } from "./loss.js";
import { createTrainer, type Trainer } from "./trainer.js";

/**
 * A trainer whose parameters start at the base's. It holds four times the base's bytes; `writeBase` makes a folder of its state. Throws the
 * tensor room's OutOfMemoryError, with nothing taken, where parameters and moments do not fit.
 */
export function createFullTrainer(
	machine: Machine,
	base: Pick<BaseModel, "config" | "parameters">,
	settings: AdamWSettings,
): Trainer {
	const { config, parameters } = base;
	return createTrainer({
		machine,
		shapes: parameterShapes(config),
		initial: parameters,
		loss: fullLoss(config),
		settings,
	});
}
