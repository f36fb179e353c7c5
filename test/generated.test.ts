// What is generated and committed is what its sources give today: compiled again, compared byte for byte. (Contracts are compiled
// once, by their own tests: scripts/test.mjs compares what came of it.)

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Exit code of a script, and what it said. */
function check(script: string): Promise<{ readonly code: number | null; readonly said: string }> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [script, "--check"], { cwd: root });
		let said = "";
		for (const stream of [child.stdout, child.stderr]) {
			stream.setEncoding("utf8").on("data", (text) => {
				said += text;
			});
		}
		child.once("error", reject).once("close", (code) => resolve({ code, said }));
	});
}

test("default: the WASM kernels are those of their AssemblyScript", async () => {
	const { code, said } = await check("packages/tensor/scripts/build-kernels.mjs");
	expect([code, said]).toEqual([0, expect.stringContaining("fresh")]);
});

test("default: the feature scan's WASM is that of its AssemblyScript", async () => {
	const { code, said } = await check("packages/attribution/scripts/build-scan.mjs");
	expect([code, said]).toEqual([0, expect.stringContaining("fresh")]);
});
