// Runs forge in this folder with the arguments given and ends with forge's own exit code: `node contracts/bin/forge.mjs test`.
// The launcher of @foundry-rs/forge 1.7.1 (`npx forge`) ends with 0 even when tests fail, so scripts and CI call this.
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const system = `${process.platform}-${process.arch === "x64" ? "amd64" : process.arch}`;
const file = process.platform === "win32" ? "forge.exe" : "forge";
const folder = dirname(createRequire(import.meta.url).resolve(`@foundry-rs/forge-${system}/package.json`));
const { status, signal, error } = spawnSync(join(folder, "bin", file), process.argv.slice(2), {
	cwd: join(dirname(fileURLToPath(import.meta.url)), ".."),
	stdio: "inherit",
});
if (error) throw error;
if (signal) process.kill(process.pid, signal);
process.exitCode = status ?? 1;
