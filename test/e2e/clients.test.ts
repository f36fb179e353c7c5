// What docs/point-your-openai-client.md and the examples say, run as written against a real node.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CHAT_FIELDS } from "@openledger/openlora";
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

	test("behavior: the table has every published field, and a node takes it, or refuses it by its name, as it says", async () => {
		const said = [...page.matchAll(/^\| (`[^|]+) \| (yes|ignored|refused) \|/gm)].flatMap(({ 1: names, 2: what }) =>
			[...names!.matchAll(/`(\w+)`/g)].map(([, name]) => [name!, what!] as const),
		);
		const words = { supported: "yes", ignored: "ignored", refused: "refused", "neutral-only": "refused" };
		const published = Object.entries(CHAT_FIELDS).map(([name, { support }]) => [name, words[support]]);
		expect(Object.fromEntries(said)).toEqual(Object.fromEntries(published));
		const ask = async (fields: object) => {
			const order = { model: "world-1", messages: [{ role: "user", content: "x" }], max_tokens: 2 };
			const body = JSON.stringify({ ...order, ...fields });
			const response = await fetch(`${small.url}/v1/chat/completions`, { method: "POST", body });
			const { error } = (await response.json()) as { error: { param: string | null } };
			return [response.status, error.param?.split(".")[0] ?? null];
		};
		for (const [name, { accepted = [], refused = [] }] of Object.entries(CHAT_FIELDS)) {
			const besides = name === "max_completion_tokens" ? { max_tokens: null } : {};
			// What is taken goes on to its price.
			for (const value of accepted)
				expect([name, ...(await ask({ ...besides, [name]: value }))]).toEqual([name, 402, null]);
			for (const value of refused)
				expect([name, ...(await ask({ ...besides, [name]: value }))]).toEqual([name, 400, name]);
		}
	}, 60_000);
});

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
