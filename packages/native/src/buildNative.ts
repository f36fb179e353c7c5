// Compiles the kernels into a cache folder, in other processes, and puts the file there in one step when it has been tried out.
import { chmodSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { underLock } from "./buildLock.js";
import { cachedName, findCached, makeFolder, sweep } from "./cacheFolder.js";
import { type Compiler, findCompiler, platformProblem } from "./findCompiler.js";
import { type Refusal, refused } from "./refusal.js";
import { runProgram } from "./runProgram.js";
import { compilerKey, contentKey, headerFolder, sourceKey, units } from "./sources.js";
import { tryOut } from "./tryOut.js";

export interface BuildOptions {
	/** Where compiled kernels are kept; made if missing, for its owner alone. */
	readonly folder: string;
	/** The only compiler to try; default g++, then clang++, then c++. */
	readonly compiler?: string;
	/** Added to the compilers' priority number; default 0. */
	readonly niceness?: number;
	/** Ends the build; nothing half stays. */
	readonly signal?: AbortSignal;
	/** Told after each file: how many of how many are done. */
	readonly onProgress?: (done: number, total: number) => void;
}

export interface Built {
	readonly ok: true;
	readonly file: string;
	readonly compiler: Compiler;
	/** False if it was there already. */
	readonly isNew: boolean;
	readonly seconds: number;
}

const TEMPORARY = ".build-";
const STALE_MS = 60 * 60_000;
const MOST_JOBS = 8;

/** Never throws for what the machine lacks: the reason comes back. */
export async function buildNative(options: BuildOptions): Promise<Built | Refusal> {
	const begun = performance.now();
	const seconds = () => Math.round((performance.now() - begun) / 10) / 100;
	const wrong = platformProblem();
	if (wrong !== undefined) return wrong;
	const headers = headerFolder();
	if (headers === undefined)
		return refused("no-headers", "node_api.h is missing; run npm install, it brings node-api-headers");
	const compiler = await findCompiler(options.compiler === undefined ? {} : { candidates: [options.compiler] });
	if (!compiler.ok) return compiler;
	try {
		const trusted = makeFolder(options.folder);
		if (!trusted.ok) return trusted;
		const { folder } = trusted;
		const [source, by] = [sourceKey(), compilerKey(compiler)];
		const existing = (): Built | undefined => {
			const cached = findCached(folder, source, by);
			return cached.ok ? { ok: true, file: cached.file, compiler, isNew: false, seconds: seconds() } : undefined;
		};
		const lock = join(folder, `${source}-${by}.lock`);
		const task = () => compileInto(folder, { ...options, compiler: compiler.command, headers });
		const made = await underLock<Built | Made | Refusal>(
			lock,
			existing,
			async () => {
				const object = await task();
				if (!object.ok) return object;
				const file = join(folder, cachedName(source, by, contentKey(readFileSync(object.file))));
				chmodSync(object.file, 0o600);
				renameSync(object.file, file);
				rmSync(object.temporary, { recursive: true, force: true });
				sweep(folder, basename(file));
				return { ok: true, file, compiler, isNew: true, seconds: seconds() };
			},
			options.signal,
		);
		if (made === undefined || options.signal?.aborted)
			return refused("aborted", "the build was ended before it was done");
		return made as Built | Refusal;
	} catch (cause) {
		return refused(
			"compile-failed",
			`cannot build in ${options.folder}: ${cause instanceof Error ? cause.message : cause}`,
		);
	}
}

interface Made {
	readonly ok: true;
	readonly file: string;
	readonly temporary: string;
}

type CompileOptions = BuildOptions & { readonly compiler: string; readonly headers: string };

async function compileInto(folder: string, options: CompileOptions): Promise<Made | Refusal> {
	const { compiler, headers, signal, niceness = 0, onProgress } = options;
	removeStale(folder);
	const temporary = mkdtempSync(join(folder, TEMPORARY));
	const failed = (problem: Refusal): Refusal => {
		rmSync(temporary, { recursive: true, force: true });
		return problem;
	};
	const todo = units(headers);
	const objects = todo.map(({ object }) => join(temporary, object));
	const total = todo.length + 2;
	let [next, done] = [0, 0];
	let problem: Refusal | undefined;
	const work = async () => {
		while (next < todo.length && problem === undefined) {
			const at = next++;
			const ran = await runProgram(compiler, [...todo[at]!.args, "-o", objects[at]!], { signal, niceness });
			if (!ran.ok) problem ??= failure(`${compiler} ${todo[at]!.object}`, ran, signal);
			onProgress?.(++done, total);
		}
	};
	await Promise.all(Array.from({ length: Math.min(MOST_JOBS, availableParallelism()) }, work));
	if (problem !== undefined) return failed(problem);
	const file = join(temporary, "kernels.node");
	const linked = await runProgram(compiler, ["-shared", "-pthread", "-Wl,-z,relro,-z,now", "-o", file, ...objects], {
		signal,
		niceness,
	});
	if (!linked.ok) return failed(failure(`${compiler} (linking)`, linked, signal));
	onProgress?.(++done, total);
	const other = await tryOut(file, { signal, niceness });
	if (other !== undefined)
		return failed(signal?.aborted ? refused("aborted", "the build was ended before it was done") : other);
	onProgress?.(++done, total);
	return { ok: true, file, temporary };
}

function failure(what: string, ran: { end: string; err: string }, signal: AbortSignal | undefined): Refusal {
	if (signal?.aborted) return refused("aborted", "the build was ended before it was done");
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
