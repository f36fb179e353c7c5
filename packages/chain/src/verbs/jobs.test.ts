// Training jobs and disputes on a real chain, every verb twice: the second time changes nothing.
import { type DisputeMove, indexedTree, linksTree, traceOf } from "@openledger/protocol";
import { type Hex, zeroHash } from "viem";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ChainClient, connect } from "../client/connect.js";
import type { Ledger } from "../client/ledger.js";
import {
	type Dispute,
	readDispute,
	readDisputeDeposit,
	readDisputeIds,
	readDisputeOwed,
} from "../reads/readDispute.js";
import { type JobParams, readJob, readJobIds, readJobParams, readJobPay, readRun } from "../reads/readJob.js";
import { readBalance } from "../reads/readMoney.js";
import { readStake } from "../reads/readStake.js";
import { COIN, openTestLedger, people, TEST_CHAIN_ID, temporaryHome } from "../testing/testLedger.js";
import { digest } from "../testing/walkTheWay.js";
import { acceptContribution } from "./acceptContribution.js";
import { claimJob } from "./claimJob.js";
import { contributeRows } from "./contributeRows.js";
import { createDatanet } from "./createDatanet.js";
import { drawJury } from "./drawJury.js";
import {
	closeDispute,
	resolveDispute,
	settleDisputeCase,
	timeOutDispute,
	withdrawDisputeDeposit,
} from "./endDispute.js";
import { cancelJob, expireJob, finaliseJob, withdrawJobPay } from "./endJob.js";
import { ensureStake } from "./ensureStake.js";
import { finaliseContribution } from "./finaliseContribution.js";
import { fundOpen } from "./fundOpen.js";
import { moveDispute } from "./moveDispute.js";
import { openDispute } from "./openDispute.js";
import { postJob } from "./postJob.js";
import { publishSnapshot } from "./publishSnapshot.js";
import { submitRun } from "./submitRun.js";

const { owner, node: trainer, ada: challenger, grace: poster, treasury } = people;
const place = temporaryHome();
const STEPS = 2;
const PRICE = COIN / 4n;
let ledger: Ledger;
let chain: Awaited<ReturnType<typeof openTestLedger>>["chain"];
let client: ChainClient;
let params: JobParams;

beforeAll(async () => {
	const opened = await openTestLedger(place.home);
	chain = opened.chain;
	// Without the journal, which knows nothing of time that passes by order.
	client = await connect({ url: chain.anvil.url, chainId: TEST_CHAIN_ID });
	ledger = { client, addresses: opened.ledger.addresses };
	const terms = { name: "rivers", termsHash: digest("terms"), licence: "CC0-1.0", accessPriceWei: PRICE };
	const { datanetId } = await createDatanet(ledger, owner, terms);
	const rows = { datanetId, rowsRoot: digest("rows"), rowCount: 4, salt: digest("salt") };
	const { contributionId } = await contributeRows(ledger, owner, rows);
	await acceptContribution(ledger, owner, { contributionId, acceptedRows: 4 });
	await pass(2);
	await finaliseContribution(ledger, owner, { contributionId });
	await publishSnapshot(ledger, owner, { datanetId, root: digest("snapshot"), rowCount: 4 });
	for (const { address } of [poster, challenger])
		await fundOpen(ledger, treasury, { to: address, atLeastWei: 100n * COIN });
	await ensureStake(ledger, treasury, { operator: trainer.address, atLeastWei: 100n * COIN });
	await pass(1);
	params = {
		salt: digest("job"),
		baseDigest: digest("base"),
		engineId: digest("engine"),
		snapshots: [{ datanetId, version: 1, root: digest("snapshot") }],
		recipe: '{"commitEvery":1}',
		steps: STEPS,
		trainSeconds: 600n,
		payWei: 5n * COIN,
		stakeWei: 20n * COIN,
		dataDigest: zeroHash,
		dataCertificate: "0x",
	};
}, 60_000);
afterAll(async () => {
	await chain.stop();
	place.remove();
});

type Request = (args: { method: string; params?: unknown }) => Promise<unknown>;

async function pass(seconds: number): Promise<void> {
	const request = client.publicClient.request as Request;
	await request({ method: "evm_increaseTime", params: [seconds] });
	await request({ method: "evm_mine" });
}

