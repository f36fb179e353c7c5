// `npm test`: installs, then types, lint, contracts and vitest, and one line that sums them up. `npm test -- PATH …` runs
// vitest alone on the paths given. A suite that cannot be counted counts as failed.

import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { install, requireNode, root, run, say, tool } from "./lib.mjs";

requireNode();
await install();

const node = process.execPath;
const chosen = process.argv.slice(2);
const suites = [
	{ name: "types", run: types },
	{
		name: "lint",
		run: () => single(tool("@biomejs", "biome", "bin", "biome"), "check", "--diagnostic-level=warn", "."),
	},
	{ name: "vitest", run: vitest },
	{ name: "contracts", run: contracts },
];

// Compiling contracts keeps one core busy, the other tests wait on chains and sockets: side by side they take less than in turn.
const behind = chosen.length === 0 ? forge() : undefined;
behind?.catch(() => {});
if (behind !== undefined) say("The contracts are compiled and tested beside the rest; what they say comes last.");
const results = [];
for (const suite of chosen.length > 0 ? suites.filter(({ name }) => name === "vitest") : suites) {
	say(`\n── ${suite.name} ${"─".repeat(60 - suite.name.length)}`);
	const begun = performance.now();
	const result = await suite.run().catch((error) => {
		say(`${suite.name}: ${error.message}`);
		return { passed: 0, failed: 1 };
	});
	results.push({ name: suite.name, seconds: (performance.now() - begun) / 1000, ...result });
}

console.log("");
for (const { name, passed, failed, skipped = 0, seconds } of results) {
	const counts = `${String(passed).padStart(5)} passed ${String(failed).padStart(3)} failed`;
	console.log(
		`${name.padEnd(10)} ${counts} ${skipped > 0 ? `${skipped} skipped ` : ""}${seconds.toFixed(0).padStart(5)} s`,
	);
}
const sum = (key) => results.reduce((total, result) => total + result[key], 0);
console.log(`${sum("passed")} passed, ${sum("failed")} failed`);
process.exitCode = sum("failed") === 0 ? 0 : 1;

/** The page is checked by itself: its imports are resolved as its bundler does. */
async function types() {
	const checked = [];
	for (const project of ["tsconfig.check.json", join("apps", "web")]) {
		// Several checkers each check the libraries again; the other core compiles contracts meanwhile.
		checked.push(await single(tool("typescript", "bin", "tsc"), "-p", project, "--singleThreaded"));
	}
	return {
		passed: checked.reduce((sum, { passed }) => sum + passed, 0),
		failed: checked.reduce((sum, { failed }) => sum + failed, 0),
	};
}

/** A tool that passes or fails as a whole. */
async function single(...args) {
	const ok = (await run(node, args)) === 0;
	return { passed: ok ? 1 : 0, failed: ok ? 0 : 1 };
}

/** All contract tests, told when they have ended. */
async function forge() {
	let text = "";
	const begun = performance.now();
	const code = await run(node, [join(root, "contracts", "bin", "forge.mjs"), "test"], {
		isBehind: true,
		stdout: (piece) => {
			text += piece;
		},
	});
	return { code, text, seconds: (performance.now() - begun) / 1000 };
}

async function contracts() {
	const { code, text, seconds } = await behind;
	process.stdout.write(text);
	// What is committed of them is what they give today: what has just been compiled is compared, since compiling takes half a minute.
	const abis = await single(join(root, "scripts", "generate-abis.mjs"), "--check", "--built");
	// biome-ignore lint/suspicious/noControlCharactersInRegex: forge colours its summary
	const plain = text.replace(/\u001b\[[0-9;]*m/g, "");
	const [, passed, failed, skipped] =
		[...plain.matchAll(/(\d+) tests? passed, (\d+) failed, (\d+) skipped/g)].at(-1) ?? [];
	const tests = counted({ passed, failed, skipped }, code);
	return { ...tests, passed: tests.passed + abis.passed, failed: tests.failed + abis.failed, seconds };
}

async function vitest() {
	const folder = mkdtempSync(join(tmpdir(), "openledger-test-"));
	try {
		const report = join(folder, "report.json");
		const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...chosen];
		const code = await run(node, [tool("vitest", "vitest.mjs"), ...args]);
		const told = JSON.parse(readFileSync(report, "utf8"));
		// A file that does not even load has no tests to fail.
		const broken = told.testResults.filter(
			(file) => file.status === "failed" && file.assertionResults.length === 0,
		).length;
		const skipped = told.numPendingTests + (told.numTodoTests ?? 0);
		return counted({ passed: told.numPassedTests, failed: told.numFailedTests + broken, skipped }, code);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** Counts as numbers; a failing exit code is never zero failures. */
function counted({ passed, failed, skipped }, code) {
	const [p, f, s] = [passed, failed, skipped].map((n) => Number(n ?? 0));
	return { passed: p, failed: code !== 0 && f === 0 ? 1 : f, skipped: s };
}
