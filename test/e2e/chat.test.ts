// A wallet of one's own from its making to what is left in it, and conversations that it pays: each command as a program.

import { once } from "node:events";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, lastLine, openledger, start } from "./openledger.js";
import { type SmallNode, smallNode } from "./smallNode.js";

let small: SmallNode;
let password: string;

beforeAll(async () => {
	small = await smallNode();
	password = join(small.world.config.home, "..", "password.txt");
	writeFileSync(password, "correct horse\n");
}, 180_000);
afterAll(() => small?.close());

const cli = (args: readonly string[], input?: string, env: Record<string, string> = {}): Promise<Ended> =>
	openledger([...args, "--home", small.home], { OPENLEDGER_PASSWORD_FILE: password, ...env }, input);
const run = async <T>(...args: string[]): Promise<T> => {
	const { code, stdout, stderr } = await cli([...args, "--json"]);
	expect(code, stderr + stdout).toBe(0);
	return JSON.parse(lastLine(stdout)) as T;
};
type Holdings = { readonly address: string; readonly openWei: string; readonly coinWei: string };
type Answer = { readonly text: string; readonly receiptId: string; readonly feeWei: string };
const events = (stdout: string) =>
	stdout
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line) as { readonly event: string } & Record<string, unknown>);

test("default: create, fund, balance; the file is sealed, readable by its owner alone, and never written over", async () => {
	const none = await cli(["wallet", "balance"]);
	expect([none.code, none.stderr]).toEqual([2, expect.stringContaining("openledger wallet create")]);
	const made = await run<{ address: string; file: string }>("wallet", "create");
	expect(made.address).toMatch(/^0x(?=.*[A-F])[0-9a-fA-F]{40}$/);
	expect(statSync(made.file).mode & 0o077).toBe(0);
	expect(readFileSync(made.file, "utf8")).not.toContain("correct horse");
	const again = await cli(["wallet", "create"]);
	expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("written over")]);
	expect(await run<Holdings>("wallet", "balance")).toMatchObject({ address: made.address, openWei: "0", coinWei: "0" });
	const poor = await Promise.all([
		cli(["chat", "Hello?"]),
		cli(["wallet", "key", "buy", "1"]),
		cli(["wallet", "channel", "open", "1"]),
	]);
	for (const { code, stderr } of poor)
		expect([code, stderr]).toEqual([2, expect.stringMatching(/holds no OPEN.*openledger wallet fund/)]);
	expect(existsSync(join(small.home, "api-keys"))).toBe(false);
	const funded = await run<Holdings>("wallet", "fund");
	expect(funded).toMatchObject({ openWei: String(100n * 10n ** 18n), coinWei: String(10n ** 18n) });
	expect(await run("wallet", "fund")).toMatchObject({ addedOpenWei: "0", addedCoinWei: "0" });
}, 60_000);

test("behavior: a faucet gives nothing without the node's token, and nothing where there is no faucet", async () => {
	const { address } = await small.richAccount(1n);
	const body = JSON.stringify({ address });
	const bare = await fetch(`${small.url}/api/wallets/fund`, { method: "POST", body });
	expect(bare.status).toBe(401);
	const wrong = await cli(["wallet", "fund", "--url", small.url], "", { OPENLEDGER_TOKEN: "00" });
	expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("admin token")]);
	const bad = await cli(["wallet", "balance", "0x70997970C51812dc3A010C7d01b50e0d17dc79c8"]);
	expect([bad.code, bad.stderr]).toEqual([2, expect.stringContaining("mistyped")]);
}, 60_000);

test("default: a question from the wallet is answered, and its lines say who earned, what was paid, which receipt", async () => {
	const { code, stdout, stderr } = await cli(["chat", "world-1", "Who wrote Faust?", "--max-tokens", "4"]);
	expect([code, stderr]).toEqual([0, ""]);
	expect(stdout).toMatch(
		/\nmoved by {2}\S.*\n(copied .*\n)?paid {6}0\.\d{6} OPEN, world-1, 16 \+ \d tokens\nreceipt {3}0x[0-9a-f]{64}\n$/,
	);
	const answer = await run<Answer>("chat", "Who wrote Faust?", "--max-tokens", "4");
	expect((await run<{ identical: boolean }>("receipt", "verify", answer.receiptId)).identical).toBe(true);
}, 60_000);

test("default: a piped conversation keeps what was said, forgets the oldest when the context is full, and tells it in events", async () => {
	const questions = [
		...["Who wrote Faust?", "", "Which river flows through Vienna?", "Which river flows through Cairo?"],
		...["Who wrote Faust and Emma and Hamlet, and where?", "And in which year did they write all of it?"],
	];
	const { code, stdout } = await cli(["chat", "--json", "--max-tokens", "8"], questions.join("\n"));
	const told = events(stdout);
	expect(code, stdout).toBe(0);
	expect(told[0]).toMatchObject({ event: "ready", model: "world-1", url: small.url });
	const answers = told.filter(({ event }) => event === "answer");
	expect(answers).toHaveLength(5);
	for (const { receiptId, text } of answers as unknown as Answer[]) {
		expect(receiptId).toMatch(/^0x/);
		expect(typeof text).toBe("string");
	}
	const tokens = answers.map(({ usage }) => (usage as { prompt_tokens: number }).prompt_tokens);
	expect(tokens[1]).toBeGreaterThan(tokens[0]! * 2);
	expect(Math.max(...answers.map(({ forgotten }) => Number(forgotten)))).toBeGreaterThan(0);
	const pieces = told.filter(({ event }) => event === "piece").map(({ text }) => text);
	expect(pieces.join("")).toBe((answers as unknown as Answer[]).map(({ text }) => text).join(""));
	expect(told.at(-1)).toMatchObject({ event: "end", answered: 5, failed: 0 });
}, 90_000);

