// `openledger job fetch JOB --out DIR`: the files that a job's trainer published, held against what it committed to on chain.

import { join, resolve } from "node:path";
import { Option } from "commander";
import type { ShownJob } from "../client/jobRecords.js";
import type { Status } from "../client/records.js";
import { type Cli, nodeCommand } from "../defineCommand.js";
import { whileWaiting } from "../output/showWaiting.js";
import { facts } from "../output/table.js";

type Options = { readonly out: string; readonly da?: string };

export function jobFetchCommand(cli: Cli) {
	const spec = {
		name: "fetch",
		describe: "write what a job's trainer published: adapter, features, history and states of the run",
		args: [["<job>", "id of the job, or its beginning"]],
		options: [
			new Option("--out <dir>", "folder to write into, made if missing").makeOptionMandatory(),
			new Option("--da <url>", "the data layer, an EigenDA proxy's or a node's (default: the node's)"),
		],
		examples: ["job fetch 0x3b1f --out ./run"],
	} as const;
	return nodeCommand<Options>(cli, spec, async ({ api, args, options, terminal }) => {
		const { id, run } = await api.get<ShownJob>(`/training-jobs/${encodeURIComponent(args[0]!)}`);
		const { addresses, rpcUrl } = await api.get<Status>("/status");
		const { dataLayerAt, fetchJob, ledgerAt } = await import("@openledger/node");
		const data = dataLayerAt(options.da ?? `${new URL(rpcUrl).origin}/da`);
		const folder = resolve(options.out);
		const ledger = await ledgerAt(rpcUrl, addresses);
		const fetching = fetchJob({ ledger, data, jobId: id as `0x${string}` }, folder);
		const { adapterDigest, files } = await whileWaiting(terminal, "the run", fetching);
		const text = facts(terminal, [
			["Job", id],
			["Adapter", `${adapterDigest}, as it stands on chain`],
			["Folder", folder],
			["In PEFT form", join(folder, "adapter")],
			["Files", String(files.length)],
		]);
		return { json: { jobId: id, folder, adapterDigest, featuresRoot: run?.featuresRoot, files }, text };
	});
}
