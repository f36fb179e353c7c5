// `openledger up`: a node that stays until Ctrl-C; with --main-job it first walks the whole way on a datanet, or what is left of it.

import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { findRunning } from "../client/withNode.js";
import { type Cli, homeOption, localCommand, toJson } from "../defineCommand.js";
import { usage } from "../errors.js";
import { type NamedData, readMainJob } from "../mainJob/readData.js";
import { type Reported, runReported } from "../mainJob/runReported.js";
import { showReport } from "../mainJob/showReport.js";
import { seconds } from "../output/amounts.js";
import { facts } from "../output/table.js";
import type { Terminal } from "../output/terminal.js";
import { untilSignal } from "../untilSignal.js";
import { askOption, dataOption } from "./demo.js";

type Options = NamedData & {
	readonly home?: string;
	readonly port?: number;
	readonly windows?: "quick" | "by-hand";
	readonly mainJob?: boolean;
};

export function upCommand(cli: Cli) {
	const spec = {
		name: "up",
		describe: "start a node and stay up until Ctrl-C; starting again goes on with everything that was there",
		options: [
			homeOption(),
			new Option("--port <n>", "port on 127.0.0.1, 0 for a free one (default: $OPENLEDGER_PORT or 8402)").argParser(
				port,
			),
			new Option(
				"--windows <length>",
				"how long contributions can be challenged and appealed and jurors vote, fixed when the home is made: quick (the default), or by-hand, with minutes for people",
			).choices(["quick", "by-hand"]),
			new Option("--main-job", "first contribute, train, ask, settle and claim, as far as it is not done yet"),
			dataOption(),
			askOption(),
		],
		examples: [
			"up",
			"up --main-job --port 9000",
			"up --main-job --data rivers.jsonl",
			"up --windows by-hand --home disputes",
		],
	};
	return localCommand<Options>(cli, spec, async ({ config, options, terminal, isJson }) => {
		if (!options.mainJob && (options.data ?? options.ask)) throw usage("--data and --ask need --main-job");
		const job = options.mainJob ? readMainJob(options) : undefined;
		const { home } = config;
		const running = await findRunning(home);
		if (running !== undefined)
			throw usage(`a node with this home is up already, at ${running}; end it, or choose another --home`);
		const { openNode, readConfig } = await import("@openledger/node");
		const { dim } = terminal.noteStyle;
		terminal.live(dim(`opening ${home} …`));
		const { port, windows } = options;
		const asked = { ...(port !== undefined && { port }), ...(windows !== undefined && { windows }) };
		const log = (line: string) => terminal.note(dim(line));
		const signal = untilSignal();
		const node = await openNode(readConfig({ home, log, ...asked }));
		let closing = false;
		try {
			for (const line of node.recovered) terminal.note(dim(`recovered: ${line}`));
			// The address is taken first: a port in use should be known before the work, not after it.
			const { url } = await node.serve();
			terminal.note(dim(`opened ${home} in ${seconds(node.openSeconds)}`));
			const work = job === undefined ? Promise.resolve({ url }) : runReported(node, job, terminal);
			// Once we close, work that is cut short fails; the next start takes it up.
			work.catch(() => {});
			// A supervisor starts it again; the home has everything.
			const failed = node.failed.then((error) => Promise.reject(error));
			failed.catch(() => {});
			const done = await Promise.race([work, signal.received, failed]);
			if (done !== undefined) {
				// Behind the #, which browsers keep to themselves; whoever has the link may change things.
				const explorerUrl = `${done.url}/#token=${node.parts.keys.adminToken}`;
				say(terminal, { home: options.home && resolve(options.home), isJson, explorerUrl }, done);
				await Promise.race([signal.received, failed]);
			}
			closing = true;
			terminal.note(dim("\nclosing …"));
			return undefined;
		} finally {
			await node.close();
			signal.stop();
			if (closing) terminal.note(dim("closed; the same command goes on from here"));
		}
	});
}

type Done = { readonly url: string } & Partial<Reported>;

function say(
	terminal: Terminal,
	how: { home: string | undefined; isJson: boolean; explorerUrl: string },
	{ url, report, rewards }: Done,
): void {
	if (how.isJson) {
		terminal.result(toJson({ url, explorerUrl: how.explorerUrl, ...(report && { report }) }));
		return;
	}
	const { bold, cyan } = terminal.style;
	if (report !== undefined) terminal.result(`\n${showReport(terminal, report, rewards ?? [])}`);
	const home = how.home === undefined ? "" : ` --home ${how.home}`;
	const first = report?.asked[0];
	const tries =
		first === undefined
			? [`openledger datanet create NAME${home}`, `openledger model list${home}`, `openledger rewards list${home}`]
			: [
					`openledger chat ${JSON.stringify(first.prompt)}${home}`,
					`openledger receipt verify ${first.receiptId.slice(0, 10)}${home}`,
					`openledger rewards list${home}`,
				];
	const addresses = facts(terminal, [
		["Explorer", bold(how.explorerUrl)],
		["API", `${url}/v1`],
		["Manage", `${url}/api/status`],
	]);
	terminal.result(`\nUp. Ctrl-C ends it.\n\n${addresses}\n\nWorth trying in another terminal:`);
	for (const line of tries) terminal.result(`  ${cyan(`npx ${line}`)}`);
}

function port(value: string): number {
	if (/^\d+$/.test(value) && Number(value) <= 65_535) return Number(value);
	throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}
