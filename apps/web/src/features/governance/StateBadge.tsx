// A proposal's state in a word, and when it ends where time ends it.

import { Badge, type Tone } from "../../shared/ui/Badge.js";
import { Countdown } from "../../shared/ui/Countdown.js";
import type { Proposal, ProposalState } from "./useGovernance.js";

const WORDS: Readonly<Record<ProposalState, readonly [string, Tone]>> = {
	pending: ["vote begins soon", "warn"],
	active: ["being voted on", "accent"],
	canceled: ["taken back", "plain"],
	defeated: ["defeated", "bad"],
	succeeded: ["carried", "good"],
	queued: ["waits in the timelock", "warn"],
	expired: ["expired", "plain"],
	executed: ["executed", "good"],
};

export function StateBadge({ of: { state, snapshot, deadline, eta } }: { readonly of: Proposal }) {
	const [word, tone] = WORDS[state];
	return (
		<span className="inline-flex flex-wrap items-center gap-x-2 gap-y-1">
			<Badge tone={tone}>{word}</Badge>
			<span className="text-xs text-soft">
				{state === "pending" && (
					<>
						votes <Countdown to={snapshot} over="now" />
					</>
				)}
				{state === "active" && (
					<>
						ends <Countdown to={deadline} over="now" />
					</>
				)}
				{state === "queued" && (
					<>
						can be executed <Countdown to={eta} over="now" />
					</>
				)}
			</span>
		</span>
	);
}
