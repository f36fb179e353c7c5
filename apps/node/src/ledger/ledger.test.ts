// A ledger through everything that can happen to it: settled by a process that is killed after every step, on a chain that takes blocks back
// under load, rebuilt from chain and data layer alone, and after its database is gone.

import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import {
	castVote,
	commitVote,
	countCase,
	delegateStake,
	delegateVotes,
	drawJury,
	executeProposal,
	fundAccount,
	fundOpen,
	joinJury,
	localFaucet,
	mendReorg,
	propose,
	proposeRoot,
	queueProposal,
	readCaseCount,
	readClaimed,
	readCollected,
	readEvents,
	readRoot,
	readStake,
	revealVote,
	rootChallengesAbi,
	setParameterAction,
} from "@openledger/chain";
import { type Hex, receiptId as idOf, type RootClaim, sha256, utf8 } from "@openledger/protocol";
import { type BlobEarning, dataClient, type EpochBlob, epochClaim, putBlob } from "@openledger/rollup";
import { and, desc, eq } from "drizzle-orm";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { earnings, epochs, models, receipts, scores, snapshots } from "../database/schema.js";
import { eraseRow } from "../datanet/eraseRow.js";
import { readSnapshotRows } from "../datanet/takeSnapshot.js";
import { askQuestions } from "../mainJob/askQuestions.js";
import { type OpenNode, openNode } from "../openNode.js";
import { claimRewards } from "../settlement/claimRewards.js";
import { closeEpoch, type SettlementStep } from "../settlement/closeEpoch.js";
import { readEpochBlob } from "../settlement/epochData.js";
import { listOpenEpochs, listRewards } from "../settlement/listRewards.js";
import { readEarned } from "../settlement/readEarned.js";
import { openings, type RowAnswer, rowAnswer } from "../settlement/rowAnswer.js";
import { syncClaims } from "../settlement/syncClaims.js";
import { newDatabase } from "../testing/newDatabase.js";
import { type SmallWorld, smallWorld } from "../testing/smallWorld.js";
import { databaseLedger } from "./databaseLedger.js";
import { ledgerAt } from "./ledgerAt.js";
import { countRows, firstDifference, stateHash } from "./ledgerState.js";
import { rebuildLedger } from "./rebuildLedger.js";
import { watchLedger } from "./watchLedger.js";

const STEPS: readonly SettlementStep[] = ["claimed", "fixed", "collected", "summed", "stored", "proposed", "active"];
/** A process each: those between which something moves. */
const KILLED: readonly SettlementStep[] = ["collected", "proposed"];
const OPEN = 10n ** 18n;
let world: SmallWorld;
let node: OpenNode;
let url: string;

const open = async () => {
	node = await openNode(world.config);
	({ url } = await node.serve());
};
const ask = (...prompts: string[]) =>
	askQuestions(node.parts, { url, model: "world-1", questions: prompts.map((prompt) => ({ prompt })) }, () => {});

beforeAll(async () => {
	world = await smallWorld({ stage: "settled" });
	await open();
});
afterAll(async () => {
	await node.close();
	world.remove();
});

/** As a stranger does it: URLs and addresses, nothing of the home. */
const rebuilt = async () => {
	const { addresses, client } = node.parts.ledger;
	return await rebuildLedger({ ledger: await ledgerAt(client.url, addresses), data: dataClient(`${url}/da`) });
};

