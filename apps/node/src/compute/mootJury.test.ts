// Jurors of a dispute whose run has fallen otherwise: their verifiers vote all the same, count, and close it, so that nobody is charged and every seat
// is free again. Daemons on a real chain; no run is replayed, for nothing hangs on it any more.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	acceptContribution,
	type ChainClient,
	claimJob,
	connect,
	contributeRows,
	createDatanet,
	delegateStake,
	deployContracts,
	finaliseContribution,
	fundAccount,
	fundOpen,
	joinJury,
	type Ledger,
	type LocalChain,
	leaveJury,
	localFaucet,
	localParameters,
	localSettings,
	moveDispute,
	openDispute,
	openLocalChain,
	postJob,
	publishSnapshot,
	readCase,
	readDispute,
	readJob,
	readSeat,
	submitRun,
	timeOutDispute,
} from "@openledger/chain";
import { type DisputeMove, type Hex, indexedTree, linksTree, sha256, traceOf, utf8 } from "@openledger/protocol";
import { type LocalAccount, privateKeyToAccount } from "viem/accounts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runVerifier } from "./runVerifier.js";
import type { Workplace } from "./workplace.js";

const CHAIN_ID = 612055;
const OPEN = 10n ** 18n;
const STEPS = 2;
const JURORS = ["first", "second", "third"] as const;
const NAMES = ["treasury", "owner", "trainer", "ada", "grace", ...JURORS] as const;
const digest = (text: string): Hex => sha256(utf8(text));
const people = Object.fromEntries(
	NAMES.map((name) => [name, privateKeyToAccount(digest(`moot jury: ${name}`))]),
) as Readonly<Record<(typeof NAMES)[number], LocalAccount>>;
const { treasury, owner, trainer, ada, grace } = people;
const home = mkdtempSync(join(tmpdir(), "openledger-moot-"));
let chain: LocalChain;
let client: ChainClient;
let ledger: Ledger;

/** Times that a loaded machine can keep; what is waited for in vain is passed over. */
const hours = Object.fromEntries(
	(["jobChallengeSeconds", "disputeMoveSeconds", "voteCommitSeconds", "voteRevealSeconds"] as const).map((key) => [
		key,
		{ ...localParameters[key], value: 3600n },
	]),
);

beforeAll(async () => {
	chain = await openLocalChain({ home, chainId: CHAIN_ID });
	// Without the journal, which knows nothing of time that passes by order.
	client = await connect({ url: chain.anvil.url, chainId: CHAIN_ID });
	for (const name of NAMES) await fundAccount(client, localFaucet(), { to: people[name].address, atLeastWei: OPEN });
	const parameters = { ...localParameters, ...hours };
	const roles = { ...localSettings, parameters, treasury: treasury.address, settler: treasury.address };
	ledger = { client, addresses: await deployContracts(client, owner, roles) };
	for (const { address } of [owner, ada, grace])
		await fundOpen(ledger, treasury, { to: address, atLeastWei: 100n * OPEN });
	await delegateStake(ledger, treasury, { operator: trainer.address, amountWei: 100n * OPEN });
	for (const name of JURORS) {
		await delegateStake(ledger, treasury, { operator: people[name].address, amountWei: 100n * OPEN });
		await joinJury(ledger, people[name], { role: "verifier" });
	}
}, 60_000);
afterAll(async () => {
	await chain?.stop();
	rmSync(home, { recursive: true, force: true });
});

async function pass(seconds: number): Promise<void> {
	const request = client.publicClient.request as (call: object) => Promise<unknown>;
	await request({ method: "evm_increaseTime", params: [seconds] });
	await request({ method: "evm_mine", params: [] });
}

