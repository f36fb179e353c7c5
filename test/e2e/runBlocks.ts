// The code blocks of a page of documentation, and how each language's are run: as programs of their own.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export type Block = { readonly language: string; readonly code: string; readonly line: number };
export type Ran = { readonly code: number; readonly stdout: string; readonly stderr: string };

export const root = fileURLToPath(new URL("../..", import.meta.url));
const MOST_MS = 200_000;

/** Fenced blocks, in order. */
export function blocksOf(page: string): Block[] {
	const fences = /^```(\w+)\n([\s\S]*?)^```$/gm;
	return [...page.matchAll(fences)].map(({ 1: language, 2: code, index }) => ({
		language: language!,
		code: code!,
		line: page.slice(0, index).split("\n").length,
	}));
}

type Language = { readonly file: string; readonly command: (file: string) => readonly [string, ...string[]] };

/** `OPENLEDGER_PYTHON` names a Python that has the openai package. */
const python = process.env.OPENLEDGER_PYTHON || "python3";
const LANGUAGES: Readonly<Record<string, Language>> = {
	ts: { file: "main.ts", command: (file) => [process.execPath, "--import", "tsx", "--conditions=source", file] },
	python: { file: "main.py", command: (file) => [python, file] },
	go: { file: "main.go", command: (file) => ["go", "run", file] },
	sh: { file: "main.sh", command: (file) => ["bash", "-eu", file] },
};
const PRESENT: Readonly<Record<string, readonly [string, ...string[]]>> = {
	ts: [process.execPath, "--version"],
	python: [python, "-c", "import openai"],
	go: ["go", "version"],
	sh: ["curl", "--version"],
};

export function isKnown(language: string): boolean {
	return LANGUAGES[language] !== undefined;
}

/** Whether this machine can run a language's blocks. */
export async function isPresent(language: string): Promise<boolean> {
	return (await run(PRESENT[language]!)).code === 0;
}

/** Runs a block in an empty folder that sees this repository's dependencies. */
export async function runBlock({ language, code }: Pick<Block, "language" | "code">, env: Env): Promise<Ran> {
	const folder = mkdtempSync(join(tmpdir(), "openledger-block-"));
	const { file, command } = LANGUAGES[language]!;
	try {
		symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
		writeFileSync(join(folder, "package.json"), '{"type":"module"}');
		const path = join(folder, file);
		writeFileSync(path, code);
		return await run(command(path), env, language === "go" ? root : folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

type Env = Readonly<Record<string, string>>;

export function run([command, ...args]: readonly [string, ...string[]], env: Env = {}, cwd = root): Promise<Ran> {
	const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("OPENLEDGER_"));
	const options = {
		cwd,
		env: { ...Object.fromEntries(inherited), ...env },
		timeout: MOST_MS,
		encoding: "utf8",
	} as const;
	return new Promise((resolve) => {
		execFile(command, args, options, (error, stdout, stderr) => {
			const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
			resolve({ code, stdout, stderr });
		});
	});
}
