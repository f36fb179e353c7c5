// `openledger job list`: training jobs on chain.

import type { ListedJob } from "../client/jobRecords.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { open, short } from "../output/amounts.js";
import { table } from "../output/table.js";

export function jobListCommand(cli: Cli) {
	const spec = {
		name: "list",
		describe: "training jobs on chain, the latest first",
		examples: ["job list", "job list --json | jq '.jobs[].status'"],
	};
	return nodeCommand(cli, spec, async ({ api, terminal }) => {
		const found = await api.get<{ readonly jobs: readonly ListedJob[] }>("/training-jobs");
		if (found.jobs.length === 0)
			return { json: found, text: "No training job was posted yet. Post one: openledger job post DATANET --pay 50" };
		const columns = [{ head: "job" }, { head: "status" }, { head: "pay", align: "right" as const }];
		const rows = found.jobs.map((job) => [
			...[job.id.slice(0, 12), job.status, open(job.payWei), open(job.stakeWei), String(job.steps)],
			job.attempt === 0 ? "" : short(job.trainer),
			job.openDisputes === 0 ? "" : String(job.openDisputes),
		]);
		const more = [
			{ head: "stake", align: "right" as const },
			{ head: "steps", align: "right" as const },
			{ head: "trainer" },
			{ head: "disputes", align: "right" as const },
		];
		return { json: found, text: table(terminal, [...columns, ...more], rows) };
	});
}
