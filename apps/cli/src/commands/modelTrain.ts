// `openledger model train DATANET --name NAME`: freezes a snapshot, trains an adapter on it, publishes the model.

import { setTimeout as sleep } from "node:timers/promises";
import { TransientError } from "@openledger/protocol";
import { Option } from "commander";
import type { Api } from "../client/api.js";
import { readRecipe } from "../client/readRecipe.js";
import type { Job, TrainedModel } from "../client/records.js";
import { type Cli, nodeCommand, toJson } from "../defineCommand.js";
import { openProgress } from "../output/progress.js";
import { facts } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";
import { trainingFacts } from "../output/training.js";

const LOOK_MS = 500;

export function modelTrainCommand(cli: Cli) {
	const spec = {
		name: "train",
		describe:
			"train a model on a datanet's rows and publish it; a training cut short goes on where it was. " +
			"With --json, every step of the way is a line of JSON on stderr.",
		args: [["<datanet>", "name or id of the datanet"]],
		options: [
			new Option("--name <name>", "the model's name (default: the datanet's)"),
			new Option("--recipe <file>", "YAML or JSON with the fields to change in the default recipe; see: model recipe"),
		],
		examples: [
			"model train world --name world",
			"model recipe > recipe.yaml",
			"model train world --name world-slow --recipe recipe.yaml",
			"model train world --json 2> progress.jsonl",
		],
	} as const;
	return nodeCommand<{ name?: string; recipe?: string }>(cli, spec, async (given) => {
		const { api, args, options, terminal, isJson } = given;
		const [datanet] = args as [string];
		const recipe = options.recipe === undefined ? undefined : await readRecipe(options.recipe);
		const body = { datanet, name: options.name ?? datanet, ...(recipe !== undefined && { recipe }) };
		const { jobId } = await api.post<{ jobId: string }>("/models", body);
		const modelId = await wait(api, jobId, isJson ? jsonSteps(terminal) : textSteps(terminal));
		const model = await api.get<TrainedModel>(`/models/${modelId}`);
		const text = facts(terminal, [
			["Model", model.model],
			["Id", model.id],
			["Adapter", model.adapterDigest],
			...trainingFacts(model),
			["Next", `openledger chat --model ${model.model} "…"`],
		]);
		return { json: { jobId, ...model }, text };
	});
}

type Steps = { step(job: Job): void; end(): void };

/** A bar or lines for people. */
function textSteps(terminal: Terminal): Steps {
	const { step, end } = openProgress(terminal);
	return {
		step({ progress, message }) {
			if (progress !== null)
				step({ stage: "train", message: message ?? "", done: progress.done, total: progress.total });
		},
		end,
	};
}

/** A line of JSON for every new step that was seen. */
function jsonSteps(terminal: Terminal): Steps {
	let seen = "";
	return {
		step({ progress }) {
			const line = toJson({ event: "progress", ...progress });
			if (progress !== null && line !== seen) terminal.note(line);
			seen = line;
		},
		end: () => {},
	};
}

async function wait(api: Api, jobId: string, { step, end }: Steps): Promise<string> {
	try {
		for (;;) {
			const job = await api.get<Job>(`/jobs/${jobId}`);
			if (job.status === "done" && job.modelId !== null) return job.modelId;
			if (job.status === "failed") {
				const message = `the training failed: ${job.error}; the same command tries again`;
				throw new TransientError(message, { code: "cli/training-failed" });
			}
			if (job.status === "stopped") {
				throw new TransientError("the training was stopped; the same command goes on with it", {
					code: "cli/training-stopped",
				});
			}
			step(job);
			await sleep(LOOK_MS);
		}
	} finally {
		end();
	}
}
