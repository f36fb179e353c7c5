import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { spanModuleDigest } from "./generated/module.js";

test("default: the embedded module is what its sources build", () => {
	const script = fileURLToPath(new URL("../../scripts/build-spans.mjs", import.meta.url));
	expect(execFileSync(process.execPath, [script, "--check"], { encoding: "utf8" })).toContain(
		`${spanModuleDigest} fresh`,
	);
});
