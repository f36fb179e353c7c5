// The commands against one running node, each as a program: a datanet of one's own from its first row to the claim.

import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { begunHome, end, up } from "./begunHome.js";
import { lastLine, openledger, type Running, riverRows } from "./openledger.js";

const ember = fileURLToPath(new URL("../../models/ember", import.meta.url));
const { home, remove } = await begunHome();
const files = mkdtempSync(join(home, "files-"));
let node: Running;

beforeAll(async () => {
	node = await up(home);
}, 60_000);
afterAll(async () => {
	await end(node);
	remove();
});

/** Runs a command on that node, and reads its JSON. */
async function run(...args: string[]): Promise<{ code: number | null; json: never; stderr: string }> {
	const { code, stdout, stderr } = await openledger([...args, "--json", "--home", home]);
	return { code, json: JSON.parse(lastLine(stdout)) as never, stderr };
}

test("default: create, contribute, train, chat, verify, settle, claim, export, generate", async () => {
	expect(await run("datanet", "create", "rivers", "--licence", "CC0-1.0")).toMatchObject({
		code: 0,
		json: { name: "rivers", licence: "CC0-1.0", rows: 0 },
	});
	// The file names three people; only noor's rows are noor's to give.
	const offered = await run("datanet", "contribute", "rivers", riverRows, "--contributor", "noor");
	expect(offered).toMatchObject({ code: 0, json: { acceptedRows: 8, status: "accepted" } });
	const csv = join(files, "pia.csv");
	writeFileSync(
		csv,
		'prompt,response\n"On which continent is the Congo?",Africa.\nOn which continent is the Mekong?,\n',
	);
	expect(await run("datanet", "contribute", "rivers", csv, "--contributor", "pia")).toMatchObject({
		code: 0,
		json: { acceptedRows: 1, rejected: [{ line: 3 }] },
	});
	// One byte that is not UTF-8 costs its line, not the file.
	const latin = join(files, "rita.jsonl");
	writeFileSync(
		latin,
		Buffer.concat([
			Buffer.from('{"prompt":"On which continent is the Douro?","response":"Europe."}\n{"prompt":"Which r'),
			Buffer.of(0xee),
			Buffer.from('u is short?","response":"None."}\n'),
		]),
	);
	expect(await run("datanet", "contribute", "rivers", latin, "--contributor", "rita")).toMatchObject({
		code: 0,
		json: { acceptedRows: 1, rejected: [{ line: 2, code: "bad-utf8" }] },
	});
	const again = await run("datanet", "contribute", "rivers", csv, "--contributor", "quentin");
	expect(again).toMatchObject({ code: 1, json: { acceptedRows: 0, status: "rejected" } });

	const trained = await run("model", "train", "rivers");
	expect(trained).toMatchObject({ code: 0, json: { model: "rivers-1", status: "published", served: true } });

	const answered = await run("chat", "Which river flows through Cairo?", "--model", "rivers-1");
	expect(answered).toMatchObject({ code: 0, json: { model: "rivers-1", receiptId: expect.stringMatching(/^0x/) } });
	const { receiptId, text } = answered.json as { receiptId: string; text: string };
	const verified = await run("receipt", "verify", receiptId.slice(0, 12));
	expect(verified).toMatchObject({ code: 0, json: { identical: true, receiptId } });
	const page = join(files, "receipt.html");
	const show = ["receipt", "show", receiptId, "--html", page];
	expect(await run(...show)).toMatchObject({ code: 0, json: { id: receiptId, html: { file: page } } });
	expect(readFileSync(page, "utf8")).toContain("Which river flows through Cairo?");
	expect(await run(...show)).toMatchObject({ code: 2, json: { error: { code: "cli/file-exists" } } });
	expect(await run(...show, "--force")).toMatchObject({ code: 0 });

	expect(await run("rewards", "settle")).toMatchObject({ code: 0, json: { closed: { epoch: 1, receipts: 1 } } });
	const claimed = (await run("rewards", "claim")).json as readonly { paidWei: string }[];
	expect(claimed.some(({ paidWei }) => BigInt(paidWei) > 0n)).toBe(true);
	const rewards = (await run("rewards", "list")).json as readonly { earnedWei: string; claimedWei: string }[];
	for (const { earnedWei, claimedWei } of rewards) expect(claimedWei).toBe(earnedWei);

	const out = join(files, "exported");
	const exported = await run("model", "export", "rivers-1", "--out", out);
	const asking = ["--prompt", "Which river flows through Cairo?", "--max-tokens", "24", "--json"];
	const generated = await openledger(["generate", "--base", ember, "--adapter", out, ...asking]);
	const { adapterDigest } = exported.json as { adapterDigest: string };
	expect(JSON.parse(lastLine(generated.stdout))).toMatchObject({ text, adapterDigest });

	const cut = readFileSync(join(out, "adapter_model.safetensors")).subarray(0, 4000);
	writeFileSync(join(out, "adapter_model.safetensors"), cut);
	const truncated = await openledger(["generate", "--base", ember, "--adapter", out, ...asking]);
	expect(truncated.code).toBe(2);
	expect(JSON.parse(lastLine(truncated.stdout))).toMatchObject({ error: { code: "model/safetensors-malformed" } });
}, 180_000);

