// Breaks the contracts one line at a time (test/mutants.json and test/mutants/<room>.json), in a copy, and says for each whether
// the tests notice; exits 1 if anything slips through that is not explained. A room's tests are asked first, then all.
// `node bin/mutate.mjs --help` says how. It must never touch the sources themselves.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HELP = `node bin/mutate.mjs [--only WHICH] [--sample N] [--resume] [--list]

  --only WHICH   numbers and ranges (3,7-9), a room (staking) or a part of a file's path (FeeVault)
  --sample N     every Nth of them only
  --resume       keep the verdicts of an earlier run of the same sources, tests and mutants
  --list         say which mutants there are, and run nothing

One line a mutant as soon as its verdict is known, the score at the end. Verdicts are also kept in cache/mutants.json.
A mutant with a "why" changes nothing that can be seen: it may survive. Hours in all: nice -n 19 node bin/mutate.mjs`;

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const PARTS = ["bin", "foundry.toml", "package.json", "src", "test"];
const kept = join(root, "cache", "mutants.json");
const env = {
	...process.env,
	// What the tests see does not hang on the optimiser, and most of a mutant's time was its compiling.
	FOUNDRY_OPTIMIZER: "false",
	FOUNDRY_FUZZ_RUNS: "64",
	FOUNDRY_INVARIANT_RUNS: "16",
	FORCE_COLOR: "0",
};

const { values: options } = parseArgs({
	options: {
		help: { type: "boolean", short: "h" },
		only: { type: "string" },
		sample: { type: "string", default: "1" },
		resume: { type: "boolean" },
		list: { type: "boolean" },
	},
});
const rooms = join(root, "test", "mutants");
const all = [
	...load(join(root, "test", "mutants.json")),
	...readdirSync(rooms)
		.sort()
		.flatMap((name) => load(join(rooms, name), name.slice(0, -".json".length))),
].map((mutant, i) => ({ ...mutant, number: i + 1 }));
const step = Number(options.sample);
if (!Number.isSafeInteger(step) || step < 1) throw new Error("--sample is a whole number above 0");
const mutants = chosen(options.only).filter((_, i) => i % step === 0);
let running;

if (options.help) console.log(HELP);
else if (options.list) for (const mutant of mutants) console.log(`${place(mutant)}  ${show(mutant)}`);
else await main();

async function main() {
	const folder = mkdtempSync(join(tmpdir(), "mutants-"));
	process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
	for (const [signal, code] of [
		["SIGINT", 130],
		["SIGTERM", 143],
	])
		process.on(signal, () => {
			stop();
			process.exit(code);
		});
	const copy = join(folder, "contracts");
	const openzeppelin = createRequire(import.meta.url).resolve("@openzeppelin/contracts/package.json");
	symlinkSync(join(dirname(openzeppelin), "..", ".."), join(folder, "node_modules"));
	for (const part of PARTS) cpSync(join(root, part), join(copy, part), { recursive: true });

	const sources = digest();
	const verdicts = earlier(sources);
	if (!options.resume) for (const { number } of mutants) delete verdicts[number];
	const open = mutants.filter(({ number }) => verdicts[number] === undefined);
	if (mutants.length > open.length) console.log(`${mutants.length - open.length} verdicts kept from an earlier run`);
	if (open.length > 0) {
		const begun = performance.now();
		if ((await tests(copy, [])).status !== 0)
			throw new Error("the tests must pass before anything is broken; run node bin/forge.mjs test");
		console.log(`the tests pass unbroken (${seconds(begun)})`);
	}
	for (const mutant of open) {
		const begun = performance.now();
		verdicts[mutant.number] = (await noticed(copy, mutant)) ? "noticed" : "survived";
		mkdirSync(dirname(kept), { recursive: true });
		writeFileSync(kept, JSON.stringify({ sources, verdicts }));
		console.log(`${place(mutant)} ${verdicts[mutant.number].padEnd(8)} ${seconds(begun)}  ${show(mutant)}`);
	}
	const survivors = mutants.filter(({ number }) => verdicts[number] === "survived");
	for (const { file, from, to, why, number } of survivors)
		console.log(`survived: ${number} in ${file}\n- ${from}\n+ ${to}${why ? `\n  expected: ${why}` : ""}`);
	const score = ((100 * (mutants.length - survivors.length)) / mutants.length).toFixed(1);
	console.log(`noticed ${mutants.length - survivors.length} of ${mutants.length}, ${score}%`);
	process.exitCode = survivors.some(({ why }) => why === undefined) ? 1 : 0;
}

/** Whether any test fails; the room's own are asked first, since most of what is noticed is noticed there. */
async function noticed(copy, { file, from, to, room }) {
	const path = join(copy, file);
	const source = readFileSync(path, "utf8");
	if (!source.includes(from)) throw new Error(`${file} does not contain: ${from}; mend its list in test/`);
	writeFileSync(
		path,
		source.replace(from, () => to),
	);
	const own = room !== undefined && existsSync(join(copy, "test", room));
	let seen = false;
	for (const filter of own ? [["--match-path", `test/${room}/*`], []] : [[]]) {
		const { status, stdout } = await tests(copy, filter);
		// A mutant that does not compile proves nothing.
		if (status !== 0 && !stdout.includes("[FAIL")) throw new Error(`${file} does not compile with: ${to}\n${stdout}`);
		seen = status !== 0;
		if (seen) break;
	}
	writeFileSync(path, source);
	return seen;
}

/** All tests but gas figures, up to the first that fails. */
function tests(copy, filter) {
	const args = [join(copy, "bin", "forge.mjs"), "test", "--fail-fast", "--no-match-contract", "Gas(Test)?$", ...filter];
	return new Promise((resolve, reject) => {
		// A group of its own, so that compiler and forge end with us.
		running = spawn(process.execPath, args, {
			env,
			detached: true,
			stdio: ["ignore", "pipe", "inherit"],
		});
		let stdout = "";
		running.stdout.setEncoding("utf8").on("data", (text) => {
			stdout += text;
		});
		running.once("error", reject);
		running.once("close", (status) => {
			running = undefined;
			resolve({ status, stdout });
		});
	});
}

