// `openledger gov propose`: put changes to the vote, after showing what they would do.

import { Option } from "commander";
import { ledgerCommand } from "../client/ledgerCommand.js";
import { type Cli, collect } from "../defineCommand.js";
import { usage } from "../errors.js";
import { showSimulation } from "../output/proposals.js";
import { whileWaiting } from "../output/showWaiting.js";

type Options = {
	readonly set?: readonly string[];
	readonly call?: readonly string[];
	readonly description?: string;
	readonly dryRun?: boolean;
	readonly anyway?: boolean;
};

/** As the governor's events must be read by everybody. */
const MOST_CALLS = 16;
const LONGEST_DESCRIPTION = 8192;

export function govProposeCommand(cli: Cli) {
	const spec = {
		name: "propose",
		describe: "propose changes, all of which happen or none; shows first what they would do",
		options: [
			new Option(
				"--set <key=value>",
				"change a governed constant; the value may carry its unit (repeatable)",
			).argParser(collect),
			new Option(
				"--call <call>",
				"call a function of our contracts, with arguments in brackets (repeatable)",
			).argParser(collect),
			new Option("--description <text>", "why; its first line is the title"),
			new Option("--dry-run", "show what would happen and propose nothing"),
			new Option("--anyway", "propose it though it would fail now"),
		],
		examples: [
			'gov propose --set challengeSeconds="2 h" --description "Two hours to challenge a root"',
			'gov propose --call "jury.setCourt(datanetRegistry, false)" --dry-run',
		],
	};
	return ledgerCommand<Options>(cli, spec, async ({ chain, ledger, options, terminal, signer }) => {
		const { set = [], call = [], description } = options;
		const actions = [
			...set.map((text) => {
				const parts = /^(\w+)\s*=\s*(.+)$/.exec(text);
				if (parts === null) throw usage(`--set ${JSON.stringify(text)} must be KEY=VALUE, like jurySize=7`);
				return chain.setParameterAction(ledger.addresses, parts[1]!, chain.parseNumber(parts[2]!.trim()));
			}),
			...call.map((text) => chain.parseAction(ledger.addresses, text)),
		];
		if (actions.length === 0 || actions.length > MOST_CALLS)
			throw usage(`a proposal has 1 to ${MOST_CALLS} changes; name them with --set or --call`);
		const simulation = await chain.simulateActions(ledger, actions);
		const shown = showSimulation(terminal, simulation);
		if (options.dryRun) return { json: { simulation }, text: shown, ok: simulation.ok };
		if (description === undefined || description.trim() === "" || description.length > LONGEST_DESCRIPTION)
			throw usage(`say why with --description, in 1 to ${LONGEST_DESCRIPTION} characters`);
		if (!simulation.ok && !options.anyway) {
			const why = simulation.actions.find(({ refusal }) => refusal !== undefined)!.refusal;
			throw usage(`it would fail: ${why}; correct it, or propose it with --anyway`);
		}
		const proposing = chain.propose(ledger, await signer(), { actions, description });
		const { id, sent } = await whileWaiting(terminal, "the proposal", proposing);
		const proposal = (await chain.readProposal(ledger, id))!;
		const { bold, cyan } = terminal.style;
		const text = [
			shown,
			"",
			`${sent ? "Proposed" : "This was proposed before"} as number ${bold(String(proposal.number))}. Next: ${cyan(`openledger gov vote ${proposal.number} for`)}`,
		].join("\n");
		return { json: { id, number: proposal.number, simulation, hash: sent?.hash }, text };
	});
}