/** Every answer settled, every earner paid, everything once; chain, data and database agree. */
async function expectWhole(): Promise<void> {
	const { db, ledger } = node.parts;
	expect((await db.select().from(receipts)).filter(({ epoch }) => epoch === null)).toEqual([]);
	const [last] = await db.select().from(epochs).orderBy(desc(epochs.epoch)).limit(1);
	expect(last!.status).toBe("active");
	const events = await readEvents(ledger);
	const fallen = new Set(events.filter(({ name }) => name === "RootFallen").map(({ args }) => args.rootHash));
	const standing = events.filter(({ name, args }) => name !== "RootProposed" || !fallen.has(args.rootHash));
	const said = (name: string) => standing.filter((event) => event.name === name).map(({ args }) => args);
	for (const [name, key] of [
		["RootProposed", "epoch"],
		["RootActivated", "epoch"],
		["PaymentCollected", "receiptId"],
	] as const) {
		const keys = said(name).map((args) => args[key]);
		expect([name, new Set(keys).size]).toEqual([name, keys.length]);
	}
	expect(said("RootActivated")).toHaveLength(last!.epoch);
	expect(said("PaymentCollected")).toHaveLength((await db.select().from(receipts)).length);
	const money = await readCollected(ledger);
	expect([money.claimedWei, last!.totalWei]).toEqual([money.contributorsWei, money.contributorsWei]);
	const paid = await db.select().from(earnings).where(eq(earnings.epoch, last!.epoch));
	for (const { account, cumulativeWei } of paid) expect(await readClaimed(ledger, account)).toBe(cumulativeWei);
	const found = await rebuilt();
	expect(found.epochs.flatMap(({ faults }) => faults)).toEqual([]);
	await syncClaims(node.parts);
	expect(firstDifference(found.state, await databaseLedger(node.parts))).toBeUndefined();
}

test("default: rebuilt from chain and data layer, every table is the database's, row by row", async () => {
	const found = await rebuilt();
	await syncClaims(node.parts);
	const own = await databaseLedger(node.parts);
	expect(firstDifference(found.state, own)).toBeUndefined();
	expect(found.hash).toBe(stateHash(own));
	expect(found.epochs).toMatchObject([{ epoch: 1, status: "active", receipts: 2, faults: [] }]);
	const rows = countRows(found.state);
	expect(rows).toMatchObject({ datanets: 1, models: 1, snapshots: 1, epochs: 1, receipts: 2 });
	for (const name of ["contributions", "earnings", "claims", "scores"]) expect(rows[name]).toBeGreaterThan(0);
	// No text of a row, a question or an answer, and no salt.
	const all = JSON.stringify(found.state);
	for (const secret of ["Peru", "Lima", "Hamlet", "salt"]) expect(all).not.toContain(secret);
	await expectWhole();
});

test("behavior: a root that can be challenged pays nobody yet, and is listed so", async () => {
	await ask("Who wrote Emma?");
	const before = await listRewards(node.parts);
	expect(before.every(({ claimableWei, challengedWei }) => claimableWei + challengedWei === 0n)).toBe(true);
	// A local window is one second, which a busy machine lets pass unseen: the chain's clock goes ahead of ours.
	await node.parts.ledger.client.publicClient.request({ method: "evm_increaseTime" as never, params: [5] as never });
	const closed = await closeEpoch(node.parts, { patienceMs: 0 });
	expect(closed).toMatchObject({ epoch: 2, status: "proposed", receipts: 1 });
	expect(await listOpenEpochs(node.parts)).toMatchObject([{ epoch: 2, status: "proposed", receipts: 1 }]);
	const waiting = await listRewards(node.parts);
	expect(waiting.reduce((sum, { challengedWei }) => sum + challengedWei, 0n)).toBeGreaterThan(0n);
	const during = await rebuilt();
	expect(during.epochs.at(-1)).toMatchObject({ epoch: 2, status: "proposed", faults: [] });
	const { ledger, data } = node.parts;
	expect(await watchLedger({ ledger, data })).toMatchObject([{ epoch: 2, found: "right" }]);
	// No two rows of these data say the same; the chain says so only after it has taken every opening.
	const blob = await readEpochBlob(node.parts, 2);
	const { proposal } = (await readRoot(ledger, 2n))!;
	const answer = await openings(node.parts, blob, { index: 0, row: 3, earlier: 1 });
	const receiptId = idOf(blob.receipts[0]!.receipt);
	expect(await rowAnswer(node.parts, blob, { receiptId, row: 3 })).toBeUndefined();
	const shown = (changed: Partial<RowAnswer>) =>
		ledger.client.publicClient
			.simulateContract({
				...{ address: ledger.addresses.rootChallenges, abi: rootChallengesAbi, functionName: "answerRow" },
				args: Object.values({ proposal, ...answer, ...changed }) as never,
			})
			.then(String, String);
	expect(await shown({})).toMatch(/InvalidOpening[\s\S]*cluster/);
	expect(await shown({ earlier: { ...answer.earlier, index: 0n } })).toMatch(/InvalidOpening[\s\S]*snapshot/);
	expect(await shown({ learnt: { ...answer.learnt, scale: 1 } })).toMatch(/InvalidOpening[\s\S]*feature/);
	// Claiming waits for so short a window.
	const claimed = await claimRewards(node.parts);
	expect(claimed.reduce((sum, { paidWei }) => sum + paidWei, 0n)).toBe(
		waiting.reduce((sum, { challengedWei }) => sum + challengedWei, 0n),
	);
	expect(await listOpenEpochs(node.parts)).toEqual([]);
	await expectWhole();
});

