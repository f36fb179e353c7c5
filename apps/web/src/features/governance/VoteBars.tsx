// Votes for, against and abstaining as bars with their numbers, and how far the quorum is reached.

import { formatOpen } from "../../shared/format/open.js";
import { Amount } from "../../shared/ui/Amount.js";
import type { Proposal } from "./useGovernance.js";

const SIDES = [
	["for", "For", "bg-good"],
	["against", "Against", "bg-bad"],
	["abstain", "Abstain", "bg-soft"],
] as const;

export function VoteBars({ of: { votes, quorum } }: { readonly of: Proposal }) {
	const most = SIDES.reduce((max, [side]) => (BigInt(votes[side]) > max ? BigInt(votes[side]) : max), 1n);
	const counted = BigInt(votes.for) + BigInt(votes.abstain);
	return (
		<div className="flex flex-col gap-3">
			<dl className="grid grid-cols-[4.5rem_1fr_auto] items-center gap-x-3 gap-y-2 text-sm">
				{SIDES.map(([side, name, colour]) => (
					<div key={side} className="contents">
						<dt className="text-soft">{name}</dt>
						<div className="h-2 overflow-hidden rounded-full bg-sunken" aria-hidden="true">
							<div
								className={`h-full rounded-full ${colour}`}
								style={{ width: `${Number((BigInt(votes[side]) * 100n) / most)}%` }}
							/>
						</div>
						<dd className="text-right">
							<Amount wei={votes[side]} places={2} />
						</dd>
					</div>
				))}
			</dl>
			<p className="text-sm text-soft">
				{quorum === undefined
					? "The quorum is known once the vote begins."
					: quorum === "0"
						? "No quorum is asked for on this chain."
						: `Quorum: ${formatOpen(counted, 2)} of ${formatOpen(quorum, 2)} OPEN for or abstaining${counted >= BigInt(quorum) ? ", reached." : "."}`}{" "}
				It is carried when more vote for than against.
			</p>
		</div>
	);
}
