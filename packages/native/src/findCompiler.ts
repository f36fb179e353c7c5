// Finds a C++ compiler that makes code for this machine.
import { type Refusal, refused } from "./refusal.js";
import { runProgram } from "./runProgram.js";

export interface Compiler {
	readonly ok: true;
	readonly command: string;
	/** First line of what it says of itself. */
	readonly version: string;
}

export interface FindCompilerOptions {
	/** Commands to try, in order. */
	readonly candidates?: readonly string[];
}

const CANDIDATES = ["g++", "clang++", "c++"];

/** Whether native kernels exist for this system at all; what they need besides is a compiler. */
export function platformProblem(): Refusal | undefined {
	const here = `${process.platform} on ${process.arch}`;
	if (process.platform === "linux" && process.arch === "x64") return undefined;
	return refused("unsupported-platform", `native kernels are written for linux on x64, this is ${here}`);
}

/** The first command that answers and makes code for x86-64; the refusal says of each what was wrong with it. */
export async function findCompiler(options: FindCompilerOptions = {}): Promise<Compiler | Refusal> {
	const tried: string[] = [];
	for (const command of options.candidates ?? CANDIDATES) {
		const target = await runProgram(command, ["-dumpmachine"], { timeoutMs: 10_000 });
		const version = target.ok ? await runProgram(command, ["--version"], { timeoutMs: 10_000 }) : target;
		if (!version.ok) tried.push(`${command}: ${version.end}`);
		else if (!/^(x86_64|amd64)\b/.test(target.out)) tried.push(`${command}: makes code for ${target.out.trim()}`);
		else return { ok: true, command, version: version.out.split("\n")[0]!.trim() };
	}
	return refused("no-compiler", `no C++ compiler for this machine (${tried.join("; ")}); install g++ or clang++`);
}
