// The conversation at a terminal: lines and Ctrl-C come from a script, answers from a function; sockets are tested beside askModel.

import { expect, test } from "vitest";
import type { Answered, Message } from "./askModel.js";
import { type ChatEvent, type ChatServer, chatLoop, sumText } from "./chatLoop.js";
import type { Prompt } from "./openPrompt.js";

const plain = (text: string) => text;
const style = { bold: plain, dim: plain, red: plain, green: plain, yellow: plain, cyan: plain };

function desk(lines: readonly string[]) {
	let out = "";
	const write = (end: string) => (text: string) => {
		out += text + end;
	};
	const terminal = {
		...{ result: write("\n"), note: write("\n"), piece: write(""), live: () => {}, isLive: false, width: 80 },
		...{ style, noteStyle: style },
	};
	let press = () => {};
	let isClosed = false;
	const left = [...lines];
	const prompt: Prompt = {
		isTyped: true,
		next: async () => (isClosed ? undefined : left.shift()),
		again: () => {},
		onInterrupt(listen) {
			press = listen;
		},
		close() {
			isClosed = true;
		},
	};
	return { terminal, prompt, press: () => press(), out: () => out };
}

const answered = (text: string): Answered => ({
	...{ model: "m", text, finishReason: "stop", usage: { prompt_tokens: 1, completion_tokens: 2 } },
	...{ receiptId: "0xabc", feeWei: "1000000000000000", shares: [{ contributor: "ada", ppm: 600_000 }] },
});
const server = (ask: ChatServer["ask"]): ChatServer => ({
	model: "m",
	ask,
	tell: async (it) => ({ answered: it }),
	models: async (name) => {
		if (name === "none") throw new Error('there is no model "none"; served: m, other');
		return "served: m, other";
	},
});

test("default: answers as they come, each with whose rows moved it, and the sum at the end", async () => {
	const { terminal, prompt, out } = desk(["Where?", "  ", "/receipt", "/quit", "never asked"]);
	const sum = await chatLoop({
		...{ terminal, prompt },
		server: server(async (_model, _messages, { onPiece }) => {
			for (const text of ["In ", "Kampala\u001b[2J."]) onPiece(text);
			return answered("In Kampala\u001b[2J.");
		}),
	});
	expect(out()).toBe(
		[
			"In Kampala⟨U+001B⟩[2J.",
			"moved by  ada 60.0%",
			"paid      0.001000 OPEN, m, 1 + 2 tokens",
			"receipt   0xabc",
			"",
			"the last answer has no receipt to show",
			"",
		].join("\n"),
	);
	expect(sumText(sum)).toBe("1 answered, 0.001000 OPEN paid");
});

test("behavior: Ctrl-C stops an answer, what was said stays said, and a second one leaves", async () => {
	const { terminal, prompt, press, out } = desk(["Count.", "Go on.", "never asked"]);
	const asked: (readonly Message[])[] = [];
	const ask: ChatServer["ask"] = (_model, messages, { signal, onPiece }) => {
		asked.push(messages);
		return new Promise((_resolve, reject) => {
			signal!.addEventListener("abort", () => reject(signal!.reason));
			onPiece("one");
			press();
			if (asked.length === 2) press();
		});
	};
	const { answered: done, failed } = await chatLoop({ terminal, prompt, server: server(ask) });
	expect([done, failed]).toEqual([0, 0]);
	expect(asked.map((messages) => messages.map(({ content }) => content))).toEqual([
		["Count."],
		["Count.", "one", "Go on."],
	]);
	expect(out()).toContain("stopped; Ctrl-C again leaves");
});

test("behavior: words with a slash; another model knows nothing of what was said", async () => {
	const { terminal, prompt, out } = desk([
		"A?",
		"/model",
		"/model none",
		"/model other",
		"B?",
		"/new",
		"/help",
		"/fly",
	]);
	const asked: [string, number][] = [];
	const ask: ChatServer["ask"] = async (model, messages) => {
		asked.push([model, messages.length]);
		return answered("x");
	};
	await chatLoop({ terminal, prompt, server: server(ask) });
	expect(asked).toEqual([
		["m", 1],
		["other", 1],
	]);
	for (const said of [
		"m answers; served: m, other",
		'no model "none"',
		"other answers",
		"/receipt",
		"there is no /fly",
	])
		expect(out()).toContain(said);
});

test("behavior: for programs, events; a failure is one of them and the next question is asked", async () => {
	const { terminal, prompt } = desk(["A?", "B?"]);
	const events: ChatEvent[] = [];
	const ask: ChatServer["ask"] = async (_model, messages, { onPiece }) => {
		if (messages.at(-1)!.content === "A?") throw Object.assign(new Error("no"), { code: "x" });
		onPiece("y");
		return answered("y");
	};
	const sum = await chatLoop({ terminal, prompt, server: server(ask), onEvent: (event) => events.push(event) });
	expect(events.map(({ event }) => event)).toEqual(["question", "error", "question", "piece", "answer"]);
	expect(events[1]).toMatchObject({ code: "x", message: "no" });
	expect(sum).toMatchObject({ answered: 1, failed: 1 });
});