function stop() {
	if (running?.pid === undefined) return;
	try {
		process.kill(-running.pid, "SIGTERM");
	} catch {
		// It ended by itself.
	}
}

function chosen(only) {
	if (only === undefined) return all;
	const ranges = /^\d+(-\d+)?(,\d+(-\d+)?)*$/.test(only)
		? only.split(",").map((range) => range.split("-").map(Number))
		: undefined;
	const found = all.filter(({ file, room, number }) =>
		ranges === undefined
			? room === only || file.includes(only)
			: ranges.some(([first, last = first]) => number >= first && number <= last),
	);
	if (found.length > 0) return found;
	console.error(
		`--only ${only} names no mutant; give numbers from 1 to ${all.length}, a room or a part of a file's path`,
	);
	process.exit(2);
}

function load(path, room) {
	return JSON.parse(readFileSync(path, "utf8")).map((mutant) => ({
		...mutant,
		room,
	}));
}

/** One digest over everything that a verdict depends on. */
function digest() {
	const hash = createHash("sha256");
	for (const part of ["foundry.toml", "src", "test"]) {
		const path = join(root, part);
		const isFile = part.includes(".");
		const files = isFile ? [""] : readdirSync(path, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
		for (const file of isFile ? [path] : files.map((f) => join(f.parentPath, f.name)).sort())
			hash.update(file.slice(root.length)).update(readFileSync(file));
	}
	return hash.digest("hex");
}

function earlier(sources) {
	try {
		const found = JSON.parse(readFileSync(kept, "utf8"));
		if (found.sources === sources) return found.verdicts;
		if (options.resume) console.log("sources, tests or mutants have changed since the earlier run; it is not resumed");
	} catch {
		// There was none.
	}
	return {};
}

function seconds(begun) {
	return `${((performance.now() - begun) / 1000).toFixed(0).padStart(3)} s`;
}

function place({ number }) {
	return `${String(number).padStart(3)}/${all.length}`;
}

function show({ file, from, to }) {
	const short = (text) => {
		const line = text.replace(/\s+/g, " ").trim();
		return line.length > 60 ? `${line.slice(0, 59)}…` : line;
	};
	return `${file}: ${short(from)} → ${to.trim() === "" ? "(nothing)" : short(to)}`;
}
