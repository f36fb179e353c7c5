// The trainer: claims jobs it can do, trains, submits, answers whoever doubts it, and takes its pay. What it does follows from the chain and
// its folder alone, so it may be killed anywhere and started again.

import { join } from "node:path";
import {
	appealVerdict,
	claimJob,
	finaliseJob,
	moveDispute,
	readJob,
	type SubmitRun,
	submitRun,
	withdrawJobPay,
} from "@openledger/chain";
import { readIfThere, type TrainerBook, type TrainProgress, trainerMove, writeDurably } from "@openledger/factory";
import { type Hex, linksTree } from "@openledger/protocol";
import { sayTraining } from "../model/sayTraining.js";
import { gameOf } from "./gameOf.js";
import { honestWork, type TrainerWork } from "./honestWork.js";
import { type JobShelf, openJobShelf, perJob } from "./jobShelf.js";
import { lookOut, type SeenDispute, type SeenJob } from "./lookOut.js";
import { pushAlong } from "./pushAlong.js";
import { publishRun } from "./runBundle.js";
import { takeOwed } from "./takeOwed.js";
import { createTasks } from "./tasks.js";
import type { Workplace } from "./workplace.js";

export type RunTrainer = {
	/** Milliseconds between looks at the chain; 2,000 by default. */
	readonly pollMs?: number;
	/** Jobs in training at most; 1 by default. */
	readonly mostJobs?: number;
	/** Jobs that pay less are left to others; 0 by default. */
	readonly leastPayWei?: bigint;
	readonly work?: TrainerWork;
};

type Prepared = Omit<SubmitRun, "jobId">;
type Published = Awaited<ReturnType<typeof publishRun>>;

/** Bytes, as TrainingJobs has it. */
const MAX_JOB_CERTIFICATE = 16_384;

export async function runTrainer(place: Workplace, options: RunTrainer = {}): Promise<void> {
	const { pollMs = 2000, mostJobs = 1, leastPayWei = 0n, work = honestWork } = options;
	const { ledger, account, log, signal } = place;
	const me = account.address.toLowerCase();
	const mine = ({ trainer }: { readonly trainer: string }) => trainer.toLowerCase() === me;
	const tasks = createTasks(signal, log);
	const shelf = openJobShelf(place);
	const books = perJob<TrainerBook>();
	let claiming = 0;

	await lookOut(place, { pollMs }, ({ jobs, disputes, now }) => {
		const own = jobs.filter((job) => mine(job) && ["claimed", "submitted", "paid"].includes(job.status));
		for (const job of own) {
			if (job.status === "claimed" && now <= job.deadline)
				tasks.start(`job ${short(job.jobId)}`, () => trainAndSubmit(place, shelf, job, work));
			// Anybody may have ended it first: its pay waits all the same.
			const isDue = job.status === "submitted" && now > job.deadline && job.openDisputes === 0;
			if (isDue || job.status === "paid") tasks.start(`pay for ${short(job.jobId)}`, () => takePay(place, job));
		}
		for (const job of jobs) {
			const underWay = own.filter(({ status }) => status === "claimed").length + claiming;
			if (job.status !== "open" || underWay >= mostJobs || job.payWei < leastPayWei) continue;
			tasks.start(`claim of ${short(job.jobId)}`, async () => {
				claiming++;
				await claim(place, shelf, job).finally(() => claiming--);
			});
		}
		for (const dispute of disputes.filter(mine)) {
			const name = `dispute ${short(dispute.disputeId)}`;
			if (dispute.phase === "ended") {
				tasks.start(`pay of ${name}`, () => takeOwed(place, dispute), { isShared: true });
				continue;
			}
			if (isTrainersTurn(dispute) && now <= dispute.deadline) tasks.start(name, () => answer(dispute));
			// A verdict against an honest run is the first jury's error: the second one decides.
			else if (dispute.phase === "verdict" && dispute.verdict === 2 && dispute.juries === 1 && now <= dispute.deadline)
				tasks.start(name, () => appealVerdict(ledger, account, { disputeId: dispute.disputeId }));
			else tasks.start(`${name} goes on`, () => pushAlong(place, dispute, now), { isShared: true });
		}
	});
	await tasks.idle();
	await shelf.close();

	async function answer(dispute: SeenDispute): Promise<void> {
		const { jobId, disputeId, attempt } = dispute;
		const move = await shelf.use(jobId, async (opened) => {
			const book = await books(opened, String(attempt), async () =>
				work.book(place, opened, join(runFolder(place, dispute), "run"), (await readJob(ledger, jobId))!),
			);
			return await trainerMove(gameOf(dispute), book);
		});
		if (move === undefined) return;
		await moveDispute(ledger, account, disputeId, move);
		log(`dispute ${short(disputeId)}: ${move.kind}`);
	}
}

