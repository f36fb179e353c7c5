// Compiles the kernels into a cache folder, in other processes, and puts the file there in one step when it has been tried out.
import { chmodSync, readFileSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { underLock } from "./buildLock.js";
import { cachedName, findCached, makeFolder, sweep } from "./cacheFolder.js";
import { compileKernels } from "./compileKernels.js";
import { type Compiler, findCompiler, platformProblem } from "./findCompiler.js";
import { aborted, type Refusal, refused } from "./refusal.js";
import { compilerKey, contentKey, headerFolder, readSources } from "./sources.js";

export interface BuildOptions {
	/** Where compiled kernels are kept; made if missing, for its owner alone. */
	readonly folder: string;
	/** The only compiler to try; default g++, then clang++, then c++. */
	readonly compiler?: string;
	/** Added to the compilers' priority number; default 0. */
	readonly niceness?: number;
	/** Files compiled at once; default one for each core, at most eight. */
	readonly jobs?: number;
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
		const sources = readSources();
		const [source, by] = [sources.key, compilerKey(compiler)];
		const existing = (): Built | undefined => {
			const cached = findCached(folder, source, by);
			return cached.ok ? { ok: true, file: cached.file, compiler, isNew: false, seconds: seconds() } : undefined;
		};
		const lock = join(folder, `${source}-${by}.lock`);
		const build = async (): Promise<Built | Refusal> => {
			const made = await compileKernels(folder, sources, { ...options, compiler: compiler.command, headers });
			if (!made.ok) return made;
			const file = join(folder, cachedName(source, by, contentKey(readFileSync(made.file))));
			chmodSync(made.file, 0o600);
			renameSync(made.file, file);
			rmSync(made.temporary, { recursive: true, force: true });
			sweep(folder, basename(file));
			return { ok: true, file, compiler, isNew: true, seconds: seconds() };
		};
		return (await underLock<Built | Refusal>(lock, existing, build, options.signal)) ?? aborted();
	} catch (cause) {
		return refused(
			"compile-failed",
			`cannot build in ${options.folder}: ${cause instanceof Error ? cause.message : cause}`,
		);
	}
}
