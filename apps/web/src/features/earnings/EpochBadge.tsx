// Where an epoch's money stands, in a word and with its countdown.

import { Badge } from "../../shared/ui/Badge.js";
import { Countdown } from "../../shared/ui/Countdown.js";
import type { EpochStatus } from "./useEarnings.js";

const WORDS = {
	collecting: "collecting fees",
	ready: "summed",
	stored: "data kept",
	proposed: "challengeable",
	active: "pays",
	fallen: "fell",
} as const;

type EpochBadgeProps = { readonly status: EpochStatus; readonly challengeEnds?: string | null };

export function EpochBadge({ status, challengeEnds }: EpochBadgeProps) {
	const tone = status === "active" ? "good" : status === "fallen" ? "bad" : "warn";
	return (
		<span className="inline-flex flex-wrap items-center gap-x-2">
			<Badge tone={tone}>{WORDS[status]}</Badge>
			{status === "proposed" && challengeEnds != null && (
				<span className="text-xs text-soft">
					pays <Countdown to={challengeEnds} over="with the next settlement step" />
				</span>
			)}
		</span>
	);
}
