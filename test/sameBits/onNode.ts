// Runs the bundle under a Node of this machine with V8 flags. It must not know what the bundle computes.

import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { EngineComparison } from "@openledger/llm";

const NODES = fileURLToPath(new URL("../../.openledger/nodes", import.meta.url));

/** The Node that runs this, and those that scripts/install-nodes.mjs has brought, by major version. */
export function findNodes(): ReadonlyMap<string, string> {
	const found = new Map<string, string>();
	for (const version of existsSync(NODES) ? readdirSync(NODES).sort() : []) {
		const packages = join(NODES, version, "node_modules");
		for (const name of existsSync(packages) ? readdirSync(packages) : []) {
			const binary = ["node", "node.exe"]
				.map((file) => join(packages, name, "bin", file))
				.find((file) => existsSync(file));
			if (binary !== undefined) found.set(version.split(".")[0]!, binary);
		}
	}
	return found.set(process.versions.node.split(".")[0]!, process.execPath);
}

export interface OnNode extends EngineComparison {
	readonly version: string;
}

const program = (file: string, threads: readonly number[]) => `
const { compareEngines } = await import(${JSON.stringify(file)});
const variants = ${JSON.stringify(threads)}.map((threads) => ({ name: String(threads), threads }));
console.log(JSON.stringify({ ...(await compareEngines(variants)), version: process.versions.node }));
process.exit();`;

/** The self-test on each number of threads. Throws what Node says on stderr if it cannot run it. */
export function onNode(
	node: string,
	flags: readonly string[],
	bundleUrl: string,
	threads: readonly number[],
): Promise<OnNode> {
	return new Promise((resolve, reject) => {
		const args = [...flags, "--input-type=module", "-e", program(bundleUrl, threads)];
		execFile(node, args, { encoding: "utf8" }, (error, stdout, stderr) => {
			if (error) reject(new Error(`${node} ${flags.join(" ")}: ${stderr || error.message}`));
			else resolve(JSON.parse(stdout) as OnNode);
		});
	});
}
