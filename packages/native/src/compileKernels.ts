// Compiles, links and tries out the kernels in a temporary folder beside the place where they will be kept.
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { aborted, type Refusal, refused } from "./refusal.js";
import { runProgram } from "./runProgram.js";
import { type Sources, units } from "./sources.js";
import { tryOut } from "./tryOut.js";

export interface CompileOptions {
	readonly compiler: string;
	/** Folder of node_api.h. */
	readonly headers: string;
	readonly niceness?: number;
	readonly jobs?: number;
	readonly signal?: AbortSignal;
	readonly onProgress?: (done: number, total: number) => void;
}

export interface Compiled {
	readonly ok: true;
	readonly file: string;
	/** To be removed when the file is where it belongs. */
	readonly temporary: string;
}

const TEMPORARY = ".build-";
const STALE_MS = 60 * 60_000;
const MOST_JOBS = 8;

/** A refusal leaves nothing in `folder`. */
export async function compileKernels(
	folder: string,
	sources: Sources,
	options: CompileOptions,
): Promise<Compiled | Refusal> {
	removeStale(folder);
	const temporary = mkdtempSync(join(folder, TEMPORARY));
	try {
		const file = join(temporary, "kernels.node");
		const problem = await compile(temporary, file, sources, options);
		if (problem === undefined) return { ok: true, file, temporary };
		rmSync(temporary, { recursive: true, force: true });
		return options.signal?.aborted ? aborted() : problem;
	} catch (error) {
		rmSync(temporary, { recursive: true, force: true });
		throw error;
	}
}

async function compile(
	temporary: string,
	file: string,
	sources: Sources,
	options: CompileOptions,
): Promise<Refusal | undefined> {
	const { compiler, headers, signal, niceness = 0, onProgress } = options;
	const jobs = options.jobs ?? Math.min(MOST_JOBS, availableParallelism());
	const copied = join(temporary, "cpp");
	mkdirSync(copied);
	for (const { name, bytes } of sources.files) writeFileSync(join(copied, name), bytes);
	const waiting = units(sources, copied, headers);
	const total = waiting.length + 2;
	let [next, done] = [0, 0];
	let problem: Refusal | undefined;

	async function step(what: string, args: readonly string[]): Promise<void> {
		const ran = await runProgram(compiler, args, { signal, niceness });
		if (!ran.ok) problem ??= failure(`${compiler} (${what})`, ran);
		else onProgress?.(++done, total);
	}
	async function work(): Promise<void> {
		while (next < waiting.length && problem === undefined) {
			const { object, args } = waiting[next++]!;
			await step(object, [...args, "-o", join(temporary, object)]);
		}
	}
	await Promise.all(Array.from({ length: jobs }, work));
	if (problem !== undefined) return problem;
	const objects = waiting.map(({ object }) => join(temporary, object));
	await step("linking", ["-shared", "-pthread", "-Wl,-z,relro,-z,now", "-o", file, ...objects]);
	problem ??= await tryOut(file, { signal, niceness });
	if (problem === undefined) onProgress?.(++done, total);
	return problem;
}

function failure(what: string, ran: { readonly end: string; readonly err: string }): Refusal {
	const said = ran.err.split("\n").find((line) => /error/i.test(line)) ?? ran.err.trim().split("\n")[0] ?? "";
	return refused("compile-failed", `${what} ended with ${ran.end}: ${said.trim().slice(0, 300)}`);
}

/** What builds that were killed have left. */
function removeStale(folder: string): void {
	const now = performance.timeOrigin + performance.now();
	for (const name of readdirSync(folder)) {
		const path = join(folder, name);
		if (name.startsWith(TEMPORARY) && now - statSync(path).mtimeMs > STALE_MS)
			rmSync(path, { recursive: true, force: true });
	}
}
