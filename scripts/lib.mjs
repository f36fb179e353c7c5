// What every script here needs: the right Node, dependencies as locked, a fresh build, child processes that end with us.
// Plain Node without dependencies, because it runs before there are any. It must not know what is run.

import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "..");
export const say = (line) => process.stderr.write(`${line}\n`);

const NEEDED = [20, 19];
const ORPHAN_MS = 1000;
/** As `nice -n 10`. */
const BEHIND = 10;
const stamp = join(root, "node_modules", ".openledger-lock");

/** Ends the script, with a way out, on a Node that is too old. */
export function requireNode() {
	const [major, minor] = process.versions.node.split(".").map(Number);
	if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return;
	say(`OpenLedger needs Node ${NEEDED.join(".")} or newer; this is ${process.versions.node}. See https://nodejs.org`);
	process.exit(1);
}

/** Installs what package-lock.json names, unless exactly that was installed before. Install scripts of packages do not run. */
export async function install() {
	const wanted = createHash("sha256")
		.update(readFileSync(join(root, "package-lock.json")))
		.digest("hex");
	if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
	say("Installing dependencies (npm ci), once …");
	const npm = process.platform === "win32" ? "npm.cmd" : "npm";
	await must(npm, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], "npm could not install");
	writeFileSync(stamp, wanted);
}

/** Compiles what changed since the last time. */
export async function build() {
	if (!existsSync(join(root, "apps", "cli", "dist", "index.js"))) say("Building, once …");
	await must(process.execPath, [tool("typescript", "bin", "tsc"), "-b"], "the build failed");
}

/** The explorer's sources and what it takes from the packages; their tests are no part of it. */
const WEB_SOURCES = [
	"apps/web",
	...["attribution", "chain", "llm", "protocol", "sdk", "tensor"].map((name) => `packages/${name}`),
];

/** Builds the explorer if its sources changed since the last time. Without it the node still works, so a failure is only said. */
export async function buildWeb() {
	const built = join(root, "apps", "web", "dist", ".build-stamp");
	const wanted = digestOf([...WEB_SOURCES.flatMap(sourceFiles), join(root, "package-lock.json")]);
	if (existsSync(built) && readFileSync(built, "utf8") === wanted) return true;
	const begun = performance.now();
	const args = [tool("vite", "bin", "vite.js"), "build", "--logLevel", "warn"];
	const code = await run(process.execPath, args, { stdout: 2, cwd: join(root, "apps", "web") }).catch((error) => {
		say(error.message);
		return 1;
	});
	if (code !== 0) {
		say("The explorer could not be built; the lines above say why.");
		return false;
	}
	writeFileSync(built, wanted);
	say(`Built the explorer in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
	return true;
}

function sourceFiles(folder) {
	return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name))
		.filter((file) => !/[\\/](dist|node_modules|testing)[\\/]|\.test\.tsx?$|\.tsbuildinfo$/.test(file))
		.sort();
}

function digestOf(files) {
	const hash = createHash("sha256");
	for (const file of files)
		hash
			.update(`${relative(root, file)}\0`)
			.update(readFileSync(file))
			.update("\0");
	return hash.digest("hex");
}

/** Path of a file in an installed package. */
export const tool = (...path) => join(root, "node_modules", ...path);

/**
 * Runs a program in the repository's root and returns its exit code. Its stdout goes to our `stdout`: "inherit", 2 for
 * stderr, or a function told every piece of text (which is passed on as well, unless `isBehind`: then it runs on what processor
 * others leave, and whoever listens shows its text when it is its turn).
 */
export function run(command, args, { stdout = "inherit", env = process.env, cwd = root, isBehind = false } = {}) {
	const listening = typeof stdout === "function";
	const shell = process.platform === "win32" && command.endsWith(".cmd");
	const child = spawn(command, args, {
		cwd,
		env,
		shell,
		stdio: ["inherit", listening ? "pipe" : stdout, isBehind ? "pipe" : "inherit"],
	});
	if (isBehind && child.pid !== undefined) setPriority(child.pid, BEHIND);
	child.stdout?.setEncoding("utf8").on("data", (text) => {
		if (!isBehind) process.stdout.write(text);
		stdout(text);
	});
	child.stderr?.setEncoding("utf8").on("data", stdout);
	// Ctrl-C reaches the child from the terminal by itself; a plain `kill` of this process does not.
	const onTerminate = () => child.kill("SIGTERM");
	const onInterrupt = () => {
		if (!process.stdin.isTTY) child.kill("SIGINT");
	};
	process.on("SIGTERM", onTerminate).on("SIGINT", onInterrupt);
	// `kill` of npm ends npm and its shell, and nobody tells us.
	const parent = process.ppid;
	const orphaned = setInterval(() => {
		if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return;
		clearInterval(orphaned);
		onTerminate();
	}, ORPHAN_MS);
	return new Promise((resolve, reject) => {
		child.once("error", reject);
		child.once("close", (code, signal) => {
			process.off("SIGTERM", onTerminate).off("SIGINT", onInterrupt);
			clearInterval(orphaned);
			resolve(code ?? 128 + (constants.signals[signal] ?? 0));
		});
	});
}

/** Runs a program whose failure ends the script; what it prints goes to stderr, so that stdout stays the caller's. */
async function must(command, args, failure) {
	const code = await run(command, args, { stdout: 2 }).catch((error) => {
		say(`${command}: ${error.message}`);
		return 1;
	});
	if (code === 0) return;
	if (code < 128) say(`${failure}; the lines above say why.`);
	process.exit(code);
}

/** The command line, built and ready: runs it with arguments and ends as it ends. */
export async function openledger(...args) {
	requireNode();
	await install();
	await build();
	// The one command that serves it.
	if (args[0] === "up") await buildWeb();
	process.exitCode = await run(process.execPath, [join(root, "apps", "cli", "bin", "openledger.mjs"), ...args]);
}
