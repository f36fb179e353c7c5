// Runs the main job on an open node with progress on the terminal, and reads who earned what.

import type { MainJob, MainJobReport, OpenNode } from "@openledger/node";
import { openApi } from "../client/api.js";
import type { Reward } from "../client/records.js";
import { openProgress } from "../output/progress.js";
import type { Terminal } from "../output/terminal.js";

export type Reported = { readonly report: MainJobReport; readonly rewards: readonly Reward[]; readonly url: string };

export async function runReported(node: OpenNode, job: MainJob, terminal: Terminal): Promise<Reported> {
	const { runMainJob } = await import("@openledger/node");
	const progress = openProgress(terminal);
	try {
		const report = await runMainJob(node, job, progress.step);
		const { url } = await node.serve();
		const api = openApi({ url, home: "", token: () => undefined });
		const { rewards } = await api.get<{ rewards: readonly Reward[] }>("/rewards");
		return { report, rewards, url };
	} finally {
		progress.end();
	}
}
