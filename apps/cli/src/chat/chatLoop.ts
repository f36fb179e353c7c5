// Question after question: prints answers as they come, stops them on Ctrl-C, obeys words that begin with a slash.
// It must not know how a server is asked or paid.

import { codeOf } from "../errors.js";
import { counted, open } from "../output/amounts.js";
import { showWaiting } from "../output/showWaiting.js";
import type { Terminal } from "../output/terminal.js";
import { visibleText } from "../output/visibleText.js";
import { receiptText } from "../receiptPage/receiptText.js";
import type { Answered, Message } from "./askModel.js";
import { attributionLines, type Told } from "./attribution.js";
import { openConversation } from "./conversation.js";
import type { Prompt } from "./openPrompt.js";

export type ChatServer = {
	readonly model: string;
	ask(
		model: string,
		messages: readonly Message[],
		how: { readonly signal?: AbortSignal; readonly onPiece: (text: string) => void },
	): Promise<Answered>;
	tell(answered: Answered): Promise<Told>;
	/** The served names as people read them; throws unless `name` is one of them. */
	models(name?: string): Promise<string>;
};

export type ChatLoop = {
	readonly terminal: Terminal;
	readonly prompt: Prompt;
	readonly server: ChatServer;
	/** Told what happens, one event at a time, instead of the text. */
	readonly onEvent?: ((event: ChatEvent) => void) | undefined;
};

export type ChatEvent =
	| { readonly event: "question"; readonly model: string; readonly text: string }
	| { readonly event: "piece"; readonly text: string }
	| ({ readonly event: "answer"; readonly forgotten: number } & Answered)
	| { readonly event: "stopped"; readonly text: string }
	| { readonly event: "error"; readonly code: string; readonly message: string };

export type ChatSum = { readonly answered: number; readonly failed: number; readonly feeWei: bigint };

const HELP: readonly (readonly [word: string, does: string])[] = [
	["/model [name]", "talk to another model, or list them"],
	["/receipt", "show the receipt of the last answer in whole"],
	["/new", "forget what was said"],
	["/help", "show this"],
	["/quit", "leave; so does Ctrl-D"],
];

export async function chatLoop({ terminal, prompt, server, onEvent }: ChatLoop): Promise<ChatSum> {
	const { noteStyle, style } = terminal;
	let model = server.model;
	let last: Told | undefined;
	let sum: ChatSum = { answered: 0, failed: 0, feeWei: 0n };
	let running: AbortController | undefined;
	let pressed = 0;
	const talk = openConversation((messages) => ask(messages));
	let spoken = "";

	async function ask(messages: readonly Message[]): Promise<Answered> {
		const controller = new AbortController();
		running = controller;
		spoken = "";
		const waiting = onEvent === undefined ? showWaiting(terminal, model) : undefined;
		try {
			return await server.ask(model, messages, {
				signal: controller.signal,
				onPiece(text) {
					waiting?.end();
					spoken += text;
					if (onEvent === undefined) terminal.piece(style.bold(visibleText(text)));
					else onEvent({ event: "piece", text });
				},
			});
		} finally {
			waiting?.end();
			running = undefined;
		}
	}

	async function answer(question: string): Promise<void> {
		onEvent?.({ event: "question", model, text: question });
		let stopped = false;
		try {
			const { answered, forgotten } = await talk.say(question);
			sum = { ...sum, answered: sum.answered + 1, feeWei: sum.feeWei + BigInt(answered.feeWei ?? 0) };
			if (onEvent !== undefined) {
				onEvent({ event: "answer", forgotten, ...answered });
				return;
			}
			terminal.result(answered.text === "" ? style.dim("(an empty answer)") : "");
			last = await server.tell(answered);
			terminal.result(`${attributionLines(terminal, last).join("\n")}\n`);
			if (answered.finishReason === "length")
				terminal.note(noteStyle.dim("cut at its length; --max-tokens allows more"));
			if (forgotten > 0)
				terminal.note(noteStyle.dim(`the model's context is full: it forgot ${counted(forgotten / 2, "question")}`));
		} catch (error) {
			stopped = pressed > 0;
			if (stopped) {
				talk.keep(question, spoken);
				if (onEvent !== undefined) onEvent({ event: "stopped", text: spoken });
				else terminal.note(`${spoken === "" ? "" : "\n"}${noteStyle.dim("stopped; Ctrl-C again leaves")}`);
				return;
			}
			sum = { ...sum, failed: sum.failed + 1 };
			const message = error instanceof Error ? error.message : String(error);
			if (onEvent !== undefined) onEvent({ event: "error", code: codeOf(error), message });
			else terminal.note(`${spoken === "" ? "" : "\n"}${noteStyle.red("error")} ${visibleText(message)}`);
		}
	}

	/** True if the conversation is over. */
	async function obey(line: string): Promise<boolean> {
		const [word, name] = line.split(/\s+/) as [string, string | undefined];
		if (word === "/quit" || word === "/exit") return true;
		if (word === "/help") {
			const widest = Math.max(...HELP.map(([spelt]) => spelt.length));
			for (const [spelt, does] of HELP)
				terminal.note(`  ${noteStyle.cyan(spelt.padEnd(widest))}  ${noteStyle.dim(does)}`);
		} else if (word === "/new") {
			talk.clear();
			terminal.note(noteStyle.dim("what was said is forgotten"));
		} else if (word === "/receipt") {
			if (last?.receipt !== undefined) terminal.result(receiptText(terminal, last.receipt));
			else terminal.note(last === undefined ? "there is no answer yet" : "the last answer has no receipt to show");
		} else if (word === "/model") {
			try {
				const names = await server.models(name);
				if (name === undefined) terminal.note(visibleText(`${model} answers; ${names}`));
				else {
					model = name;
					talk.clear();
					terminal.note(noteStyle.dim(`${model} answers from here on, and knows nothing of what was said`));
				}
			} catch (error) {
				terminal.note(
					`${noteStyle.red("error")} ${visibleText(error instanceof Error ? error.message : String(error))}`,
				);
			}
		} else terminal.note(`${noteStyle.red("error")} there is no ${word}; /help lists what there is`);
		return false;
	}

	prompt.onInterrupt(() => {
		pressed += 1;
		if (running !== undefined && pressed === 1) return running.abort();
		if (prompt.isTyped && pressed === 1) {
			terminal.note(noteStyle.dim("\nCtrl-C again leaves"));
			prompt.again();
			return;
		}
		running?.abort();
		prompt.close();
	});

	for (;;) {
		const line = (await prompt.next())?.trim();
		if (line === undefined) break;
		if (line === "") continue;
		pressed = 0;
		if (prompt.isTyped && line.startsWith("/")) {
			if (await obey(line)) break;
		} else await answer(line);
	}
	prompt.close();
	return sum;
}

/** What a conversation came to, in one line. */
export function sumText({ answered, failed, feeWei }: ChatSum): string {
	const wrong = failed === 0 ? "" : `, ${failed} failed`;
	const paid = feeWei === 0n ? "" : `, ${open(feeWei)} OPEN paid`;
	return `${answered} answered${wrong}${paid}`;
}