/** Calls it twice: the first time sends, the second does not. */
async function twice<value extends { readonly sent?: unknown }>(act: () => Promise<value>): Promise<value> {
	const first = await act();
	expect(first.sent).toBeDefined();
	expect((await act()).sent).toBeUndefined();
	return first;
}

/** Somebody's idea of the run: links made of a word. */
function runOf(start: Hex, word: string) {
	const output = { adapterDigest: digest(`${word} adapter`), featuresRoot: digest(`${word} features`) };
	const steps = Array.from({ length: STEPS }, (_, i) => digest(`${word} ${i}`));
	const tree = linksTree(start, steps, output);
	const run = {
		...{ linksRoot: tree.root, runCommitment: steps.at(-1)!, ...output },
		...{ dataRoot: digest("log"), dataCertificate: "0x01" as Hex },
	};
	const proofs = {
		...{ firstProof: tree.proofFor(0), endProof: tree.proofFor(STEPS), outputProof: tree.proofFor(STEPS + 1) },
	};
	return { tree, run, proofs };
}

async function submitted(salt: string, word: string) {
	const { jobId } = await postJob(ledger, poster, { ...params, salt: digest(salt) });
	await claimJob(ledger, trainer, { jobId });
	const start = (await readJob(ledger, jobId))!.runStart;
	const made = runOf(start, word);
	await submitRun(ledger, trainer, { jobId, run: made.run, ...made.proofs });
	const whole = {
		...{ jobId, own: digest("own"), low: 0, lowLink: start, lowProof: [] },
		...{ high: STEPS + 1, highLink: made.tree.links[STEPS + 1]!, highProof: [] },
	};
	return { jobId, ...made, whole };
}

test("default: a job from its posting to the pay", async () => {
	const { jobId } = await twice(() => postJob(ledger, poster, params));
	await expect(postJob(ledger, poster, { ...params, payWei: 1n })).rejects.toMatchObject({ code: "chain/differs" });
	expect(await readJobIds(ledger)).toContain(jobId);
	expect(await readJobParams(ledger, jobId)).toEqual(params);
	const { job } = await twice(() => claimJob(ledger, trainer, { jobId }));
	expect(job).toMatchObject({ status: "claimed", attempt: 1, steps: STEPS, feesWei: 4n * PRICE, payWei: 5n * COIN });
	await expect(claimJob(ledger, owner, { jobId })).rejects.toMatchObject({ code: "contract/WrongStatus" });
	const { run, proofs } = runOf(job.runStart, "true");
	await twice(() => submitRun(ledger, trainer, { jobId, run, ...proofs }));
	const other = runOf(job.runStart, "other");
	await expect(submitRun(ledger, trainer, { jobId, run: other.run, ...other.proofs })).rejects.toMatchObject({
		code: "chain/differs",
	});
	expect(await readRun(ledger, jobId)).toMatchObject(run);
	await pass(4);
	await twice(() => finaliseJob(ledger, poster, { jobId }));
	expect(await readJobPay(ledger, trainer.address)).toBe(5n * COIN);
	expect(await readJobPay(ledger, owner.address)).toBe(4n * PRICE);
	const before = await readBalance(ledger, trainer.address);
	await twice(() => withdrawJobPay(ledger, poster, { account: trainer.address }));
	expect(await readBalance(ledger, trainer.address)).toBe(before + 5n * COIN);
	expect((await readStake(ledger, trainer.address)).lockedWei).toBe(0n);
});

test("behavior: a job is taken back, or expires and is open again", async () => {
	const { jobId } = await postJob(ledger, poster, { ...params, salt: digest("slow") });
	await claimJob(ledger, trainer, { jobId });
	await pass(601);
	await twice(() => expireJob(ledger, poster, { jobId }));
	expect((await readJob(ledger, jobId))?.status).toBe("open");
	await twice(() => cancelJob(ledger, poster, { jobId }));
	expect(await readJobPay(ledger, poster.address)).toBe(5n * COIN + 4n * PRICE);
	expect(await readJob(ledger, zeroHash)).toBeUndefined();
	expect(await readRun(ledger, jobId)).toBeUndefined();
});

