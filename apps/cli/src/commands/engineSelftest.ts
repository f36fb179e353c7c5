// `openledger engine selftest`: does this machine compute the same bits as ours?

import { type Cli, localCommand } from "../defineCommand.js";
import { facts } from "../output/table.js";

export function engineSelftestCommand(cli: Cli) {
	const spec = {
		name: "selftest",
		describe: "hash every kernel, training and answers on every engine this machine has; exit 1 if one differs",
		examples: ["engine selftest", "engine selftest --json"],
	};
	return localCommand(cli, spec, async ({ terminal }) => {
		const { engineSelftest } = await import("@openledger/node");
		const found = await engineSelftest();
		const { dim, green, red } = terminal.style;
		const lines = found.variants.map(({ name, threads, ok, differs, wanted }) => {
			const alone = threads === wanted ? "" : ` (this host gave ${threads} of ${wanted} threads)`;
			const verdict = ok ? green("✓ the same bits") : red(`✗ differs in ${differs.join(", ") || "the first hash"}`);
			return [name, verdict + alone] as const;
		});
		const native = found.withoutNative;
		const entries = [
			["Engine", found.engineId],
			["Hash", found.hash],
			["Golden", found.golden],
			...lines,
			...(native === undefined ? [] : [["native", dim(`not tested: ${native}`)] as const]),
		] as const;
		const verdict = found.ok
			? green("✓ this machine computes the same bits")
			: red("✗ this machine differs: its answers could not be verified by others; do not run a node on it");
		return { json: found, text: `${facts(terminal, entries)}\n\n${verdict}`, ok: found.ok };
	});
}
