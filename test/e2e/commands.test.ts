// The commands against one running node, each as a program: a datanet of one's own from its first row to the claim; and an audit as somebody at
// a terminal does it: what it costs, Ctrl-C in the middle, the same command again, the result looked at.

import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { begunHome, end, up } from "./begunHome.js";
import { lastLine, openledger, openledgerEach, type Running, riverRows, start } from "./openledger.js";

const ember = fileURLToPath(new URL("../../models/ember", import.meta.url));
const { home, remove } = await begunHome();
const files = mkdtempSync(join(home, "files-"));
let node: Running;
/** An answer by a model whose trainings are short. */
let audited: string;

beforeAll(async () => {
	node = await up(home);
});
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

test("default: a recipe as a file: printed, changed, followed, told in lines of JSON", async () => {
	const printed = await openledger(["model", "recipe"]);
	const file = join(files, "recipe.yaml");
	writeFileSync(
		file,
		printed.stdout
			.replace(/^epochs: .*$/m, "epochs: 6")
			.replace(/^batchSize: .*$/m, "batchSize: 2")
			.replace(/^validation: .*$/m, "validation: 2"),
	);
	const checked = await openledger(["model", "recipe", file, "--json"]);
	expect([checked.code, JSON.parse(checked.stdout)]).toMatchObject([0, { epochs: 6, validation: 2, packing: false }]);
	const trained = await run("model", "train", "rivers", "--name", "short", "--recipe", file);
	expect(trained).toMatchObject({ code: 0, json: { model: "short-1", recipe: { epochs: 6 }, plannedSteps: 24 } });
	expect((trained.json as { validations: unknown[] }).validations).toHaveLength(6);
	const events = trained.stderr.split("\n").filter((line) => line.startsWith("{"));
	for (const event of events)
		expect(JSON.parse(event)).toMatchObject({ event: "progress", tokensPerSecond: expect.any(Number) });
	const shown = await openledger(["model", "show", "short-1", "--home", home]);
	expect(shown.stdout).toMatch(/Held out +2 rows, loss \d+\.\d+, perplexity/);
}, 180_000);

test("default: an audit told beforehand, interrupted, finished, shown, listed", async () => {
	const asked = await run("chat", "Which river flows through Rome?", "--model", "short-1");
	audited = (asked.json as { receiptId: string }).receiptId;
	const people = async (...args: string[]) => await openledger([...args, "--home", home]);
	expect(await people("audit", "run", audited.slice(0, 10), "--estimate")).toMatchObject({
		code: 0,
		stdout: expect.stringMatching(/^audit-[0-9a-f]{16}: 4 trainings of \d+ steps; about/),
	});
	expect(adapters()).toEqual([]);

	// Without a node to talk to the command is the node, and ends it.
	await end(node);
	const first = start(["audit", "run", audited, "--json", "--home", home]);
	const progress = new Promise<string>((resolve) =>
		first.onLine((line) => line.includes('"progress"') && resolve(line)),
	);
	expect(JSON.parse(await progress)).toMatchObject({
		event: "progress",
		doing: expect.stringMatching(/run as it was|without/),
	});
	first.process.kill("SIGINT");
	const stopped = await first.ended;
	expect([stopped.code, stopped.stdout]).toEqual([130, ""]);
	expect(stopped.stderr).toMatch(/stopped; what was finished is kept/);

	node = await up(home);
	expect((await run("audit", "list")).json).toMatchObject([{ status: "stopped", receiptId: audited }]);
	const done = await people("audit", "run", audited);
	expect(done.code).toBe(0);
	expect(done.stdout).toMatch(/^Contributor +Rows +Effect +Truth +Paid +Difference$/m);
	expect(done.stdout).toMatch(/^noor +\d+ +[+−]/m);
	expect(done.stdout).toMatch(/^pia +1 +[+−]/m);
	expect(adapters()).toHaveLength(4);
	const [again, shown, listed, record] = await openledgerEach(
		[["run", audited], ["show", audited.slice(0, 12)], ["list"], ["show", audited, "--json"]].map((args) => [
			"audit",
			...args,
			"--home",
			home,
		]),
	);
	expect([again!.code, again!.stdout]).toEqual([0, done.stdout]);
	expect(shown!.stdout).toBe(done.stdout);
	expect(listed!.stdout).toMatch(
		/audit-\w+ +short-1 +Which river flows through Rome\? +leave-one-contributor-out +done/,
	);
	expect(JSON.parse(lastLine(record!.stdout))).toMatchObject({
		record: { version: "openledger/audit/v1" },
		signer: expect.stringMatching(/^0x/),
	});
}, 300_000);

/** What audits keep. */
const adapters = () => {
	const folder = join(home, "audits");
	if (!existsSync(folder)) return [];
	return (readdirSync(folder, { recursive: true }) as string[]).filter((file) => /safetensors$/.test(file));
};

test("behavior: what cannot work ends with 2 and says what would", async () => {
	const wrong = join(files, "wrong.yaml");
	writeFileSync(wrong, "rank: 8\nlora_alpha: 16\n");
	const none = join(files, "none");
	const refusals: readonly (readonly [args: string[], stderr: RegExp])[] = [
		[["datanet", "show", "nowhere"], /there is no datanet "nowhere"/],
		[["datanet", "contribute", "rivers", `${none}.csv`, "--contributor", "pia"], /there is no such file/],
		[["chat", "Hello?", "--max-fee", "lots"], /amount of OPEN such as 0.01/],
		[["receipt", "verify", "0xnothex"], /is no receipt id/],
		[["up", "--port", "70000"], /whole number from 0 to 65535/],
		[["up"], /is up already/],
		[
			["model", "train", "rivers", "--recipe", wrong],
			/wrong\.yaml: recipe\.lora_alpha is unknown; did you mean alpha\?/,
		],
		[["model", "train", "rivers", "--recipe", `${none}.yaml`], /there is no such file/],
		[["fly"], /unknown command/],
		[["audit", "run", "0x0000"], /no receipt and no model begins with 0x0000/],
		[["audit", "run", "rivers-1"], /at least one question/],
		[["audit", "run", "rivers-1", "--query", "Who?"], /each question needs the answer/],
		[["audit", "run", "rivers-1", "--queries", `${none}.jsonl`], /there is no such file/],
		[["audit", "run", "nowhere-1", "--query", "a?", "--answer", "b."], /there is no model "nowhere-1"/],
		[["audit", "run", audited, "--method", "guess"], /Allowed choices/],
		[["audit", "show", "audit-ffff"], /there is no audit "audit-ffff"/],
	];
	const ended = await openledgerEach(refusals.map(([args]) => (args[0] === "fly" ? args : [...args, "--home", home])));
	expect(ended.map(({ code, stderr }, i) => [refusals[i]![0], code, refusals[i]![1].test(stderr) || stderr])).toEqual(
		refusals.map(([args]) => [args, 2, true]),
	);
	const silent = await openledger(["chat", "--home", home]);
	expect([silent.code, silent.stderr]).toEqual([2, expect.stringContaining("say what to ask")]);
	const flag = await openledger(["generate", "--json"]);
	expect([flag.code, JSON.parse(flag.stdout)]).toMatchObject([2, { error: { code: "cli/usage" } }]);
	const elsewhere = await openledger(["model", "list", "--url", "http://127.0.0.1:1"]);
	expect([elsewhere.code, elsewhere.stderr]).toEqual([1, expect.stringContaining("does not answer")]);
}, 60_000);
