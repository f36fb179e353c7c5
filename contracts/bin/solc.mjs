#!/usr/bin/env node
// The compiler Foundry calls: npm's solc (WebAssembly) behind the two options forge uses, `--version` and `--standard-json`.
// It must not know anything of this project; node's own resolution finds solc here or hoisted to the root.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const require = createRequire(import.meta.url);

if (process.argv.includes("--version")) {
	// Read from the package, because starting the WebAssembly compiler only to ask its name costs seconds.
	console.log(`solc, the solidity compiler\nVersion: ${require("solc/package.json").version}`);
} else if (process.argv.includes("--standard-json")) {
	process.stdout.write(compile(readFileSync(0, "utf8")));
} else {
	console.error("solc.mjs answers --version and --standard-json only");
	process.exitCode = 2;
}

// forge names a file above its root now `../node_modules/p/f.sol`, now by its absolute path, and the compiler takes
// these for two files. Here both become `p/f.sol`, as the import says, so the remapping is not needed any more and
// no path of this machine can reach the bytecode. What goes back to forge is absolute again.
function compile(text) {
	const input = JSON.parse(text);
	const paths = new Map();
	const shorten = (name) => {
		const [, short] = /^(?:.*\/)?node_modules\/(.*)$/.exec(name) ?? [];
		if (short) paths.set(short, resolve(name));
		return short ?? name;
	};
	input.sources = renameKeys(input.sources, shorten);
	if (input.settings?.outputSelection)
		input.settings.outputSelection = renameKeys(input.settings.outputSelection, shorten);
	if (paths.size > 0) input.settings.remappings = [];
	const output = JSON.parse(require("solc").compile(JSON.stringify(input)));
	const lengthen = (name) => paths.get(name) ?? name;
	if (output.sources) output.sources = renameKeys(output.sources, lengthen);
	if (output.contracts) output.contracts = renameKeys(output.contracts, lengthen);
	for (const { sourceLocation } of output.errors ?? [])
		if (sourceLocation) sourceLocation.file = lengthen(sourceLocation.file);
	return JSON.stringify(output);
}

function renameKeys(object, rename) {
	return Object.fromEntries(Object.entries(object).map(([key, value]) => [rename(key), value]));
}
