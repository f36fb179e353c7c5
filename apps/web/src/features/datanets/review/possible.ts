// What an account may do about a contribution by its stage, with what it puts down. It must not know how that is signed.

import type { Address } from "viem";
import type { ShownContribution } from "../types.js";
import type { RegistryCall } from "./useRegistryCall.js";

export type Possible = Omit<RegistryCall, "arg"> & { readonly name: string; readonly text: string };

/** By stage, as the registry's contract has it; the chain's rehearsal has the last word. */
export function possibleOf(one: ShownContribution, account: Address, now: number): Possible[] {
	const { onChain, rule, disputeCost, dispute, contributor } = one;
	if (onChain === undefined || onChain.stage === "final") return [];
	const { stage, status, deadline, superseded } = onChain;
	const isOver = now > deadline;
	const isOwn = one.account.toLowerCase() === account.toLowerCase();
	const costWei = disputeCost && BigInt(disputeCost.feesWei) + BigInt(disputeCost.bondWei);
	const who = contributor.length > 20 ? `${contributor.slice(0, 10)}…` : contributor;
	const costs = "Jurors' fees and a bond: back, with a part of the loser's, if you are right; lost if you are wrong.";
	const finalise: Possible = {
		...{ name: "Make it final", functionName: "finalise", label: `Make the decision on ${who}'s rows final` },
		text: superseded
			? "Anybody may, at once: somebody else had committed to the same rows before, so these are refused and their stake comes back."
			: "Anybody may: its time is over.",
	};
	if (superseded && (stage === "review" || stage === "decided")) return [finalise];
	if (stage === "review") {
		if (rule === "open") {
			if (isOver) return [finalise];
			if (isOwn || costWei === undefined) return [];
			return [
				{
					name: "Challenge",
					text: costs,
					functionName: "challenge",
					costWei,
					label: `Challenge ${who}'s contribution`,
				},
			];
		}
		if (!isOwn || !isOver) return [];
		const text = "Nobody decided in time: you get your stake back.";
		return [{ name: "Take it back", text, functionName: "takeBack", label: "Take my contribution back" }];
	}
	if (stage === "decided") {
		if (isOver) return [finalise];
		if (costWei === undefined || isOwn === (status === "accepted")) return [];
		const what = status === "accepted" ? "acceptance" : "refusal";
		const label = `Appeal the ${what} of ${isOwn ? "my" : `${who}'s`} contribution`;
		return [{ name: `Appeal the ${what}`, text: costs, functionName: "appeal", costWei, label }];
	}
	const resolve: Possible = {
		...{ name: "Bring it on", functionName: "resolve", label: `Bring the dispute about ${who}'s rows on` },
		text: "Anybody may: the jury has spoken, or nobody defended in time.",
	};
	if (stage === "challenged" || stage === "appealed") {
		if (isOver) return [resolve];
		const what = stage === "challenged" ? "contribution" : "decision";
		return [
			{
				...{ name: `Defend the ${what}`, functionName: "defend", costWei: BigInt(dispute?.feesWei ?? 0) },
				text: "Jurors' fees: everything back, with a part of the bond, if it turns out right.",
				label: `Defend the ${what} on ${who}'s rows`,
			},
		];
	}
	return dispute?.jury?.phase === "counted" ? [resolve] : [];
}