test("default: a channel pays for many answers, can be filled, and gives back what is left", async () => {
	type Channel = { readonly channelId: string; readonly depositedWei: string; readonly spentWei: string };
	const { address } = await run<Holdings>("wallet", "balance");
	const [first, ...more] = await run<Channel[]>("wallet", "channel", "list");
	expect(more).toEqual([]);
	const filled = await run<Channel>("wallet", "channel", "open", "2");
	expect(filled.channelId).toBe(first!.channelId);
	expect(BigInt(filled.depositedWei) - BigInt(first!.depositedWei)).toBe(2n * 10n ** 18n);
	const before = await run<Holdings & { channelsWei: string }>("wallet", "balance");
	const answer = await run<Answer>("chat", "Who wrote Emma?", "--max-tokens", "4");
	const [charged] = await run<Channel[]>("wallet", "channel", "list");
	expect(BigInt(charged!.spentWei) - BigInt(filled.spentWei)).toBe(BigInt(answer.feeWei));
	const [closed] = await run<{ returnedWei: string }[]>("wallet", "channel", "close", first!.channelId.slice(0, 12));
	expect(BigInt(closed!.returnedWei)).toBe(BigInt(before.channelsWei) - BigInt(answer.feeWei));
	const after = await run<Holdings & { channelsWei: string }>("wallet", "balance");
	expect(after).toMatchObject({ address, channelsWei: "0" });
	expect(BigInt(after.openWei)).toBe(BigInt(before.openWei) + BigInt(closed!.returnedWei));
	expect(await run("wallet", "channel", "close")).toEqual([]);
	expect((await run<{ identical: boolean }>("receipt", "verify", answer.receiptId)).identical).toBe(true);
}, 120_000);

test("default: against openledger serve the same chat is free, and says that there is no receipt", async () => {
	const adapters = join(small.home, "..", "adapters");
	await run("model", "export", "world-1", "--out", join(adapters, "world-1"));
	const serving = start([
		"serve",
		"--base",
		small.world.config.baseFolder,
		"--adapters",
		adapters,
		"--port",
		"0",
		"--json",
	]);
	try {
		const said = once(serving.process.stdout, "data").then(([text]) => JSON.parse(String(text)) as { url: string });
		const { url } = (await Promise.race([
			said,
			serving.ended.then(({ stderr }) => Promise.reject(new Error(stderr))),
		]))!;
		const asked = await openledger(["chat", "--url", url, "--max-tokens", "8"], {}, "Who wrote Faust?\nAnd Emma?\n");
		expect(asked).toMatchObject({ code: 0 });
		expect(asked.stdout.match(/^free {6}world-1, \d+ \+ \d+ tokens, no receipt$/gm)).toHaveLength(2);
		expect(lastLine(asked.stdout)).toBe("2 answered");
	} finally {
		serving.process.kill("SIGINT");
		await serving.ended;
	}
}, 90_000);

test("default: a prepaid key is bought, pays, and is charged what the answer cost", async () => {
	const file = join(small.home, "..", "key.txt");
	const bought = await run<{ key: string; balanceWei: string }>("wallet", "key", "buy", "0.5", "--out", file);
	expect(readFileSync(file, "utf8").trim()).toBe(bought.key);
	expect(statSync(file).mode & 0o077).toBe(0);
	const answer = await run<Answer>("chat", "Who wrote Emma?", "--max-tokens", "4", "--api-key-file", file);
	const left = await run<{ balanceWei: string; spentWei: string }>("wallet", "key", "show", "--api-key-file", file);
	expect(left.spentWei).toBe(answer.feeWei);
	expect(BigInt(left.balanceWei)).toBe(BigInt(bought.balanceWei) - BigInt(answer.feeWei));
	const more = await run<{ balanceWei: string }>("wallet", "key", "buy", "0.25", "--api-key-file", file);
	expect(BigInt(more.balanceWei) - BigInt(left.balanceWei)).toBe(25n * 10n ** 16n);
}, 60_000);

test("behavior: what cannot work ends with 2 and says what would", async () => {
	const secret = "olk_not-a-key-but-secret";
	writeFileSync(join(small.home, "..", "bad.txt"), secret);
	const refusals: readonly (readonly [args: string[], stderr: RegExp, input?: string])[] = [
		[["chat"], /say what to ask/],
		[["chat", "atlantis", "Hello?"], /no model "atlantis"; served: world-1/],
		[["chat", "Hello?", "--wallet", join(small.home, "none.json")], /there is no wallet at .*wallet create/],
		[["chat", "Hello?", "--max-fee", "0.000001"], /--max-fee/],
		[["wallet", "key", "buy", "lots"], /no amount/],
		[["wallet", "key", "show", "--api-key-file", join(small.home, "..", "bad.txt")], /holds no prepaid key/],
		[["wallet", "key", "show"], /OPENLEDGER_API_KEY/],
	];
	const ended = await Promise.all(refusals.map(([args, , input]) => cli(args, input)));
	expect(ended.map(({ code, stderr }, i) => [code, refusals[i]![1].test(stderr) || stderr])).toEqual(
		refusals.map(() => [2, true]),
	);
	for (const { stdout, stderr } of ended) expect(stdout + stderr).not.toContain(secret);
	const wrong = await cli(["chat", "Hello?"], "", {
		OPENLEDGER_PASSWORD_FILE: "",
		OPENLEDGER_PASSWORD: "battery staple",
	});
	expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining("does not open this wallet")]);
	expect(wrong.stdout + wrong.stderr).not.toContain("battery staple");
	const unknown = await cli(["chat", "Hello?"], "", { OPENLEDGER_API_KEY: `olk_${"x".repeat(43)}` });
	expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/key is not known/)]);
}, 90_000);
