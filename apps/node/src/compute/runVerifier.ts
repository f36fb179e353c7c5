// The verifier: looks at submitted runs, challenges those that are not what their jobs ask for, plays its disputes, and judges others' when its
// seat is drawn. What it does follows from the chain and its folder alone, so it may be killed anywhere and started again.

import { join } from "node:path";
import {
	appealVerdict,
	expireJob,
	finaliseJob,
	joinJury,
	moveDispute,
	openDispute,
	readJob,
	readRun,
} from "@openledger/chain";
import { type ChallengerBook, challengerMove, readIfThere, writeDurably } from "@openledger/factory";
import { concatBytes, type Hex, hexToBytes, disputeId as idOf, sha256 } from "@openledger/protocol";
import { challengerBook } from "./books.js";
import { gameOf } from "./gameOf.js";
import { type Inspection, inspectRun } from "./inspectRun.js";
import { openJobShelf, perJob } from "./jobShelf.js";
import { judgeCase } from "./judgeCase.js";
import { lookOut, type SeenDispute, type SeenJob } from "./lookOut.js";
import { openSubmission } from "./openSubmission.js";
import { closeMoot, pushAlong } from "./pushAlong.js";
import { takeOwed } from "./takeOwed.js";
import { createTasks } from "./tasks.js";
import type { Workplace } from "./workplace.js";

export type RunVerifier = {
	/** Milliseconds between looks at the chain; 2,000 by default. */
	readonly pollMs?: number;
	/** Stretches between checkpoints that are taken again of each run; "all" for the whole run. 2 by default. */
	readonly segments?: number | "all";
	/** False: only judges what its seat is drawn for, and inspects nothing. */
	readonly inspects?: boolean;
	/** Takes a verifier's seat first, with free stake behind the account; once. */
	readonly joins?: boolean;
};

