// `node scripts/install-nodes.mjs`: puts the Node versions that the engine's bits are tested on into .openledger/nodes, from npm's packages of the
// `node` family; test/sameBits runs those it finds. It says what it could not get and ends well: a missing Node is a skipped test.
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { root, run, say } from "./lib.mjs";

/** The newest of each line that is kept up; exact, like every dependency. */
const VERSIONS = ["20.20.2", "22.23.3", "24.21.0"];

const system = { linux: "linux", darwin: "darwin", win32: "win" }[process.platform];
const name = `node-${system}-${process.arch}`;

for (const version of VERSIONS) {
	const folder = join(root, ".openledger", "nodes", version);
	const binary = join(folder, "node_modules", name, "bin", process.platform === "win32" ? "node.exe" : "node");
	if (process.versions.node === version || existsSync(binary)) continue;
	say(`Installing Node ${version} for the same-bits tests …`);
	// npm puts things into the nearest folder that is a package, unless this one is.
	mkdirSync(join(folder, "node_modules"), { recursive: true });
	const npm = process.platform === "win32" ? "npm.cmd" : "npm";
	const flags = ["--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
	const code = await run(npm, ["install", "--prefix", folder, ...flags, `${name}@${version}`], { stdout: 2 }).catch(
		() => 1,
	);
	if (code !== 0 || !existsSync(binary)) say(`Node ${version} could not be installed; its tests are skipped`);
}
