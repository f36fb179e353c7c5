// Governance and staking from the command line against a real node, as the holder of a wallet does it. In this process: each command is
// the whole program, only without a process of its own.

import { createCipheriv, scryptSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CliConfig } from "../../apps/cli/src/config.js";
import type { Terminal } from "../../apps/cli/src/output/terminal.js";
import { createProgram } from "../../apps/cli/src/program.js";
import { type OpenNode, openNode } from "../../apps/node/src/openNode.js";
import { type SmallWorld, smallWorld } from "../../apps/node/src/testing/smallWorld.js";

const PASSWORD = "correct horse battery staple";
const KEY = `0x${"c0".repeat(32)}` as const;
const voter = privateKeyToAccount(KEY).address;

let world: SmallWorld;
let node: OpenNode;
let config: CliConfig;

beforeAll(async () => {
	world = await smallWorld();
	node = await openNode(world.config);
	const { url } = await node.serve();
	const { home } = world.config;
	const wallet = join(home, "wallet.json");
	config = {
		home,
		url,
		wallet,
		password: PASSWORD,
		passwordFile: undefined,
		token: undefined,
		apiKey: undefined,
		color: false,
	};
	writeFileSync(wallet, cheapWallet());
	await run("wallet", "fund");
}, 120_000);
afterAll(async () => {
	await node.close();
	world.remove();
});

/** The key as a Web3 secret of version 3, whose password costs little to try: these tests sign often. */
function cheapWallet(): string {
	const [salt, iv] = [Buffer.alloc(32, 1), Buffer.alloc(16, 2)];
	const derived = scryptSync(PASSWORD, salt, 32, { N: 2, r: 8, p: 1 });
	const ciphertext = createCipheriv("aes-128-ctr", derived.subarray(0, 16), iv).update(KEY.slice(2), "hex");
	const mac = keccak256(Buffer.concat([derived.subarray(16), ciphertext])).slice(2);
	const sealed = {
		cipher: "aes-128-ctr",
		cipherparams: { iv: iv.toString("hex") },
		ciphertext: ciphertext.toString("hex"),
	};
	const kdfparams = { dklen: 32, n: 2, r: 8, p: 1, salt: salt.toString("hex") };
	const address = voter.slice(2).toLowerCase();
	return JSON.stringify({ version: 3, id: "", address, crypto: { ...sealed, kdf: "scrypt", kdfparams, mac } });
}

/** Runs a command and gives what it printed and its exit code. */
async function run(...args: string[]): Promise<{ text: string; code: number }> {
	let text = "";
	let code = 0;
	const plain = (value: string) => value;
	const style = new Proxy({}, { get: () => plain }) as Terminal["style"];
	const terminal: Terminal = {
		result: (line) => {
			text += line;
		},
		...{ piece() {}, note() {}, live() {}, isLive: false, width: 100, style, noteStyle: style },
	};
	const finish = (exitCode: number) => {
		code = exitCode;
	};
	await createProgram({ config, terminal, finish }).parseAsync(args, { from: "user" });
	return { text, code };
}
const json = async (...args: string[]) => JSON.parse((await run(...args, "--json")).text) as Record<string, never>;

type Request = (args: { method: string; params?: unknown }) => Promise<unknown>;
async function pass(seconds: number): Promise<void> {
	const request = node.parts.ledger.client.publicClient.request as Request;
	await request({ method: "evm_increaseTime", params: [seconds] });
	await request({ method: "evm_mine" });
}