test("default: three blocks are taken back under load, while answers are paid and an epoch settles: nothing lost, nothing paid twice", async () => {
	const { client } = node.parts.ledger;
	const reorg = () =>
		(client.publicClient.request as (args: object) => Promise<unknown>)({ method: "anvil_reorg", params: [3, []] });
	const prompts = ["Which river?", "Who wrote Hamlet?", "What is the capital of Japan?"];
	const load = Promise.all(prompts.map((prompt) => ask(prompt)));
	for (let i = 0; i < 3; i++) {
		await new Promise((resolve) => setTimeout(resolve, 60));
		await reorg();
	}
	expect((await load).flat()).toHaveLength(3);
	const steps: SettlementStep[] = ["collected", "proposed"];
	let reorgs: Promise<unknown> = Promise.resolve();
	await closeEpoch(node.parts, {
		onStep: (step) => {
			if (steps.includes(step)) reorgs = reorgs.then(reorg);
		},
	});
	await reorgs;
	await mendReorg(client);
	await claimRewards(node.parts);
	await reorg();
	// Mined elsewhere, a root has another deadline, so that what was built on it has to be done again.
	await claimRewards(node.parts);
	await expectWhole();
});

type Lie = {
	/** What the claim says otherwise than the data. */
	readonly said?: Partial<RootClaim>;
	/** What the data says otherwise. */
	readonly also?: (honest: EpochBlob) => Partial<EpochBlob>;
	/** Instead of the data's own. */
	readonly certificate?: Hex;
};

/** The next epoch as a liar proposes it: nothing new was answered, and the earnings are changed. */
async function lie(change: (earnings: BlobEarning[]) => BlobEarning[], { said, also, certificate }: Lie = {}) {
	const { db, keys, ledger, data } = node.parts;
	const [last] = await db.select().from(epochs).orderBy(desc(epochs.epoch)).limit(1);
	const honest = await readEpochBlob(node.parts, last!.epoch);
	const changed = { epoch: honest.epoch + 1n, receipts: [], earnings: change([...honest.earnings]) };
	const next = { ...honest, ...changed, ...also?.(honest) };
	const { claim, bytes } = epochClaim(next);
	const settler = keys.account("settler");
	// A bond that was lost before has to be put up again.
	await delegateStake(ledger, keys.account("treasury"), { operator: settler.address, amountWei: 1000n * 10n ** 18n });
	const dataCertificate = certificate ?? (await putBlob(data, bytes));
	return await proposeRoot(ledger, settler, { claim: { ...claim, ...said }, dataCertificate });
}

