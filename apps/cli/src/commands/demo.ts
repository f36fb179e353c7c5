// `openledger demo`: the main job once, in a fresh temporary home that is gone afterwards. Keys and salts come from one public
// seed, so that two demos on the same data give the same bits.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Option } from "commander";
import { type Cli, collect, localCommand } from "../defineCommand.js";
import { type NamedData, readMainJob } from "../mainJob/readData.js";
import { runReported } from "../mainJob/runReported.js";
import { showReport } from "../mainJob/showReport.js";
import { untilSignal } from "../untilSignal.js";

export const dataOption = () =>
	new Option("--data <file>", "rows of contributor, prompt and response, JSON Lines or CSV; may be repeated").argParser(
		collect,
	);
export const askOption = () =>
	new Option("--ask <question>", "ask this instead of the rows' own questions; may be repeated").argParser(collect);

const INTERRUPTED = 130;

export function demoCommand(cli: Cli) {
	const spec = {
		name: "demo",
		describe: "run the whole way once in a temporary home: rows, model, paid answers, receipts, rewards",
		options: [dataOption(), askOption()],
		examples: ["demo", 'demo --data rivers.jsonl --ask "Which river flows through Cairo?" --json'],
	};
	return localCommand<NamedData>(cli, spec, async ({ options, terminal }) => {
		const job = readMainJob(options);
		const { demoSeed, openNode, readConfig } = await import("@openledger/node");
		const home = mkdtempSync(join(tmpdir(), "openledger-demo-"));
		const signal = untilSignal();
		try {
			const log = (line: string) => terminal.note(terminal.noteStyle.dim(line));
			const node = await openNode(readConfig({ home, port: 0, seed: demoSeed, log }));
			try {
				const work = runReported(node, job, terminal);
				// Work that a signal cuts short fails when the node closes.
				work.catch(() => {});
				const done = await Promise.race([work, signal.received]);
				if (done === undefined) return void cli.finish(INTERRUPTED);
				return { json: done.report, text: showReport(terminal, done.report, done.rewards) };
			} finally {
				await node.close();
			}
		} finally {
			signal.stop();
			rmSync(home, { recursive: true, force: true });
		}
	});
}
