// From arguments to an exit code: 0 done, 1 something failed or does not hold, 2 asked in a way that cannot work.

import { CommanderError } from "commander";
import { readConfig } from "./config.js";
import { toJson } from "./defineCommand.js";
import { codeOf, exitCodeOf } from "./errors.js";
import { openTerminal } from "./output/terminal.js";
import { visibleText } from "./output/visibleText.js";
import { createProgram } from "./program.js";

/** Runs the command that the arguments name. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
	const config = readConfig();
	const terminal = openTerminal(config);
	let exitCode = 0;
	const finish = (code: number) => {
		exitCode = code;
	};
	try {
		await createProgram({ config, terminal, finish }).parseAsync([...args], { from: "user" });
		return exitCode;
	} catch (error) {
		const message = (error instanceof Error ? error.message : String(error)).replace(/^error: /, "");
		// commander has told people what is wrong already, or has printed the help that was asked for.
		if (error instanceof CommanderError && error.exitCode === 0) return 0;
		if (args.includes("--json")) terminal.result(toJson({ error: { code: codeOf(error), message } }));
		if (error instanceof CommanderError) return 2;
		// Much of it was written by servers and files of others.
		terminal.note(`${terminal.noteStyle.red("error")} ${visibleText(message)}`);
		return exitCodeOf(error);
	}
}
