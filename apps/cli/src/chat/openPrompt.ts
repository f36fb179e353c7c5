// Where questions come from: somebody at a terminal, or lines of a pipe. Also where Ctrl-C goes. It must not know what is asked.

import { createInterface } from "node:readline";
import { Writable } from "node:stream";

export type Prompt = {
	/** True where somebody types. */
	readonly isTyped: boolean;
	/** The next line; undefined at the end of the input, or once it was closed. */
	next(): Promise<string | undefined>;
	/** Shows the sign again, under what was written meanwhile. */
	again(): void;
	/** Told of every Ctrl-C; without a listener the program ends, as any does. */
	onInterrupt(listen: () => void): void;
	close(): void;
};

export type PromptOptions = { readonly sign: string; readonly input?: NodeJS.ReadStream };

/** What is typed while an answer comes is kept for later, unseen. */
export function openPrompt({ sign, input = process.stdin }: PromptOptions): Prompt {
	const isTyped = input.isTTY === true;
	let isShown = true;
	const output = new Writable({
		write(chunk, _encoding, done) {
			if (isShown) process.stderr.write(chunk);
			done();
		},
	});
	if (isTyped) Object.assign(output, { columns: process.stderr.columns, isTTY: true });
	const lines = createInterface({ input, output, terminal: isTyped, prompt: sign });
	const waiting: string[] = [];
	let wanted: ((line: string | undefined) => void) | undefined;
	let isClosed = false;
	const give = (line: string | undefined) => {
		const take = wanted;
		wanted = undefined;
		take?.(line);
	};
	lines.on("line", (line) => (wanted === undefined ? waiting.push(line) : give(line)));
	lines.once("close", () => {
		isClosed = true;
		give(undefined);
	});
	const listeners: (() => void)[] = [];
	const onSignal = () => {
		for (const listen of listeners) listen();
	};
	// At a terminal readline takes the key; elsewhere, and from other programs, the signal comes to the process.
	lines.on("SIGINT", onSignal);
	return {
		isTyped,
		async next() {
			isShown = true;
			const kept = waiting.shift();
			if (kept !== undefined || isClosed) {
				if (kept !== undefined && isTyped) process.stderr.write(`${sign}${kept}\n`);
				isShown = false;
				return kept;
			}
			if (isTyped) lines.prompt();
			const line = await new Promise<string | undefined>((resolve) => {
				wanted = resolve;
			});
			isShown = false;
			return line;
		},
		again() {
			if (isTyped && wanted !== undefined) lines.prompt();
		},
		onInterrupt(listen) {
			if (listeners.length === 0) process.on("SIGINT", onSignal);
			listeners.push(listen);
		},
		close() {
			process.off("SIGINT", onSignal);
			lines.close();
		},
	};
}