/** A job whose trainer has submitted some run. */
async function submitted() {
	const { datanetId } = await createDatanet(ledger, owner, {
		name: "sums",
		termsHash: digest("terms"),
		licence: "CC0-1.0",
	});
	const rows = { datanetId, rowsRoot: digest("rows"), rowCount: 4, salt: digest("salt") };
	const { contributionId } = await contributeRows(ledger, owner, rows);
	await acceptContribution(ledger, owner, { contributionId, acceptedRows: 4 });
	await pass(2);
	await finaliseContribution(ledger, owner, { contributionId });
	await publishSnapshot(ledger, owner, { datanetId, root: digest("snapshot"), rowCount: 4 });
	const { jobId } = await postJob(ledger, owner, {
		...{ salt: digest("job"), baseDigest: digest("base"), engineId: digest("engine"), recipe: "{}", steps: STEPS },
		...{ snapshots: [{ datanetId, version: 1, root: digest("snapshot") }], trainSeconds: 600n, payWei: 5n * OPEN },
		...{ stakeWei: 20n * OPEN, dataDigest: `0x${"00".repeat(32)}`, dataCertificate: "0x" },
	});
	await claimJob(ledger, trainer, { jobId });
	const start = (await readJob(ledger, jobId))!.runStart;
	const output = { adapterDigest: digest("adapter"), featuresRoot: digest("features") };
	const steps = Array.from({ length: STEPS }, (_, i) => digest(`step ${i}`));
	const tree = linksTree(start, steps, output);
	await submitRun(ledger, trainer, {
		jobId,
		run: {
			...{ linksRoot: tree.root, runCommitment: steps.at(-1)!, ...output },
			...{ dataRoot: digest("log"), dataCertificate: "0x01" },
		},
		...{ firstProof: tree.proofFor(0), endProof: tree.proofFor(STEPS), outputProof: tree.proofFor(STEPS + 1) },
	});
	const whole = {
		...{ jobId, own: digest("own"), low: 0, lowLink: start, lowProof: [] },
		...{ high: STEPS + 1, highLink: tree.links[STEPS + 1]!, highProof: [] },
	};
	return { jobId, tree, whole };
}

test("default: a dispute becomes moot while its jury is drawn; its jurors vote, count, close it, and may leave", async () => {
	const { jobId, tree, whole } = await submitted();
	const link = { index: 1, link: tree.links[1]!, proof: tree.proofFor(1) };
	// Down to one operation, which a jury is to judge.
	const { disputeId } = await openDispute(ledger, ada, whole);
	const entries = traceOf(whole.lowLink, [digest("op 0"), digest("op 1")], tree.links[1]!);
	const trace = indexedTree(entries);
	const claim = {
		...{ opCount: 3, root: trace.root, beforeLast: entries[2]!, firstProof: trace.proofFor(0) },
		...{ beforeLastProof: trace.proofFor(2), lastProof: trace.proofFor(3) },
	};
	const moves: readonly [LocalAccount, DisputeMove][] = [
		[trainer, { kind: "showLink", ...link }],
		[ada, { kind: "answerLink", index: 1, agrees: false }],
		[trainer, { kind: "showTrace", claim }],
		[trainer, { kind: "showEntry", index: 1, entry: entries[1]!, proof: trace.proofFor(1) }],
		[ada, { kind: "answerEntry", index: 1, agrees: true }],
		[trainer, { kind: "showEntry", index: 2, entry: entries[2]!, proof: trace.proofFor(2) }],
		[ada, { kind: "answerEntry", index: 2, agrees: false }],
		[ada, { kind: "claimEntry", entry: digest("own entry") }],
	];
	for (const [who, move] of moves) await moveDispute(ledger, who, disputeId, move);
	const { juryCase: caseId } = (await readDispute(ledger, disputeId))!;
	expect(await readCase(ledger, caseId)).toMatchObject({ phase: "drawing", size: 3 });
	// Another one ends the run meanwhile, for its trainer says nothing to it.
	const other = await openDispute(ledger, grace, whole);
	await pass(3601);
	await timeOutDispute(ledger, ada, { disputeId: other.disputeId });
	expect((await readJob(ledger, jobId))!.status).toBe("open");

	const stop = new AbortController();
	const lines: string[] = [];
	const verifiers = JURORS.map((name) => {
		const place = { account: people[name], ledger, home: join(home, name), signal: stop.signal, secret: digest(name) };
		// Neither engine nor data layer is there: whoever computed would fail.
		return runVerifier({ ...place, log: (line: string) => lines.push(line) } as unknown as Workplace, {
			...{ inspects: false, pollMs: 50 },
		});
	});
	while ((await readDispute(ledger, disputeId))!.phase !== "ended") await new Promise((done) => setTimeout(done, 50));
	stop.abort();
	await Promise.all(verifiers);

	expect(await readCase(ledger, caseId)).toMatchObject({ phase: "settled", drawn: 3, committed: 3, revealed: 3 });
	for (const name of JURORS) {
		const seat = await readSeat(ledger, "verifier", people[name].address);
		expect(seat).toMatchObject({ stakeWei: 100n * OPEN, openCases: 0 });
		expect((await leaveJury(ledger, people[name], { role: "verifier" })).sent).toBeDefined();
	}
	// A juror that looked once more before it stopped has also said how it ended, and taken its fee.
	const ended = `dispute ${disputeId.slice(0, 10)} ended: moot; `;
	expect(lines.filter((line) => !line.includes(`case ${caseId}`) && !line.startsWith(ended))).toEqual([]);
}, 60_000);
