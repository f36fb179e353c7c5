// How every command is made: common flags, examples in --help, one place that prints what came out. It must not know any command.

import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Api } from "./client/api.js";
import { withNode } from "./client/withNode.js";
import type { CliConfig } from "./config.js";
import type { Terminal } from "./output/terminal.js";

/** What a command came to: the same facts for programs and for people. */
export type Outcome = {
	readonly json: unknown;
	readonly text: string;
	/** False if what was checked does not hold: exit code 1. */
	readonly ok?: boolean;
};

export type Cli = { readonly config: CliConfig; readonly terminal: Terminal; finish(exitCode: number): void };

export type Given<Options> = {
	readonly config: CliConfig;
	readonly terminal: Terminal;
	readonly isJson: boolean;
	readonly options: Options;
	readonly args: readonly string[];
};

export type Spec = {
	readonly name: string;
	readonly describe: string;
	/** As commander writes them: `<needed>`, `[optional]`, `[several...]`, each with what it is. */
	readonly args?: readonly (readonly [name: string, describe: string])[];
	readonly options?: readonly Option[];
	/** Without the word openledger. */
	readonly examples: readonly string[];
};

/** A command that needs no node, or brings its own. Undefined means that it has printed everything itself. */
export function localCommand<Options>(
	cli: Cli,
	spec: Spec,
	run: (given: Given<Options>) => Promise<Outcome | undefined>,
): Command {
	const command = new Command(spec.name).description(spec.describe);
	for (const [name, describe] of spec.args ?? []) command.argument(name, describe);
	for (const option of spec.options ?? []) command.addOption(option);
	command.option("--json", "print JSON for programs");
	const examples = spec.examples.map((example) => `  $ openledger ${example}`).join("\n");
	command.addHelpText("after", `\nExample${spec.examples.length > 1 ? "s" : ""}:\n${examples}`);
	return command.action(async (...received: unknown[]) => {
		const options = command.opts() as Options & CommonOptions;
		const args = received
			.slice(0, -2)
			.flat()
			.filter((arg): arg is string => typeof arg === "string");
		const config = configOf(cli.config, options);
		const { terminal } = cli;
		const outcome = await run({ config, terminal, isJson: options.json === true, options, args });
		if (outcome === undefined) return;
		terminal.result(options.json ? toJson(outcome.json) : outcome.text);
		cli.finish(outcome.ok === false ? 1 : 0);
	});
}

/** A command that talks to a node: the one running in the home or at --url, else one started for it. */
export function nodeCommand<Options>(
	cli: Cli,
	spec: Spec,
	run: (given: Given<Options> & { readonly api: Api }) => Promise<Outcome>,
): Command {
	const options = [homeOption(), urlOption(), ...(spec.options ?? [])];
	return localCommand<Options>(cli, { ...spec, options }, (given) =>
		withNode(given.config, given.terminal, (api) => run({ ...given, api })),
	);
}

/** One line; amounts are decimal strings. */
export function toJson(value: unknown): string {
	return JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? item.toString() : item));
}

export const homeOption = () =>
	new Option("--home <dir>", "the node's folder (default: $OPENLEDGER_HOME or ~/.openledger)");
export const urlOption = () => new Option("--url <url>", "talk to the node at this address (default: $OPENLEDGER_URL)");

/** For flags that may be given several times. */
export function collect(value: string, before: readonly string[] | undefined): string[] {
	return [...(before ?? []), value];
}

type CommonOptions = { readonly json?: boolean; readonly home?: string; readonly url?: string };

function configOf(config: CliConfig, { home, url }: CommonOptions): CliConfig {
	// A home that is named on the command line is meant, whatever address the environment has.
	const address = url ?? (home === undefined ? config.url : undefined);
	return { ...config, home: home === undefined ? config.home : resolve(home), url: address };
}