const isTrainersTurn = ({ phase }: SeenDispute) =>
	phase === "showLink" || phase === "showTrace" || phase === "showEntry";

export const short = (id: Hex): string => id.slice(0, 10);

/** Everything is looked at before anything is staked. */
async function claim(place: Workplace, shelf: JobShelf, { jobId, payWei }: SeenJob): Promise<void> {
	await shelf.use(jobId, async () => {});
	await claimJob(place.ledger, place.account, { jobId });
	place.log(`job ${short(jobId)} claimed; it pays ${payWei} wei`);
}

async function trainAndSubmit(place: Workplace, shelf: JobShelf, job: SeenJob, work: TrainerWork): Promise<void> {
	const { ledger, account, log } = place;
	const { jobId } = job;
	const folder = runFolder(place, job);
	// Once written down it is never made anew: a second submission with other numbers could not be answered for.
	const file = join(folder, "submission.json");
	let submission = parsed(await readIfThere(file));
	if (submission === undefined) {
		submission = await shelf.use(jobId, async (opened) => {
			const run = join(folder, "run");
			const made = await work.train(place, opened, { folder: run, onProgress: teller(log, jobId) });
			const { digest, certificate } = work.publishes(jobId) ? await publish(place, jobId, run) : UNPUBLISHED;
			const { adapterDigest, featuresRoot } = made;
			const { root, links, proofFor } = linksTree(opened.replay.start, made.chain, { adapterDigest, featuresRoot });
			const last = links.length - 1;
			return {
				run: {
					...{ linksRoot: root, runCommitment: links[last - 1]!, adapterDigest, featuresRoot },
					...{ dataRoot: digest, dataCertificate: certificate },
				},
				...{ firstProof: proofFor(0), endProof: proofFor(last - 1), outputProof: proofFor(last) },
			};
		});
		await writeDurably(file, JSON.stringify(submission));
	}
	await submitRun(ledger, account, { jobId, ...submission });
	log(`job ${short(jobId)} submitted: ${submission.run.runCommitment}`);
}

/** What stands for files that nobody can have: whoever checks the run takes it again from its start. */
const UNPUBLISHED: Published = { digest: `0x${"00".repeat(32)}`, certificate: "0x" };

/** A submission with a certificate that its contract refuses would cost the stake: the run is submitted without one then. */
async function publish({ data, log }: Workplace, jobId: Hex, run: string): Promise<Published> {
	const published = await publishRun(data, run);
	const bytes = (published.certificate.length - 2) / 2;
	if (bytes <= MAX_JOB_CERTIFICATE) return published;
	log(
		`job ${short(jobId)}: the data layer's certificate has ${bytes} bytes, a job's may have ${MAX_JOB_CERTIFICATE}; submitted without the files`,
	);
	return UNPUBLISHED;
}

async function takePay({ ledger, account, log }: Workplace, { jobId }: SeenJob): Promise<void> {
	await finaliseJob(ledger, account, { jobId });
	const { paidWei } = await withdrawJobPay(ledger, account, { account: account.address });
	if (paidWei > 0n) log(`job ${short(jobId)} paid`);
}

/** A job that was reopened is another attempt, even by the same trainer. */
function runFolder({ home }: Workplace, { jobId, attempt }: Pick<SeenJob, "jobId" | "attempt">): string {
	return join(home, "jobs", jobId.slice(2), String(attempt));
}

function parsed(bytes: Uint8Array | undefined): Prepared | undefined {
	return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as Prepared);
}

/** Progress about every two seconds. */
function teller(log: (line: string) => void, jobId: Hex): (progress: TrainProgress) => void {
	let told = 0;
	return (progress) => {
		if (performance.now() - told < 2000) return;
		told = performance.now();
		log(`job ${short(jobId)}: ${sayTraining(progress)}`);
	};
}
