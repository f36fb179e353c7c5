// `npm run bench -- NAME [--json]`: installs dependencies if they are missing, then runs bench/run.ts from its sources.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Runs a command in the repository's root; stdout of an installation goes to stderr, which keeps --json clean. */
function run(command, args, stdout) {
	const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["inherit", stdout, "inherit"] });
	if (error) process.stderr.write(`${command} could not start: ${error.message}\n`);
	return status ?? 1;
}

let status = 0;
if (!existsSync(join(root, "node_modules", "tsx"))) {
	process.stderr.write("Installing dependencies (npm ci)…\n");
	status = run(process.platform === "win32" ? "npm.cmd" : "npm", ["ci", "--ignore-scripts"], 2);
}
if (status === 0) {
	const args = ["--import", "tsx", "--conditions=source", join("bench", "run.ts"), ...process.argv.slice(2)];
	status = run(process.execPath, args, "inherit");
}
process.exitCode = status;