test("default: whoever watches finds a wrong root and takes it down by the proof that fits; an honest one stands", async () => {
	const { keys, ledger, data } = node.parts;
	const challenger = keys.account("contributor", "ada");
	const watch = () => watchLedger({ ledger, data, challenger });
	const isAda = ({ account }: BlobEarning) => account === challenger.address.toLowerCase();
	const moved = (earnings: BlobEarning[], wei: bigint) =>
		earnings.map((it, i) => ({
			...it,
			cumulativeWei: it.cumulativeWei + (isAda(it) ? -wei : i === pool(earnings) ? wei : 0n),
		}));
	const pool = (earnings: BlobEarning[]) => earnings.findIndex((it) => !isAda(it));
	const total = (await readCollected(ledger)).contributorsWei;
	const lies = [
		[
			"leaf",
			() =>
				lie((all) => all.map((it) => (isAda(it) ? { ...it, cumulativeWei: it.cumulativeWei - 1n } : it)), {
					said: { totalCumulativeWei: total },
				}),
		],
		["shrunk", () => lie((all) => moved(all, 5n))],
		[
			"missing",
			() => lie((all) => moved(all, all.find(isAda)!.cumulativeWei).filter(({ cumulativeWei }) => cumulativeWei > 0n)),
		],
	] as const;
	// A local window is one second, which a busy machine lets pass before it has looked: the chain's clock stands still meanwhile.
	const { request } = ledger.client.publicClient as { request: (call: object) => Promise<unknown> };
	await request({ method: "anvil_setBlockTimestampInterval", params: [0] });
	for (const [proof, tell] of lies) {
		const { proposal } = await tell();
		const staked = (await readStake(ledger, keys.address("settler"))).activeWei;
		const findings = await watch();
		expect(findings.at(-1)).toMatchObject({ found: "challenged", message: `by the proof ${proof}` });
		expect((await readRoot(ledger, proposal.claim.epoch))!.status).toBe("fallen");
		expect((await readStake(ledger, keys.address("settler"))).activeWei).toBeLessThan(staked);
		expect(await watch()).toEqual([]);
	}
	await request({ method: "anvil_removeBlockTimestampInterval", params: [] });
	const { timestamp } = await ledger.client.publicClient.getBlock();
	await request({ method: "evm_setTime", params: [Math.max(Number(timestamp), Math.floor(Date.now() / 1000))] });
});

test("behavior: an erased row earns until the epoch is closed, and nothing from the next; its part is the pool's", async () => {
	const { parts } = node;
	const [snapshot] = await parts.db.select().from(snapshots);
	const { datanetId, version, root } = snapshot!;
	const rows = await readSnapshotRows(parts, datanetId, version);
	const { commitment, index } = rows.find(({ response }) => response === "Lima.")!;
	await eraseRow(parts, { datanetId, row: commitment });
	for (const prompt of ["What is the capital of Peru, then?", "And the capital of Peru now?"]) {
		await ask(prompt);
		await closeEpoch(parts);
	}
	const [second, first] = await parts.db.select().from(epochs).orderBy(desc(epochs.epoch)).limit(2);
	expect(first!.erased).toEqual([]);
	expect(second!.erased).toMatchObject([{ snapshotRoot: root, row: index, commitment }]);
	await claimRewards(parts);
	await expectWhole();
	// Taken apart by rows and answers, the sums are the same: the pool has what the erased row no longer earns.
	for (const { account, cumulativeWei } of await parts.db
		.select()
		.from(earnings)
		.where(eq(earnings.epoch, second!.epoch))) {
		let sum = 0n;
		for await (const { wei } of readEarned(parts, account, { toEpoch: second!.epoch })) sum += wei;
		expect([account, sum]).toEqual([account, cumulativeWei]);
	}
});

