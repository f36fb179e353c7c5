// Governance, staking, juries, datanets' disputes and jobs from the command line against a real node, as the holders of wallets do it. In this
// process: each command is the whole program, only without a process of its own.

import { createCipheriv, scryptSync } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
	commitVote,
	delegateStake,
	fundAccount,
	fundOpen,
	joinJury,
	localFaucet,
	readDatanetOwed,
	readJob,
	revealVote,
} from "@openledger/chain";
import { type Hex, sha256, utf8 } from "@openledger/protocol";
import { keccak256 } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { CliConfig } from "../../apps/cli/src/config.js";
import type { Terminal } from "../../apps/cli/src/output/terminal.js";
import { createProgram } from "../../apps/cli/src/program.js";
import { runTrainer } from "../../apps/node/src/compute/runTrainer.js";
import { openWorkplace } from "../../apps/node/src/compute/workplace.js";
import { type OpenNode, openNode } from "../../apps/node/src/openNode.js";
import { type SmallWorld, smallWorld, tinyRecipe } from "../../apps/node/src/testing/smallWorld.js";

const PASSWORD = "correct horse battery staple";
const OPEN = 10n ** 18n;
/** The wallet of most commands, and two others. */
const KEY = `0x${"c0".repeat(32)}` as const;
const CHALLENGER = `0x${"c1".repeat(32)}` as const;
const DEFENDER = `0x${"c2".repeat(32)}` as const;
const voter = privateKeyToAccount(KEY).address;

let world: SmallWorld;
let node: OpenNode;
let url: string;
let config: CliConfig;

beforeAll(async () => {
	world = await smallWorld();
	node = await openNode(world.config);
	({ url } = await node.serve());
	const { home } = world.config;
	for (const key of [KEY, CHALLENGER, DEFENDER]) writeFileSync(walletOf(key), cheapWallet(key));
	config = {
		...{ home, url, wallet: walletOf(KEY), password: PASSWORD, passwordFile: undefined },
		...{ token: undefined, apiKey: undefined, color: false },
	};
	await run("wallet", "fund");
}, 120_000);
afterAll(async () => {
	await node.close();
	world.remove();
});

const walletOf = (key: Hex) => join(world.config.home, `wallet-${key.slice(2, 4)}.json`);

/** The key as a Web3 secret of version 3, whose password costs little to try: these tests sign often. */
function cheapWallet(key: Hex): string {
	const [salt, iv] = [Buffer.alloc(32, 1), Buffer.alloc(16, 2)];
	const derived = scryptSync(PASSWORD, salt, 32, { N: 2, r: 8, p: 1 });
	const ciphertext = createCipheriv("aes-128-ctr", derived.subarray(0, 16), iv).update(key.slice(2), "hex");
	const mac = keccak256(Buffer.concat([derived.subarray(16), ciphertext])).slice(2);
	const sealed = {
		cipher: "aes-128-ctr",
		cipherparams: { iv: iv.toString("hex") },
		ciphertext: ciphertext.toString("hex"),
	};
	const kdfparams = { dklen: 32, n: 2, r: 8, p: 1, salt: salt.toString("hex") };
	const address = privateKeyToAccount(key).address.slice(2).toLowerCase();
	return JSON.stringify({ version: 3, id: "", address, crypto: { ...sealed, kdf: "scrypt", kdfparams, mac } });
}

/** Runs a command and gives what it printed and its exit code. */
const run = (...args: string[]) => runAs(KEY, ...args);
async function runAs(key: Hex, ...args: string[]): Promise<{ text: string; code: number }> {
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
	const program = createProgram({ config: { ...config, wallet: walletOf(key) }, terminal, finish });
	await program.parseAsync(args, { from: "user" });
	return { text, code };
}
const json = <T = Record<string, never>>(...args: string[]): Promise<T> => jsonAs<T>(KEY, ...args);
const jsonAs = async <T = Record<string, never>>(key: Hex, ...args: string[]) =>
	JSON.parse((await runAs(key, ...args, "--json")).text) as T;

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

test("default: grants of OPEN are listed, and what is vested is paid to whom it was granted", async () => {
	type Vesting = { readonly grants: readonly object[]; readonly isFunded: boolean };
	const { grants, isFunded } = await json<Vesting>("gov", "vesting");
	expect(isFunded).toBe(true);
	expect(grants).toHaveLength(2);
	expect((await run("gov", "vesting")).text).toMatch(/0 +openTimelock +2,000,000\.000000 +2026-01-01 +2034-01-01/);
	await pass(86_400 * 365);
	const paid = await json("gov", "release", "0");
	expect(BigInt(paid.paidWei!)).toBeGreaterThan(200_000n * OPEN);
	expect(paid).toMatchObject({ beneficiary: node.parts.ledger.addresses.openTimelock, releasedWei: paid.paidWei });
	await expect(run("gov", "release", "7")).rejects.toThrow("there are 2 grants, counted from 0");
	await expect(run("gov", "release", "all")).rejects.toThrow("is no grant");
});

