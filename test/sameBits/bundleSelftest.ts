// The self-test as one file that any JavaScript host runs: no tsx, no node_modules, no node: import. The same file goes to every Node and browser.

import { fileURLToPath } from "node:url";
import { build, type Plugin } from "esbuild";

const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** node:crypto is replaced; of the other modules of Node nothing may be used, only named in code that is left out. */
const withoutNode: Plugin = {
	name: "without-node",
	setup(bundle) {
		bundle.onResolve({ filter: /^node:crypto$/ }, () => ({ path: here("./sha256.ts") }));
		bundle.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "absent", sideEffects: false }));
		bundle.onLoad({ filter: /.*/, namespace: "absent" }, () => ({ contents: "module.exports = {};" }));
	},
};

/** The text of an ES module that exports `engineSelftest` and `compareEngines`. */
export async function bundleSelftest(): Promise<string> {
	const { outputFiles } = await build({
		entryPoints: [fileURLToPath(new URL("../../packages/llm/src/selftest/compareEngines.ts", import.meta.url))],
		bundle: true,
		write: false,
		format: "esm",
		platform: "neutral",
		target: "es2022",
		mainFields: ["module", "main"],
		conditions: ["source", "import"],
		plugins: [withoutNode],
		logLevel: "silent",
	});
	return outputFiles[0]!.text;
}
