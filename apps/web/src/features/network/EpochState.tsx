// How far an epoch is, in a word, and how long its root can still be challenged.

import { useChainNow } from "../../shared/api/chainClock.js";
import { formatSpan } from "../../shared/format/time.js";
import { Badge, type Tone } from "../../shared/ui/Badge.js";
import type { EpochStatus } from "./useNetwork.js";

const STATES: Readonly<Record<EpochStatus, { readonly word: string; readonly tone: Tone; readonly what: string }>> = {
	collecting: { word: "collecting", tone: "plain", what: "Its receipts are fixed; their fees are being collected." },
	ready: { word: "summed", tone: "plain", what: "What everybody earned is summed; its data is not kept yet." },
	stored: { word: "data kept", tone: "plain", what: "Its data is on the data layer; its root is not proposed yet." },
	proposed: {
		word: "can be challenged",
		tone: "warn",
		what: "Its root is on chain. Until its window ends, anybody may show that it is wrong.",
	},
	active: {
		word: "pays",
		tone: "good",
		what: "Its root stood through its window: what was earned can be claimed by proof.",
	},
	fallen: {
		word: "fallen",
		tone: "bad",
		what: "Its root was found wrong, or one before it; it is summed and proposed anew.",
	},
};

export function EpochState({ status }: { readonly status: EpochStatus }) {
	const { word, tone } = STATES[status];
	return <Badge tone={tone}>{word}</Badge>;
}

export const whatOf = (status: EpochStatus): string => STATES[status].what;

/** "12 s left", counted down; "over" afterwards. */
export function Countdown({ until }: { readonly until: number | string }) {
	const left = Number(until) - useChainNow();
	return <span className="whitespace-nowrap">{left <= 0 ? "over" : `${formatSpan(left)} left`}</span>;
}