/** A proposal of constants, carried by the one wallet that votes. */
async function carry(...changes: string[]): Promise<void> {
	const sets = changes.flatMap((change) => ["--set", change]);
	const { number } = await json("gov", "propose", ...sets, "--description", "so that people have time");
	await pass(2);
	await run("gov", "vote", String(number), "for");
	await pass(70);
	await run("gov", "queue", String(number));
	await pass(6);
	await run("gov", "execute", String(number));
}

/** Somebody with coins, OPEN and a curator's seat. */
async function curator(i: number) {
	const account = privateKeyToAccount(keccak256(`0x${"0".repeat(62)}0${i}`));
	const { ledger, keys } = node.parts;
	await fundAccount(ledger.client, localFaucet(), { to: account.address, atLeastWei: OPEN });
	await fundOpen(ledger, keys.account("treasury"), { to: account.address, atLeastWei: 100n * OPEN });
	await delegateStake(ledger, account, { operator: account.address, amountWei: 100n * OPEN });
	await joinJury(ledger, account, { role: "curator" });
	return account;
}

const offer = async (datanet: string, contributor: string, prompt: string): Promise<Hex> => {
	const file = join(world.config.home, `${contributor}.jsonl`);
	writeFileSync(file, `${JSON.stringify({ prompt, response: "In the museum." })}\n`);
	return (await json("datanet", "contribute", datanet, file, "--contributor", contributor)).id! as Hex;
};

test("default: a seat is taken and raised; a challenge is defended, voted on, revealed, counted and resolved", async () => {
	const { ledger, keys } = node.parts;
	await carry(...["openReview", "voteCommit", "voteReveal", "appeal"].map((what) => `${what}Seconds=1 h`));
	await fundOpen(ledger, keys.account("treasury"), { to: voter, atLeastWei: 300n * OPEN });
	await run("stake", "delegate", "150");
	await expect(run("jury", "raise")).rejects.toMatchObject({ code: "contract/NoSeat" });
	expect((await run("jury", "join")).text).toContain("A curator's seat, with 100.000000 OPEN behind it");
	expect((await run("jury", "raise", "--to", "120")).text).toContain("with 120.000000 OPEN behind it; drawn for cases");
	expect(await json("jury", "raise")).toMatchObject({ role: "curator", stakeWei: String(120n * OPEN) });
	await expect(run("jury", "raise", "--to", "151")).rejects.toMatchObject({ code: "contract/StakeTooLow" });
	const others = [await curator(1), await curator(2)];
	for (const key of [CHALLENGER, DEFENDER]) await runAs(key, "wallet", "fund");

	await json("datanet", "create", "finds", "--rule", "open", "--stake", "0.1");
	const id = await offer("finds", "zoe", "Where is the Rosetta Stone?");
	expect((await run("jury", "cases")).text).toBe("There was no case yet.");
	// Its stake does not pay a jury, so that somebody has to stand for it.
	expect(await jsonAs(CHALLENGER, "datanet", "challenge", id)).toMatchObject({ stage: "challenged" });
	const defended = await jsonAs(DEFENDER, "datanet", "defend", id);
	expect(defended).toMatchObject({ stage: "judged", dispute: { caseId: "1" } });
	await pass(1);
	expect((await run("jury", "vote", "1", "3")).text).toContain("openledger jury reveal 1");
	expect(await json("jury", "cases", "--mine")).toMatchObject([{ caseId: "1", phase: "committing", drawn: 3 }]);
	await expect(runAs(DEFENDER, "jury", "vote", "1", "1")).rejects.toMatchObject({ code: "contract/NotJuror" });
	await expect(run("jury", "leave")).rejects.toMatchObject({ code: "contract/SeatInUse" });
	const votes = others.map((juror) => ({
		juror,
		vote: { caseId: 1n, choice: 3, salt: sha256(utf8("salt")) },
	}));
	for (const { juror, vote } of votes) await commitVote(ledger, juror, vote);
	await pass(1);
	for (const { juror, vote } of votes) await revealVote(ledger, juror, vote);
	expect((await run("jury", "reveal", "1")).text).toBe("Shown: 3. All votes are counted; the verdict: 3.");
	expect((await run("jury", "cases")).text).toMatch(/1 +curator +counted +– +3\/3 +3/);
	expect(await jsonAs(CHALLENGER, "datanet", "resolve", id)).toMatchObject({ stage: "decided", status: "junk" });
	await expect(run("jury", "reveal", "2")).rejects.toThrow("there is no case 2");
	await expect(run("jury", "vote", "one", "1")).rejects.toThrow("is no case");
});

