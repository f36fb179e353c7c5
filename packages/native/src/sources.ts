// The C++ sources, the flags they are compiled with, and the name of what comes out.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Compiler } from "./findCompiler.js";

const NAPI_VERSION = 8;

/** As far from the sources as from the build. */
const FOLDER = fileURLToPath(new URL("../cpp", import.meta.url));

/** No contraction into fused multiply-adds, no reordering; signed overflow wraps, as in WebAssembly. */
export const FLAGS: readonly string[] = [
	"-std=c++17",
	"-O3",
	"-ffp-contract=off",
	"-fno-fast-math",
	"-fwrapv",
	"-fPIC",
	"-fvisibility=hidden",
	"-fno-exceptions",
	"-fno-rtti",
	"-Wall",
	"-Wextra",
	`-DNAPI_VERSION=${NAPI_VERSION}`,
];

const SETS: readonly (readonly [name: string, flags: readonly string[]])[] = [
	["avx512", ["-mavx512f", "-mavx512bw", "-mavx512dq", "-mavx512vl"]],
	["avx2", ["-mavx2"]],
];

/** Compiled once, for the baseline. */
const SHARED = ["addon.cpp", "team.cpp"];

export interface Unit {
	readonly object: string;
	readonly args: readonly string[];
}

const sha256 = (...parts: readonly (string | Uint8Array)[]) => {
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part).update("\0");
	return hash.digest("hex");
};

export interface Sources {
	readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
	/** Names everything but the compiler that decides what is built. */
	readonly key: string;
}

/** Read once, so that what is compiled is what was named, whoever edits meanwhile. */
export function readSources(): Sources {
	const files = readdirSync(FOLDER)
		.filter((name) => /\.(cpp|h)$/.test(name))
		.sort()
		.map((name) => ({ name, bytes: readFileSync(join(FOLDER, name)) }));
	const platform = [process.platform, process.arch, String(NAPI_VERSION)];
	const contents = files.flatMap(({ name, bytes }) => [name, bytes]);
	return { files, key: sha256(...platform, JSON.stringify([FLAGS, SETS]), ...contents).slice(0, 16) };
}

/** What to compile of the sources copied to `folder`: every file once for each instruction set, but for the addon itself. */
export function units(sources: Sources, folder: string, headers: string): Unit[] {
	const common = [...FLAGS, "-isystem", headers];
	return sources.files
		.filter(({ name }) => name.endsWith(".cpp"))
		.flatMap(({ name }) => {
			const source = join(folder, name);
			if (SHARED.includes(name)) return [{ object: `${name}.o`, args: [...common, "-c", source] }];
			return SETS.map(([set, flags]) => ({
				object: `${name}.${set}.o`,
				args: [...common, ...flags, `-DISA=${set}`, "-c", source],
			}));
		});
}

export function compilerKey(compiler: Compiler): string {
	return sha256(compiler.command, compiler.version).slice(0, 8);
}

export function contentKey(bytes: Uint8Array): string {
	return sha256(bytes).slice(0, 32);
}

/** Folder of node_api.h: the package's, else the one beside the running Node. */
export function headerFolder(): string | undefined {
	const beside = join(dirname(process.execPath), "..", "include", "node");
	try {
		const { include_dir } = createRequire(import.meta.url)("node-api-headers") as { include_dir: string };
		if (existsSync(join(include_dir, "node_api.h"))) return include_dir;
	} catch {
		// Installed without it.
	}
	return existsSync(join(beside, "node_api.h")) ? beside : undefined;
}
