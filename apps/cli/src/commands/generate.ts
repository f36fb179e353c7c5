// `openledger generate --base DIR --prompt "…"`: text from model folders alone; no node, no chain, no payment.

import { InvalidArgumentError, Option } from "commander";
import { type Cli, localCommand } from "../defineCommand.js";

type Options = {
	readonly base: string;
	readonly adapter?: string;
	readonly prompt: string;
	readonly maxTokens: number;
	readonly temperature: number;
	readonly topP: number;
	readonly seed: number;
};

export function generateCommand(cli: Cli) {
	const spec = {
		name: "generate",
		describe: "generate with a base model and an adapter from folders; greedy unless a temperature is given",
		options: [
			new Option("--base <dir>", "model folder in Hugging Face form").makeOptionMandatory(),
			new Option("--adapter <dir>", "adapter folder in PEFT form"),
			new Option("--prompt <text>", "what to ask").makeOptionMandatory(),
			new Option("--max-tokens <n>", "tokens to write at most").argParser(number(1, 4096, true)).default(24),
			new Option("--temperature <t>", "0 is greedy").argParser(number(0, 2, false)).default(0),
			new Option("--top-p <p>", "nucleus of this probability").argParser(number(0.01, 1, false)).default(1),
			new Option("--seed <n>", "seed of the draw").argParser(number(0, 0xffff_ffff, true)).default(0),
		],
		examples: [
			'generate --base models/ember --prompt "What is the capital of Chile?" --max-tokens 16',
			'generate --base models/ember --adapter ./world-1 --prompt "What is the capital of Chile?" --json',
		],
	};
	return localCommand<Options>(cli, spec, async ({ options }) => {
		const { localGenerate } = await import("@openledger/node");
		const { base, adapter, prompt, maxTokens, temperature, topP, seed } = options;
		const made = await localGenerate({
			...{ base, prompt, maxTokens, temperature, topP, seed },
			...(adapter !== undefined && { adapter }),
		});
		return { json: made, text: made.text };
	});
}

function number(from: number, to: number, isWhole: boolean): (value: string) => number {
	return (value) => {
		const found = Number(value);
		if (value.trim() !== "" && found >= from && found <= to && (!isWhole || Number.isInteger(found))) return found;
		throw new InvalidArgumentError(`It must be a ${isWhole ? "whole " : ""}number from ${from} to ${to}.`);
	};
}