test("behavior: broken off after any step, a settlement goes on from there", async () => {
	await ask("Who wrote Persuasion?");
	for (const broken of STEPS) {
		const onStep = (step: SettlementStep) => {
			if (step === broken) throw new Error(`broken off after ${step}`);
		};
		const ended = await closeEpoch(node.parts, { onStep }).then(
			() => "it was activated meanwhile",
			(error) => String(error),
		);
		expect(ended).toMatch(broken === "active" ? /after active|meanwhile/ : `after ${broken}`);
	}
	expect(await closeEpoch(node.parts)).toBeUndefined();
	await claimRewards(node.parts);
	await expectWhole();
});

test("default: killed -9 after each step of a settlement in turn, it is settled once, and everybody is paid once", async () => {
	await ask("What comes next?");
	await node.close();
	const { log: _, ...config } = world.config;
	const file = inject("programs")["apps/node/src/testing/killedSettlement.ts"];
	for (const step of KILLED) {
		const child = spawn(process.execPath, [file, JSON.stringify(config), step], {
			stdio: ["ignore", "ignore", "inherit"],
		});
		const how = await new Promise((resolve) => child.once("exit", (_code, signal) => resolve(signal)));
		expect([step, how]).toEqual([step, "SIGKILL"]);
	}
	await open();
	expect(await closeEpoch(node.parts)).toBeUndefined();
	await claimRewards(node.parts);
	await expectWhole();
}, 180_000);

test("default: a receipt that stands twice, data that is withheld, roots that are not the data's: each falls to whoever watches", async () => {
	const { keys, ledger, data } = node.parts;
	const [challenger, treasury] = [keys.account("contributor", "ada"), keys.account("treasury")];
	const watch = async () => (await watchLedger({ ledger, data, challenger })).map(({ found }) => found);
	const { request } = ledger.client.publicClient as { request: (call: object) => Promise<unknown> };
	const pass = async (seconds: number) => {
		await request({ method: "evm_increaseTime", params: [seconds] });
		await request({ method: "evm_mine", params: [] });
	};
	// A local window is one second: longer ones, carried as everything that governs is.
	const windows = ["challengeSeconds", "voteCommitSeconds", "voteRevealSeconds"];
	const actions = windows.map((key) => setParameterAction(ledger.addresses, key, 3600n));
	await delegateVotes(ledger, treasury, { delegate: treasury.address });
	await pass(1);
	const { id } = await propose(ledger, treasury, { actions, description: "time to look" });
	await pass(2);
	await castVote(ledger, treasury, { id, vote: "for" });
	await pass(70);
	await queueProposal(ledger, treasury, { id });
	await pass(6);
	await executeProposal(ledger, treasury, { id });
	await delegateStake(ledger, treasury, { operator: challenger.address, amountWei: 100n * OPEN });
	await fundOpen(ledger, treasury, { to: challenger.address, atLeastWei: 20n * OPEN });
	const fell = async (epoch: bigint) => (await readRoot(ledger, epoch))!.status === "fallen";

	const twice = await lie((all) => all, { also: ({ receipts: [one] }) => ({ receipts: [one!, one!] }) });
	expect(await watch()).toContain("challenged");
	expect(await fell(twice.proposal.claim.epoch)).toBe(true);

	const withheld = await lie((all) => all, { certificate: `0x0100f0${"ab".repeat(32)}` });
	expect(await watch()).toEqual(["withheld", "demanded"]);
	// Asked again while there is time, it waits.
	expect(await watch()).toEqual(["withheld"]);
	await pass(6);
	expect(await watch()).toEqual(["withheld", "failed"]);
	expect(await fell(withheld.proposal.claim.epoch)).toBe(true);

	const jurors = ["first", "second", "third"].map((name) => keys.account("contributor", name));
	for (const juror of jurors) {
		await fundAccount(ledger.client, localFaucet(), { to: juror.address, atLeastWei: OPEN });
		await delegateStake(ledger, treasury, { operator: juror.address, amountWei: 100n * OPEN });
		await joinJury(ledger, juror, { role: "verifier" });
	}
	const miscounted = await lie((all) => all, { said: { receiptsRoot: sha256(utf8("no receipts")), receipts: 5 } });
	expect(await watch()).toEqual(["wrong", "wrong", "disputed"]);
	// A dispute is opened once, and waits for its verdict.
	expect(await watch()).toEqual(["wrong", "wrong"]);
	expect(await fell(miscounted.proposal.claim.epoch)).toBe(false);
	const caseId = await readCaseCount(ledger);
	await pass(1);
	await drawJury(ledger, challenger, { caseId });
	const votes = jurors.map((juror) => ({ juror, vote: { caseId, choice: 2, salt: sha256(utf8(juror.address)) } }));
	for (const { juror, vote } of votes) await commitVote(ledger, juror, vote);
	await pass(1);
	for (const { juror, vote } of votes) await revealVote(ledger, juror, vote);
	await countCase(ledger, challenger, { caseId });
	await watch();
	expect(await fell(miscounted.proposal.claim.epoch)).toBe(true);
	expect(await watch()).toEqual([]);
});

