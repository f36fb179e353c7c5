// The commands that need no node: the self-test, and text from folders.

import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { lastLine, openledger, openledgerEach } from "./openledger.js";

const base = fileURLToPath(new URL("../../models/ember", import.meta.url));
const asking = ["generate", "--base", base, "--prompt", "What is the capital of Chile?", "--max-tokens", "12"];

test("default: engine selftest says for each engine of this machine whether it computes the golden bits", async () => {
	const { code, stdout } = await openledger(["engine", "selftest", "--json"]);
	const said = JSON.parse(lastLine(stdout)) as {
		readonly hash: string;
		readonly golden: string;
		readonly variants: readonly { readonly name: string; readonly wanted: number; readonly ok: boolean }[];
	};
	expect([code, said.hash]).toEqual([0, said.golden]);
	expect(said.variants.map(({ wanted }) => wanted).slice(0, 3)).toEqual([1, 2, 4]);
	expect(said.variants.every(({ ok }) => ok)).toBe(true);
});

test("default: generate draws by its flags, the same each time, and ends before a stop string", async () => {
	const flags = [
		"--temperature",
		"1.2",
		"--top-k",
		"40",
		"--min-p",
		"0.01",
		"--repetition-penalty",
		"1.2",
		"--seed",
		"7",
	];
	const [text, json, again] = await Promise.all([
		openledger([...asking, ...flags]),
		openledger([...asking, ...flags, "--logprobs", "2", "--json"]),
		openledger([...asking, ...flags, "--json"]),
	]);
	type Said = { text: string; responseTokens: number[]; logprobs?: { top: unknown[] }[] };
	const [first, second] = [json, again].map(({ stdout }) => JSON.parse(lastLine(stdout)) as Said) as [Said, Said];
	const { logprobs, ...same } = first;
	expect(same).toEqual(second);
	expect(text).toEqual({ code: 0, stdout: `${first.text}\n`, stderr: "" });
	expect(logprobs!.map(({ top }) => top.length)).toEqual(first.responseTokens.map(() => 2));
	const stop = first.text.slice(2, 4);
	const cut = await openledger([...asking, ...flags, "--stop", stop]);
	expect(cut.stdout).toBe(`${first.text.slice(0, first.text.indexOf(stop))}\n`);
}, 60_000);

test("behavior: int8 answers too, and says so", async () => {
	const { code, stdout } = await openledger([...asking, "--int8", "--json"]);
	expect([code, JSON.parse(lastLine(stdout))]).toMatchObject([0, { weights: "int8" }]);
}, 60_000);

test("behavior: flags out of range are refused by name", async () => {
	const wrong = [
		["--top-k", "1.5"],
		["--min-p", "2"],
		["--repetition-penalty", "0"],
		["--stop", ""],
		["--logprobs", "21"],
	];
	const ended = await openledgerEach(wrong.map((flag) => [...asking, ...flag]));
	ended.forEach(({ code, stderr }, i) => {
		expect([code, stderr]).toEqual([2, expect.stringContaining(wrong[i]![0]!)]);
	});
}, 60_000);
