// What the connected account may do about a contribution now, and what it puts down for it.

import type { Address } from "viem";
import { exactOpen } from "../../../shared/format/open.js";
import { Amount } from "../../../shared/ui/Amount.js";
import { Button } from "../../../shared/ui/Button.js";
import { RequireWallet } from "../../../shared/wallet/RequireWallet.js";
import { TransactionStatus } from "../../../shared/wallet/TransactionStatus.js";
import type { ShownContribution } from "../types.js";
import { type RegistryCall, useRegistryCall } from "./useRegistryCall.js";

type Possible = Omit<RegistryCall, "arg"> & { readonly name: string; readonly text: string };

export function Actions({ one }: { readonly one: ShownContribution }) {
	return (
		<RequireWallet to="dispute, defend or bring this on">
			{(account) => <Acting key={account} one={one} account={account} />}
		</RequireWallet>
	);
}

function Acting({ one, account }: { readonly one: ShownContribution; readonly account: Address }) {
	const { tx, call } = useRegistryCall(account);
	const possible = possibleOf(one, account, Date.now() / 1000);
	const owedWei = BigInt(one.viewer?.owedWei ?? 0);
	return (
		<div className="flex flex-col gap-3">
			<h3 className="text-sm font-semibold">What else you can do</h3>
			{possible.length === 0 && owedWei === 0n && (
				<p className="text-sm text-soft">Nothing now: it waits for its time, or for others.</p>
			)}
			<ul className="flex flex-col gap-3">
				{possible.map(({ name, text, costWei, ...rest }) => (
					<li key={name} className="text-sm">
						<Button
							disabled={tx.isBusy}
							onClick={() => call({ ...rest, arg: one.id, ...(costWei !== undefined && { costWei }) })}
						>
							{name}
							{costWei !== undefined && costWei > 0n && (
								<span>
									for <Amount wei={costWei} />
								</span>
							)}
						</Button>
						<p className="mt-1 text-xs text-soft">{text}</p>
					</li>
				))}
				{owedWei > 0n && (
					<li className="text-sm">
						<Button
							disabled={tx.isBusy}
							onClick={() =>
								call({
									label: `Draw ${exactOpen(owedWei)} OPEN of stakes and deposits`,
									functionName: "withdraw",
									arg: account,
								})
							}
						>
							Draw <Amount wei={owedWei} />
						</Button>
						<p className="mt-1 text-xs text-soft">Stakes and deposits of yours that came free.</p>
					</li>
				)}
			</ul>
			<TransactionStatus of={tx} />
		</div>
	);
}

/** By stage, as the registry's contract has it; the chain's rehearsal has the last word. */
function possibleOf(one: ShownContribution, account: Address, now: number): Possible[] {
	const { onChain, rule, disputeCost, dispute, contributor } = one;
	if (onChain === undefined || onChain.stage === "final") return [];
	const { stage, status, deadline, superseded } = onChain;
	const isOver = now > deadline;
	const isOwn = one.account.toLowerCase() === account.toLowerCase();
	const costWei = disputeCost && BigInt(disputeCost.feesWei) + BigInt(disputeCost.bondWei);
	const who = contributor.length > 20 ? `${contributor.slice(0, 10)}…` : contributor;
	const costs = "Jurors' fees and a bond: back, with a part of the loser's, if you are right; lost if you are wrong.";
	const finalise: Possible = {
		...{ name: "Make it final", text: "Anybody may: its time is over.", functionName: "finalise" },
		label: `Make the decision on ${who}'s rows final`,
	};
	if (stage === "review") {
		if (rule === "open") {
			if (isOver) return [finalise];
			if (isOwn || superseded || costWei === undefined) return [];
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
		if (superseded || costWei === undefined || isOwn === (status === "accepted")) return [];
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