export async function runVerifier(place: Workplace, options: RunVerifier = {}): Promise<void> {
	const { pollMs = 2000, segments = 2, inspects = true, joins = false } = options;
	const { ledger, account, log, signal } = place;
	const me = account.address.toLowerCase();
	const isMine = (address: string) => address.toLowerCase() === me;
	const tasks = createTasks(signal, log);
	const shelf = openJobShelf(place);
	const books = perJob<ChallengerBook>();
	/** Submissions that were found right, so that their files are not read at every look. */
	const passed = new Set<string>();

	if (joins) await joinJury(ledger, account, { role: "verifier" });
	await lookOut(place, { pollMs }, ({ jobs, disputes, now }) => {
		for (const job of jobs) {
			const name = `run ${short(job.jobId)}`;
			if (job.status === "claimed" && now > job.deadline)
				tasks.start(`${name} is late`, () => expireJob(ledger, account, { jobId: job.jobId }), { isShared: true });
			if (job.status !== "submitted") continue;
			if (now > job.deadline) {
				if (job.openDisputes === 0)
					tasks.start(`${name} stands`, () => finaliseJob(ledger, account, { jobId: job.jobId }), { isShared: true });
			} else if (inspects && !isMine(job.trainer) && !passed.has(keyOf(job))) {
				const challenged = disputes.some(
					({ disputeId }) => disputeId === idOf(job.jobId, job.attempt, account.address),
				);
				if (!challenged) tasks.start(`inspection of ${short(job.jobId)}`, () => inspectAndChallenge(job));
			}
		}
		const attempts = new Map(jobs.map(({ jobId, attempt, status }) => [jobId, status === "submitted" ? attempt : -1]));
		for (const dispute of disputes) {
			const name = `dispute ${short(dispute.disputeId)}`;
			const isMoot = dispute.phase !== "ended" && (attempts.get(dispute.jobId) ?? dispute.attempt) !== dispute.attempt;
			if (isMoot) {
				if (dispute.phase === "jury" && !isMine(dispute.challenger))
					tasks.start(`${name} judged`, () => judgeCase(place, shelf, dispute, now, { isMoot }));
				tasks.start(`${name} is moot`, () => closeMoot(place, dispute, now), { isShared: true });
				continue;
			}
			if (dispute.phase === "ended") tasks.start(`pay of ${name}`, () => takeOwed(place, dispute), { isShared: true });
			if (isMine(dispute.challenger)) {
				if (isChallengersTurn(dispute) && now <= dispute.deadline) tasks.start(name, () => answer(dispute));
				else if (lostFirst(dispute) && now <= dispute.deadline)
					tasks.start(name, () => appealVerdict(ledger, account, { disputeId: dispute.disputeId }));
			} else if (dispute.phase === "jury") tasks.start(`${name} judged`, () => judgeCase(place, shelf, dispute, now));
			if (dispute.phase !== "ended")
				tasks.start(`${name} goes on`, () => pushAlong(place, dispute, now), { isShared: true });
		}
	});
	await tasks.idle();
	await shelf.close();

	async function inspectAndChallenge(job: SeenJob): Promise<void> {
		const found = await inspection(job);
		if (found.holds) {
			passed.add(keyOf(job));
			return;
		}
		const { low, high, own } = found.opening;
		await openDispute(ledger, account, { jobId: job.jobId, ...found.opening });
		log(`run ${short(job.jobId)} challenged between links ${low} and ${high}; ours is ${own}`);
	}

	/** Computed once, and written down before anybody is challenged. */
	async function inspection(job: SeenJob): Promise<Inspection> {
		const file = join(place.home, "inspections", `${keyOf(job)}.json`);
		const known = await readIfThere(file);
		if (known !== undefined) return JSON.parse(new TextDecoder().decode(known)) as Inspection;
		const begun = performance.now();
		const found = await shelf.use(job.jobId, async ({ replay }) => {
			const run = await readRun(ledger, job.jobId);
			const reader = await openSubmission(place, replay, job.jobId, run);
			const { hash } = await ledger.client.publicClient.getBlock({ blockNumber: run!.blockNumber });
			const seed = sha256(concatBytes(hexToBytes(hash!), hexToBytes(place.secret)));
			return await inspectRun({ replay, reader, submitted: job, segments, seed, signal });
		});
		await writeDurably(file, JSON.stringify(found));
		const seconds = ((performance.now() - begun) / 1000).toFixed(1);
		const said = found.holds
			? `holds in ${found.links} links that were taken again${found.published ? "" : "; its files were not published"}`
			: "is not what its job asks for";
		log(`run ${short(job.jobId)} ${said} (${seconds} s)`);
		return found;
	}

	async function answer(dispute: SeenDispute): Promise<void> {
		const { jobId, attempt, disputeId } = dispute;
		const move = await shelf.use(jobId, async (opened) => {
			const { replay } = opened;
			const book = await books(opened, String(attempt), async () => {
				const [job, run] = await Promise.all([readJob(ledger, jobId), readRun(ledger, jobId)]);
				const found = await inspection({ jobId, ...job! });
				if (found.holds)
					throw new Error(`there is a dispute of ours, and our inspection found nothing; was ${place.home} changed?`);
				return challengerBook({ replay, reader: await openSubmission(place, replay, jobId, run), signal }, found.knows);
			});
			return await challengerMove(gameOf(dispute), book);
		});
		if (move === undefined) return;
		await moveDispute(ledger, account, disputeId, move);
		log(
			`dispute ${short(disputeId)}: ${move.kind}${"agrees" in move ? `, ${move.agrees ? "agreed" : "not agreed"}` : ""}`,
		);
	}
}

const isChallengersTurn = ({ phase }: SeenDispute) =>
	phase === "answerLink" || phase === "answerEntry" || phase === "claimEntry";

/** The first jury was wrong about what this program computed: the second one decides. */
const lostFirst = ({ phase, verdict, juries }: SeenDispute) => phase === "verdict" && verdict === 1 && juries === 1;

const short = (id: Hex): string => id.slice(0, 10);
const keyOf = ({ jobId, attempt }: Pick<SeenJob, "jobId" | "attempt">): string => `${jobId.slice(2)}-${attempt}`;
