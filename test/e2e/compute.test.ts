// Trainers and verifiers as processes of their own on a real chain: a cheater with two lies, an honest trainer, an honest challenger and two
// jurors. Processes are killed in the middle of disputes; one trainer stops answering. Who lied loses its stake, everybody else keeps theirs.

import { type ChildProcessByStdio, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import {
	openDispute,
	readBalance,
	readDispute,
	readDisputeIds,
	readDisputeOwed,
	readJob,
	readJobPay,
	readStake,
} from "@openledger/chain";
import { disputeId, type Hex } from "@openledger/protocol";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import type { CheatingTrainer } from "../../apps/node/src/testing/dishonest/cheatingTrainer.js";
import { type ComputeWorld, type Name, OPEN, openComputeWorld } from "./computeWorld.js";
import { temporaryHome } from "./openledger.js";

type Process = {
	kill(): Promise<void>;
	until(line: RegExp, seconds?: number): Promise<string>;
	readonly lines: string[];
};

const { home, remove } = temporaryHome();
const programs = inject("programs");
const running = new Set<Process>();
let world: ComputeWorld;
let forgedOp: Hex;
let silent: Hex;

beforeAll(async () => {
	world = await openComputeWorld(home);
	forgedOp = await world.postJob({ label: "one op is forged", payWei: 50n * OPEN, stakeWei: 150n * OPEN });
	silent = await world.postJob({ label: "a step is wrong", payWei: 30n * OPEN, stakeWei: 150n * OPEN });
}, 120_000);
afterAll(async () => {
	await Promise.all([...running].map((one) => one.kill()));
	await world?.close();
	remove();
});

/** A process that can be waited on by its lines, and ended as a machine that loses power would. */
function watched(child: ChildProcessByStdio<null, null, Readable>, ended: Promise<unknown>): Process {
	const lines: string[] = [];
	const listeners = new Set<() => void>();
	createInterface({ input: child.stderr }).on("line", (line) => {
		lines.push(line);
		for (const listener of listeners) listener();
	});
	let read = 0;
	const made: Process = {
		lines,
		async kill() {
			running.delete(made);
			child.kill("SIGKILL");
			await ended;
		},
		until: (line, seconds = 90) =>
			new Promise((resolve, reject) => {
				const timer = setTimeout(
					() => done(() => reject(new Error(`no line ${line} among:\n${lines.join("\n")}`))),
					seconds * 1000,
				);
				void ended.then(() => done(() => reject(new Error(`it ended before ${line}:\n${lines.join("\n")}`))));
				const look = () => {
					while (read < lines.length) {
						const found = lines[read++]!;
						if (line.test(found)) return done(() => resolve(found));
					}
				};
				const done = (end: () => void) => {
					clearTimeout(timer);
					listeners.delete(look);
					end();
				};
				listeners.add(look);
				look();
			}),
	};
	running.add(made);
	return made;
}

/** Nothing of this machine's own OpenLedger settings reaches a process. */
function spawned(file: string, args: readonly string[]): Process {
	const inherited = Object.entries(process.env).filter(
		([key]) => !key.startsWith("OPENLEDGER_") && key !== "NODE_OPTIONS",
	);
	const child = spawn(process.execPath, [file, ...args], {
		stdio: ["ignore", "ignore", "pipe"],
		env: { ...Object.fromEntries(inherited), NO_COLOR: "1", OPENLEDGER_NATIVE: "off" },
	});
	return watched(child, new Promise((resolve) => child.once("close", resolve)));
}

function daemon(name: Name, role: "trainer" | "verifier", ...flags: string[]): Process {
	const { where, contractsFile, dataFolder, baseFolder } = world;
	const args = ["node", role, "--rpc", where.rpcUrl, "--contracts", contractsFile, "--data", dataFolder];
	args.push("--base", baseFolder, "--key-file", world.keyFile(name), "--state", join(home, name), "--threads", "1");
	return spawned(programs["test/e2e/main.ts"], [...args, "--poll-ms", "300", ...flags]);
}

function cheater(): Process {
	const { where, dataFolder, baseFolder } = world;
	const cheats = { [forgedOp]: { link: 3, op: 150 }, [silent]: { link: 6, hides: true, isSilent: true } };
	const options: CheatingTrainer = {
		...{ ...where, baseFolder, cheats, data: dataFolder, pollMs: 300 },
		...{ home: join(home, "cheater"), keyFile: world.keyFile("cheater") },
	};
	return spawned(programs["apps/node/src/testing/dishonest/cheatingTrainer.ts"], [JSON.stringify(options)]);
}

const stakeOf = async (name: Name) => (await readStake(world.ledger, world.people[name].address)).activeWei;

/** Waits for what the chain comes to. */
async function reached(what: string, holds: () => Promise<boolean>, seconds = 90): Promise<void> {
	for (const end = Date.now() + seconds * 1000; !(await holds()); await new Promise((done) => setTimeout(done, 100))) {
		if (Date.now() < end) continue;
		const said = [...running].flatMap(({ lines }) => ["—", ...lines.slice(-12)]).join("\n");
		throw new Error(`${what} did not come about in ${seconds} s:\n${said}`);
	}
}

test("default: who lies loses its stake, honest ones keep theirs, the jobs are done and paid", async () => {
	const { ledger, people } = world;
	const before = await readBalance(ledger, people.first.address);
	const status = async (job: Hex) => (await readJob(ledger, job))!;
	const theDispute = (job: Hex) => readDispute(ledger, disputeId(job, 1, people.first.address));

	let liar = cheater();
	const jurors = [daemon("second", "verifier", "--judge-only"), daemon("third", "verifier", "--judge-only", "--join")];
	let challenger = daemon("first", "verifier", "--full");
	expect(jurors).toHaveLength(2);

	// Both sides are killed while they play, and go on where they were.
	await challenger.until(/answerEntry/);
	await challenger.kill();
	await liar.until(/showEntry/);
	await liar.kill();
	expect((await theDispute(forgedOp))?.phase).toMatch(/Entry$/);
	[challenger, liar] = [daemon("first", "verifier", "--full"), cheater()];

	await reached("the verdict on the forged op", async () => (await theDispute(forgedOp))?.phase === "ended");
	const found = (await theDispute(forgedOp))!;
	expect([found.outcome, found.links.low, found.ops.low]).toEqual(["challengerRight", 2, 150]);

	// The other lie is never answered for: whoever stays silent loses by the clock.
	await reached("the silent dispute", async () => (await theDispute(silent))?.phase === "showTrace");
	expect((await theDispute(silent))!.links.low).toBe(5);
	await world.pass(100);
	await reached("the end of silence", async () => (await theDispute(silent))?.phase === "ended");
	expect((await theDispute(silent))!.outcome).toBe("challengerRight");
	await liar.kill();
	expect(await stakeOf("cheater")).toBe(100n * OPEN);
	for (const job of [forgedOp, silent]) expect((await status(job)).status).toBe("open");

	// An honest trainer takes both, is killed once, and nobody finds anything.
	const purse = await readBalance(ledger, people.trainer.address);
	let trainer = daemon("trainer", "trainer", "--jobs", "2");
	await trainer.until(/claimed/);
	await trainer.kill();
	trainer = daemon("trainer", "trainer", "--jobs", "2");
	for (const _ of [1, 2]) await challenger.until(/holds in 9 links/);
	expect(await readDisputeIds(ledger)).toHaveLength(2);
	// The cheater says that an honest run is false, and has nothing to say when it is shown a link.
	const { runStart, runCommitment } = await status(silent);
	const lie = { low: 0, lowLink: runStart, lowProof: [], high: world.steps, highLink: runCommitment, highProof: [] };
	const { disputeId: falsely } = await openDispute(ledger, people.cheater, { jobId: silent, own: runStart, ...lie });
	await trainer.until(/showLink/);
	await world.pass(130);
	await reached("the end of the false dispute", async () => (await readDispute(ledger, falsely))?.phase === "ended");
	expect((await readDispute(ledger, falsely))!.outcome).toBe("trainerRight");
	for (const job of [forgedOp, silent]) await reached("pay", async () => (await status(job)).status === "paid");
	await reached("pay", async () => (await readJobPay(ledger, people.trainer.address)) === 0n);
	await reached(
		"its part of the liar's bond",
		async () => (await readDisputeOwed(ledger, people.trainer.address)) === 0n,
	);
	// Both pays, and half of the bond of who said falsely that a run was false.
	expect(await readBalance(ledger, people.trainer.address)).toBe(purse + 85n * OPEN);

	expect(await stakeOf("trainer")).toBe(400n * OPEN);
	expect((await readStake(ledger, people.trainer.address)).lockedWei).toBe(0n);
	for (const juror of ["first", "second", "third"] as const) expect(await stakeOf(juror)).toBe(100n * OPEN);
	// Half of what was slashed is the challenger's; its deposits are back but for the jury's fee, which it paid.
	const gained = async () => (await readBalance(ledger, people.first.address)) - before;
	await reached("what the challenger gains", async () => (await gained()) === (150n - 3n) * OPEN);
	// The jurors of the one case shared its fee.
	for (const juror of ["second", "third"] as const)
		await reached("a juror's pay", async () => (await readBalance(ledger, people[juror].address)) > 900n * OPEN);
}, 240_000);
