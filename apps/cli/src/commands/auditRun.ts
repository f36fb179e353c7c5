// `openledger audit run ID`: whose rows an answer really came from, by training without them or by the derivative of the training.

import { setTimeout as sleep } from "node:timers/promises";
import { TransientError } from "@openledger/protocol";
import { Option } from "commander";
import type { Api } from "../client/api.js";
import type { Audit, QueuedAudit } from "../client/auditRecords.js";
import { findSubject } from "../client/findAudit.js";
import { pairQueries, readQueries } from "../client/readQueries.js";
import { withNode } from "../client/withNode.js";
import { type Cli, collect, homeOption, localCommand, type Outcome, toJson, urlOption } from "../defineCommand.js";
import { usage } from "../errors.js";
import { auditText } from "../output/auditTable.js";
import { openProgress } from "../output/progress.js";
import type { Terminal } from "../output/terminal.js";
import { untilSignal } from "../untilSignal.js";

type Options = {
	readonly method: string;
	readonly query?: readonly string[];
	readonly answer?: readonly string[];
	readonly queries?: string;
	readonly contributor?: readonly string[];
	readonly estimate?: boolean;
};

const LOOK_MS = 300;
const INTERRUPTED = 130;
const MOST_FAILURES = 6;

export function auditRunCommand(cli: Cli) {
	const spec = {
		name: "run",
		describe:
			"audit a receipt's answer, or a model on given answers: the exact effect of each contributor's rows. " +
			"Says first what it costs; Ctrl-C stops it, and the same command goes on. With --json, progress is JSON on stderr.",
		args: [["<id>", "a receipt's id or the start of it, or a model's id or name"]],
		options: [
			homeOption(),
			urlOption(),
			new Option("--method <method>", "train again without each contributor, or differentiate the training")
				.choices(["leave-one-contributor-out", "magic"])
				.default("leave-one-contributor-out"),
			new Option("--query <text>", "of a model: a question; may be repeated").argParser(collect),
			new Option("--answer <text>", "the answer to the question at the same place").argParser(collect),
			new Option("--queries <file>", "of a model: JSON Lines of prompt and response"),
			new Option("--contributor <name>", "only this one's rows; may be repeated").argParser(collect),
			new Option("--estimate", "only say what it would cost"),
		],
		examples: [
			"audit run 0x1f3a",
			"audit run 0x1f3a --estimate",
			"audit run 0x1f3a --method magic --json",
			'audit run world-1 --query "Who wrote Emma?" --answer "Jane Austen." --contributor amara',
			"audit run world-1 --queries questions.jsonl",
		],
	} as const;
	return localCommand<Options>(cli, spec, async ({ config, terminal, isJson, args, options }) => {
		const { method, contributor: contributors, estimate } = options;
		const { query = [], answer = [] } = options;
		if (options.queries !== undefined && query.length + answer.length > 0)
			throw usage("give questions by --query and --answer or by --queries, not both");
		const queries = options.queries === undefined ? pairQueries(query, answer) : readQueries(options.queries);
		const signal = untilSignal();
		try {
			return await withNode(config, terminal, async (api) => {
				const id = await findSubject(api, args[0]!);
				const body = { id, method, ...(queries.length > 0 && { queries }), contributors, estimate };
				const queued = await api.post<QueuedAudit>("/audits", body);
				if (estimate) return { json: queued, text: `${queued.auditId}: ${queued.estimate.message}` };
				const steps = isJson ? jsonSteps(terminal) : textSteps(terminal);
				if (queued.status !== "done") steps.begin(queued);
				const audit = await wait(api, queued.auditId, signal.received, steps);
				if (audit !== undefined) return { json: audit, text: auditText(terminal, audit) } satisfies Outcome;
				await api.post(`/audits/${queued.auditId}/stop`);
				terminal.note(
					terminal.noteStyle.dim("stopped; what was finished is kept, and the same command goes on from there"),
				);
				return void cli.finish(INTERRUPTED);
			});
		} finally {
			signal.stop();
		}
	});
}

type Steps = { begin(queued: QueuedAudit): void; step(audit: Audit): void; end(): void };

function textSteps(terminal: Terminal): Steps {
	const { step, end } = openProgress(terminal);
	return {
		begin: ({ auditId, estimate }) => step({ stage: "audit", message: `${auditId}: ${estimate.message}` }),
		step({ progress, message }) {
			if (progress !== null)
				step({ stage: "audit", message: message ?? "", done: progress.done, total: progress.total });
		},
		end,
	};
}

/** A line of JSON for what it will cost, and for every new step that was seen. */
function jsonSteps(terminal: Terminal): Steps {
	let seen = "";
	return {
		begin: ({ auditId, estimate }) => terminal.note(toJson({ event: "estimate", auditId, ...estimate })),
		step({ progress }) {
			const line = toJson({ event: "progress", ...progress });
			if (progress !== null && line !== seen) terminal.note(line);
			seen = line;
		},
		end: () => {},
	};
}

/** The audit when it is done; undefined where a signal came first. */
async function wait(
	api: Api,
	id: string,
	interrupted: Promise<undefined>,
	{ step, end }: Steps,
): Promise<Audit | undefined> {
	const INTERRUPT = Symbol("interrupt");
	const signalled = interrupted.then(() => INTERRUPT);
	try {
		for (;;) {
			const audit = await look(api, id);
			if (audit.status === "done") return audit;
			if (audit.status === "failed") {
				const message = `the audit failed: ${audit.error}; the same command tries again`;
				throw new TransientError(message, { code: "cli/audit-failed" });
			}
			if (audit.status === "stopped") {
				const message = "somebody stopped the audit; the same command goes on from there";
				throw new TransientError(message, { code: "cli/audit-stopped" });
			}
			step(audit);
			if ((await Promise.race([signalled, sleep(LOOK_MS)])) === INTERRUPT) return undefined;
		}
	} finally {
		end();
	}
}

/** An audit may take hours and the node be busy for seconds: a look that fails is not the end of it, several in a row are. */
async function look(api: Api, id: string): Promise<Audit> {
	for (let failures = 1; ; failures++) {
		try {
			return await api.get<Audit>(`/audits/${id}`);
		} catch (error) {
			if (!(error instanceof TransientError) || failures === MOST_FAILURES) throw error;
			await sleep(failures * LOOK_MS);
		}
	}
}
