// What docs/point-your-openai-client.md and the examples say, run as written against a real node.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blocksOf, isKnown, isPresent, root, run, runBlock } from "./runBlocks.js";
import { type SmallNode, smallNode } from "./smallNode.js";

const page = readFileSync(join(root, "docs", "point-your-openai-client.md"), "utf8");
const blocks = blocksOf(page).filter(({ language }) => language !== "console");
const languages = [...new Set(blocks.map(({ language }) => language))];
const present = new Map(await Promise.all(languages.map(async (name) => [name, await isPresent(name)] as const)));

let small: SmallNode;
let env: Record<string, string>;

beforeAll(async () => {
	small = await smallNode();
	const { privateKey } = await small.richAccount();
	env = {
		OPENLEDGER_URL: small.url,
		OPENLEDGER_PRIVATE_KEY: privateKey,
		OPENLEDGER_API_KEY: await small.prepaidKey(privateKey),
	};
}, 180_000);
afterAll(() => small?.close());

const RECEIPT = /0x[0-9a-f]{64}/;
const MOST_MS = 240_000;

describe("docs/point-your-openai-client.md", () => {
	test("default: has blocks in four languages, and names none that nobody could run", () => {
		expect(languages.every(isKnown)).toBe(true);
		expect(languages).toEqual(["ts", "python", "go", "sh"]);
	});

	for (const block of blocks) {
		const { language, code, line } = block;
		// A language that this machine lacks is skipped: the others show the same requests.
		test.skipIf(present.get(language) !== true)(
			`behavior: the ${language} of line ${line} does what is said`,
			async () => {
				const here = code.replaceAll("http://127.0.0.1:8402", small.url);
				const ran = await runBlock({ language, code: here }, env);
				expect(ran, ran.stderr).toMatchObject({ code: 0 });
				if (code.includes("atlantis")) expect(ran.stdout).toContain("404 model_not_found");
				else if (/receipt/i.test(code)) expect(ran.stdout).toMatch(RECEIPT);
				else expect(ran.stdout.trim()).not.toBe("");
				if (language === "sh") {
					expect(ran.stdout).not.toContain('"error"');
					expect(ran.stdout).toMatch(
						code.includes('"stream"') ? /^data: \[DONE\]$/m : /"object":"(list|chat\.completion)"/,
					);
				}
			},
			// Go compiles its whole library the first time.
			MOST_MS,
		);
	}

	test("behavior: each field of the table is taken, or refused by its name, as it says", async () => {
		const rows = [...page.matchAll(/^\| (`[^|]+) \| (yes|ignored|refused) \|/gm)].flatMap(({ 1: names, 2: what }) =>
			[...names!.matchAll(/`(\w+)`/g)].map(([, name]) => [name!, what!] as const),
		);
		expect(rows.length).toBeGreaterThan(30);
		for (const [name, what] of rows) {
			expect(PROBES, `a probe for ${name}`).toHaveProperty(name);
			const response = await fetch(`${small.url}/v1/chat/completions`, {
				method: "POST",
				body: JSON.stringify({
					model: "world-1",
					messages: [{ role: "user", content: "x" }],
					max_tokens: 2,
					...PROBES[name],
				}),
			});
			const { error } = (await response.json()) as { error: { param: string | null; message: string } };
			const field = error.param?.split(".")[0];
			// What is taken goes on to its price.
			expect([name, response.status, what === "refused" ? field : undefined], error.message).toEqual(
				what === "refused" ? [name, 400, name] : [name, 402, undefined],
			);
		}
	});
});

const PROBES: Readonly<Record<string, object>> = {
	messages: {
		messages: [
			{ role: "developer", content: "Be brief." },
			{ role: "user", content: [{ type: "text", text: "Hello?" }] },
		],
	},
	max_tokens: {},
	max_completion_tokens: { max_completion_tokens: 2 },
	temperature: { temperature: 0.5 },
	top_p: { top_p: 0.5 },
	seed: { seed: 7 },
	stop: { stop: ["a", "b"] },
	n: { n: 8 },
	stream: { stream: true },
	stream_options: { stream: true, stream_options: { include_usage: true } },
	logprobs: { logprobs: true },
	top_logprobs: { logprobs: true, top_logprobs: 20 },
	top_k: { top_k: 5 },
	min_p: { min_p: 0.1 },
	repetition_penalty: { repetition_penalty: 1.1 },
	user: { user: "u" },
	safety_identifier: { safety_identifier: "s" },
	prompt_cache_key: { prompt_cache_key: "p" },
	presence_penalty: { presence_penalty: 1 },
	frequency_penalty: { frequency_penalty: 1 },
	response_format: { response_format: { type: "json_object" } },
	tools: { tools: [] },
	tool_choice: { tool_choice: "auto" },
	parallel_tool_calls: { parallel_tool_calls: true },
	functions: { functions: [] },
	function_call: { function_call: "none" },
	logit_bias: { logit_bias: { "5": 1 } },
	audio: { audio: { voice: "x", format: "wav" } },
	prediction: { prediction: { type: "content", content: "x" } },
	reasoning_effort: { reasoning_effort: "low" },
	verbosity: { verbosity: "low" },
	metadata: { metadata: { a: "b" } },
	web_search_options: { web_search_options: {} },
};

describe("examples", () => {
	const example = (name: string, more: Record<string, string> = {}) => {
		const file = join("examples", name, "main.ts");
		return run([process.execPath, "--import", "tsx", "--conditions=source", file], { ...env, ...more });
	};

	test("behavior: what an example installs is what runs it here", () => {
		const read = (file: string) =>
			JSON.parse(readFileSync(join(root, file), "utf8")) as Record<string, Record<string, string>>;
		const { devDependencies } = read("package.json");
		for (const name of ["openai-client", "x402-fetch", "ai-sdk"]) {
			const { dependencies } = read(join("examples", name, "package.json"));
			expect(devDependencies).toMatchObject(dependencies!);
			const imported = readFileSync(join(root, "examples", name, "main.ts"), "utf8").matchAll(
				/ from "((?:@[^/"]+\/)?[^/"]+)/g,
			);
			const packages = [...new Set([...imported].map(([, from]) => from!))].filter((from) => !from.startsWith("node:"));
			expect(Object.keys(dependencies!).filter((it) => it !== "tsx")).toEqual(packages.sort());
		}
	});

	test(
		"default: openai-client writes an answer as it comes, its receipt and who earned",
		async () => {
			const ran = await example("openai-client");
			expect(ran, ran.stderr).toMatchObject({ code: 0 });
			expect(ran.stdout).toMatch(/\d+ \+ \d+ tokens\nreceipt 0x[0-9a-f]{64}, [1-9]\d* wei of OPEN/);
		},
		MOST_MS,
	);

	test(
		"default: x402-fetch pays once by transfer, and three times by one channel",
		async () => {
			const ran = await example("x402-fetch", { OPENLEDGER_CHANNELS: join(small.home, "example-channels") });
			expect(ran, ran.stderr).toMatchObject({ code: 0 });
			expect(ran.stdout.match(/receipt 0x[0-9a-f]{64}/g)).toHaveLength(4);
			// The transfer, and the deposit of the first of the three.
			expect(ran.stdout.match(/moved by transaction 0x/g)).toHaveLength(2);
			expect(ran.stdout.match(/no transaction/g)).toHaveLength(2);
		},
		MOST_MS,
	);

	test(
		"default: ai-sdk generates and streams",
		async () => {
			const ran = await example("ai-sdk");
			expect(ran, ran.stderr).toMatchObject({ code: 0 });
			expect(ran.stdout).toMatch(RECEIPT);
			expect(ran.stdout).toMatch(/\d+ \+ \d+ tokens, ended by (stop|length)/);
		},
		MOST_MS,
	);
});
