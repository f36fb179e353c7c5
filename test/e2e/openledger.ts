// Runs the command line as users do: a process of its own, of which only stdout, stderr and the exit code are seen.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { fileURLToPath } from "node:url";
import { inject } from "vitest";

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
export type Running = {
	readonly process: ChildProcessByStdio<Writable, Readable, Readable>;
	readonly ended: Promise<Ended>;
	/** Told every line of progress. */
	onLine(listen: (line: string) => void): void;
};

const programs = inject("programs");
export const riverRows = fileURLToPath(new URL("rivers.jsonl", import.meta.url));

/** Starts `openledger ARGS` with `input` on stdin; nothing of this machine's own OpenLedger settings reaches it. */
export function start(args: readonly string[], env: Readonly<Record<string, string>> = {}, input = ""): Running {
	return startProgram([programs["test/e2e/main.ts"], ...args], env, input);
}

function startProgram(args: readonly string[], env: Readonly<Record<string, string>>, input: string): Running {
	const inherited = Object.entries(process.env).filter(
		([name]) => !name.startsWith("OPENLEDGER_") && name !== "NODE_OPTIONS",
	);
	const child = spawn(process.execPath, args, {
		stdio: ["pipe", "pipe", "pipe"],
		env: { ...Object.fromEntries(inherited), NO_COLOR: "1", OPENLEDGER_NATIVE: "off", ...env },
	});
	// A command that reads no input may end before it was written.
	child.stdin.on("error", () => {}).end(input);
	let stdout = "";
	let stderr = "";
	child.stdout.setEncoding("utf8").on("data", (text) => {
		stdout += text;
	});
	child.stderr.setEncoding("utf8").on("data", (text) => {
		stderr += text;
	});
	const ended = new Promise<Ended>((resolve, reject) => {
		child.once("error", reject);
		child.once("close", (code) => resolve({ code, stdout, stderr }));
	});
	const lines = createInterface({ input: child.stderr });
	return { process: child, ended, onLine: (listen) => void lines.on("line", listen) };
}

/** `openledger ARGS`, to its end. */
export function openledger(
	args: readonly string[],
	env?: Readonly<Record<string, string>>,
	input?: string,
): Promise<Ended> {
	return start(args, env, input).ended;
}

/** Commands one after another in one process, where only what they say counts: to start each of them would take longer than all they do. */
export async function openledgerEach(
	commands: readonly (readonly string[])[],
	env: Readonly<Record<string, string>> = {},
): Promise<Ended[]> {
	const { ended } = startProgram([programs["test/e2e/manyMain.ts"], JSON.stringify(commands)], env, "");
	const { code, stdout, stderr } = await ended;
	if (code !== 0) throw new Error(`the commands ended with ${code}: ${stderr}`);
	return JSON.parse(stdout) as Ended[];
}

export function lastLine(text: string): string {
	return text.trimEnd().split("\n").at(-1) ?? "";
}

/** A folder for a test's home; removed by `remove`. */
export function temporaryHome(): { readonly home: string; remove(): void } {
	const home = mkdtempSync(join(tmpdir(), "openledger-e2e-"));
	return { home, remove: () => rmSync(home, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Ends the chain of a home at once, as a machine that loses power would. */
export function killAnvil(home: string): void {
	const { pid } = JSON.parse(readFileSync(join(home, "chain", "anvil.pid"), "utf8")) as { pid: number };
	process.kill(pid, "SIGKILL");
}
