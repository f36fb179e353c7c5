// The datanets' fixed words, for people who did not write the contracts.

import type { Tone } from "../../shared/ui/Badge.js";
import type { Contribution, OnChain, Outcome, Rule, Stage } from "./types.js";

export const RULES: readonly Rule[] = ["owner", "committee", "open"];

export const RULE_NAMES: Readonly<Record<Rule, string>> = {
	owner: "The owner decides",
	committee: "A committee decides",
	open: "Open, unless challenged",
};

export const RULE_TEXTS: Readonly<Record<Rule, string>> = {
	owner:
		"The datanet's owner takes or refuses each contribution. Whoever is refused can appeal to a random jury of staked curators.",
	committee:
		"A random jury of staked curators votes on each contribution. The contributor puts down what the jury costs.",
	open: "A contribution is taken once its review time is over, unless somebody challenges it; then a random jury votes.",
};

export const STAGE_NAMES: Readonly<Record<Stage, string>> = {
	review: "Under review",
	challenged: "Challenged, waits for a defence",
	judged: "Before a jury",
	decided: "Decided, can be appealed",
	appealed: "Appealed, waits for a defence",
	"appeal-judged": "Before the jury of appeal",
	final: "Final",
};

/** When the stage ends by its own time; undefined where it has none, or a jury's counts. */
export function deadlineOf(onChain: OnChain | undefined): number | undefined {
	if (onChain === undefined || onChain.deadline === 0) return undefined;
	return ["judged", "appeal-judged", "final"].includes(onChain.stage) ? undefined : onChain.deadline;
}

export const OUTCOME_TONES: Readonly<Record<Outcome, Tone>> = { accepted: "good", flagged: "warn", rejected: "bad" };

export function statusOf({
	status,
	onChain,
}: Pick<Contribution, "status"> & { readonly onChain?: OnChain | undefined }): {
	readonly text: string;
	readonly tone: Tone;
} {
	const decided = onChain?.status ?? (status === "offered" || status === "stored" ? "pending" : status);
	if (decided === "accepted") return { text: "accepted", tone: "good" };
	if (decided === "pending") return { text: "waits", tone: "warn" };
	return {
		text: decided === "junk" ? "refused as junk" : decided === "taken-back" ? "taken back" : "refused",
		tone: "bad",
	};
}

/** Who decided, and why, by the registry's reason codes. */
export function reasonOf(code: number): string | undefined {
	if (code === 0) return undefined;
	if (code === 1) return "no row was new";
	if (code === 252) return "the jury found no verdict";
	if (code === 253) return "the jury's verdict";
	if (code === 254) return "nobody defended it in time";
	if (code === 255) return "somebody else had committed to the same rows before";
	return `the owner's reason number ${code}`;
}
