// Runs `forge coverage` over src and fails below the bar: `node bin/coverage.mjs` from anywhere.
// It must not know the contracts. The remapping is absolute here, because forge's own parser (unlike its compiler call)
// does not resolve imports of a package above the root.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const BAR_PERCENT = { lines: 95, branches: 95 };

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const require = createRequire(import.meta.url);
const packageFolder = (name) => dirname(require.resolve(`${name}/package.json`));
const report = join(root, "coverage", "lcov.info");
mkdirSync(dirname(report), { recursive: true });
execFileSync(
	process.execPath,
	[
		join(root, "bin", "forge.mjs"),
		...["coverage", "--no-match-contract", "GasTest"],
		...["--remappings", `@openzeppelin/contracts/=${packageFolder("@openzeppelin/contracts")}/`],
		...[
			"--no-match-coverage",
			"node_modules|^test/",
			"--report",
			"summary",
			"--report",
			"lcov",
			"--report-file",
			report,
		],
	],
	// Few runs, for every line is reached early; no gas figures, for this build is not optimised.
	{ cwd: root, stdio: "inherit", env: { ...process.env, FOUNDRY_FUZZ_RUNS: "256", FOUNDRY_INVARIANT_RUNS: "32" } },
);

const lcov = readFileSync(report, "utf8");
const sum = (tag) =>
	[...lcov.matchAll(new RegExp(`^${tag}:(\\d+)$`, "gm"))].reduce((total, [, n]) => total + Number(n), 0);
for (const [what, hit, found] of [
	["lines", sum("LH"), sum("LF")],
	["branches", sum("BRH"), sum("BRF")],
]) {
	const percent = (100 * hit) / found;
	console.log(`${what}: ${hit} of ${found}, ${percent.toFixed(1)}% (bar ${BAR_PERCENT[what]}%)`);
	if (!(percent >= BAR_PERCENT[what])) process.exitCode = 1;
}
