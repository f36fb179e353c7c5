// `openledger job show JOB`: a training job, its run and its disputes.

import type { ShownJob } from "../client/jobRecords.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { counted, open } from "../output/amounts.js";
import { facts } from "../output/table.js";

export function jobShowCommand(cli: Cli) {
	const spec = {
		name: "show",
		describe: "show a training job: terms, who has it, what was submitted, who disputes it",
		args: [["<job>", "id of the job, or its beginning"]],
		examples: ["job show 0x3b1f", "job show 0x3b1f --json | jq .disputes"],
	} as const;
	return nodeCommand(cli, spec, async ({ api, args, terminal }) => {
		const job = await api.get<ShownJob>(`/training-jobs/${encodeURIComponent(args[0]!)}`);
		const time = (seconds: number) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
		const entries: (readonly [string, string])[] = [
			["Job", job.id],
			["Status", `${job.status}${job.openDisputes > 0 ? `, ${counted(job.openDisputes, "open dispute")}` : ""}`],
			["Poster", job.poster],
			["Pay", `${open(job.payWei)} OPEN, access ${open(job.feesWei)} OPEN`],
			["Stake", `${open(job.stakeWei)} OPEN`],
			["Run", `${counted(job.steps, "step")} from ${job.runStart}`],
			...(job.params?.snapshots.map(({ datanetId, version }) => ["Snapshot", `${version} of ${datanetId}`] as const) ??
				[]),
			...(job.attempt > 0 ? [["Trainer", `${job.trainer}, attempt ${job.attempt}`] as const] : []),
			...(job.status === "claimed" ? [["Until", time(job.deadline)] as const] : []),
			...(job.status === "submitted" ? [["Disputable", `until ${time(job.deadline)}`] as const] : []),
			...(job.run
				? ([
						["Adapter", job.run.adapterDigest],
						["Features", job.run.featuresRoot],
						["Links", job.run.linksRoot],
					] as const)
				: []),
			...job.disputes.map((dispute) => ["Dispute", sayDispute(dispute)] as const),
		];
		return { json: job, text: facts(terminal, entries) };
	});
}

function sayDispute({ id, challenger, phase, outcome, links, ops }: ShownJob["disputes"][number]): string {
	const where =
		ops.high > 0
			? `ops ${ops.low}–${ops.high} after link ${links.low}`
			: links.high === links.low + 1
				? `the step after link ${links.low}`
				: `links ${links.low}–${links.high}`;
	return `${id.slice(0, 12)} by ${challenger}: ${phase === "ended" ? outcome : phase}, ${where}`;
}