test("default: an acceptance is appealed, nobody stands for it, it falls, and its deposit is drawn", async () => {
	await json("datanet", "create", "ruins");
	const id = await offer("ruins", "yan", "Where is the Ishtar Gate?");
	expect(await jsonAs(CHALLENGER, "datanet", "appeal", id)).toMatchObject({ stage: "appealed", status: "accepted" });
	await expect(runAs(CHALLENGER, "datanet", "resolve", id)).rejects.toMatchObject({ code: "contract/TooEarly" });
	await pass(3_601);
	expect(await jsonAs(DEFENDER, "datanet", "resolve", id)).toMatchObject({ stage: "final", status: "rejected" });
	const challenger = privateKeyToAccount(CHALLENGER).address;
	const due = await readDatanetOwed(node.parts.ledger, challenger);
	expect(due).toBeGreaterThan(0n);
	expect(await jsonAs(CHALLENGER, "datanet", "withdraw")).toMatchObject({ amountWei: String(due) });
	expect((await runAs(CHALLENGER, "datanet", "withdraw")).text).toBe("Nothing came free yet.");
	await expect(run("datanet", "appeal", "0x12")).rejects.toThrow("an id is 0x and 64 hex digits");
});

test("default: a job is taken back while nobody has it; another is trained, and fetched as it was committed", async () => {
	const { ledger, keys } = node.parts;
	const { home, baseFolder } = world.config;
	await json("datanet", "create", "sums");
	const rows = Array.from({ length: 8 }, (_, i) =>
		JSON.stringify({ prompt: `What is ${i} and ${i}?`, response: `${2 * i}.` }),
	);
	const file = join(home, "sums.jsonl");
	writeFileSync(file, rows.join("\n"));
	await json("datanet", "contribute", "sums", file, "--contributor", "pim");
	await pass(3_601);
	const recipe = join(home, "recipe.yaml");
	writeFileSync(recipe, JSON.stringify({ ...tinyRecipe, commitEvery: 1, maxLength: 64 }));
	const post = (label: string) =>
		json<{ readonly jobId: Hex }>("job", "post", "sums", "--pay", "2", "--recipe", recipe, "--label", label);
	const { jobId: first } = await post("first");
	expect(await json("job", "cancel", first.slice(0, 12))).toEqual({ jobId: first, drawnWei: String(2n * OPEN) });
	expect((await readJob(ledger, first))!.status).toBe("cancelled");
	expect((await run("job", "cancel", first)).text).toContain("its escrow was drawn before");
	await expect(run("job", "cancel", "0xdead")).rejects.toMatchObject({ code: "job/not-found" });

	const { jobId } = await post("second");
	const out = join(home, "fetched");
	await expect(run("job", "fetch", jobId, "--out", out)).rejects.toMatchObject({ code: "job/not-submitted" });
	const trainer = privateKeyToAccount(DEFENDER);
	await fundOpen(ledger, keys.account("treasury"), { to: trainer.address, atLeastWei: 200n * OPEN });
	await delegateStake(ledger, trainer, { operator: trainer.address, amountWei: 200n * OPEN });
	const stop = new AbortController();
	const place = await openWorkplace({
		...{ account: trainer, addresses: ledger.addresses, baseFolder, chainId: world.config.chainId, data: `${url}/da` },
		...{ rpcUrl: `${url}/rpc`, home: join(home, "trainer"), signal: stop.signal },
	});
	const work = runTrainer(place, { pollMs: 50 });
	while ((await readJob(ledger, jobId))!.status !== "submitted") await new Promise((done) => setTimeout(done, 50));
	stop.abort();
	await work;
	await place.close();
	await expect(run("job", "cancel", jobId)).rejects.toMatchObject({ code: "contract/WrongStatus" });
	const fetched = await json("job", "fetch", jobId.slice(0, 12), "--out", out);
	expect(fetched).toMatchObject({ jobId, adapterDigest: (await readJob(ledger, jobId))!.adapterDigest });
	expect(existsSync(join(out, "adapter", "adapter_config.json"))).toBe(true);
});

test("default: a datanet's rows are checked before they are given, listed, told to strangers, and one is erased", async () => {
	const file = join(world.config.home, "sums.jsonl");
	expect(await json("datanet", "check", file)).toMatchObject({ offered: 8, accepted: 8, rejected: 0 });
	const rows = (await json("datanet", "rows", "sums", "--contributor", "pim")) as unknown as readonly object[];
	expect(rows).toHaveLength(8);
	expect(rows[0]).toMatchObject({ contributor: "pim" });
	expect(JSON.stringify(rows)).not.toContain("What is");
	const out = join(world.config.home, "card");
	expect(await json("datanet", "card", "sums", "--out", out)).toMatchObject({ version: 1 });
	expect(readFileSync(join(out, "croissant.json"), "utf8")).toContain("mlcommons.org/croissant/1.1");
	const [first] = rows as readonly { readonly row: number; readonly commitment: string }[];
	const erased = await json("datanet", "erase", "sums", String(first!.row), "--reason", "legal-order");
	expect(erased).toMatchObject({ commitment: first!.commitment, contributor: "pim" });
	const left = (await json("datanet", "rows", "sums")) as unknown as readonly { readonly status: string }[];
	expect(left.filter(({ status }) => status === "erased")).toHaveLength(1);
	await expect(run("datanet", "erase", "sums", "99")).rejects.toThrow(/row/);
});
