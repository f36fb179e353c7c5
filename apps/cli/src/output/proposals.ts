// Proposals as people read them: what they would do, who is for it, until when. It must not know how they are stored.

import type { DecodedAction, Proposal, Simulation } from "@openledger/sdk/ledger";
import { open } from "./amounts.js";
import { facts } from "./table.js";
import type { Terminal } from "./terminal.js";
import { visibleText } from "./visibleText.js";

/** A second of the chain's clock, as this machine's people write it. */
export function time(seconds: bigint): string {
	return new Date(Number(seconds) * 1000).toISOString().replace("T", " ").slice(0, 19);
}

/** When the present state ends, where it ends by time. */
export function endOf({ state, snapshot, deadline, eta }: Proposal): string {
	if (state === "pending") return time(snapshot);
	if (state === "active") return time(deadline);
	return state === "queued" ? time(eta) : "";
}

/** OPEN for and against, in whole coins. */
export function votesOf({ votes }: Proposal): string {
	const whole = (wei: bigint) => open(wei).split(".")[0]!;
	return `${whole(votes.for)} : ${whole(votes.against)}`;
}

export function showProposal(terminal: Terminal, proposal: Proposal): string {
	const { bold, dim } = terminal.style;
	const [title = "", ...rest] = proposal.description.split("\n");
	const ends = endOf(proposal);
	const { votes, quorum } = proposal;
	return [
		bold(visibleText(`${proposal.number}  ${title}`)),
		...rest.filter((line) => line.trim() !== "").map((line) => visibleText(line)),
		"",
		facts(terminal, [
			["State", ends === "" ? proposal.state : `${proposal.state} until ${ends} UTC`],
			["For", `${open(votes.for)} OPEN`],
			["Against", `${open(votes.against)} OPEN`],
			["Abstain", `${open(votes.abstain)} OPEN`],
			["Quorum", quorum === undefined ? dim("known once votes begin") : `${open(quorum)} OPEN`],
			["Proposer", proposal.proposer],
			["Id", String(proposal.id)],
		]),
	].join("\n");
}

/** The calls and what each would change, or why it would fail. */
export function showSimulation(terminal: Terminal, { actions, ok }: Simulation): string {
	const { dim, green, red, yellow } = terminal.style;
	const lines = actions.flatMap((action, i) => [
		`${i + 1}. ${visibleText(action.text)}`,
		...argumentsOf(action).map((line) => dim(`     ${line}`)),
		...(action.change
			? [`   ${action.change.what}: ${yellow(action.change.before)} → ${green(action.change.after)}`]
			: []),
		...(action.refusal ? [`   ${red(visibleText(action.refusal))}`] : []),
	]);
	const verdict = ok
		? green("If it were executed now, it would go through.")
		: red("If it were executed now, it would fail, and nothing of it would happen.");
	return [...lines, "", verdict].join("\n");
}

function argumentsOf({ args }: DecodedAction): string[] {
	return args.map(({ name, type, shown }) => visibleText(`${name} (${type}) = ${shown}`));
}
