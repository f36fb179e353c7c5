import { expect, test } from "vitest";
import { runProgram } from "./runProgram.js";

test("default: what a program says, and how it ends", async () => {
	const script = "process.stdin.pipe(process.stdout); console.error('said'); process.exitCode = 3;";
	const ran = await runProgram(process.execPath, ["-e", script], { input: "asked" });
	expect(ran).toEqual({ ok: false, end: "exit 3", out: "asked", err: "said\n" });
});

test("behavior: a program that is late is killed", async () => {
	const ran = await runProgram(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { timeoutMs: 100 });
	expect(ran).toMatchObject({ ok: false, end: "SIGKILL" });
});

test("behavior: one that is not there is said to be so, and holds nobody up who wants to leave", async () => {
	const file = new URL("runProgram.ts", import.meta.url).href;
	const script = `import { runProgram } from ${JSON.stringify(file)};
		console.log((await runProgram("no-such-compiler", [], { timeoutMs: 120_000 })).end);`;
	const args = ["--import", "tsx", "--conditions=source", "--input-type=module", "-e", script];
	expect(await runProgram(process.execPath, args, { timeoutMs: 30_000 })).toMatchObject({
		end: "exit 0",
		out: "not found\n",
	});
});
