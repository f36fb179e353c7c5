// `openledger model train DATANET --name NAME`: freezes a snapshot, trains an adapter on it, publishes the model.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { TransientError } from "@openledger/protocol";
import { Option } from "commander";
import type { Api } from "../client/api.js";
import type { Job, TrainedModel } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { unusable, usage } from "../errors.js";
import { seconds } from "../output/amounts.js";
import { openProgress } from "../output/progress.js";
import { facts } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";

const LOOK_MS = 500;

export function modelTrainCommand(cli: Cli) {
	const spec = {
		name: "train",
		describe: "train a model on a datanet's rows and publish it; a training cut short goes on where it was",
		args: [["<datanet>", "name or id of the datanet"]],
		options: [
			new Option("--name <name>", "the model's name (default: the datanet's)"),
			new Option("--recipe <file>", "JSON with the fields to change in the default recipe"),
		],
		examples: ["model train world --name world", "model train world --name world-slow --recipe slow.json"],
	} as const;
	return nodeCommand<{ name?: string; recipe?: string }>(cli, spec, async ({ api, args, options, terminal }) => {
		const [datanet] = args as [string];
		const recipe = options.recipe === undefined ? undefined : read(options.recipe);
		const body = { datanet, name: options.name ?? datanet, ...(recipe !== undefined && { recipe }) };
		const { jobId } = await api.post<{ jobId: string }>("/models", body);
		const modelId = await wait(api, jobId, terminal);
		const model = await api.get<TrainedModel>(`/models/${modelId}`);
		const text = facts(terminal, [
			["Model", model.model],
			["Id", model.id],
			["Adapter", model.adapterDigest],
			["Trained", `${model.history.at(-1)?.step ?? 0} steps in ${seconds(model.seconds)}`],
			["Next", `openledger chat --model ${model.model} "…"`],
		]);
		return { json: { jobId, ...model }, text };
	});
}

async function wait(api: Api, jobId: string, terminal: Terminal): Promise<string> {
	const { step, end } = openProgress(terminal);
	try {
		for (;;) {
			const job = await api.get<Job>(`/jobs/${jobId}`);
			if (job.status === "done" && job.modelId !== null) return job.modelId;
			if (job.status === "failed") {
				const message = `the training failed: ${job.error}; the same command tries again`;
				throw new TransientError(message, { code: "cli/training-failed" });
			}
			if (job.progress !== null) {
				const { stage, done, total, loss, secondsLeft } = job.progress;
				const what = stage === "train" ? `loss ${loss.toFixed(3)}` : "influence features";
				step({ stage: "train", message: `${what}, ${Math.ceil(secondsLeft)} s left`, done, total });
			}
			await sleep(LOOK_MS);
		}
	} finally {
		end();
	}
}

function read(file: string): unknown {
	let text: string;
	try {
		text = readFileSync(file, "utf8");
	} catch (cause) {
		throw unusable(file, cause);
	}
	try {
		return JSON.parse(text);
	} catch {
		throw usage(`${file} is not JSON; a recipe is an object such as {"epochs": 20}`);
	}
}
