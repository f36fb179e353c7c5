// `openledger chat [MODEL] ["…"]`: an answer as it is written, and whose rows it came from; without a question, one after another.

import { Option } from "commander";
import { attributionLines } from "../chat/attribution.js";
import { chatLoop, sumText } from "../chat/chatLoop.js";
import { type ChatOptions, type OpenedChat, openChat } from "../chat/openChat.js";
import type { PayHow } from "../chat/openPayer.js";
import { openPrompt } from "../chat/openPrompt.js";
import type { Api } from "../client/api.js";
import { type Cli, type Given, nodeCommand, type Outcome, toJson } from "../defineCommand.js";
import { usage } from "../errors.js";
import { parseOpen } from "../output/parseOpen.js";
import { showWaiting } from "../output/showWaiting.js";
import { visibleText } from "../output/visibleText.js";
import { type SamplingOptions, samplingOptions, whole } from "./samplingOptions.js";
import { passwordOption, type WalletOptions, walletOption, withWallet } from "./walletOptions.js";

type Options = SamplingOptions &
	WalletOptions & {
		readonly model?: string;
		readonly maxTokens?: number;
		readonly maxFee: bigint;
		readonly keyFile?: string;
		readonly apiKeyFile?: string;
		readonly pay?: PayHow;
	};

export function chatCommand(cli: Cli) {
	const spec = {
		name: "chat",
		describe: "talk to a model; where answers are paid in OPEN, each comes with a receipt",
		args: [
			["[model]", "served name (default: the model published last)"],
			["[question]", "what to ask; without it, questions are read one by one, from the terminal or a pipe"],
		],
		options: [
			new Option("--model <name>", "served name, where the question stands alone"),
			new Option("--max-tokens <n>", "tokens to write at most (default: the server's)").argParser(whole(1, 65_536)),
			...samplingOptions(),
			new Option("--max-fee <open>", "pay no more than this for an answer")
				.argParser(parseOpen)
				.default(parseOpen("0.01"), "0.01 OPEN"),
			new Option("--api-key-file <file>", "file with a prepaid key that pays (default: $OPENLEDGER_API_KEY, if set)"),
			walletOption(),
			passwordOption(),
			new Option(
				"--pay <how>",
				"channel: one deposit for many answers (a wallet's default); exact: a transfer for each",
			).choices(["channel", "exact"]),
			new Option("--key-file <file>", "file with a bare private key that pays"),
		],
		examples: [
			'chat "What is the capital of Uganda?"',
			"chat world-1",
			'chat world-1 "Name a city." --temperature 0.8 --top-k 40 --seed 7',
			"chat --url http://127.0.0.1:8000 --json < questions.txt",
		],
	} as const;
	return nodeCommand<Options>(cli, spec, async (given) => {
		const { api } = given;
		const opened = await openChat(api, chatOptions(given));
		try {
			return await talk(given, opened);
		} finally {
			opened.payer.close();
		}
	});
}

type Talk = Given<Options> & { readonly api: Api };

async function talk(given: Talk, opened: OpenedChat): Promise<Outcome> {
	const { api, terminal, isJson } = given;
	const { server, question, payer } = opened;
	if (question !== undefined) {
		const { answered, told } = await askOnce(given, opened, question);
		return { json: answered, text: `\n${attributionLines(terminal, told).join("\n")}` };
	}
	const prompt = openPrompt({ sign: terminal.noteStyle.cyan("› ") });
	const onEvent = isJson ? (event: object) => terminal.result(toJson(event)) : undefined;
	onEvent?.({ event: "ready", model: server.model, url: api.url, payer: payer.address ?? null });
	const { dim } = terminal.noteStyle;
	if (prompt.isTyped && !isJson) {
		terminal.note(dim(`${server.model} at ${api.url}, paid by ${payer.name}`));
		terminal.note(dim("Ctrl-C stops an answer, /help says more, Ctrl-D leaves"));
	}
	const sum = await chatLoop({ terminal, prompt, server, onEvent });
	if (!prompt.isTyped && sum.answered + sum.failed === 0) {
		throw usage('say what to ask: openledger chat "What is the capital of Uganda?"');
	}
	return { json: { event: "end", ...sum }, text: dim(sumText(sum)), ok: sum.failed === 0 || prompt.isTyped };
}

function chatOptions({ config, options, args }: Given<Options>): ChatOptions {
	const { model, maxTokens, keyFile, apiKeyFile, maxFee: maxFeeWei, pay: how } = options;
	if (keyFile !== undefined && apiKeyFile !== undefined)
		throw usage("--key-file and --api-key-file both pay; give one");
	return {
		...{ config: withWallet(config, options), args, model, maxTokens, keyFile, apiKeyFile, maxFeeWei, how },
		fields: fieldsOf(options),
	};
}

/** One question; its answer is on the screen, piece by piece, when this returns. */
async function askOnce({ terminal, isJson }: Given<Options>, { server }: OpenedChat, text: string) {
	const waiting = isJson ? undefined : showWaiting(terminal, server.model);
	try {
		const answered = await server.ask(server.model, [{ role: "user", content: text }], {
			onPiece(piece) {
				waiting?.end();
				if (!isJson) terminal.piece(terminal.style.bold(visibleText(piece)));
			},
		});
		return { answered, told: isJson ? { answered } : await server.tell(answered) };
	} finally {
		waiting?.end();
	}
}

/** The sampling flags as the API names them. */
function fieldsOf({ temperature, topP, topK, minP, repetitionPenalty, stop, seed }: SamplingOptions) {
	const named = { temperature, top_p: topP, top_k: topK, min_p: minP, repetition_penalty: repetitionPenalty, seed };
	return stop === undefined ? named : { ...named, stop };
}