test("behavior: the first thing that a database has otherwise is named", async () => {
	const { db } = node.parts;
	const found = await rebuilt();
	const difference = async () => firstDifference(found.state, await databaseLedger(node.parts));
	const [earned] = await db.select().from(earnings).where(eq(earnings.epoch, 1));
	const here = and(eq(earnings.epoch, 1), eq(earnings.account, earned!.account));
	await db
		.update(earnings)
		.set({ cumulativeWei: earned!.cumulativeWei + 1n })
		.where(here);
	expect(await difference()).toMatchObject({
		table: "earnings",
		one: expect.stringContaining(`"${earned!.cumulativeWei}"`),
		other: expect.stringContaining(`"${earned!.cumulativeWei + 1n}"`),
	});
	const [score] = await db.select().from(scores);
	await db
		.update(scores)
		.set({ score: score!.score + 1n })
		.where(and(eq(scores.receiptId, score!.receiptId), eq(scores.row, score!.row)));
	expect((await difference())!.table).toBe("scores");
	await db.update(epochs).set({ totalWei: 1n });
	expect((await difference())!.table).toBe("epochs");
	await db.update(models).set({ status: "ready" });
	expect(await difference()).toMatchObject({ table: "models", one: expect.stringContaining("world") });
	expect((await difference())!.other).toBeUndefined();
});

test("behavior: after the database is deleted the rebuild is the same, to the byte", async () => {
	const before = await rebuilt();
	await node.close();
	rmSync(join(world.config.home, "database"), { recursive: true });
	await newDatabase(join(world.config.home, "database"));
	await open();
	const after = await rebuilt();
	expect(after.hash).toBe(before.hash);
	expect(after.state).toEqual(before.state);
	// The node itself has forgotten everything, and says at which row.
	expect(firstDifference(after.state, await databaseLedger(node.parts))).toMatchObject({ table: "datanets" });
}, 60_000);

test("behavior: data that is gone, or is not what was committed, is named with its epoch", async () => {
	const { addresses, client } = node.parts.ledger;
	const ledger = await ledgerAt(client.url, addresses);
	const data = dataClient(`${url}/da`);
	const withheld = { ...data, get: async () => await data.get(`0x0100f0${"ab".repeat(32)}`) };
	const missing = { code: "ledger/data-missing", details: { epoch: "1" } };
	await expect(rebuildLedger({ ledger, data: withheld })).rejects.toMatchObject(missing);
	const changed = { ...data, get: async (it: `0x${string}`) => Uint8Array.of(...(await data.get(it)), 1) };
	await expect(rebuildLedger({ ledger, data: changed })).rejects.toThrow(/epoch 1.*committed was/);
	await expect(ledgerAt(client.url, { feeVault: "0x12" })).rejects.toMatchObject({ code: "ledger/bad-addresses" });
	await expect(ledgerAt("http://127.0.0.1:9", addresses)).rejects.toMatchObject({ code: "chain/unreachable" });
});
