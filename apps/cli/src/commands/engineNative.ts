// `openledger engine native`: are there native kernels on this machine, and are they used? `--build` makes them.

import { Option } from "commander";
import { type Cli, localCommand } from "../defineCommand.js";
import { openProgress } from "../output/progress.js";
import { facts } from "../output/table.js";

type Options = { readonly build?: boolean };

export function engineNativeCommand(cli: Cli) {
	const spec = {
		name: "native",
		describe: "kernels compiled on this machine: the same bits, faster; exit 1 if --build cannot make them",
		options: [new Option("--build", "compile them now, instead of in the background of a node")],
		examples: ["engine native", "engine native --build --json"],
	};
	return localCommand<Options>(cli, spec, async ({ terminal, options }) => {
		const { engineNative } = await import("@openledger/node");
		const build = options.build === true;
		const progress = openProgress(terminal);
		const onProgress = (done: number, total: number) =>
			progress.step({ stage: "native", message: "compiling", done, total });
		const found = await engineNative({ build, onProgress });
		progress.end();
		const { green, dim } = terminal.style;
		const entries = [
			["Compiler", found.compiler],
			["Folder", found.folder ?? "none"],
			["File", found.file ?? "none"],
			["Instructions", found.set === undefined ? "none" : `${found.set}, ${found.lanes} numbers at a time`],
			["Kernels", found.isUsed ? `${found.kernels.length} native` : "0 native"],
			[
				"Compared",
				found.checkMilliseconds === undefined
					? "not yet"
					: `each with WebAssembly, bit for bit, in ${found.checkMilliseconds} ms`,
			],
			["Threads", `${found.threads} of ${found.cores}`],
		] as const;
		const built = found.buildSeconds === undefined ? "" : ` (built in ${found.buildSeconds} s)`;
		const remedy =
			found.code === "not-built" ? "\nA node that stays up builds them; so does openledger engine native --build" : "";
		const verdict = found.isUsed
			? green(`✓ a node that starts now computes with native kernels${built}`)
			: dim(`WebAssembly computes, with the same bits: ${found.reason}`) + remedy;
		return { json: found, text: `${facts(terminal, entries)}\n\n${verdict}`, ok: found.isUsed || !build };
	});
}
