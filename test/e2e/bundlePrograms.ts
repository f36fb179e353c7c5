// Our programs from their sources as one file each, for tests that start many processes: what each start would transform and look up again is
// done once. Packages of others stay where they are.

import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));

export type BundledPrograms<Names extends string> = { readonly files: Readonly<Record<Names, string>>; remove(): void };

/** `entries` are paths from the root by name. The files lie below it, so that packages are found. */
export async function bundlePrograms<Names extends string>(
	entries: Readonly<Record<Names, string>>,
): Promise<BundledPrograms<Names>> {
	const parent = join(root, ".openledger", "test");
	mkdirSync(parent, { recursive: true });
	const folder = mkdtempSync(join(parent, "programs-"));
	await build({
		entryPoints: Object.fromEntries(Object.entries<string>(entries).map(([name, path]) => [name, join(root, path)])),
		outdir: folder,
		outExtension: { ".js": ".mjs" },
		...{ bundle: true, splitting: true, platform: "node", format: "esm", target: "node20", conditions: ["source"] },
		logLevel: "error",
		plugins: [
			{
				name: "packages of others",
				setup({ onResolve }) {
					onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
						kind === "entry-point" || path.startsWith("@openledger/") ? undefined : { external: true, path },
					);
				},
			},
		],
	});
	const files = Object.fromEntries(Object.keys(entries).map((name) => [name, join(folder, `${name}.mjs`)]));
	return { files: files as Record<Names, string>, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
