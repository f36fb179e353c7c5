// Breaks the contracts one line at a time (test/mutants.json), in a copy, and counts what the tests notice; exits 1 if
// anything slips through: `node bin/mutate.mjs`, about ten seconds a mutant. It must never touch the sources themselves.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const packages = join(
	dirname(createRequire(import.meta.url).resolve("@openzeppelin/contracts/package.json")),
	"..",
	"..",
);
const mutants = JSON.parse(readFileSync(join(root, "test", "mutants.json"), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "mutants-"));
const copy = join(folder, "contracts");
const env = { ...process.env, FOUNDRY_FUZZ_RUNS: "200", FOUNDRY_INVARIANT_RUNS: "64" };

try {
	symlinkSync(packages, join(folder, "node_modules"));
	for (const part of ["bin", "foundry.toml", "package.json", "src", "test"])
		cpSync(join(root, part), join(copy, part), { recursive: true });
	if (tests().status !== 0) throw new Error("the tests must pass before anything is broken; run npx forge test");
	const survivors = mutants.filter((mutant) => !noticed(mutant));
	for (const { file, from, to } of survivors) console.log(`survived: ${file}\n- ${from}\n+ ${to}`);
	console.log(`noticed ${mutants.length - survivors.length} of ${mutants.length}`);
	if (survivors.length > 0) process.exitCode = 1;
} finally {
	rmSync(folder, { recursive: true });
}

function noticed({ file, from, to }) {
	const path = join(copy, file);
	const source = readFileSync(path, "utf8");
	if (!source.includes(from)) throw new Error(`${file} does not contain: ${from}; mend test/mutants.json`);
	writeFileSync(
		path,
		source.replace(from, () => to),
	);
	const { status, stdout } = tests();
	writeFileSync(path, source);
	// A mutant that does not compile proves nothing.
	if (status !== 0 && !stdout.includes("[FAIL")) throw new Error(`${file} does not compile with: ${to}\n${stdout}`);
	return status !== 0;
}

function tests() {
	const args = [join(copy, "bin", "forge.mjs"), "test", "--no-match-contract", "GasTest"];
	return spawnSync(process.execPath, args, { env, encoding: "utf8", maxBuffer: 1 << 28 });
}
