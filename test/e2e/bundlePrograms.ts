// Our programs from their sources as one file each, with most of what they need of others, for tests that start many processes: what each start
// would transform and look up again is done once.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build, type OnLoadArgs } from "esbuild";

const DAY_MS = 86_400_000;
const root = fileURLToPath(new URL("../..", import.meta.url));

export type BundledPrograms<Names extends string> = { readonly files: Readonly<Record<Names, string>>; remove(): void };

/** Packages that look for files beside their own, and so stay where they are. */
const OWN_FILES = ["@electric-sql/pglite", "@foundry-rs/*", "esbuild", "node-api-headers", "pino"];
/** Sources of ours that name files by their own place. */
const FROM_SOURCES =
	/[\\/](native[\\/]src[\\/]sources|node[\\/]src[\\/]config|cli[\\/]src[\\/]mainJob[\\/]readData)\.ts$/;
const withOwnUrl = ({ path }: OnLoadArgs) => ({
	contents: readFileSync(path, "utf8").replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
	loader: "ts" as const,
});

/** `entries` are paths from the root by name. The files lie below it, so that packages are found. */
export async function bundlePrograms<Names extends string>(
	entries: Readonly<Record<Names, string>>,
): Promise<BundledPrograms<Names>> {
	const parent = join(root, ".openledger", "test");
	mkdirSync(parent, { recursive: true });
	// What a run that was killed left behind.
	for (const name of readdirSync(parent)) {
		const left = join(parent, name);
		const { mtimeMs } = statSync(left, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
		if (Date.now() - mtimeMs > DAY_MS) rmSync(left, { recursive: true, force: true });
	}
	const folder = mkdtempSync(join(parent, "programs-"));
	await build({
		entryPoints: Object.fromEntries(Object.entries<string>(entries).map(([name, path]) => [name, join(root, path)])),
		outdir: folder,
		outExtension: { ".js": ".mjs" },
		...{ bundle: true, splitting: true, platform: "node", format: "esm", target: "node20", conditions: ["source"] },
		logLevel: "error",
		external: OWN_FILES,
		// What was written for CommonJS still asks for it.
		banner: {
			js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
		},
		plugins: [{ name: "own places", setup: ({ onLoad }) => onLoad({ filter: FROM_SOURCES }, withOwnUrl) }],
	});
	const files = Object.fromEntries(Object.keys(entries).map((name) => [name, join(folder, `${name}.mjs`)]));
	return { files: files as Record<Names, string>, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
