// `openledger engine plan` as a program: what it says holds, and what it is asked wrongly it says how to ask.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { lastLine, openledger, openledgerEach } from "./openledger.js";

const ember = fileURLToPath(new URL("../../models/ember", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "openledger-plan-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Plan = Awaited<ReturnType<typeof plans>>[number];

/** Plans asked for one after another. */
async function plans(...asked: readonly (readonly string[])[]) {
	const ended = await openledgerEach(asked.map((args) => ["engine", "plan", ...args, "--json"]));
	return ended.map(({ code, stdout }) => ({
		code,
		json: JSON.parse(lastLine(stdout)) as Record<string, number & string>,
	}));
}

test("default: ember and the default recipe; parts add up, and little is planned beyond them", async () => {
	const [{ code, json }, named] = (await plans([], [ember])) as [Plan, Plan];
	expect(code).toBe(0);
	const parts = ["weight", "trained", "moment", "gradient", "activation", "logit", "batch"];
	expect(parts.reduce((sum, part) => sum + json[`${part}Bytes`]!, 0)).toBe(json.needBytes);
	expect(json.ratio).toBeLessThan(1.5);
	expect(named.json.plannedBytes).toBe(json.plannedBytes);
});

test("default: a table for people", async () => {
	const { code, stdout } = await openledger(["engine", "plan", "15M", "--rows", "8", "--length", "128", "--full"]);
	expect(code).toBe(0);
	for (const line of [/Needed +\d+\.\d/, /Planned +\d+\.\d/, /matmul \[1024, 32000\]/, /✓ fits/])
		expect(stdout).toMatch(line);
});

test("default: decoding, in f32 and in a quarter of it", async () => {
	const [one] = await openledgerEach([["engine", "plan", "3M", "--int8", "--length", "64"]]);
	expect(one!.stdout).toContain("a token of 1 sequence of at most 64 tokens");
	const size = ["--rows", "4", "--length", "512"];
	const [plain, small] = (await plans(["135M", "--decode", ...size], ["135M", "--int8", ...size])) as [Plan, Plan];
	expect([plain.code, small.code, plain.json.cacheBytes]).toEqual([0, 0, small.json.cacheBytes]);
	expect(plain.json.cacheBytes).toBe(2 * 30 * 4 * 512 * 3 * 64 * 4);
	expect(plain.json.weightBytes! / small.json.weightBytes!).toBeGreaterThan(3.8);
	expect(plain.json.ratio).toBeLessThan(1.1);
});

test("behavior: what does not fit fails, and names the batch that does", async () => {
	const room = ["--length", "128", "--memory", "1500"];
	const [{ code, json }] = (await plans(["135M", "--rows", "8", ...room])) as [Plan];
	expect(code).toBe(1);
	expect(json.mostRows).toBeGreaterThan(0);
	const [fitting] = (await plans(["135M", "--rows", String(json.mostRows), ...room])) as [Plan];
	expect([fitting.code, fitting.json.fits]).toEqual([0, true]);
});

test("behavior: wrong questions say what would be right", async () => {
	writeFileSync(join(folder, "config.json"), '{"model_type": "gpt2"}');
	const unreadable = /config\.json cannot be read; name a model folder .* 3M, 15M, 135M/;
	const wrong: readonly (readonly [args: string[], stderr: RegExp])[] = [
		[[join(folder, "nothing")], unreadable],
		// A name that every object has.
		[["constructor"], unreadable],
		[[folder], /model_type/],
		[["--rows", "many"], /whole number from 1 to 4096/],
		[[ember, "--length", "100000"], /do not fit a context of/],
	];
	const ended = await openledgerEach(wrong.map(([args]) => ["engine", "plan", ...args]));
	expect(ended.map(({ code, stderr }, i) => [code, wrong[i]![1].test(stderr) || stderr])).toEqual(
		wrong.map(() => [2, true]),
	);
});
