// A PyTorch process that answers one question after another, so that its measurements can stand between ours.

import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export interface TorchPeer {
	/** Sends one line of JSON, and reads one. Undefined once the process has ended. */
	ask(question: object): Promise<Readonly<Record<string, never>> | undefined>;
	close(): void;
}

/** Starts a script of bench/peers with the Python that OPENLEDGER_PYTHON names; undefined, after a line, where there is none. */
export function openTorch(script: string, log: (line: string) => void): TorchPeer | undefined {
	const python = process.env.OPENLEDGER_PYTHON;
	if (python === undefined) {
		log("PyTorch left out: name a Python with torch, transformers and peft in OPENLEDGER_PYTHON");
		return undefined;
	}
	const path = join(dirname(fileURLToPath(import.meta.url)), "peers", script);
	const child = spawn(python, [path], { stdio: ["pipe", "pipe", "pipe"] });
	let said = "";
	let ended = false;
	child.stderr.setEncoding("utf8").on("data", (text: string) => {
		said = (said + text).slice(-4000);
	});
	const waiting: ((line: string | undefined) => void)[] = [];
	createInterface({ input: child.stdout }).on("line", (line) => waiting.shift()?.(line));
	const end = (why: string) => {
		if (!ended && waiting.length > 0) log(`PyTorch left out: ${why}`);
		ended = true;
		for (const answer of waiting.splice(0)) answer(undefined);
	};
	child.on("error", (error) => end(error.message));
	child.on("close", () => end(said.trim().split("\n").at(-1) ?? "it ended"));
	child.stdin.on("error", () => {});
	return {
		async ask(question) {
			if (ended) return undefined;
			const answer = new Promise<string | undefined>((resolve) => waiting.push(resolve));
			child.stdin.write(`${JSON.stringify(question)}\n`);
			const line = await answer;
			return line === undefined ? undefined : (JSON.parse(line) as Readonly<Record<string, never>>);
		},
		close() {
			child.stdin.end();
		},
	};
}