test("behavior: what cannot work ends with 2 and says what would", async () => {
	const wrong = join(files, "wrong.yaml");
	writeFileSync(wrong, "rank: 8\nlora_alpha: 16\n");
	const refusals: readonly (readonly [args: string[], stderr: RegExp])[] = [
		[["datanet", "show", "nowhere"], /there is no datanet "nowhere"/],
		[["datanet", "contribute", "rivers", join(files, "none.csv"), "--contributor", "pia"], /there is no such file/],
		[["chat"], /say what to ask/],
		[["chat", "Hello?", "--max-fee", "lots"], /amount of OPEN such as 0.01/],
		[["receipt", "verify", "0xnothex"], /is no receipt id/],
		[["up", "--port", "70000"], /whole number from 0 to 65535/],
		[["up"], /is up already/],
		[
			["model", "train", "rivers", "--recipe", wrong],
			/wrong\.yaml: recipe\.lora_alpha is unknown; did you mean alpha\?/,
		],
		[["model", "train", "rivers", "--recipe", join(files, "none.yaml")], /there is no such file/],
		[["fly"], /unknown command/],
	];
	const ended = await Promise.all(
		refusals.map(([args]) => openledger([...args, ...(args[0] === "fly" ? [] : ["--home", home])])),
	);
	expect(ended.map(({ code, stderr }, i) => [code, refusals[i]![1].test(stderr) || stderr])).toEqual(
		refusals.map(() => [2, true]),
	);
	const flag = await openledger(["generate", "--json"]);
	expect([flag.code, JSON.parse(flag.stdout)]).toMatchObject([2, { error: { code: "cli/usage" } }]);
	const elsewhere = await openledger(["model", "list", "--url", "http://127.0.0.1:1"]);
	expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringContaining("does not answer")]);
}, 60_000);

test("default: a recipe as a file: printed, changed, followed, told in lines of JSON", async () => {
	const printed = await openledger(["model", "recipe"]);
	const file = join(files, "recipe.yaml");
	writeFileSync(
		file,
		printed.stdout.replace(/^epochs: .*$/m, "epochs: 2").replace(/^validation: .*$/m, "validation: 2"),
	);
	const checked = await openledger(["model", "recipe", file, "--json"]);
	expect([checked.code, JSON.parse(checked.stdout)]).toMatchObject([0, { epochs: 2, validation: 2, packing: false }]);
	const trained = await run("model", "train", "rivers", "--name", "short", "--recipe", file);
	expect(trained).toMatchObject({ code: 0, json: { model: "short-1", recipe: { epochs: 2 }, plannedSteps: 2 } });
	expect((trained.json as { validations: unknown[] }).validations).toHaveLength(2);
	const events = trained.stderr.split("\n").filter((line) => line.startsWith("{"));
	for (const event of events)
		expect(JSON.parse(event)).toMatchObject({ event: "progress", tokensPerSecond: expect.any(Number) });
	const shown = await openledger(["model", "show", "short-1", "--home", home]);
	expect(shown.stdout).toMatch(/Held out +2 rows, loss \d+\.\d+, perplexity/);
}, 180_000);
