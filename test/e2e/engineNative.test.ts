// `openledger engine native`: what it says where nothing is built, where there is no compiler, and where kernels are there.
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nativeForTests } from "../../packages/native/src/testing.js";
import { openledger } from "./openledger.js";

const native = await nativeForTests();
let cache: string;
beforeEach(() => {
	cache = mkdtempSync(join(tmpdir(), "openledger-cache-"));
});
afterEach(() => rmSync(cache, { recursive: true, force: true }));

async function found(args: readonly string[], env: Readonly<Record<string, string>>) {
	const { code, stdout } = await openledger(["engine", "native", "--json", ...args], { XDG_CACHE_HOME: cache, ...env });
	return { exit: code, ...(JSON.parse(stdout) as Record<string, unknown>) };
}

test("default: turned off, it says so", async () => {
	expect(await found([], {})).toMatchObject({ isUsed: false, code: "off", exit: 0 });
});

test.skipIf(native === undefined)("default: kernels that are there are compared and used", async () => {
	const folder = join(cache, "openledger", "native");
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const file = join(folder, basename(native!.file));
	copyFileSync(native!.file, file);
	chmodSync(file, 0o600);
	expect(await found([], { OPENLEDGER_NATIVE: "auto" })).toMatchObject({ isUsed: true, file, set: native!.set });
});

test("behavior: without a compiler --build fails with the reason, and asking does not", async () => {
	const env = { OPENLEDGER_NATIVE: "auto", PATH: cache };
	const asked = await openledger(["engine", "native"], { XDG_CACHE_HOME: cache, ...env });
	expect(asked).toMatchObject({ code: 0, stdout: expect.stringContaining("WebAssembly computes") });
	const built = await openledger(["engine", "native", "--build"], { XDG_CACHE_HOME: cache, ...env });
	expect(built).toMatchObject({ code: 1, stdout: expect.stringMatching(/g\+\+: not found|written for/) });
});