test("behavior: a trainer that withholds the next half loses its stake; another dispute gets all back", async () => {
	const { jobId, tree, whole } = await submitted("false", "false");
	const { bondWei, feesWei } = await readDisputeDeposit(ledger);
	await fundOpen(ledger, treasury, { to: owner.address, atLeastWei: bondWei + feesWei });
	const { disputeId } = await twice(() => openDispute(ledger, challenger, whole));
	const { disputeId: moot } = await openDispute(ledger, owner, whole);
	expect(await readDisputeIds(ledger)).toEqual([disputeId, moot]);
	const shown: DisputeMove = { kind: "showLink", index: 1, link: tree.links[1]!, proof: tree.proofFor(1) };
	await twice(() => moveDispute(ledger, trainer, disputeId, shown));
	await twice(() => moveDispute(ledger, challenger, disputeId, { kind: "answerLink", index: 1, agrees: false }));
	expect(await readDispute(ledger, disputeId)).toMatchObject({ phase: "showTrace", links: { low: 0, high: 1 } });
	await expect(timeOutDispute(ledger, owner, { disputeId })).rejects.toMatchObject({ code: "contract/TooEarly" });
	await pass(11);
	await twice(() => timeOutDispute(ledger, owner, { disputeId }));
	expect(await readDispute(ledger, disputeId)).toMatchObject({ phase: "ended", outcome: "challengerRight" });
	expect((await readJob(ledger, jobId))?.status).toBe("open");
	expect(await readDisputeOwed(ledger, challenger.address)).toBe(bondWei + feesWei + 10n * COIN);
	await twice(() => withdrawDisputeDeposit(ledger, owner, { account: challenger.address }));
	await twice(() => closeDispute(ledger, poster, { disputeId: moot }));
	expect(await readDisputeOwed(ledger, owner.address)).toBe(bondWei + feesWei);
});

test("behavior: down to one operation, every move once, and two juries that nobody sits in", async () => {
	const { jobId, tree, whole } = await submitted("long", "long");
	const { disputeId } = await openDispute(ledger, challenger, whole);
	const entries = traceOf(whole.lowLink, [digest("op 0"), digest("op 1")], tree.links[1]!);
	const trace = indexedTree(entries);
	const claim = {
		...{ opCount: 3, root: trace.root, beforeLast: entries[2]!, firstProof: trace.proofFor(0) },
		...{ beforeLastProof: trace.proofFor(2), lastProof: trace.proofFor(3) },
	};
	const moves: [typeof trainer, DisputeMove][] = [
		[trainer, { kind: "showLink", index: 1, link: tree.links[1]!, proof: tree.proofFor(1) }],
		[challenger, { kind: "answerLink", index: 1, agrees: false }],
		[trainer, { kind: "showTrace", claim }],
		[trainer, { kind: "showEntry", index: 1, entry: entries[1]!, proof: trace.proofFor(1) }],
		[challenger, { kind: "answerEntry", index: 1, agrees: true }],
		[trainer, { kind: "showEntry", index: 2, entry: entries[2]!, proof: trace.proofFor(2) }],
		[challenger, { kind: "answerEntry", index: 2, agrees: false }],
		[challenger, { kind: "claimEntry", entry: digest("own entry") }],
	];
	for (const [who, move] of moves) await twice(() => moveDispute(ledger, who, disputeId, move));
	const dispute = (await readDispute(ledger, disputeId)) as Dispute;
	expect(dispute).toMatchObject({ phase: "jury", juries: 1, ops: { low: 1, high: 2, highHash: entries[2] } });
	await expect(moveDispute(ledger, trainer, disputeId, moves[0]![1])).resolves.toEqual({ sent: undefined });

	await pass(1);
	await drawJury(ledger, poster, { caseId: dispute.juryCase });
	expect((await resolveDispute(ledger, poster, { disputeId })).sent).toBeDefined();
	expect(await readDispute(ledger, disputeId)).toMatchObject({ phase: "jury", juries: 2 });
	await pass(21);
	expect((await resolveDispute(ledger, poster, { disputeId })).sent).toBeDefined();
	expect(await readDispute(ledger, disputeId)).toMatchObject({ phase: "ended", outcome: "undecided" });
	expect((await readJob(ledger, jobId))?.status).toBe("open");
	// The first jury's fee came back with its settlement, the second's comes once it is drawn.
	const { bondWei, feesWei } = await readDisputeDeposit(ledger);
	expect(await readDisputeOwed(ledger, challenger.address)).toBe(bondWei + 3n * COIN);
	await drawJury(ledger, poster, { caseId: dispute.juryCase + 1n });
	await settleDisputeCase(ledger, poster, { disputeId, which: 2 });
	expect(await readDisputeOwed(ledger, challenger.address)).toBe(bondWei + feesWei);
});
