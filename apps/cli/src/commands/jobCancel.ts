// `openledger job cancel JOB`: takes a job back that nobody has claimed.

import { type Cli, nodeCommand } from "../defineCommand.js";
import { open } from "../output/amounts.js";
import { whileWaiting } from "../output/showWaiting.js";

type Cancelled = { readonly jobId: string; readonly drawnWei: string };

export function jobCancelCommand(cli: Cli) {
	const spec = {
		name: "cancel",
		describe: "take a job back that this node posted, while nobody has it; its escrow returns",
		args: [["<job>", "id of the job, or its beginning"]],
		examples: ["job cancel 0x3b1f"],
	} as const;
	return nodeCommand(cli, spec, async ({ api, args, terminal }) => {
		const path = `/training-jobs/${encodeURIComponent(args[0]!)}/cancel`;
		const done = await whileWaiting(terminal, "the job", api.post<Cancelled>(path, {}));
		const back = done.drawnWei === "0" ? "its escrow was drawn before" : `${open(done.drawnWei)} OPEN drawn`;
		return { json: done, text: `Job ${done.jobId} is cancelled; ${back}.` };
	});
}