test("default: from an empty list to a changed constant", async () => {
	expect((await run("gov", "list")).text).toContain("No proposal yet");
	expect((await run("gov", "list", "--constants")).text).toMatch(/challengeSeconds +1 s +1 s +14 d/);
	expect((await run("gov", "delegate")).text).toBe(
		"The wallet votes with 100.000000 OPEN; they count on proposals from now on.",
	);
	await pass(1);
	const set = ["gov", "propose", "--set", "challengeSeconds=2 h"];
	const tried = await run(...set, "--dry-run");
	expect(tried.text).toContain("parameters.set(challengeSeconds, 7200)");
	expect(tried.text).toContain("challengeSeconds: 1 s → 2 h");
	expect(await json(...set, "--description", "Two hours\nA day is long.")).toMatchObject({
		number: 1,
		simulation: { ok: true },
	});
	expect((await run("gov", "list")).text).toMatch(
		/1 +(pending|active) +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d +0 : 0 +Two hours/,
	);
	await pass(2);
	const voted = await run("gov", "vote", "1", "for", "--reason", "time to look");
	expect(voted.text).toContain("key (bytes32) = challengeSeconds");
	expect(voted.text).toContain("Voted for with 100.000000 OPEN.");
	expect((await run("gov", "vote", "1", "against")).text).toContain("that vote stands");
	expect((await run("gov", "show", "1")).text).toMatch(/State +active until/);
	await expect(run("gov", "queue", "1")).rejects.toThrow("the proposal is active");
	await pass(70);
	expect((await run("gov", "queue", "1")).text).toMatch(/^Queued: proposal 1 is queued\. It can be executed from/);
	await pass(6);
	expect((await run("gov", "execute", "1")).text).toBe("Executed: proposal 1 is executed.");
	expect((await run("gov", "execute", "1")).text).toBe("Executed before: proposal 1 is executed.");
	expect(await json("gov", "show", "1")).toMatchObject({ state: "executed", proposer: voter });
	expect((await run("gov", "list", "--constants")).text).toMatch(/challengeSeconds +2 h/);
});

test("default: stake behind oneself, leave, wait, withdraw", async () => {
	expect((await run("stake", "show")).text).toContain("Nobody stands behind it yet");
	expect((await run("stake", "delegate", "40")).text).toMatch(/Of it yours +40\.000000 OPEN/);
	expect((await run("stake", "claim")).text).toBe("Nothing is earned yet.");
	await expect(run("stake", "undelegate", "41")).rejects.toThrow("ask for that at most");
	expect(await json("stake", "undelegate", "15")).toMatchObject({ amountWei: String(15n * 10n ** 18n) });
	expect((await run("stake", "withdraw")).text).toMatch(/^1 part still waiting; the next is ready at/);
	await pass(6);
	expect((await run("stake", "withdraw")).text).toBe("15.000000 OPEN are in the wallet again.");
	expect((await run("stake", "withdraw")).text).toContain("Nothing is leaving");
	expect(await json("stake", "undelegate", "all")).toMatchObject({ amountWei: String(25n * 10n ** 18n) });
	await pass(6);
	expect(await json("stake", "withdraw")).toMatchObject({ amountWei: String(25n * 10n ** 18n), waiting: [] });
	expect(await json("wallet", "balance")).toMatchObject({ openWei: String(100n * 10n ** 18n) });
	for (const [args, said] of [
		[["delegate", "1000"], "100"],
		[["delegate", "0"], "above zero"],
		[["undelegate", "1"], "has no stake behind"],
		[["show", "me"], "is no address"],
	] as const)
		await expect(run("stake", ...args), args.join(" ")).rejects.toThrow(said);
});

test("behavior: what would fail is said before it is proposed or voted on", async () => {
	const beyond = ["gov", "propose", "--set", "challengeSeconds=0", "--set", "jurySize=5"];
	expect(await run(...beyond, "--dry-run")).toMatchObject({
		code: 1,
		text: expect.stringContaining("it lies between 1 and 1209600"),
	});
	await expect(run(...beyond, "--description", "no time")).rejects.toThrow(/it would fail: refused: OutOfBounds/);
	expect(await json(...beyond, "--description", "no time", "--anyway")).toMatchObject({ simulation: { ok: false } });
	await pass(2);
	expect((await run("gov", "vote", "2", "for")).text).toContain("it would fail, and nothing of it would happen");
	await pass(70);
	await run("gov", "queue", "2");
	await pass(6);
	await expect(run("gov", "execute", "2")).rejects.toThrow(/OutOfBounds/);
});

test("behavior: what cannot be is refused with what would be right", async () => {
	for (const [args, said] of [
		[["propose"], "a proposal has 1 to 16 changes"],
		[["propose", "--set", "jurySize"], "must be KEY=VALUE"],
		[["propose", "--set", "jurySize=5"], "say why with --description"],
		[["propose", "--call", "jury.abolish()"], 'there is no function "abolish"'],
		[["vote", "1", "maybe"], "vote for, against or abstain"],
		[["vote", "9", "for"], "there is no proposal 9; there are 1 to 2"],
		[["show", "first"], "names no proposal"],
		[["delegate", "me"], "is no address"],
		[["cancel", "1"], "only its proposer may cancel, and only before votes begin"],
	] as const)
		await expect(run("gov", ...args), args.join(" ")).rejects.toThrow(said);
});
