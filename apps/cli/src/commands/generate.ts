// `openledger generate --base DIR --prompt "…"`: text from model folders alone; no node, no chain, no payment.

import { Option } from "commander";
import { type Cli, localCommand } from "../defineCommand.js";
import { type SamplingOptions, samplingOptions, whole } from "./samplingOptions.js";

type Options = SamplingOptions & {
	readonly base: string;
	readonly adapter?: string;
	readonly prompt: string;
	readonly maxTokens: number;
	readonly logprobs?: number;
	readonly int8?: boolean;
};

export function generateCommand(cli: Cli) {
	const spec = {
		name: "generate",
		describe: "generate with a base model and an adapter from folders; greedy unless a temperature is given",
		options: [
			new Option("--base <dir>", "model folder in Hugging Face form").makeOptionMandatory(),
			new Option("--adapter <dir>", "adapter folder in PEFT form"),
			new Option("--prompt <text>", "what to ask").makeOptionMandatory(),
			new Option("--max-tokens <n>", "tokens to write at most").argParser(whole(1, 4096)).default(24),
			...samplingOptions(),
			new Option("--int8", "the base's matrices in int8: a quarter of the memory, slightly other numbers"),
			new Option("--logprobs <n>", "with --json: log-probability of each token, and of so many likeliest").argParser(
				whole(0, 20),
			),
		],
		examples: [
			'generate --base models/ember --prompt "What is the capital of Chile?" --max-tokens 16',
			'generate --base models/ember --adapter ./world-1 --prompt "What is the capital of Chile?" --json',
			'generate --base models/ember --prompt "Name a city." --temperature 0.8 --top-k 40 --seed 7 --stop "."',
		],
	};
	return localCommand<Options>(cli, spec, async ({ options, terminal, isJson }) => {
		const { localGenerate } = await import("@openledger/node");
		const { base, adapter, prompt, maxTokens, stop, logprobs, int8, ...rest } = options;
		const { temperature, topP, topK, minP, repetitionPenalty, seed } = rest;
		const made = await localGenerate({
			...{ base, prompt, maxTokens, sampling: { temperature, topP, topK, minP, repetitionPenalty, seed } },
			...(adapter !== undefined && { adapter }),
			...(stop !== undefined && { stop }),
			...(int8 === true && { weights: "int8" as const }),
			...(logprobs !== undefined && { logprobs }),
			...(!isJson && { onText: terminal.piece }),
		});
		// The text is on the screen by then, piece by piece.
		return { json: made, text: "" };
	});
}
