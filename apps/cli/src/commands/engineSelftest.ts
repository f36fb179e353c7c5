// `openledger engine selftest`: does this machine compute the same bits as ours?

import { type Cli, localCommand } from "../defineCommand.js";
import { facts } from "../output/table.js";

export function engineSelftestCommand(cli: Cli) {
	const spec = {
		name: "selftest",
		describe: "hash every kernel, a training step and a generation; exit 1 if this machine differs",
		examples: ["engine selftest --json"],
	};
	return localCommand(cli, spec, async ({ terminal }) => {
		const { engineSelftest } = await import("@openledger/node");
		const found = await engineSelftest();
		const { style } = terminal;
		const verdict = found.ok
			? style.green("✓ this machine computes the same bits")
			: style.red("✗ this machine differs");
		const entries = [
			["Engine", found.engineId],
			["Hash", found.hash],
			["Golden", found.golden],
		] as const;
		return { json: found, text: `${facts(terminal, entries)}\n\n${verdict}`, ok: found.ok };
	});
}
