// `openledger chat "…"`: a paid answer and its receipt; without a question, one after another until Ctrl-D.

import { createInterface } from "node:readline/promises";
import { InvalidArgumentError, Option } from "commander";
import { type Answered, openChat } from "../client/chatClient.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { usage } from "../errors.js";
import { open, percent } from "../output/amounts.js";
import { cut } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";
import { type SamplingOptions, samplingOptions } from "./samplingOptions.js";

type Options = SamplingOptions & {
	readonly model?: string;
	readonly maxTokens?: number;
	readonly maxFee: bigint;
	readonly keyFile?: string;
};

const DECIMALS = 18;

export function chatCommand(cli: Cli) {
	const spec = {
		name: "chat",
		describe: "ask a model; the answer is paid in OPEN and comes with a receipt",
		args: [["[question]", "what to ask; without it, questions are read one by one"]],
		options: [
			new Option("--model <name>", "served name (default: the model published last)"),
			new Option("--max-tokens <n>", "tokens to write at most, 1 to 64").argParser(tokens),
			...samplingOptions(),
			new Option("--max-fee <open>", "pay no more than this for an answer")
				.argParser(wei)
				.default(wei("0.01"), "0.01 OPEN"),
			new Option("--key-file <file>", "private key that pays (default: the node's own payer, on this machine)"),
		],
		examples: [
			'chat "What is the capital of Uganda?"',
			"chat --model world-1",
			'chat "Name a city." --temperature 0.8 --top-k 40 --seed 7',
		],
	} as const;
	return nodeCommand<Options>(cli, spec, async ({ api, args, options, terminal, isJson }) => {
		const { model, maxTokens, keyFile, maxFee: maxFeeWei } = options;
		const question = args[0];
		if (question === undefined && (isJson || !process.stdin.isTTY)) {
			throw usage('say what to ask: openledger chat "What is the capital of Uganda?"');
		}
		const chat = await openChat(api, { model, maxTokens, keyFile, maxFeeWei, fields: fieldsOf(options) });
		if (question !== undefined) {
			const answered = await chat.ask(question);
			return { json: answered, text: show(terminal, answered) };
		}
		const { dim } = terminal.noteStyle;
		terminal.note(dim(`${chat.model}, paid by ${chat.payer}; Ctrl-D ends`));
		const asked = await converse(terminal, chat.ask);
		return {
			json: asked,
			text: dim(`${asked.length} answered, ${open(asked.reduce((n, a) => n + BigInt(a.feeWei), 0n))} OPEN paid`),
		};
	});
}

/** The sampling flags as the API names them. */
function fieldsOf({ temperature, topP, topK, minP, repetitionPenalty, stop, seed }: SamplingOptions) {
	const named = { temperature, top_p: topP, top_k: topK, min_p: minP, repetition_penalty: repetitionPenalty, seed };
	return stop === undefined ? named : { ...named, stop };
}

async function converse(terminal: Terminal, ask: (prompt: string) => Promise<Answered>): Promise<Answered[]> {
	const lines = createInterface({ input: process.stdin, output: process.stderr });
	const asked: Answered[] = [];
	lines.setPrompt(terminal.noteStyle.cyan("› "));
	lines.prompt();
	for await (const line of lines) {
		if (line.trim() !== "") {
			try {
				const answered = await ask(line.trim());
				asked.push(answered);
				terminal.result(show(terminal, answered));
			} catch (error) {
				terminal.note(`${terminal.noteStyle.red("error")} ${error instanceof Error ? error.message : String(error)}`);
			}
		}
		lines.prompt();
	}
	terminal.note("");
	return asked;
}

function show(terminal: Terminal, { text, shares, feeWei, receiptId, model }: Answered): string {
	const { bold, dim } = terminal.style;
	const earners = shares.slice(0, 3).map(({ contributor, ppm }) => `${contributor} ${percent(ppm)}`);
	const by = earners.length === 0 ? "no row stood out" : `shared by ${earners.join(", ")}`;
	const paid = `${model}, ${open(feeWei)} OPEN, ${by}`;
	return [bold(text.trim()), dim(cut(paid, terminal.width)), dim(`receipt ${receiptId}`)].join("\n");
}

function tokens(value: string): number {
	if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 64) return Number(value);
	throw new InvalidArgumentError("It must be a whole number from 1 to 64.");
}

/** "0.01" OPEN in wei, exactly. */
function wei(value: string): bigint {
	const [, whole, part = ""] = /^(\d{1,9})(?:\.(\d{1,18}))?$/.exec(value) ?? [];
	if (whole === undefined) throw new InvalidArgumentError("It must be an amount of OPEN such as 0.01.");
	return BigInt(whole + part.padEnd(DECIMALS, "0"));
}
