// The golden hash under V8's other compilers and without the CPU's wide instructions: the bits are the specification's, not the machine's.

import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";

const PROGRAM =
	'import("@openledger/llm").then(({ engineSelftest }) => console.log(engineSelftest().ok, engineSelftest(2).ok));';

for (const flags of [["--liftoff-only"], ["--no-liftoff"], ["--no-enable-avx", "--no-enable-fma3"]]) {
	test(`this machine reproduces the golden hash with ${flags.join(" ")}`, () => {
		const args = [...flags, "--import", "tsx", "--conditions=source", "--input-type=module", "-e", PROGRAM];
		const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8", cwd: import.meta.dirname });
		expect(stdout.trim(), stderr).toBe("true true");
	});
}
