// Calls as people write them, made into what a proposal holds. It must not talk to a chain.

import { type Action, GOVERNANCE_KEYS, parseAction, parseNumber, setParameterAction } from "@openledger/chain";
import { CallerError } from "@openledger/protocol";
import type { NodeParts } from "../parts.js";

/** As the governor's events must be read by everybody. */
const MOST_CALLS = 16;
const LONGEST_CALL = 500;

/** Which function of which contract sets one of governance's own settings. */
const SETTERS: Readonly<Record<(typeof GOVERNANCE_KEYS)[number], readonly [string, string]>> = {
	votingDelaySeconds: ["openGovernor", "setVotingDelay"],
	votingPeriodSeconds: ["openGovernor", "setVotingPeriod"],
	lateQuorumSeconds: ["openGovernor", "setLateQuorumVoteExtension"],
	proposalThresholdWei: ["openGovernor", "setProposalThreshold"],
	quorumPercent: ["openGovernor", "updateQuorumNumerator"],
	timelockSeconds: ["openTimelock", "updateDelay"],
};

/** `set`: `jurySize=7`, also governance's own settings. `call`: `jury.setCourt(datanetRegistry, false)`. Throws `governance/bad-call`. */
export function readActions(
	{ ledger: { addresses } }: NodeParts,
	{ set, call }: { readonly set: readonly string[]; readonly call: readonly string[] },
): Action[] {
	const texts = [...set, ...call];
	if (texts.length === 0 || texts.length > MOST_CALLS || texts.some(({ length }) => length > LONGEST_CALL))
		throw bad(
			`name 1 to ${MOST_CALLS} changes, each with at most ${LONGEST_CALL} characters, as ?set=key=value or ?call=`,
		);
	return [
		...set.map((text) => {
			const parts = /^(\w+)\s*=\s*(.+)$/.exec(text);
			if (parts === null) throw bad(`${JSON.stringify(text)} must be key=value, like jurySize=7`);
			const [, key = "", value = ""] = parts;
			const number = parseNumber(value.trim());
			const own = GOVERNANCE_KEYS.find((known) => known === key);
			if (own === undefined) return setParameterAction(addresses, key, number);
			const [contract, name] = SETTERS[own];
			return parseAction(addresses, `${contract}.${name}(${number})`);
		}),
		...call.map((text) => parseAction(addresses, text)),
	];
}

function bad(message: string): CallerError {
	return new CallerError(message, { code: "governance/bad-call" });
}
